//! With `--online`: who each source is, and what only AWS can tell. Nobody is asked for a code, nothing is run.

use serde_json::{Value, json};

use super::text;
use crate::support::{ACCOUNT, DEVICE, Home, profile_of};

/// What doctor says for programs with `--online`, after so many problems.
#[track_caller]
fn report(home: &Home, status: i32) -> Value {
    let run = home
        .run(["doctor", "--online", "--format", "json"])
        .stderr_has("")
        .status(status);
    run.json()
}

#[track_caller]
fn finding<'r>(report: &'r Value, rule: &str) -> &'r Value {
    let findings = report["findings"].as_array().expect("a list");
    let found = findings.iter().find(|finding| finding["rule"] == rule);
    found.unwrap_or_else(|| panic!("no {rule}: {report:#}"))
}

fn config() -> String {
    let role = format!(
        "role_arn = arn:aws:iam::{ACCOUNT}:role/deploy\nsource_profile = default\nmfa_serial = {DEVICE}\n"
    );
    format!("[profile prod]\n{role}[profile staging]\n{role}external_id = 42\n")
}

#[test]
fn every_source_is_asked_once_and_nobody_for_a_code() {
    let home = Home::new()
        .config(&config())
        .aws(|a| a.role("deploy").mfa().user("Mary"));
    let both = profile_of("default", "James") + &profile_of("mary", "Mary");
    let home = home.credentials(&both);
    let run = home.run(["doctor", "--online"]).status(0);
    let operations: Vec<_> = run
        .requests
        .iter()
        .map(|request| request.operation.clone())
        .collect();
    let asked = operations
        .iter()
        .filter(|operation| *operation == "GetCallerIdentity");
    assert_eq!((asked.count(), operations.len()), (2, 4), "{operations:?}");
    let run = run.stdout_has(&format!(
        "the keys of profile `default`: arn:aws:iam::{ACCOUNT}:user/James\n"
    ));
    run.stdout_has(&format!(
        "the keys of profile `mary`: arn:aws:iam::{ACCOUNT}:user/Mary\n"
    ));
    let report = report(&home, 0);
    assert_eq!(report["sources"][0]["account"], ACCOUNT, "{report:#}");
}

#[test]
fn keys_that_aws_does_not_take_are_a_problem() {
    let home = Home::new()
        .config(&config())
        .aws(|a| a.without_keys("James"));
    let report = report(&home, 1);
    let found = finding(&report, "source");
    assert_eq!(
        (text(found, "fix"), &found["line"]),
        ("aws configure --profile default", &json!(2)),
        "{found:#}"
    );
    assert!(
        text(found, "what").contains("InvalidClientTokenId"),
        "{found:#}"
    );
}

#[test]
fn clocks_that_disagree_are_told() {
    for (ahead, status, severity, what) in [
        (150, 0, "note", "this machine's clock is 2m behind AWS's"),
        (
            -1000,
            1,
            "problem",
            "this machine's clock is 16m ahead of AWS's",
        ),
    ] {
        let home = Home::new().config(&config()).aws(|a| a);
        home.sandbox().clock().skew(ahead);
        let report = report(&home, status);
        let found = finding(&report, "clock");
        assert_eq!(
            (text(found, "severity"), text(found, "what")),
            (severity, what),
            "{report:#}"
        );
        assert!(!text(found, "fix").is_empty());
    }
}

#[test]
fn old_keys_are_noted_where_iam_tells() {
    let home = Home::new().config(&config()).aws(|a| a);
    let policy = json!({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "iam:ListAccessKeys", "Resource": "*"}]});
    home.sandbox()
        .policy(ACCOUNT, "user/James", &policy.to_string());
    let of_today = report(&home, 0);
    assert!(!of_today.to_string().contains("old-key"), "{of_today:#}");
    let days = 86_400;
    home.sandbox().clock().advance(-100 * days);
    let home = home.aws(|a| a.user("Mary"));
    home.sandbox().clock().advance(100 * days);
    home.sandbox()
        .policy(ACCOUNT, "user/Mary", &policy.to_string());
    let home = home.credentials(&profile_of("default", "Mary"));
    let report = report(&home, 0);
    let found = finding(&report, "old-key");
    assert!(
        text(found, "what").ends_with("are 100 days old"),
        "{found:#}"
    );
    assert_eq!(
        text(found, "fix"),
        "aws iam create-access-key --profile default"
    );
}

#[test]
fn an_account_that_is_another_one_is_a_problem() {
    let keys = profile_of("default", "James") + "aws_account_id = 444455556666\n";
    let home = Home::new().credentials(&keys).aws(|a| a);
    let report = report(&home, 1);
    let found = finding(&report, "other-account");
    assert_eq!(
        text(found, "fix"),
        format!("aws configure set aws_account_id {ACCOUNT} --profile default")
    );
}

#[test]
fn who_cannot_be_reached_is_asked_once() {
    let both = profile_of("default", "James") + &profile_of("mary", "Mary");
    let home = Home::new()
        .credentials(&both)
        .env("AWS_ENDPOINT_URL", "http://127.0.0.1:1");
    let report = report(&home, 1);
    assert!(
        text(finding(&report, "source"), "what").contains("cannot reach"),
        "{report:#}"
    );
    assert!(
        text(&report["sources"][1], "unknown").ends_with("could not be reached"),
        "{report:#}"
    );
}

#[test]
fn commands_are_not_run_and_logins_not_renewed() {
    let config = "[profile a]\ncredential_process = sh -c 'touch ran; false'\n\
        [profile corp]\nsso_region = eu-west-1\nsso_start_url = https://x\nsso_account_id = 111122223333\nsso_role_name = R\n";
    let token = "{\"startUrl\": \"https://x\", \"accessToken\": \"hidden-a\", \"expiresAt\": \"2020-01-01T00:00:00Z\", \"refreshToken\": \"hidden-r\"}";
    let home = Home::new()
        .config(config)
        .file(".aws/sso/cache/a.json", token)
        .aws(|a| a);
    let home = home.credentials("");
    let report = report(&home, 0);
    let reasons: Vec<&str> = report["sources"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|one| text(one, "unknown"))
        .collect();
    assert_eq!(
        reasons,
        [
            "its command may ask a person, so it was not run",
            "it is due to be renewed, which its next use does",
        ]
    );
    assert!(!home.path("ran").exists());
    assert!(home.requests().is_empty());
}

#[test]
fn keys_of_the_root_user_are_a_problem() {
    let home = Home::new().aws(|a| a);
    let keys = home.sandbox().root(ACCOUNT);
    let id = &keys.access_key_id;
    let profile = format!(
        "[default]\naws_access_key_id = {id}\naws_secret_access_key = {}\n",
        keys.secret
    );
    let home = home.credentials(&profile);
    let report = report(&home, 1);
    let found = finding(&report, "root-keys");
    let fix = format!("aws iam delete-access-key --access-key-id {id} --profile default");
    assert_eq!(text(found, "fix"), fix);
}
