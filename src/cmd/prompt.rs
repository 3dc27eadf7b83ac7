//! `stsx prompt`: role, account and time left, for the prompt of a shell.
//!
//! From the environment alone: no file, no call. Shells read prompts as code (`$(…)`, `%…`, `\u`),
//! so nothing of a name that any of them could take for more than a letter is left in the answer.

use anyhow::Result;

use crate::cli::{HomeShell, PLACEHOLDERS, PromptArgs};
use crate::cmd::{World, answer};
use crate::env::{self, Env};
use crate::time::{self, Timestamp};

/// The longest name that a prompt shows, in characters.
const WIDTH: usize = 48;

/// Runs the command. Where no role of stsx is on, there is nothing to print.
///
/// # Errors
/// The answer cannot be written.
pub(super) fn run(args: &PromptArgs, world: &World<'_>) -> Result<()> {
    let env = world.env;
    if env.mark().is_none() {
        return Ok(());
    }
    let left = env
        .value(env::CREDENTIAL_EXPIRATION)
        .and_then(|end| end.parse::<Timestamp>().ok())
        .map(|end| end.seconds_since(Timestamp::now()));
    let text = match &args.format {
        Some(format) => filled(format, env, left),
        None => ["target", "account", "left"]
            .map(|name| part(name, env, left))
            .into_iter()
            .filter(|part| !part.is_empty())
            .collect::<Vec<_>>()
            .join(" "),
    };
    match args
        .shell
        .filter(|_| Env::of_terminal(env::NO_COLOR).is_none())
    {
        Some(shell) => answer(&format!("{}\n", coloured(&text, shell, colour(args, left)))),
        None => answer(&format!("{text}\n")),
    }
}

fn filled(format: &str, env: &Env, left: Option<i64>) -> String {
    PLACEHOLDERS.iter().fold(format.to_owned(), |text, name| {
        let place = format!("{{{name}}}");
        if text.contains(&place) {
            text.replace(&place, &part(name, env, left))
        } else {
            text
        }
    })
}

fn part(name: &str, env: &Env, left: Option<i64>) -> String {
    let value = |name: &str| neutral(env.value(name).unwrap_or_default());
    match name {
        "target" => value(env::STSX_TARGET),
        "role" => value(env::STSX_ROLE),
        "account" => value(env::STSX_ACCOUNT),
        "region" => value(env::REGION),
        _ => match left {
            None => String::new(),
            Some(..=0) => "expired".to_owned(),
            Some(left) => time::spoken(left).replace(' ', ""),
        },
    }
}

/// A name without what any shell or terminal obeys; of an ARN, what comes after the account.
fn neutral(text: &str) -> String {
    let text = match text.strip_prefix("arn:") {
        Some(rest) => rest.splitn(5, ':').last().unwrap_or(rest),
        None => text,
    };
    let text = text.strip_prefix("role/").unwrap_or(text);
    let is_harmless = |c: char| {
        let turns = matches!(c, '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}');
        !c.is_control() && !turns && !"$`\\%!{}\"'".contains(c)
    };
    let mut clean: String = text
        .chars()
        .take(WIDTH)
        .map(|c| if is_harmless(c) { c } else { '?' })
        .collect();
    if text.chars().nth(WIDTH).is_some() {
        clean.push('…');
    }
    clean
}

/// The number of the colour: red, yellow or green.
fn colour(args: &PromptArgs, left: Option<i64>) -> u8 {
    match left {
        Some(left) if left < args.critical.into() => 31,
        Some(left) if left < args.warn.into() => 33,
        _ => 32,
    }
}

/// The text between colour codes, each marked as taking no room where the shell wants that.
fn coloured(text: &str, shell: HomeShell, colour: u8) -> String {
    // bash would take `\[` for text, since it is the answer of a command; readline takes these.
    let (before, after) = match shell {
        HomeShell::Bash | HomeShell::Xonsh => ("\u{1}", "\u{2}"),
        HomeShell::Zsh | HomeShell::Tcsh => ("%{", "%}"),
        _ => ("", ""),
    };
    format!("{before}\u{1b}[{colour}m{after}{text}{before}\u{1b}[0m{after}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_harmless_in_every_prompt() {
        for (name, shown) in [
            ("prod", "prod"),
            ("111122223333:deploy", "111122223333:deploy"),
            ("arn:aws:iam::111122223333:role/a/deploy", "a/deploy"),
            ("$(id)`id`\\u%d!!", "?(id)?id??u?d??"),
            ("a\u{1b}[2J\n\u{202e}b", "a?[2J??b"),
            ("שלום 😀 é", "שלום 😀 é"),
        ] {
            assert_eq!(neutral(name), shown, "{name:?}");
        }
        assert_eq!(neutral(&"x".repeat(60)), format!("{}…", "x".repeat(48)));
    }
}
