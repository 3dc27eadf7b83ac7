//! The terminal of the person who runs stsx: its device, since SDKs capture stdin and stdout.

use std::fs::File;
use std::io::{BufRead, BufReader, Write};

use anyhow::{Context, Result};

use crate::error::{Failure, Kind, printable};
use crate::platform;

/// Opens the terminal, for answers and for questions.
///
/// # Errors
/// There is none.
pub(crate) fn open() -> std::io::Result<(BufReader<File>, File)> {
    let (input, output) = platform::open_terminal()?;
    Ok((BufReader::new(input), output))
}

/// Asks a person to choose among several; the answer is the place of one of them.
///
/// # Errors
/// No terminal (exit status 3; `hint` says what to do then), or nothing was chosen.
pub(crate) fn chosen(what: &str, among: &[String], hint: &str) -> Result<usize> {
    let Ok((mut input, mut output)) = open() else {
        let mut failure = Failure::new(
            Kind::Person,
            format!("there is more than one {what}, and there is no terminal to ask which"),
        );
        failure.details.extend(among.iter().cloned());
        return Err(failure.hint(hint).into());
    };
    for (index, one) in among.iter().enumerate() {
        writeln!(output, "{:>3}  {}", index + 1, printable(one)).context("terminal")?;
    }
    for _ in 0..3 {
        write!(output, "{what} (1-{}): ", among.len())
            .and_then(|()| output.flush())
            .context("terminal")?;
        let mut line = String::new();
        if input.read_line(&mut line).context("terminal")? == 0 {
            break;
        }
        let number = line.trim().parse::<usize>().ok();
        let place = number.and_then(|number| number.checked_sub(1));
        if let Some(place) = place.filter(|place| *place < among.len()) {
            return Ok(place);
        }
    }
    Err(Failure::new(Kind::Person, format!("no {what} was chosen")).into())
}
