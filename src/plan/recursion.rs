//! A `credential_process` that calls stsx for its own profile would never end: it is seen in the
//! files, before anything is started, also over several profiles.

use clap::Parser;

use anyhow::Result;

use crate::cli::{Cli, Command};
use crate::plan::{Origins, Source};
use crate::process;

/// So many profiles in a row are looked through.
const LONGEST: usize = 32;

/// Refuses a source whose command comes back to it; `source_of` tells where a target starts.
///
/// # Errors
/// It comes back; the way is shown.
pub(super) fn refuse(
    source: &Source,
    origins: &Origins,
    source_of: impl Fn(&str) -> Option<Source>,
) -> Result<()> {
    let Source::Process { profile, command } = source else {
        return Ok(());
    };
    let mut way = vec![profile.clone()];
    let mut next = target_of(command);
    // A longer way is left to the guard that runs with the commands themselves.
    while let Some(target) = next
        && way.len() < LONGEST
    {
        let Some(Source::Process { profile, command }) = source_of(&target) else {
            return Ok(());
        };
        let is_back = way.contains(&profile);
        way.push(profile);
        if is_back {
            let place = origins.values().next().map(ToString::to_string);
            return Err(process::own_tail(place.as_deref(), &way).into());
        }
        next = target_of(&command);
    }
    Ok(())
}

/// The target that a command asks stsx for, when it leaves the source open.
fn target_of(command: &str) -> Option<String> {
    let words = shlex::split(command)?;
    let program = std::path::Path::new(words.first()?).file_stem()?;
    if program != "stsx" {
        return None;
    }
    match Cli::try_parse_from(words).ok()?.command {
        Command::CredentialProcess(args) if args.options.run.profile.is_none() => Some(args.target),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_that_call_stsx_are_read() {
        for (command, target) in [
            ("stsx credential-process prod", Some("prod")),
            (
                "/usr/local/bin/stsx process --region eu-west-1 'prod'",
                Some("prod"),
            ),
            ("stsx credential-process prod --profile james", None),
            ("stsx whoami prod", None),
            ("aws-vault export prod", None),
            ("stsx 'prod", None),
        ] {
            assert_eq!(target_of(command).as_deref(), target, "{command}");
        }
    }
}
