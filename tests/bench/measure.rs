//! Wall times: contenders take turns, so that what else the machine does hits all alike.

use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

/// Something that is run again and again.
pub(crate) struct Contender<'a> {
    pub(crate) name: String,
    command: Box<dyn Fn() -> Command + 'a>,
}

impl<'a> Contender<'a> {
    /// Runs what `command` makes, which is not part of the time.
    pub(crate) fn new(name: impl Into<String>, command: impl Fn() -> Command + 'a) -> Self {
        Self {
            name: name.into(),
            command: Box::new(command),
        }
    }

    /// The command, to be run in another way.
    pub(crate) fn make(&self) -> Command {
        (self.command)()
    }

    /// Runs it once, and looks at how it ends.
    ///
    /// # Errors
    /// It fails: its words.
    pub(crate) fn check(&self) -> Result<String> {
        let output = (self.command)().stdin(Stdio::null()).output();
        let output = output.with_context(|| format!("cannot run {}", self.name))?;
        answer(&self.name, output)
    }

    fn time(&self) -> Result<Duration> {
        let mut command = (self.command)();
        command
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        let since = Instant::now();
        let status = command.status();
        let time = since.elapsed();
        match status {
            Ok(status) if status.success() => Ok(time),
            Ok(status) => bail!("{}: {status}", self.name),
            Err(error) => Err(error).with_context(|| format!("cannot run {}", self.name)),
        }
    }
}

/// The median times of contenders who take turns for so many rounds, after one that does not count.
///
/// # Errors
/// One of them fails.
pub(crate) fn medians(contenders: &[Contender<'_>], rounds: usize) -> Result<Vec<Duration>> {
    for contender in contenders {
        contender.check()?;
    }
    let mut times = vec![Vec::with_capacity(rounds); contenders.len()];
    for round in 0..rounds {
        // Whoever goes first changes: a neighbour leaves caches warm or cold.
        for turn in 0..contenders.len() {
            let number = (round + turn) % contenders.len();
            times[number].push(contenders[number].time()?);
        }
    }
    Ok(times.into_iter().map(median).collect())
}

/// What came of many starts at once.
pub(crate) struct Crowd {
    /// From the first start to the last end.
    pub(crate) time: Duration,
    pub(crate) answers: Vec<String>,
    pub(crate) failed: usize,
}

/// Starts so many at once.
///
/// # Errors
/// One cannot be started.
pub(crate) fn crowd(size: usize, command: impl Fn() -> Command) -> Result<Crowd> {
    let mut commands: Vec<Command> = (0..size).map(|_| command()).collect();
    let since = Instant::now();
    let children: Vec<Child> = commands
        .iter_mut()
        .map(|command| {
            command
                .stdin(Stdio::null())
                .stdout(Stdio::piped())
                .stderr(Stdio::piped());
            command.spawn()
        })
        .collect::<Result<_, _>>()?;
    // An answer is smaller than a pipe: nobody waits for its reader.
    let outputs: Vec<Output> = children
        .into_iter()
        .map(Child::wait_with_output)
        .collect::<Result<_, _>>()?;
    let time = since.elapsed();
    let answers: Vec<String> = outputs
        .into_iter()
        .filter_map(|output| answer("", output).ok())
        .collect();
    Ok(Crowd {
        time,
        failed: size - answers.len(),
        answers,
    })
}

/// What a program said on stdout.
///
/// # Errors
/// It failed: what it said on stderr.
pub(crate) fn answer(name: &str, output: Output) -> Result<String> {
    if !output.status.success() {
        let words = String::from_utf8_lossy(&output.stderr).trim().to_owned();
        bail!("{name}: {}: {words}", output.status);
    }
    String::from_utf8(output.stdout).with_context(|| format!("{name}: not UTF-8"))
}

/// The median; of an even number, the higher of the two in the middle.
pub(crate) fn median<T: Ord + Copy>(mut values: Vec<T>) -> T {
    values.sort_unstable();
    values[values.len() / 2]
}

/// How many times one time is another.
pub(crate) fn ratio(time: Duration, floor: Duration) -> f64 {
    time.as_secs_f64() / floor.as_secs_f64()
}
