//! The list on a terminal that cannot do more than write lines: a number chooses, letters search.

use std::fs::File;
use std::io::{BufRead, BufReader, Write};

use anyhow::{Context, Result};

use crate::cmd::pick::list::List;

/// So many rows are written at a time.
const SHOWN: usize = 20;

/// Lets a person choose; an empty line chooses nothing.
///
/// # Errors
/// The terminal went away.
pub(super) fn choose(
    list: &mut List<'_>,
    mut input: BufReader<File>,
    mut output: File,
) -> Result<Option<usize>> {
    loop {
        write(list, &mut output).context("terminal")?;
        let mut line = String::new();
        let count = input.read_line(&mut line).context("terminal")?;
        let typed = line.trim();
        if count == 0 || typed.is_empty() {
            return Ok(None);
        }
        if let Some(place) = meant(list, typed) {
            return Ok(Some(place));
        }
        let shown = list.query.clone();
        list.search(typed.to_owned());
        match list.matches.len() {
            1 => return Ok(list.chosen()),
            // The numbers that a person sees go on to count.
            0 => {
                writeln!(output, "nothing matches").context("terminal")?;
                list.search(shown);
            }
            _ => {}
        }
    }
}

/// The row of a number that is shown, or of a whole name.
fn meant(list: &List<'_>, typed: &str) -> Option<usize> {
    let named = list.rows.iter().position(|row| row.target == typed);
    let number = || typed.parse::<usize>().ok()?.checked_sub(1);
    let shown = |number: usize| list.matches.iter().take(SHOWN).nth(number).copied();
    named.or_else(|| number().and_then(shown))
}

fn write(list: &List<'_>, output: &mut File) -> std::io::Result<()> {
    for (index, place) in list.matches.iter().take(SHOWN).enumerate() {
        writeln!(output, "{:>3}  {}", index + 1, list.rows[*place].text)?;
    }
    let count = list.matches.len();
    if count > SHOWN {
        writeln!(output, "     … {count} in all")?;
    }
    write!(output, "Number, or part of the name (Enter to leave): ")?;
    output.flush()
}
