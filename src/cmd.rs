//! The dispatch table, and what the commands share: a plan made ready, and how a run ends.

use std::ffi::OsString;
use std::io::{IsTerminal, Write};
use std::time::Duration;

use anyhow::{Context, Error, Result};
use clap::Parser;

use crate::assume::{self, Options};
use crate::cache::{Cache, Margin};
use crate::cli::{Cli, Command, ErrorFormat, RoleOptions};
use crate::credentials::Credentials;
use crate::env::{self, Env};
use crate::error::{self, Failure, Kind, Style};
use crate::log::Log;
use crate::mfa::Mfa;
use crate::plan::arn::role_name;
use crate::plan::{Hop, Plan, Source, resolve};
use crate::process;
use crate::profiles::Profiles;
use crate::settings::{Origin, Settings};

mod assume_role;
mod cache_files;
mod completions;
mod credential_process;
mod exec;
mod explain;
mod list;
mod table;
mod unset;
mod whoami;

/// Long enough for a slow call, with its retries, of the process that holds the lock.
const LOCK_TIMEOUT: Duration = Duration::from_mins(1);
/// Credentials from the cache live at least this long, in seconds.
const USUAL_MARGIN: i64 = 300;

/// Parses the command line, runs it, and reports; the answer is the exit status.
pub(crate) fn run(env: &Env) -> u8 {
    let arguments: Vec<OsString> = std::env::args_os().collect();
    fail_closed_on_panic(&arguments, env);
    let cli = match Cli::try_parse_from(&arguments) {
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
        log: Log { level: cli.verbose },
    };
    let result = match cli.command {
        Command::Assume(args) => assume_role::run(&args, &world),
        Command::CredentialProcess(args) => credential_process::run(&args, &world),
        Command::Exec(args) => exec::run(&args, &world),
        Command::Unset(args) => unset::run(&args, &world),
        Command::Whoami(args) => whoami::run(&args, &world),
        Command::Explain(args) => explain::run(&args, &world),
        Command::List(args) => list::run(&args, &world),
        Command::Cache(args) => cache_files::run(&args, &world),
        Command::Completions(args) => completions::run(&args),
    };
    match result {
        Ok(()) => 0,
        // Whoever read the answer has gone away: nobody is left to be told.
        Err(error) if is_broken_pipe(&error) => 0,
        Err(error) => {
            say(&error::rendered(&error, style));
            error::kind(&error).status()
        }
    }
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
        assume_role::fail_closed_early(&texts(&arguments), &env);
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

/// Help and version go to stdout; a wrong command line is reported like every other error. When a
/// shell was to evaluate the answer, it gets a statement that fails.
fn refused(error: &clap::Error, arguments: &[OsString], env: &Env) -> u8 {
    if !error.use_stderr() {
        let written = error.print();
        return written.map_or(Kind::Failed.status(), |()| 0);
    }
    let text = error.render().to_string();
    if error.kind() == clap::error::ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand {
        say(&text);
        return Kind::Usage.status();
    }
    let text = text.strip_prefix("error: ").unwrap_or(&text);
    let words = texts(arguments);
    assume_role::fail_closed_early(&words, env);
    if value_of(&words, "--error-format") == Some("json") {
        let first = text.lines().next().unwrap_or_default();
        say(&error::rendered(&Failure::usage(first).into(), Style::Json));
    } else {
        let clean: Vec<String> = text.lines().map(error::printable).collect();
        say(&format!("stsx: {}\n", clean.join("\n").trim_end()));
    }
    Kind::Usage.status()
}

/// What every command is given.
pub(crate) struct World<'a> {
    pub(crate) env: &'a Env,
    pub(crate) log: Log,
}

/// A plan, and what is needed to carry it out.
pub(crate) struct Ready {
    pub(crate) plan: Plan,
    pub(crate) cache: Option<Cache>,
    profiles: Profiles,
    options: Options,
}

impl World<'_> {
    /// The plan for a target, starting from the identity before any export of this shell.
    pub(crate) fn ready(&self, target: &str, options: &RoleOptions, margin: i64) -> Result<Ready> {
        let env = if options.chain {
            self.env.chained()
        } else {
            self.env.original()
        };
        let mut ready = self.prepare(Some(target), options, &env, margin)?;
        let is_chain = matches!(ready.plan.source, Source::Environment { .. });
        if options.chain && !is_chain {
            let start = ready.plan.source.spoken();
            ready.plan.notes.push(format!(
                "--chain is not used: `{target}` starts from {start}"
            ));
        } else if !options.chain
            && is_chain
            && let Some(keys) = self.env.lost_keys()
        {
            ready.plan.notes.push(format!(
                "the keys {keys} that stood in the environment are gone, so this starts from the \
                 role that the shell has (role chaining: 1h at most); --profile names another start"
            ));
        }
        Ok(ready)
    }

    /// The plan for a target, or for the current identity, in a given environment.
    pub(crate) fn prepare(
        &self,
        target: Option<&str>,
        options: &RoleOptions,
        env: &Env,
        margin: i64,
    ) -> Result<Ready> {
        let settings = Settings::settle(options, env)?;
        let profiles = Profiles::open(env)?;
        let plan = resolve::resolve(target, &settings, &profiles, env)
            .map_err(|error| with_near_names(error, target, &settings, &profiles))?;
        if let Source::Process { profile, .. } = &plan.source {
            process::refuse_recursion(profile, env.value(env::STSX_RUNNING))?;
        }
        let cache = if options.no_cache {
            None
        } else {
            match Cache::open(self.log) {
                Ok(cache) => Some(cache),
                Err(error) => {
                    self.log.step(|| format!("cache: {error:#}"));
                    None
                }
            }
        };
        // Only who may be asked for a code needs to know what to run first.
        let first = if plan.needs_mfa() {
            whoami_line(target, options)
        } else {
            String::new()
        };
        let options = Options {
            mfa: self.mfa(&settings, &plan),
            margin: match settings.min_ttl {
                Some(seconds) => Margin::AtLeast(seconds.into()),
                None => Margin::Usual(margin),
            },
            insistent: options.refresh || options.min_ttl.is_some(),
            first,
            lock_timeout: settings
                .lock_timeout
                .map_or(LOCK_TIMEOUT, |seconds| Duration::from_secs(seconds.into())),
            refresh: options.refresh,
            expect_account: options.expect_account.clone(),
            running: env.value(env::STSX_RUNNING).map(str::to_owned),
            log: self.log,
        };
        Ok(Ready {
            plan,
            cache,
            profiles,
            options,
        })
    }

    fn mfa(&self, settings: &Settings, plan: &Plan) -> Mfa {
        match (&settings.mfa_code, &plan.mfa_process) {
            (Some(code), _) => {
                self.log.detail(|| format!("MFA code from {}", code.origin));
                Mfa::Code(code.value.clone())
            }
            (None, Some(command)) => Mfa::Command(command.value.clone()),
            (None, None) => Mfa::Ask,
        }
    }
}

impl Ready {
    /// Obtains the credentials; the error says which profile led there.
    pub(crate) fn credentials(&self) -> Result<Credentials> {
        assume::credentials(&self.plan, self.cache.as_ref(), &self.options).map_err(|error| {
            let error = match self.plan.hops.last() {
                Some(Hop::Role(role)) if role.profile.is_some() => error.context(format!(
                    "profile `{}`",
                    role.profile.as_deref().unwrap_or_default()
                )),
                _ => error,
            };
            match self.taken_for_role_name() {
                Some(name) => near_detail(error, name, &self.profiles),
                None => error,
            }
        })
    }

    /// Whether a person will be asked for an MFA code, should a call be needed.
    pub(crate) fn asks(&self) -> bool {
        matches!(self.options.mfa, Mfa::Ask)
    }

    /// The margin that cached credentials must have.
    pub(crate) fn margin(&self) -> Margin {
        self.options.margin
    }

    /// The target, when it was no profile and hence taken for a role's name.
    fn taken_for_role_name(&self) -> Option<&str> {
        let Hop::Role(role) = self.plan.hops.last()?;
        let is_name = ["role_name", "arn"]
            .iter()
            .any(|key| role.origins.get(key) == Some(&Origin::Target));
        (is_name && !self.plan.target.contains(':')).then_some(&self.plan.target)
    }
}

/// `stsx whoami` with everything that makes the same plan.
fn whoami_line(target: Option<&str>, options: &RoleOptions) -> String {
    let duration = options.duration.map(|seconds| seconds.to_string());
    let flags = [
        ("--profile", &options.profile),
        ("--external-id", &options.external_id),
        ("--duration", &duration),
        ("--session-name", &options.session_name),
        ("--mfa-serial", &options.mfa_serial),
        ("--region", &options.region),
    ];
    let given = flags
        .into_iter()
        .filter_map(|(flag, value)| Some([flag, value.as_deref()?]))
        .flatten();
    let words = ["stsx", "whoami"].into_iter().chain(target).chain(given);
    shlex::try_join(words).unwrap_or_else(|_| "stsx whoami".to_owned())
}

/// An unknown name that could not even be tried: perhaps a profile was meant.
fn with_near_names(
    error: Error,
    target: Option<&str>,
    settings: &Settings,
    profiles: &Profiles,
) -> Error {
    match target {
        Some(name)
            if !name.contains(':')
                && !settings.aliases.contains_key(name)
                && matches!(profiles.profile(name), Ok(None)) =>
        {
            near_detail(error, name, profiles)
        }
        _ => error,
    }
}

fn near_detail(mut error: Error, name: &str, profiles: &Profiles) -> Error {
    if role_name(name).is_err() {
        return error;
    }
    let near = profiles.near(name);
    if let Some(failure) = error.downcast_mut::<Failure>()
        && matches!(
            failure.kind,
            Kind::Denied | Kind::Usage | Kind::Failed | Kind::Source
        )
        && !failure
            .hint
            .as_ref()
            .is_some_and(|hint| hint.starts_with("did you mean"))
    {
        let names = near
            .iter()
            .map(|name| format!("`{name}`"))
            .collect::<Vec<_>>()
            .join(" or ");
        failure.details.push(format!(
            "`{name}` is no profile, so it was taken for a role name"
        ));
        if !near.is_empty() {
            failure.hint = Some(format!("did you mean the profile {names}?"));
        }
    }
    error
}

/// Writes an answer that is no secret.
pub(crate) fn answer(text: &str) -> Result<()> {
    let mut out = std::io::stdout().lock();
    out.write_all(text.as_bytes())?;
    out.flush()?;
    Ok(())
}

/// Whether stdout is a terminal, where nothing secret is written unasked.
pub(crate) fn is_terminal() -> bool {
    std::io::stdout().is_terminal()
}

/// A JSON answer, indented for people who look at it.
pub(crate) fn answer_json(value: &serde_json::Value) -> Result<()> {
    let text = serde_json::to_string_pretty(value).context("answer")?;
    answer(&format!("{text}\n"))
}
