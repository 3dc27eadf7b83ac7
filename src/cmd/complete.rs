//! `stsx complete`: what may stand at the cursor. The scripts of `stsx completions` call it at
//! every press of the key.
//!
//! It reads files, never the network, asks nobody, and has no errors: whatever is wrong, there is
//! nothing to offer. The first line of the answer says what follows: `values` (a line each, with a
//! description after a tab), or that the shell shall complete `files`, or a `command` after `--`.
//! Names with control characters, or with marks that turn the direction of writing, are left out.

use std::ffi::OsString;

use anyhow::Result;
use clap::{Arg, Command, CommandFactory, ValueHint};
use clap_complete::engine::{ArgValueCompleter, CompletionCandidate};

use crate::cli::{Cli, CompleteArgs, HomeShell, RoleOptions};
use crate::cmd::{World, answer, value_of};
use crate::env::Env;
use crate::error::printable;
use crate::output::shell::Shell;

mod line;
mod names;
pub(super) mod regions;

use line::Line;
use names::Name;

/// Runs the command.
///
/// # Errors
/// The answer cannot be written.
pub(super) fn run(args: &CompleteArgs, world: &World<'_>) -> Result<()> {
    let line = typed(args);
    let words = line.words.iter().map(OsString::from).collect();
    let current = line.words.last().map_or("", String::as_str);
    let mut command = Cli::command();
    command.build();
    if let Some(names) = pages(&command, &line.words) {
        return answer(&written(&names, args.shell, &line));
    }
    let mut command = marked(command);
    let found = clap_complete::engine::complete(&mut command, words, line.words.len() - 1, None)
        .unwrap_or_default();
    let start = start(&line.words);
    let offers = Offers {
        current,
        by_prefix: !matches!(
            args.shell,
            HomeShell::Elvish | HomeShell::Fish | HomeShell::Zsh
        ),
        env: world.start(&start),
        start,
    };
    answer(&match offers.of(&found) {
        Answer::Files => "files\n".to_owned(),
        Answer::Command => "command\n".to_owned(),
        Answer::Values(names) => written(&names, args.shell, &line),
    })
}

/// The names of all targets that files tell of, as they are completed.
pub(super) fn targets(env: &Env, start: &RoleOptions) -> Vec<String> {
    let names = names::targets(env, start).into_iter();
    names.map(|name| name.value).collect()
}

/// The words, however the shell tells them.
fn typed(args: &CompleteArgs) -> Line {
    let words = args
        .words
        .iter()
        .map(|word| word.to_string_lossy().into_owned());
    let Some(text) = &args.line else {
        let mut words: Vec<String> = words.collect();
        if words.len() < 2 {
            words.resize(2, String::new());
        }
        return Line {
            words,
            ..Line::default()
        };
    };
    let mut line = Line::read(&text.to_string_lossy(), &args.breaks.to_string_lossy());
    if line.words.len() > 1 {
        line.words.splice(..1, words);
    }
    line
}

/// Where the run would start, by what is typed.
fn start(words: &[String]) -> RoleOptions {
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let mut options = RoleOptions::default();
    options.run.profile = value_of(&words, "--profile").map(str::to_owned);
    options.chain = words.contains(&"--chain");
    options
}

/// The commands that may stand at the cursor, after `man` or `help`: these take the words of a command, and nothing in
/// the definition says so.
fn pages(command: &Command, words: &[String]) -> Option<Vec<Name>> {
    let (current, before) = words.get(1..)?.split_last()?;
    let mut before = before.iter().filter(|word| !word.starts_with("-v"));
    let is_page = ["man", "help"].contains(&before.next()?.as_str());
    let mut all = before.clone().chain([current]);
    if !is_page || all.any(|word| word.starts_with('-')) {
        return None;
    }
    let mut above = command;
    for word in before {
        let Some(below) = above.find_subcommand(word) else {
            return Some(Vec::new());
        };
        above = below;
    }
    let below = above.get_subcommands().filter(|one| !one.is_hide_set());
    let names = below.map(|one| Name {
        value: one.get_name().to_owned(),
        about: one.get_about().map(ToString::to_string).unwrap_or_default(),
    });
    Some(
        names
            .filter(|name| name.value.starts_with(current.as_str()) && name.value != "help")
            .collect(),
    )
}

/// The command line's definition with completers where names are wanted.
fn marked(command: Command) -> Command {
    let forgets = ["logout", "clear"].contains(&command.get_name());
    command
        .mut_args(|arg| match wanted(&arg, forgets) {
            Some(wanted) => arg.add(ArgValueCompleter::new(move |_: &std::ffi::OsStr| {
                vec![CompletionCandidate::new(wanted)]
            })),
            None => arg,
        })
        .mut_subcommands(marked)
}

/// What an argument wants. Its completer only says so: the names are looked up when it is known that
/// they are needed. (No word of a command line has a NUL in it.)
fn wanted(arg: &Arg, forgets: bool) -> Option<&'static str> {
    use ValueHint::{AnyPath, DirPath, FilePath};
    Some(match arg.get_value_names()?.first()?.as_str() {
        "TARGET" if forgets => "\0cached",
        "TARGET" => "\0target",
        "PROFILE" => "\0profile",
        "REGION" => "\0region",
        // Not the words of `man`, which `pages` knows.
        "COMMAND" if arg.is_last_set() || arg.get_long().is_some() => "\0command",
        "FILE" | "FILE|JSON" => "\0files",
        _ if matches!(arg.get_value_hint(), AnyPath | DirPath | FilePath) => "\0files",
        _ => return None,
    })
}

/// What is offered.
enum Answer {
    Values(Vec<Name>),
    Files,
    Command,
}

/// Turns what the definition allows into names.
struct Offers<'a> {
    /// The word at the cursor.
    current: &'a str,
    /// Whether the shell takes nothing but what goes on from the word; others match as they like.
    by_prefix: bool,
    env: Env,
    start: RoleOptions,
}

impl Offers<'_> {
    fn of(&self, found: &[CompletionCandidate]) -> Answer {
        let mut values = Vec::new();
        for candidate in found {
            let value = candidate.get_value().to_string_lossy();
            let about = candidate.get_help().map(ToString::to_string);
            match value.split_once('\0') {
                Some((_, "files")) => return Answer::Files,
                Some((_, "command")) => return Answer::Command,
                Some((prefix, wanted)) => values.extend(self.named(prefix, wanted)),
                None => values.push(Name {
                    value: value.into_owned(),
                    about: about.unwrap_or_default(),
                }),
            }
        }
        // Options are many, and seldom what an empty word is to become.
        if !self.current.starts_with('-') && values.iter().any(|name| !name.value.starts_with('-'))
        {
            values.retain(|name| !name.value.starts_with('-'));
        }
        values.retain(|name| !name.value.is_empty() && printable(&name.value) == name.value);
        Answer::Values(values)
    }

    /// The names of a kind that go with the word, after `--profile=` if that stands there.
    fn named(&self, prefix: &str, wanted: &str) -> Vec<Name> {
        let mut names = match wanted {
            "target" => names::targets(&self.env, &self.start),
            "cached" => names::cached(),
            "profile" => names::profiles(&self.env),
            _ => names::regions(),
        };
        let typed = self.current.strip_prefix(prefix).unwrap_or_default();
        if self.by_prefix {
            names.retain(|name| name.value.starts_with(typed));
        } else if !typed.is_empty() {
            let typed = typed.to_lowercase();
            names.retain(|name| name.value.to_lowercase().contains(&typed));
        }
        for name in &mut names {
            name.value.insert_str(0, prefix);
        }
        names
    }
}

/// The answer as the shell's script reads it.
fn written(names: &[Name], shell: HomeShell, line: &Line) -> String {
    let mut text = "values\n".to_owned();
    for Name { value, about } in names {
        let about = printable(about.lines().next().unwrap_or_default());
        let value = match shell {
            HomeShell::Bash => line.answer(value),
            // It takes words apart at white space, and has no quotes there.
            HomeShell::Tcsh => is_plain(value).then(|| value.clone()),
            HomeShell::Zsh => Some(value.replace('\\', r"\\").replace(':', r"\:")),
            HomeShell::Nushell => Some(Shell::Nushell.word(value)),
            _ => Some(value.clone()),
        };
        let Some(value) = value else { continue };
        text.push_str(&value);
        match shell {
            HomeShell::Bash | HomeShell::Tcsh => {}
            _ if about.is_empty() => {}
            HomeShell::Zsh => text.extend([":", about.as_str()]),
            _ => text.extend(["\t", about.as_str()]),
        }
        text.push('\n');
    }
    text
}

fn is_plain(value: &str) -> bool {
    value
        .chars()
        .all(|c| c.is_alphanumeric() || "_./:@+=,-".contains(c))
}
