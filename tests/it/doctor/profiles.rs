//! Profiles: rules that they break, one or several at once, and keys of theirs that do nothing.

use serde_json::{Value, json};

use super::{ROLE, finding, lacks, mends, report, text};
use crate::support::{Home, keys, profile_of};

#[test]
fn profiles_that_break_a_rule_get_the_command_that_mends_them() {
    for (config, line, what, fix) in [
        (
            format!("[profile a]\n{ROLE}source_profile = jmaes\n[profile james]\nregion = eu-west-1\n"),
            3,
            "the source_profile `jmaes` of profile `a` does not exist",
            "stsx configure a --source-profile james --force",
        ),
        (
            format!("[profile a]\n{ROLE}source_profile = default\ncredential_source = Ec2InstanceMetadata\n"),
            4,
            "both source_profile and credential_source",
            "stsx configure a --remove credential_source",
        ),
        (
            format!("[profile a]\n{ROLE}"),
            2,
            "neither source_profile nor credential_source",
            "stsx configure a --source-profile NAME --force",
        ),
        (
            format!("[profile a]\n{ROLE}source_profile = a\n"),
            3,
            "is its own source_profile but has no keys",
            "stsx configure a --source-profile NAME --force",
        ),
        (
            format!("[profile a]\n{ROLE}source_profile = b\n[profile b]\n{ROLE}source_profile = a\n"),
            6,
            "form a loop: a → b → a",
            "stsx configure b --source-profile NAME --force",
        ),
        (
            "[profile a]\ncredential_process = sh -c true\n[profile b]\ncredential_process = stsx credential-process b\n".to_owned(),
            4,
            "starts from that profile again",
            "stsx configure b --remove credential_process",
        ),
    ] {
        let home = Home::new().config(&config).james();
        let found = finding(&home, "profile");
        assert_eq!((&found["line"], text(&found, "fix")), (&json!(line), fix), "{found:#}");
        assert!(text(&found, "what").contains(what), "{found:#}");
    }
}

#[test]
fn devices_that_sts_cannot_use_are_found() {
    for (serial, what) in [
        (
            "arn:aws:iam::111122223333:u2f/user/James/key",
            "a security key",
        ),
        (
            "arn:aws:iam::111122223333:user/James",
            "not the ARN of an MFA device",
        ),
    ] {
        let home = Home::new().config(&format!(
            "[profile a]\n{ROLE}source_profile = default\nmfa_serial = {serial}\n"
        ));
        let found = finding(&home, "wrong-device");
        assert!(text(&found, "what").contains(what), "{found:#}");
        assert_eq!(found["line"], 4);
        assert_eq!(
            text(&found, "fix"),
            "stsx configure a --mfa-serial SERIAL --force"
        );
    }
    for serial in ["arn:aws:iam::111122223333:mfa/James", "GAHT12345678"] {
        let home = Home::new().config(&format!(
            "[profile a]\n{ROLE}source_profile = default\nmfa_serial = {serial}\n"
        ));
        lacks(&home, "wrong-device");
    }
}

#[test]
fn values_that_do_not_parse_are_told_with_their_line() {
    let home = Home::new().config(&format!(
        "[profile a]\n{ROLE}source_profile = default\nduration_seconds = soon\n"
    ));
    let home = home.james();
    let found = finding(&home, "profile");
    assert_eq!(found["line"], 4, "{found:#}");
    assert!(text(&found, "fix").starts_with("vi +4 "), "{found:#}");
}

#[test]
fn keys_that_contradict_others_are_found() {
    let (id, _) = keys("James");
    for (config, rule, line, fix) in [
        ("[profile a]\nregion = eu-west-1\nexternal_id = 42\n".to_owned(), "idle-key", 3, "stsx configure a --remove external_id"),
        ("[profile a]\nmfa_serial = 123456\n".to_owned(), "idle-key", 2, "stsx configure a --remove mfa_serial"),
        (
            "[profile a]\nsso_session = s\nsso_region = eu-west-2\n[sso-session s]\nsso_region = eu-west-1\nsso_start_url = https://x\n".to_owned(),
            "two-logins",
            3,
            "stsx configure a --remove sso_region",
        ),
        (
            format!("[profile a]\naws_access_key_id = {id}\naws_secret_access_key = x\ncredential_process = cat x\n"),
            "two-sources",
            4,
            "stsx configure a --remove credential_process",
        ),
        (
            "[profile a]\nrole_arn = arn:aws:iam::111122223333:role/x\ncredential_source = Environment\n".to_owned(),
            "absent-source",
            3,
            "vi +3 ",
        ),
    ] {
        let home = Home::new().config(&config);
        let found = finding(&home, rule);
        assert_eq!(found["line"], line, "{found:#}");
        assert!(text(&found, "fix").starts_with(fix), "{found:#}");
    }
    // Keys of a user, and those who start from another profile, have a use for a device.
    let used = format!(
        "[profile a]\nmfa_serial = 123456\nsso_session = s\n[profile b]\n{ROLE}source_profile = a\n"
    );
    lacks(&Home::new().config(&used), "idle-key");
    let used = profile_of("a", "James") + "mfa_serial = 123456\n";
    lacks(&Home::new().credentials(&used), "idle-key");
}

/// The lines of the config file where this rule found something, in their order.
fn lines(home: &Home, rule: &str) -> Vec<u64> {
    let report = report(home);
    let found = report["findings"].as_array().expect("a list").iter();
    let line = |one: &Value| one["line"].as_u64().filter(|_| one["rule"] == rule);
    let mut lines: Vec<u64> = found.filter_map(line).collect();
    lines.sort_unstable();
    lines
}

#[test]
fn all_faults_of_a_profile_are_told() {
    let wrong = "duration_seconds = soon\nrole_session_name = a b\nexternal_id = 4\nmfa_max_age = never\n\
        session_tags = x\ntransitive_session_tags = y\nuse_fips_endpoint = maybe\n";
    let values = [4, 5, 6, 7, 8, 10];
    for (start, all) in [
        (format!("{ROLE}source_profile = gone\n"), vec![3]),
        (format!("{ROLE}source_profile = default\n"), vec![]),
        (
            "role_arn = arn:aws:iam::1:role/x\nsource_profile = gone\n".to_owned(),
            vec![2, 3],
        ),
        (format!("{ROLE}credential_source = Nowhere\n"), vec![3]),
        (
            format!("{ROLE}web_identity_token_process = stsx process a\n"),
            vec![3],
        ),
    ] {
        let config = format!("[profile a]\n{start}{wrong}[profile b]\nregion = eu-west-1\n");
        let home = Home::new().config(&config).james();
        let expected: Vec<u64> = all.into_iter().chain(values).collect();
        assert_eq!(lines(&home, "profile"), expected, "{config}");
    }
}

#[test]
fn keys_of_a_user_in_the_profile_of_a_role_are_noted() {
    let (id, secret) = keys("James");
    let keys = format!("aws_access_key_id = {id}\naws_secret_access_key = {secret}\n");
    for start in [
        "source_profile = default",
        "credential_source = Ec2InstanceMetadata",
    ] {
        let config = format!("[profile a]\n{ROLE}{start}\n{keys}");
        let home = Home::new().config(&config).james();
        let found = finding(&home, "unused-keys");
        assert_eq!(
            (&found["line"], &found["severity"]),
            (&json!(4), &json!("note"))
        );
        mends(&home, "unused-keys");
        let config = format!("[profile a]\n{ROLE}{start}\n");
        let home = Home::new()
            .config(&config)
            .credentials(&format!("[a]\n{keys}[default]\n{keys}"));
        mends(&home, "unused-keys");
    }
    for config in [
        format!("[profile a]\n{ROLE}source_profile = a\n{keys}"),
        format!(
            "[profile a]\n{ROLE}source_profile = default\n{keys}[profile b]\n{ROLE}source_profile = a\n"
        ),
        format!("[profile a]\n{ROLE}{keys}"),
    ] {
        lacks(&Home::new().config(&config).james(), "unused-keys");
    }
    // Keys and a role without a start: these are it.
    let home = Home::new().config(&format!("[profile a]\n{ROLE}{keys}"));
    let fix = "stsx configure a --source-profile a --force";
    assert_eq!(text(&finding(&home, "profile"), "fix"), fix);
    mends(&home, "profile");
}
