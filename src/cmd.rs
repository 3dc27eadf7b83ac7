//! The dispatch table, and what the commands share: how a run ends, and how answers are written.

use std::ffi::OsString;
use std::io::{IsTerminal, Write};
use std::mem::ManuallyDrop;

use anyhow::{Context, Error, Result};
use clap::{CommandFactory, FromArgMatches};

use crate::cli::{Cli, Command, ErrorFormat};
use crate::env::Env;
use crate::error::{self, Failure, Kind, Style};
use crate::guard::Guard;
use crate::log::Log;
use crate::looks::{self, Ink, Looks};
use crate::output;

mod assume_role;
mod cache_files;
mod complete;
mod completions;
mod configure;
mod credential_process;
mod doctor;
mod exec;
mod explain;
mod federate;
mod hand_over;
mod import;
mod init;
mod known;
mod list;
mod login;
mod logout;
mod man;
mod pick;
mod prompt;
mod ready;
mod rewrite;
mod saml;
mod session;
mod settings;
mod table;
mod unset;
mod whoami;

pub(crate) use ready::Ready;

/// Credentials from the cache live at least this long, in seconds.
const USUAL_MARGIN: i64 = 300;

/// Parses the command line, runs it, and reports; the answer is the exit status.
pub(crate) fn run(env: &Env, guard: &Guard) -> u8 {
    let arguments: Vec<OsString> = std::env::args_os().collect();
    fail_closed_on_panic(&arguments, env);
    let cli = match parsed(&arguments) {
        Ok(cli) => cli,
        Err(error) => return refused(&error, &arguments, env),
    };
    let style = match (&cli.command, cli.error_format) {
        (_, ErrorFormat::Json) => Style::Json,
        (Command::CredentialProcess(_), ErrorFormat::Text) => Style::Line,
        (_, ErrorFormat::Text) => Style::Text,
    };
    let world = World {
        env,
        guard,
        log: Log {
            level: cli.verbose,
            is_read_along: cli.error_format == ErrorFormat::Text,
        },
        arguments: &arguments,
    };
    let result = match cli.command {
        Command::Assume(args) => assume_role::run(&args, &world),
        Command::CredentialProcess(args) => credential_process::run(&args, &world),
        Command::Exec(args) => exec::run(&args, &world),
        Command::Login(args) => login::run(&args, &world),
        Command::Logout(args) => logout::run(&args, &world),
        Command::Session(args) => session::run(&args, &world),
        Command::Federate(args) => federate::run(&args, &world),
        Command::Saml(args) => saml::run(&args, &world),
        Command::Unset(args) => unset::run(&args, &world),
        Command::Whoami(args) => whoami::run(&args, &world),
        Command::Explain(args) => explain::run(&args, &world),
        Command::List(args) => list::run(&args, &world),
        Command::Doctor(args) => doctor::run(&args, &world),
        Command::Init(args) => init::run(&args),
        Command::Prompt(args) => prompt::run(&args, &world),
        Command::Complete(args) => complete::run(&args, &world),
        Command::Settings(args) => settings::run(&args, &world),
        Command::Cache(args) => cache_files::run(&args, &world),
        Command::Configure(args) => configure::run(&args, &world),
        Command::Import(args) => import::run(&args, &world),
        Command::Completions(args) => completions::run(&args),
        Command::Man(args) => man::run(&args),
    };
    match result {
        Ok(()) => 0,
        // Whoever read the answer has gone away: nobody is left to be told.
        Err(error) if is_broken_pipe(&error) => 0,
        Err(error) => {
            say(&error::rendered(&error, style, Looks::of_words()));
            error::kind(&error).status()
        }
    }
}

/// The command line as clap reads it.
fn parsed(arguments: &[OsString]) -> clap::error::Result<Cli> {
    // Never freed: it is hundreds of pieces without a secret among them, and to wipe and free each took an eighth of what
    // a cached answer does.
    let mut definition = ManuallyDrop::new(Cli::command());
    let mut matches = definition.try_get_matches_from_mut(arguments)?;
    Cli::from_arg_matches_mut(&mut matches).map_err(|error| error.format(&mut Cli::command()))
}

/// A defect ends like an error: with a line on stderr, exit status 1, and a failing statement for a
/// shell that evaluates the answer. What the panic says is not shown: it could quote a secret.
fn fail_closed_on_panic(arguments: &[OsString], env: &Env) {
    let (arguments, env) = (arguments.to_vec(), env.clone());
    std::panic::set_hook(Box::new(move |panic| {
        let place = panic
            .location()
            .map(ToString::to_string)
            .unwrap_or_default();
        hand_over::fail_closed_early(&texts(&arguments), &env);
        say(&format!(
            "stsx: this is a defect in stsx ({place}); please report it\n"
        ));
        #[expect(clippy::disallowed_methods, reason = "a panic must not go on to abort")]
        std::process::exit(Kind::Failed.status().into());
    }));
}

fn texts(arguments: &[OsString]) -> Vec<&str> {
    arguments.iter().filter_map(|word| word.to_str()).collect()
}

/// The value of a flag on a command line that could not be parsed.
fn value_of<'a>(words: &[&'a str], flag: &str) -> Option<&'a str> {
    let apart = words
        .windows(2)
        .find_map(|pair| (pair[0] == flag).then_some(pair[1]));
    let joined = |word: &&'a str| word.strip_prefix(flag)?.strip_prefix('=');
    apart.or_else(|| words.iter().find_map(joined))
}

fn is_broken_pipe(error: &Error) -> bool {
    error
        .downcast_ref::<std::io::Error>()
        .is_some_and(|error| error.kind() == std::io::ErrorKind::BrokenPipe)
}

fn say(text: &str) {
    // A closed standard error cannot be told of.
    let _ = std::io::stderr().write_all(text.as_bytes());
}

/// Help and version go to stdout, unless a shell evaluates that; a wrong command line is reported like every other error. When a
/// shell was to evaluate the answer, it gets a statement that fails.
fn refused(error: &clap::Error, arguments: &[OsString], env: &Env) -> u8 {
    if !error.use_stderr() {
        if hand_over::is_evaluated(&texts(arguments)) {
            say(&help(error, arguments, Looks::of_words()));
            return 0;
        }
        let written = answer(&help(error, arguments, Looks::of_answers()));
        return written.map_or(Kind::Failed.status(), |()| 0);
    }
    if error.kind() == clap::error::ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand {
        say(&help(error, arguments, Looks::of_words()));
        return Kind::Usage.status();
    }
    let text = rendered(error);
    let text = text.strip_prefix("error: ").unwrap_or(&text);
    let words = texts(arguments);
    let hint = missing_dashes(error, &words);
    hand_over::fail_closed_early(&words, env);
    if value_of(&words, "--error-format") == Some("json") {
        let mut failure = Failure::usage(text.lines().next().unwrap_or_default());
        failure.hint = hint.map(str::to_owned);
        let failure = failure.into();
        say(&error::rendered(&failure, Style::Json, Looks::default()));
    } else {
        let clean: Vec<String> = text.lines().map(error::printable).collect();
        let name = Looks::of_words().paint(Ink::Bad, "stsx:");
        say(&format!("{name} {}\n", clean.join("\n").trim_end()));
        if let Some(hint) = hint {
            let name = Looks::of_words().paint(Ink::Hint, "hint:");
            say(&format!("{name} {hint}\n"));
        }
    }
    Kind::Usage.status()
}

/// What to say of a command of `exec` that does not stand behind `--`.
fn missing_dashes(error: &clap::Error, words: &[&str]) -> Option<&'static str> {
    let is_one_too_many = error.kind() == clap::error::ErrorKind::UnknownArgument;
    (is_one_too_many && words.contains(&"exec") && !words.contains(&"--"))
        .then_some("the command comes after --: stsx exec TARGET -- COMMAND")
}

/// The help that was asked for; its styles are put on where they can be shown.
fn help(error: &clap::Error, arguments: &[OsString], looks: Looks) -> String {
    let styled = looks.is_coloured().then(|| {
        let command = Cli::command().styles(looks::of_help());
        command.try_get_matches_from(arguments).err()
    });
    rendered(styled.flatten().as_ref().unwrap_or(error))
}

/// The text as it is. (clap's plain text leaves out what was typed of control characters; they are to be seen.)
fn rendered(error: &clap::Error) -> String {
    error.render().ansi().to_string()
}

/// What every command is given.
pub(crate) struct World<'a> {
    pub(crate) env: &'a Env,
    guard: &'a Guard,
    pub(crate) log: Log,
    arguments: &'a [OsString],
}

impl World<'_> {
    /// The command line as it may be shown and typed again: a code is good once, and nobody's business.
    pub(crate) fn typed(&self) -> Vec<String> {
        const CODE: &str = "--mfa-code";
        let mut words = vec!["stsx".to_owned()];
        let mut is_code = false;
        for word in self
            .arguments
            .iter()
            .skip(1)
            .map(|word| word.to_string_lossy())
        {
            let joined = word
                .strip_prefix(CODE)
                .is_some_and(|rest| rest.starts_with('='));
            if !is_code && !joined && word != CODE {
                words.push(word.clone().into_owned());
            }
            is_code = !is_code && word == CODE;
        }
        words
    }
}

/// Writes an answer that is no secret.
pub(crate) fn answer(text: &str) -> Result<()> {
    let mut out = std::io::stdout().lock();
    out.write_all(text.as_bytes())
        .and_then(|()| out.flush())
        .context(output::UNWRITTEN)
}

/// Whether stdout is a terminal, where nothing secret is written unasked.
pub(crate) fn is_terminal() -> bool {
    std::io::stdout().is_terminal()
}

/// A JSON answer, indented for people who look at it.
pub(crate) fn answer_json(value: &serde_json::Value) -> Result<()> {
    let text = serde_json::to_string_pretty(value).context("answer")?;
    answer(&format!("{}\n", error::printable_json(&text)))
}
