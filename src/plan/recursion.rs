//! A command of a profile (for credentials, a token or an assertion) that calls stsx for that profile would never end: it
//! is seen in the files, before anything is started, also over several profiles.

use clap::Parser;

use anyhow::Result;

use crate::cli::{Cli, Command};
use crate::credentials::Secret;
use crate::plan::{Origins, Source};
use crate::platform;
use crate::process;

/// So many profiles in a row are looked through.
const LONGEST: usize = 32;

/// Refuses a source whose command comes back to it; `source_of` tells where a target starts, from the
/// profile that is said or from none.
///
/// # Errors
/// It comes back; the way is shown.
pub(super) fn refuse(
    source: &Source,
    origins: &Origins,
    source_of: impl Fn(&str, Option<&str>) -> Option<Source>,
) -> Result<()> {
    let Some((_, profile, command)) = source.command() else {
        return Ok(());
    };
    let mut way = vec![profile.to_owned()];
    let mut next = target_of(command);
    // A longer way is left to the guard that runs with the commands themselves.
    while let Some((target, start)) = next
        && way.len() < LONGEST
    {
        let source = source_of(&target, start.as_deref());
        let Some((key, profile, command)) = source.as_ref().and_then(Source::command) else {
            return Ok(());
        };
        let is_back = way.iter().any(|name| name == profile);
        way.push(profile.to_owned());
        if is_back {
            let place = origins.values().next().map(ToString::to_string);
            let way: Vec<&str> = way.iter().map(String::as_str).collect();
            return Err(process::own_tail(place.as_deref(), key, &way).into());
        }
        next = target_of(command);
    }
    Ok(())
}

/// The target that a command asks stsx for, and the profile that it says to start from.
fn target_of(command: &Secret) -> Option<(String, Option<String>)> {
    let words = platform::process_words(command.expose())?;
    let program = std::path::Path::new(words.first()?).file_stem()?;
    if program != "stsx" {
        return None;
    }
    let (target, options) = match Cli::try_parse_from(words).ok()?.command {
        Command::CredentialProcess(role) => (role.target, role.options),
        Command::Assume(args) => (args.target?, args.options),
        Command::Exec(args) => (args.role.target, args.role.options),
        _ => return None,
    };
    Some((target, options.run.profile))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_that_call_stsx_are_read() {
        for (command, target) in [
            ("stsx credential-process prod", Some(("prod", None))),
            (
                "/usr/local/bin/stsx process --region eu-west-1 'prod'",
                Some(("prod", None)),
            ),
            (
                "stsx credential-process prod --profile james",
                Some(("prod", Some("james"))),
            ),
            ("stsx exec prod -- vault read token", Some(("prod", None))),
            ("stsx assume --format json prod", Some(("prod", None))),
            ("stsx whoami prod", None),
            ("aws-vault export prod", None),
            ("stsx 'prod", None),
        ] {
            let found = target_of(&Secret::new(command));
            let found = found.as_ref();
            let found = found.map(|(target, start)| (target.as_str(), start.as_deref()));
            assert_eq!(found, target, "{command}");
        }
    }
}
