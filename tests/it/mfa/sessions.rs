//! One code for many roles: the session of the user, who shares it, and when it is made anew.

use serde_json::Value;

use super::{accepted_by, home, profile};
use crate::support::{ACCOUNT, DEVICE, Home};

/// James with roles `r1` … in three accounts, each wanting a code of his device.
fn many(roles: usize) -> (Home, Vec<String>) {
    const ACCOUNTS: [&str; 3] = [ACCOUNT, "444455556666", "777788889999"];
    let home = Home::new().aws(|aws| {
        aws.sandbox().account(ACCOUNTS[2]);
        aws
    });
    let arns: Vec<String> = (1..=roles)
        .map(|number| format!("arn:aws:iam::{}:role/r{number}", ACCOUNTS[number % 3]))
        .collect();
    let home = arns
        .iter()
        .fold(home, |home, arn| home.aws(|aws| aws.role(arn).mfa()));
    let config = format!("[default]\nmfa_serial = {DEVICE}\n");
    (home.config(&config), arns)
}

#[test]
fn ten_roles_in_a_row_cost_one_code() {
    let (home, arns) = many(10);
    let code = home.code();
    let first = home.run(["process", &arns[0], "--mfa-code", &code]);
    accepted_by(first, &code, ["GetSessionToken", "AssumeRole"]);
    for arn in &arns[1..] {
        let run = home.run(["process", arn]).calls(["AssumeRole"]);
        assert!(run.requests[0].session_token, "{run}");
        run.stdout_has("ASIA").stderr("").status(0);
    }
    let issued = home.requests();
    let is = |operation: &str| {
        issued
            .iter()
            .filter(|one| one.operation == operation)
            .count()
    };
    assert_eq!((is("GetSessionToken"), is("AssumeRole")), (1, 10));
}

#[test]
fn twenty_roles_at_once_ask_once() {
    let (home, arns) = many(20);
    let script = format!(
        "for role in {}; do stsx process $role >$$-${{role##*/}} & done; wait; cat $$-*",
        arns.join(" ")
    );
    let run = home
        .pty_program("sh", ["-c", &script])
        .shows(DEVICE)
        .types(&home.code())
        .wait();
    assert_eq!(run.screen.matches("MFA code of").count(), 1, "{run}");
    let is = |operation: &str| {
        let all = run.requests.iter();
        all.filter(|one| one.operation == operation).count()
    };
    assert_eq!((is("GetSessionToken"), is("AssumeRole")), (1, 20));
    assert_eq!(run.requests.len(), 21, "{run}");
    let answers: Vec<Value> = run
        .out
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(answers.len(), 20, "{run}");
    assert!(answers.iter().all(|answer| answer["Version"] == 1));
    run.stdout_has("").stderr("").status(0);
}

#[test]
fn its_length_is_half_a_day_unless_said() {
    for (settings, flags, seconds) in [
        ("", "", "43200"),
        ("", "--session-duration 36h", "129600"),
        ("mfa_session_duration = 15m", "", "900"),
        (
            "mfa_session_duration = 15m",
            "--session-duration 1h",
            "3600",
        ),
    ] {
        let home = home().config(&profile(&format!("mfa_serial = {DEVICE}\n{settings}")));
        let code = home.code();
        let run = home.sh(&format!("stsx process prod {flags} --mfa-code {code}"));
        assert_eq!(&run.requests[0]["DurationSeconds"], seconds);
        assert_eq!(&run.requests[1]["DurationSeconds"], "3600");
        accepted_by(run, &code, ["GetSessionToken", "AssumeRole"]);
    }
}

#[test]
fn an_old_code_is_asked_for_again() {
    let home = home();
    let code = home.code();
    home.run(["login", "--mfa-serial", DEVICE, "--mfa-code", &code])
        .stdout_has("a session of the user")
        .calls(["GetSessionToken"])
        .status(0);
    home.age(16 * 60);
    home.run(["process", "prod", "--mfa-max-age", "15m"])
        .stdout("")
        .stderr_has("--mfa-max-age 900` in a terminal first")
        .calls([])
        .status(3);
    home.run(["process", "prod", "--mfa-max-age", "17m"])
        .stdout_has("ASIA")
        .calls(["AssumeRole"])
        .status(0);
    let code = home.code();
    let again = [
        "process",
        "prod",
        "--refresh",
        "--mfa-max-age",
        "15m",
        "--mfa-code",
        &code,
    ];
    accepted_by(home.run(again), &code, ["GetSessionToken", "AssumeRole"]);
    let alone = home.code();
    let each = [
        "process",
        "prod",
        "--no-cache",
        "--mfa-max-age",
        "0",
        "--mfa-code",
        &alone,
    ];
    accepted_by(home.run(each), &alone, ["AssumeRole"]);
}

#[test]
fn a_trust_policy_that_looks_at_the_age_is_satisfied_by_a_newer_code() {
    let config = profile(&format!("mfa_serial = {DEVICE}\nmfa_max_age = 15m"));
    let home = home().config(&config);
    let trust = serde_json::json!({"Version": "2012-10-17", "Statement": {
        "Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"AWS": ACCOUNT},
        "Condition": {"NumericLessThan": {"aws:MultiFactorAuthAge": "900"}}
    }});
    let parameters = [
        ("RoleName", "deploy"),
        ("PolicyDocument", &*trust.to_string()),
    ];
    home.sandbox()
        .iam(ACCOUNT, "UpdateAssumeRolePolicy", &parameters)
        .unwrap();
    let code = home.code();
    accepted_by(
        home.run(["process", "prod", "--mfa-code", &code]),
        &code,
        ["GetSessionToken", "AssumeRole"],
    );
    home.age(1000);
    let code = home.code();
    let run = home.run(["process", "prod", "--refresh", "--mfa-code", &code]);
    accepted_by(run, &code, ["GetSessionToken", "AssumeRole"]);
}

#[test]
fn one_that_sts_refuses_is_dropped_and_made_anew_once() {
    let home = home();
    let code = home.code();
    home.run(["login", "prod", "--mfa-code", &code])
        .stdout_has("role/deploy")
        .calls(["GetSessionToken", "AssumeRole"])
        .status(0);
    // On AWS's clock the session has ended, on this machine's it has not.
    home.sandbox().clock().advance(43_300);
    let code = home.code();
    home.run(["process", "prod", "--refresh", "--mfa-code", &code])
        .stdout_has("ASIA")
        .calls(["AssumeRole", "GetSessionToken", "AssumeRole"])
        .status(0);
    let home = home.aws(|aws| {
        aws.on("AssumeRole")
            .refuse(403, "ExpiredToken", "The security token is expired")
    });
    let code = home.code();
    home.run(["process", "prod", "--refresh", "--mfa-code", &code])
        .stdout("")
        .stderr_has("ExpiredToken")
        .calls(["AssumeRole", "GetSessionToken", "AssumeRole"])
        .status(5);
}

#[test]
fn login_serves_programs_without_a_terminal_until_logout() {
    let home = home();
    home.run(["process", "prod"])
        .stdout("")
        .stderr_has("run `stsx login prod` in a terminal first")
        .calls([])
        .status(3);
    let run = home
        .pty(["login", "prod"])
        .shows(&format!("MFA code of {DEVICE} for prod: "))
        .types(&home.code())
        .wait()
        .calls(["GetSessionToken", "AssumeRole"]);
    run.stdout_has("prod  arn:aws:iam::111122223333:role/deploy  until ")
        .status(0);
    home.run(["process", "prod"])
        .stdout_has("ASIA")
        .calls([])
        .status(0);
    home.run(["cache", "list"])
        .stdout_has("default  12h")
        .stdout_has("(session of the user)")
        .status(0);
    home.run(["cache", "clear", "prod"])
        .stdout("1 entry removed\n")
        .status(0);
    home.run(["process", "prod"])
        .stdout_has("ASIA")
        .calls(["AssumeRole"])
        .status(0);
    let other = format!(
        "{}[profile more]\nrole_arn = arn:aws:iam::{ACCOUNT}:role/more\nsource_profile = default\nmfa_serial = {DEVICE}\n",
        profile(&format!("mfa_serial = {DEVICE}"))
    );
    let home = home.aws(|aws| aws.role("more").mfa()).config(&other);
    home.run(["process", "more"])
        .stdout_has("ASIA")
        .calls(["AssumeRole"])
        .status(0);
    // Without the session, what was obtained from it is forgotten as well.
    home.run(["logout", "prod"])
        .stdout("3 entries removed\n")
        .calls([])
        .status(0);
    home.run(["process", "prod"])
        .stdout("")
        .stderr_has("stsx login prod")
        .status(3);
    home.run(["logout", "nobody:here"])
        .stderr_has("nobody:here")
        .status(2);
}

#[test]
fn login_without_a_target_opens_the_session_that_roles_share() {
    let config = format!("[default]\nmfa_serial = {DEVICE}\n{}", profile(""));
    let home = home().config(&config);
    home.run(["login"])
        .stdout("")
        .stderr_has("run `stsx login")
        .calls([])
        .status(3);
    for words in [["login", "--mfa-code"], ["login", "--mfa-code"]] {
        let code = home.code();
        let calls: &[&str] = if home.cached().is_empty() {
            &["GetSessionToken"]
        } else {
            &[]
        };
        let run = home.run([words[0], words[1], &code]);
        assert_eq!(
            run.requests
                .iter()
                .map(|one| &*one.operation)
                .collect::<Vec<_>>(),
            calls
        );
        run.stdout_has("default-session  a session of the user  until ")
            .status(0);
    }
    home.run(["login", "default"])
        .stdout_has("a session of the user")
        .calls([])
        .status(0);
    home.run(["process", "prod"])
        .stdout_has("ASIA")
        .calls(["AssumeRole"])
        .status(0);
    home.run(["logout"]).stdout("2 entries removed\n").status(0);
    assert!(home.cached().is_empty());
}

#[test]
fn what_was_obtained_before_a_failure_stays() {
    let config = format!(
        "[default]\nmfa_serial = {DEVICE}\n{}[profile bad]\nrole_arn = arn:aws:iam::{ACCOUNT}:role/none\nsource_profile = default\n",
        profile("")
    );
    let home = home().config(&config);
    let code = home.code();
    home.run(["login", "prod", "bad", "--mfa-code", &code])
        .stdout_has("prod  arn:")
        .stderr_has("profile `bad`")
        .status(4);
    home.run(["process", "prod"])
        .stdout_has("ASIA")
        .calls([])
        .status(0);
}

#[test]
fn explain_tells_the_route() {
    let home = home();
    home.run(["explain", "prod"])
        .stdout_has("session of the user (GetSessionToken)")
        .stdout_has(
            "GetSessionToken takes the MFA code; its session serves every role of this user",
        )
        .calls([])
        .status(0);
    home.run(["explain", "prod", "--duration", "2h"])
        .stdout_has("AssumeRole takes the MFA code itself: from a session, a role gets 1h at most")
        .stdout_lacks("GetSessionToken")
        .calls([])
        .status(0);
    home.run(["explain", "prod", "--mfa-max-age", "0"])
        .stdout_has("AssumeRole takes the MFA code itself: each role asks for a code of its own")
        .calls([])
        .status(0);
}
