//! `cargo run --example lab`: an AWS in this process, and the story of James on it.
//!
//! Starts the sandbox, makes James's world through IAM and S3, and walks through the story with
//! the stsx of this build: each command as typed, and its real output. The exit status is 0 only
//! if every step did what it should. In a terminal the walk ends with the offer of a shell.
//! `--serve` only keeps the sandbox running, for other clients.
//!
//! HOME is a temporary directory; nothing stays behind, and your own `~/.aws` is not read.

use std::env;
use std::io::{self, BufRead, IsTerminal, Write};
use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context, Result};
use clap::Parser;
use serde_json::json;
use tokio::signal::unix::{Signal, SignalKind, signal};

#[path = "lab/binary.rs"]
mod binary;
#[path = "lab/home.rs"]
mod home;
#[path = "lab/page.rs"]
mod page;
#[path = "lab/s3.rs"]
mod s3;
#[expect(dead_code, reason = "the tests use all of the sandbox, the lab a part")]
mod sandbox;
#[path = "lab/shell.rs"]
mod shell;
#[path = "lab/story.rs"]
mod story;
#[path = "lab/world.rs"]
mod world;

use home::{Home, LISTER, Outside};
use page::Page;
use s3::S3;
use sandbox::Sandbox;

/// What the AWS CLI exits with when AWS says no.
const REFUSED: u8 = 254;
const INTERRUPTED: u8 = 130;

/// An AWS in a process, and the story of James on it.
#[derive(Debug, Parser)]
#[command(name = "lab")]
struct Arguments {
    /// Only serve, until interrupted; one line of JSON names the endpoint and an administrator's keys
    #[arg(long)]
    serve: bool,
    /// Port to serve on [default: any free one]
    #[arg(long, requires = "serve")]
    port: Option<u16>,
}

fn main() -> ExitCode {
    let lists = env::args_os()
        .next()
        .is_some_and(|name| Path::new(&name).ends_with(LISTER));
    let arguments = (!lists).then(Arguments::parse);
    let outside = Outside::read();
    let runtime = match tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
    {
        Ok(runtime) => runtime,
        Err(error) => return failed(1, &error.into()),
    };
    let end = match arguments {
        None => runtime.block_on(list_buckets()),
        Some(arguments) if arguments.serve => runtime.block_on(serve(arguments.port)),
        Some(_) => runtime.block_on(tell(&outside)),
    };
    // Somebody may still be asked whether a shell is wanted.
    runtime.shutdown_background();
    match end {
        Ok(status) => status,
        Err(error) if lists => failed(REFUSED, &error),
        Err(error) => failed(1, &error.context("lab")),
    }
}

fn failed(status: u8, error: &anyhow::Error) -> ExitCode {
    // There is nobody else to tell.
    let _ = writeln!(io::stderr(), "{error:#}");
    ExitCode::from(status)
}

/// `list-buckets`: what `aws s3 ls` prints, without the AWS CLI.
async fn list_buckets() -> Result<ExitCode> {
    let s3 = S3::from_environment().await?;
    let mut out = io::stdout().lock();
    for bucket in s3.list_buckets().await? {
        writeln!(out, "{bucket}")?;
    }
    Ok(ExitCode::SUCCESS)
}

async fn serve(port: Option<u16>) -> Result<ExitCode> {
    let mut signals = Signals::listen()?;
    let sandbox = Sandbox::builder()
        .port(port.unwrap_or_default())
        .start()
        .context("the port cannot be listened on")?;
    let administrator = sandbox.administrator();
    let served = json!({
        "endpoint": sandbox.endpoint(),
        "region": sandbox.region(),
        "account": administrator.account,
        "access_key_id": administrator.access_key_id,
        "secret_access_key": administrator.secret,
    });
    let mut out = io::stdout();
    writeln!(out, "{served}")?;
    out.flush()?;
    signals.any().await;
    Ok(ExitCode::SUCCESS)
}

async fn tell(outside: &Outside) -> Result<ExitCode> {
    let lab = env::current_exe().context("the lab does not know where it is")?;
    let stsx = binary::stsx(&lab, outside)?;
    let mut signals = Signals::listen()?;
    let page = Page::new(outside.no_colour);
    let sandbox = Sandbox::start();
    let home = Home::new(outside, &stsx, &lab, &sandbox.endpoint())?;
    tokio::select! {
        biased;
        () = signals.any() => return Ok(ExitCode::from(INTERRUPTED)),
        walked = story::walk(&sandbox, &page, &home) => walked?,
    }
    if !page.is_terminal() || !io::stdin().is_terminal() {
        return Ok(ExitCode::SUCCESS);
    }
    page.ask("A shell in this lab, as James? (y/N)")?;
    let wanted = tokio::select! {
        biased;
        () = signals.any() => return Ok(ExitCode::from(INTERRUPTED)),
        answer = tokio::task::spawn_blocking(answer) => answer??,
    };
    if wanted {
        offer(outside, &page, &home, &mut signals).await?;
    }
    Ok(ExitCode::SUCCESS)
}

fn answer() -> Result<bool> {
    let mut answer = String::new();
    io::stdin().lock().read_line(&mut answer)?;
    Ok(matches!(answer.trim(), "y" | "Y" | "yes"))
}

/// A shell until the person leaves it. Ctrl-C is for what runs in that shell.
async fn offer(outside: &Outside, page: &Page, home: &Home, signals: &mut Signals) -> Result<()> {
    page.note(&format!(
        "stsx and {LISTER} are at hand; so is the AWS CLI, if you have it (an old one wants"
    ))?;
    page.note("--endpoint-url $AWS_ENDPOINT_URL). `exit` leaves, and nothing stays behind.")?;
    let mut shell = shell::interactive(&outside.shell, home)?;
    tokio::select! {
        () = signals.end() => Ok(()),
        status = shell.wait() => Ok(status.map(drop)?),
    }
}

/// What asks the lab to end.
struct Signals {
    interrupt: Signal,
    hangup: Signal,
    terminate: Signal,
}

impl Signals {
    fn listen() -> Result<Self> {
        Ok(Self {
            interrupt: signal(SignalKind::interrupt())?,
            hangup: signal(SignalKind::hangup())?,
            terminate: signal(SignalKind::terminate())?,
        })
    }

    /// Waits for Ctrl-C, or as `end`.
    async fn any(&mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.hangup.recv() => {}
            _ = self.terminate.recv() => {}
        }
    }

    /// Waits until the terminal is gone, or somebody kills the lab.
    async fn end(&mut self) {
        tokio::select! {
            _ = self.hangup.recv() => {}
            _ = self.terminate.recv() => {}
        }
    }
}
