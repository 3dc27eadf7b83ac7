//! Profiles whose command signs a person in: `saml_assertion_process`.

use super::{CALL, arn, home};
use crate::support::{ACCOUNT, Home, SAML_PROVIDER, pair};

/// Prints the assertion, and leaves a trace.
const PROCESS: &str = "saml_assertion_process = sh -c 'echo >>runs; cat assertion'\n";

fn with(home: Home, keys: &str) -> Home {
    let config = format!("[profile web]\nrole_arn = {}\n{PROCESS}{keys}", arn("web"));
    home.config(&config)
}

#[track_caller]
fn runs(home: &Home, times: usize) {
    let lines = std::fs::read_to_string(home.path("runs")).unwrap_or_default();
    assert_eq!(lines.lines().count(), times, "runs of the command");
}

#[test]
fn the_command_runs_when_nothing_is_cached() {
    let home = with(home(&["web", "other"]), "");
    let assertion = home.assertion(&["other", "web"]);
    let home = home.file("assertion", &assertion);
    let run = home
        .run(["process", "web"])
        .stdout_has("ASIA")
        .calls([CALL]);
    assert_eq!(run.requests[0]["RoleArn"], arn("web"));
    assert_eq!(run.requests[0]["PrincipalArn"], *SAML_PROVIDER);
    run.status(0);
    home.run(["process", "web"])
        .stdout_has("ASIA")
        .calls([])
        .status(0);
    home.run(["exec", "web", "--", "true"]).calls([]).status(0);
    runs(&home, 1);
    home.run(["process", "web", "--refresh"])
        .stdout_has("ASIA")
        .calls([CALL])
        .status(0);
    runs(&home, 2);
    home.run(["whoami", "web"])
        .stdout_has("assumed-role/web/James")
        .calls(["GetCallerIdentity"])
        .status(0);
    home.run(["login", "web"])
        .stdout_has(&arn("web"))
        .calls([])
        .status(0);
}

#[test]
fn a_plan_shows_what_the_assertion_decides() {
    let home = with(home(&[]), "");
    home.run(["explain", "web"])
        .stdout_has("the SAML assertion that its command prints")
        .stdout_has("(what the assertion says)")
        .calls([])
        .status(0);
    runs(&home, 0);
    for (words, keys) in [("--session-name me", ""), ("", "role_session_name = me\n")] {
        let home = with(Home::new(), keys);
        home.sh(&format!("stsx process web {words}"))
            .stderr_has(
                "a session name cannot be sent with the SAML assertion that its command prints",
            )
            .status(2);
    }
    let home = with(Home::new(), "saml_provider_arn = idp\n");
    home.run(["process", "web"])
        .stdout("")
        .stderr_has("config:4: saml_provider_arn: `idp` is not the ARN of a SAML provider")
        .status(2);
}

#[test]
fn a_role_that_is_not_in_the_assertion_is_told_with_those_that_are() {
    let home = with(home(&["web"]), "");
    let assertion = home.assertion(&["other", "more"]);
    home.file("assertion", &assertion)
        .run(["assume", "web"])
        .stdout("false;\n")
        .stderr(&format!(
            "stsx: profile `web`: the SAML assertion that its command prints does not open {}\n  {}\n  {}\n\
             hint: the roles above are those that it opens\n",
            arn("web"),
            arn("other"),
            arn("more")
        ))
        .calls([])
        .status(2);
}

#[test]
fn the_values_of_the_profile_count() {
    let keys = "duration_seconds = 1200\npolicy = {\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"s3:*\",\"Resource\":\"*\"}]}\n\
        policy_arns = arn:aws:iam::aws:policy/ReadOnlyAccess\n";
    let home = with(home(&["web"]), keys);
    let attributes = [("Role", &*pair("web")), ("SessionDuration", "1800")];
    let assertion = home.sandbox().assertion(ACCOUNT, &attributes);
    let home = home.file("assertion", &assertion);
    let run = home
        .run(["process", "web"])
        .stdout_has("ASIA")
        .calls([CALL]);
    let request = &run.requests[0];
    assert_eq!(request["DurationSeconds"], *"1200");
    assert!(request["Policy"].contains("2012-10-17"));
    let arn = &request["PolicyArns.member.1.arn"];
    assert_eq!(*arn, *"arn:aws:iam::aws:policy/ReadOnlyAccess");
    run.status(0);
    // What the profile does not say, the assertion does.
    let home = with(home, "");
    let run = home
        .run(["process", "web"])
        .stdout_has("ASIA")
        .calls([CALL]);
    assert_eq!(run.requests[0]["DurationSeconds"], *"1800");
    run.status(0);
}

#[test]
fn a_chain_starts_from_it() {
    let home = home(&["web"]).aws(|a| a.role("deploy"));
    let config = format!(
        "[profile deploy]\nrole_arn = {}\nsource_profile = web\n[profile web]\nrole_arn = {}\n{PROCESS}",
        arn("deploy"),
        arn("web")
    );
    let home = home.config(&config);
    let assertion = home.assertion(&["web"]);
    let home = home.file("assertion", &assertion);
    home.run(["process", "deploy"])
        .stdout_has("ASIA")
        .calls([CALL, "AssumeRole"])
        .status(0);
    home.run(["process", "web"])
        .stdout_has("ASIA")
        .calls([])
        .status(0);
    home.run(["process", "deploy", "--refresh"])
        .stdout_has("ASIA")
        .calls(["AssumeRole"])
        .status(0);
    runs(&home, 1);
    // A bare name is a role of the same account.
    home.run(["process", "deploy", "--profile", "web"])
        .stdout_has("ASIA")
        .status(0);
}

#[test]
fn a_command_that_fails_is_the_sources_fault() {
    let config = |command: &str| {
        format!(
            "[profile web]\nrole_arn = {}\nsaml_assertion_process = {command}\n",
            arn("web")
        )
    };
    let mut home = home(&["web"]);
    for (command, said, status) in [
        ("false", "saml_assertion_process: `false` failed", 5),
        (
            "no-such-command secret",
            "saml_assertion_process: `no-such-command` cannot be run",
            2,
        ),
        (
            "true",
            "the SAML assertion that its command prints is empty",
            5,
        ),
    ] {
        home = home.config(&config(command));
        home.run(["process", "web"])
            .stdout("")
            .stderr_has(said)
            .stderr_lacks("secret")
            .calls([])
            .status(status);
    }
}
