//! The command that a person has to run first, where there is no terminal to ask for a code.

use crate::cli::RoleOptions;
use crate::plan::{Hop, Plan};
use crate::platform;
use crate::settings::Settings;

/// `stsx login` with everything that makes the same plan. A session of its own length is what
/// `stsx session` gets.
pub(super) fn login_line(plan: &Plan, settings: &Settings, options: &RoleOptions) -> String {
    let length = match plan.hops.last() {
        Some(Hop::Session(session)) => session.exactly,
        _ => None,
    };
    let command = if length.is_some() { "session" } else { "login" };
    let (target, profile) = named(plan, settings, options);
    let mut words = vec!["stsx".to_owned(), command.to_owned()];
    words.extend(target.map(str::to_owned));
    let switches = [
        ("--mfa", options.mfa.mfa),
        ("--read-only", options.scope.read_only),
        ("--refresh", options.run.refresh),
    ];
    let given = switches.into_iter().filter(|(_, given)| *given);
    words.extend(given.map(|(flag, _)| flag.to_owned()));
    for (flag, value) in values(options, profile, length) {
        words.extend([flag.to_owned(), value]);
    }
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    platform::command_line(&words)
}

/// The target and the `--profile` to say. Keys of a user are a target by the name of their profile,
/// unless that name means something else there.
fn named<'a>(
    plan: &'a Plan,
    settings: &Settings,
    options: &'a RoleOptions,
) -> (Option<&'a str>, Option<&'a str>) {
    if !matches!(plan.hops.last(), Some(Hop::Session(_))) {
        return (Some(&plan.target), options.run.profile.as_deref());
    }
    let name = plan.source.profile();
    let is_else = |name: &str| name.contains(':') || settings.aliases.contains_key(name);
    if name.is_some_and(is_else) {
        (None, name)
    } else {
        (name, None)
    }
}

/// The flags that have values.
fn values(
    options: &RoleOptions,
    profile: Option<&str>,
    length: Option<u32>,
) -> Vec<(&'static str, String)> {
    let text = |seconds: Option<u32>| seconds.map(|seconds| seconds.to_string());
    let (run, mfa, scope) = (&options.run, &options.mfa, &options.scope);
    let flags = [
        ("--profile", profile.map(str::to_owned)),
        ("--external-id", options.external_id.clone()),
        ("--duration", text(options.duration.or(length))),
        ("--session-name", options.session_name.clone()),
        ("--source-identity", options.source_identity.clone()),
        ("--mfa-serial", mfa.mfa_serial.clone()),
        ("--mfa-max-age", text(mfa.mfa_max_age)),
        ("--session-duration", text(mfa.session_duration)),
        ("--policy", scope.policy.clone()),
        ("--region", run.region.clone()),
        ("--min-ttl", text(run.min_ttl)),
    ];
    let tag = |(key, value): &(String, String)| format!("{key}={value}");
    let many = [
        ("--policy-arn", scope.policy_arn.clone()),
        ("--transitive-tag", options.transitive_tag.clone()),
        ("--tag", scope.tag.iter().map(tag).collect()),
    ];
    let single = flags
        .into_iter()
        .filter_map(|(flag, value)| Some((flag, value?)));
    let repeated = many
        .into_iter()
        .flat_map(|(flag, values)| values.into_iter().map(move |value| (flag, value)));
    single.chain(repeated).collect()
}
