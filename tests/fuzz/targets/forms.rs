//! The forms of values: what is taken is what the form says, and stays it when it is read again.

use crate::cli;
use crate::plan::{RoleArn, session_policy};
use crate::targets::text;
use crate::time::{Timestamp, span_seconds, spoken};

pub(super) fn run(data: &[u8]) {
    let text = text(data);
    check_words(&text);
    check_durations(&text);
    check_lists(&text);
    check_arn(&text);
    if text.trim_start().starts_with(['{', '[', '"'])
        && let Ok(policy) = session_policy(&text)
    {
        assert!(policy.chars().count() <= 2048);
        assert_eq!(session_policy(&policy), Ok(policy));
    }
    if let Ok(time) = text.parse::<Timestamp>() {
        assert_eq!(time.to_string().parse::<Timestamp>().ok(), Some(time));
        let _ = spoken(time.seconds());
    }
}

/// A form whose value is the text itself: what it takes, the most characters, and those it may have besides letters
/// and digits.
type Word = (fn(&str) -> Result<String, String>, usize, &'static str);

fn check_words(text: &str) {
    let words: [Word; 7] = [
        (cli::session_name, 64, "_+=,.@-"),
        (cli::federated_name, 32, "_+=,.@-"),
        (cli::source_identity, 64, "_+=,.@-"),
        (cli::external_id, 1224, "_+=,.@:/-"),
        (cli::mfa_serial, 256, "_+=/:,.@-"),
        (cli::region, 63, "-"),
        (cli::account, 12, ""),
    ];
    for (form, most, others) in words {
        if let Ok(word) = form(text) {
            assert_eq!(word, text);
            assert!((1..=most).contains(&word.len()));
            let allowed = |char: char| char.is_ascii_alphanumeric() || others.contains(char);
            assert!(word.chars().all(allowed), "{word:?}");
        }
    }
    if let Ok(code) = cli::mfa_code(text) {
        let code = code.expose();
        assert!(code.len() == 6 && code.parse::<u32>().is_ok());
    }
    if let Ok(provider) = cli::saml_provider(text) {
        assert!(provider == text && provider.contains(":saml-provider/"));
    }
}

fn check_durations(text: &str) {
    let span = cli::any_span(text).ok();
    if let Some(seconds) = span {
        assert_eq!(span_seconds(&seconds.to_string()).ok(), Some(seconds));
    }
    let within = |most| span.filter(|seconds| (900..=most).contains(seconds));
    assert_eq!(cli::session_duration(text).ok(), within(43_200));
    assert_eq!(cli::user_session_duration(text).ok(), within(129_600));
}

fn check_lists(text: &str) {
    if let Ok(tags) = cli::tags(text) {
        assert!(tags.len() <= 50);
        let pairs = tags.iter().map(|(key, value)| format!("{key}={value}"));
        let again = cli::tags(&pairs.collect::<Vec<_>>().join("\n"));
        assert_eq!(again, Ok(tags));
    }
    if let Ok(keys) = cli::tag_keys(text) {
        assert_eq!(cli::tag_keys(&keys.join(", ")), Ok(keys));
    }
    if let Ok(arns) = cli::policy_arns(text) {
        assert!((1..=10).contains(&arns.len()));
        assert_eq!(cli::policy_arns(&arns.join(",")), Ok(arns));
    }
}

fn check_arn(text: &str) {
    let Ok(arn) = RoleArn::parse(text) else {
        return;
    };
    assert_eq!(arn.as_str(), text);
    assert_eq!(
        arn,
        RoleArn::new(arn.partition(), arn.account(), arn.path_and_name())
    );
    assert!(cli::account(arn.account()).is_ok());
    assert!(arn.path_and_name().ends_with(arn.name()) && !arn.name().contains('/'));
}
