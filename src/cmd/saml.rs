//! `stsx saml`: a role that a SAML response opens.

use std::fs::File;
use std::path::Path;

use anyhow::{Context, Result};

use crate::cli::{RoleOptions, SamlArgs};
use crate::cmd::{Ready, USUAL_MARGIN, World, answer, hand_over};
use crate::credentials::Secret;
use crate::error::{Failure, Kind};
use crate::plan::resolve::Wanted;
use crate::plan::{Handed, Proof, RoleArn};
use crate::saml::{Assertion, Grant, listed};
use crate::terminal;
use crate::time::Timestamp;

/// Runs the command.
///
/// # Errors
/// The assertion cannot be read or opens no such role; as obtaining and writing credentials.
pub(super) fn run(args: &SamlArgs, world: &World<'_>) -> Result<()> {
    if args.list {
        return list(args, world);
    }
    hand_over::run(Some("saml"), &args.output, world, || ready(args, world))
}

/// The roles, a line each.
fn list(args: &SamlArgs, world: &World<'_>) -> Result<()> {
    let (_, assertion, whose) = read(&args.assertion)?;
    let lines = listed(assertion.grants(&whose)?);
    if let Err(failure) = assertion.check(Timestamp::now(), &whose) {
        world.log.warn(&failure.what);
    }
    answer(&(lines.join("\n") + "\n"))
}

/// Runs once: standard input can be read but once.
fn ready(args: &SamlArgs, world: &World<'_>) -> Result<Ready> {
    let (proof, assertion, whose) = read(&args.assertion)?;
    let grant = chosen(args, &assertion, &whose)?;
    let handed = Handed {
        assertion: proof,
        role: grant.role,
        provider: grant.provider,
    };
    let options = RoleOptions {
        run: args.run.clone(),
        scope: args.scope.clone(),
        duration: args.duration,
        ..RoleOptions::default()
    };
    world.original(Wanted::Saml(&handed), &options, USUAL_MARGIN)
}

/// The assertion, and its name in messages.
fn read(place: &Path) -> Result<(Proof, Assertion, String)> {
    let file = (place != Path::new("-")).then(|| place.to_owned());
    let text = match &file {
        None => Secret::read(std::io::stdin()),
        Some(file) => File::open(file).and_then(Secret::read),
    };
    let place = match &file {
        None => "standard input".to_owned(),
        Some(file) => file.display().to_string(),
    };
    let text = text.with_context(|| Failure::usage(format!("--assertion: cannot read {place}")))?;
    if text.expose().is_empty() {
        return Err(Failure::usage(format!("--assertion: {place} is empty")).into());
    }
    let proof = Proof::Text { text, file };
    let whose = format!("the SAML assertion {proof}");
    let Proof::Text { text, .. } = &proof else {
        unreachable!("it was made above");
    };
    let assertion = Assertion::read(text.expose(), &whose, Kind::Usage)?;
    Ok((proof, assertion, whose))
}

/// The one role, or the one that is meant, or the one that a person chooses.
fn chosen(args: &SamlArgs, assertion: &Assertion, whose: &str) -> Result<Grant> {
    if let (true, Some(role), Some(provider)) =
        (assertion.is_encrypted(), &args.role, &args.provider)
    {
        let role =
            RoleArn::parse(role).map_err(|reason| Failure::usage(format!("--role: {reason}")))?;
        return Ok(assertion.grant(&role, Some(provider), whose)?);
    }
    let grants = assertion.grants(whose)?;
    let is_meant = |grant: &&Grant| {
        let provider = args.provider.as_ref();
        let role = args.role.as_deref();
        role.is_none_or(|role| is_named(&grant.role, role))
            && provider.is_none_or(|provider| *provider == grant.provider)
    };
    let mut meant: Vec<Grant> = grants.iter().filter(is_meant).cloned().collect();
    match meant.len() {
        0 => {
            let wanted = [&args.role, &args.provider].into_iter().flatten();
            let wanted: Vec<String> = wanted.map(|word| format!("`{word}`")).collect();
            let mut failure =
                Failure::usage(format!("{whose} does not open {}", wanted.join(" by ")));
            failure.details = listed(grants);
            Err(failure
                .hint("the roles above are those that it opens")
                .into())
        }
        1 => Ok(meant.swap_remove(0)),
        _ => {
            let hint = "name one with --role ARN (and --provider ARN)";
            let place = terminal::chosen("role", &listed(&meant), hint)?;
            Ok(meant.swap_remove(place))
        }
    }
}

/// Whether a role is what `ARN`, `NAME`, `path/NAME` or `ACCOUNT:NAME` means.
fn is_named(role: &RoleArn, word: &str) -> bool {
    if word.starts_with("arn:") {
        return role.as_str() == word;
    }
    let (account, name) = match word.split_once(':') {
        Some((account, name)) => (Some(account), name),
        None => (None, word),
    };
    let name = name.strip_prefix("role/").unwrap_or(name);
    account.is_none_or(|account| account == role.account())
        && (role.name() == name || role.path_and_name() == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_role_is_named_in_four_ways() {
        let role = RoleArn::new("aws", "111122223333", "team/deploy");
        for (word, is_it) in [
            ("arn:aws:iam::111122223333:role/team/deploy", true),
            ("arn:aws:iam::111122223333:role/deploy", false),
            ("deploy", true),
            ("team/deploy", true),
            ("role/deploy", true),
            ("111122223333:deploy", true),
            ("111122223333:role/team/deploy", true),
            ("444455556666:deploy", false),
            ("ploy", false),
            ("", false),
        ] {
            assert_eq!(is_named(&role, word), is_it, "{word}");
        }
    }
}
