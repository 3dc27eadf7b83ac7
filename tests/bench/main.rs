//! `cargo bench`: what stsx costs, beside its floors and its rivals, in one run.
//!
//! It starts the sandbox, builds stsx as `cargo install` does, and lets everybody take turns. What it prints are
//! ratios of medians: `/bin/true` is the floor of any program, `stsx --version` that of this one, and one bare
//! AssumeRole by the same SDK that of a first call. The exit status is 1 when a budget is not met.
//! Nobody's `~/.aws` is read, and nothing stays behind. Tools and rivals that are missing are named.

use std::fs;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, Result, bail};
use clap::Parser;

mod cost;
mod curves;
mod growth;
mod measure;
mod picture;
mod place;
mod programs;
mod report;
mod rivals;
#[expect(
    dead_code,
    unused_imports,
    reason = "the tests use all of the sandbox, the bench a part"
)]
#[path = "../sandbox.rs"]
mod sandbox;
mod tools;

use place::Place;
use programs::Programs;
use report::{Report, say};
use rivals::Rival;
use tools::Tools;

/// What stsx costs, beside its floors and its rivals.
#[derive(Debug, Parser)]
#[command(name = "cost")]
#[expect(clippy::struct_excessive_bools, reason = "flags are bools")]
struct Arguments {
    /// A few runs of what is built already, to see that the bench works: no verdicts
    #[arg(long)]
    quick: bool,
    /// Measure what is built already
    #[arg(long)]
    built: bool,
    /// Runs of each contender
    #[arg(long, default_value_t = 301)]
    rounds: usize,
    /// Leave the programs of others out
    #[arg(long)]
    alone: bool,
    /// Draw the picture into this file
    #[arg(long)]
    picture: Option<PathBuf>,
    /// What Cargo says to every bench
    #[arg(long, hide = true)]
    bench: bool,
}

fn main() -> Result<ExitCode> {
    let mut arguments = Arguments::parse();
    let programs = Programs::find(arguments.built || arguments.quick)?;
    if !programs.is_release && !arguments.quick {
        bail!("a debug build has no figures to speak of: `cargo bench`, or --quick");
    }
    if arguments.quick {
        arguments.rounds = 1;
    }
    let is_quick = arguments.quick;
    let is_met = Bench::new(arguments, programs)?.run()?;
    Ok(ExitCode::from(u8::from(!is_met && !is_quick)))
}

/// One run of it all.
struct Bench {
    arguments: Arguments,
    programs: Programs,
    place: Place,
    plain: Place,
    tools: Tools,
    rivals: Vec<Rival>,
    report: Report,
    /// Where the sandboxes and the tools write; below the build, whose disk is like that of a home.
    directory: PathBuf,
}

impl Bench {
    fn new(arguments: Arguments, programs: Programs) -> Result<Self> {
        let directory = programs.stsx.parent().context("it is in a directory")?;
        let directory = directory.join("bench");
        fs::create_dir_all(&directory)?;
        let (rivals, mut missing) = Rival::find();
        missing.extend(Tools::missing());
        let report = Report::default();
        if !missing.is_empty() {
            say(&format!("missing: {}", missing.join(", ")))?;
        }
        let is_alone = arguments.alone || arguments.quick;
        Ok(Self {
            place: Place::start(&directory, true)?,
            plain: Place::start(&directory, false)?,
            tools: Tools::new(&directory),
            rivals: if is_alone { Vec::new() } else { rivals },
            report,
            arguments,
            programs,
            directory,
        })
    }

    fn run(mut self) -> Result<bool> {
        Self::load("before")?;
        self.cached()?;
        self.first()?;
        self.counts()?;
        self.others()?;
        let profiles = self.profiles()?;
        let starts = self.starts()?;
        self.chains()?;
        if let Some(path) = &self.arguments.picture {
            fs::write(path, self.picture(&profiles, &starts))?;
        }
        Self::load("after")?;
        let is_met = self.arguments.quick || self.report.verdicts()?;
        fs::remove_dir_all(&self.directory)?;
        Ok(is_met)
    }

    /// How busy the machine is: what was measured beside others is worth less.
    fn load(when: &str) -> Result<()> {
        let load = fs::read_to_string("/proc/loadavg").unwrap_or_default();
        let minute = load.split(' ').next().unwrap_or_default();
        say(&format!("load of the last minute, {when}: {minute}"))
    }
}
