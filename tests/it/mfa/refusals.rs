//! What a refusal costs: not the session of everybody, not a second use of a code, not more than the time allowed.

use std::fs;

use super::{accepted_by, home, profile};
use crate::support::{ACCOUNT, DEVICE, Home, keys};

/// James, whose roles `deploy` and `more` want a code, and who may not assume `more`.
fn with_a_forbidden_role() -> Home {
    let line = format!("mfa_serial = {DEVICE}");
    let config = format!(
        "{}[profile more]\nrole_arn = arn:aws:iam::{ACCOUNT}:role/more\nsource_profile = default\n{line}\n",
        profile(&line)
    );
    let home = home().config(&config).aws(|aws| aws.role("more").mfa());
    let policy = r#"{"Version":"2012-10-17","Statement":[
        {"Effect":"Allow","Action":"sts:AssumeRole","Resource":"*"},
        {"Effect":"Deny","Action":"sts:AssumeRole","Resource":"arn:aws:iam::111122223333:role/more"}]}"#;
    home.sandbox().policy(ACCOUNT, "user/James", policy);
    home
}

#[test]
fn a_denied_role_leaves_the_session_to_the_others() {
    let home = with_a_forbidden_role();
    let code = home.code();
    accepted_by(
        home.run(["process", "prod", "--mfa-code", &code]),
        &code,
        ["GetSessionToken", "AssumeRole"],
    );
    // A code that could open another session is at hand, and not spent.
    home.run(["process", "more", "--mfa-code", &home.code()])
        .stdout("")
        .stderr_has("explicit deny")
        .calls(["AssumeRole"])
        .status(4);
    home.run(["process", "prod", "--refresh"])
        .stdout_has("ASIA")
        .calls(["AssumeRole"])
        .status(0);
}

#[test]
fn a_session_of_a_role_that_was_revoked_is_made_anew() {
    let config = format!(
        "{}[profile audit]\nrole_arn = arn:aws:iam::{ACCOUNT}:role/audit\nsource_profile = prod\n",
        profile("")
    );
    let home = Home::new()
        .config(&config)
        .aws(|aws| aws.role("deploy").role("audit"));
    home.run(["process", "prod"]).stdout_has("ASIA").status(0);
    home.sandbox().clock().advance(2);
    let now = home.sandbox().clock().now();
    let revoked = format!(
        r#"{{"Version":"2012-10-17","Statement":[{{"Effect":"Allow","Action":"*","Resource":"*"}},
            {{"Effect":"Deny","Action":"*","Resource":"*",
              "Condition":{{"DateLessThan":{{"aws:TokenIssueTime":"{now}"}}}}}}]}}"#
    );
    home.sandbox().policy(ACCOUNT, "role/deploy", &revoked);
    home.sandbox().clock().advance(2);
    home.run(["process", "audit"])
        .stdout_has("ASIA")
        .stderr("")
        .calls(["AssumeRole", "AssumeRole", "AssumeRole"])
        .status(0);
}

#[test]
fn a_code_that_was_looked_at_is_not_sent_again() {
    let home = with_a_forbidden_role();
    let code = home.code();
    let long = ["process", "more", "--mfa-max-age", "0", "--mfa-code", &code];
    home.run(long)
        .stdout("")
        .stderr_has("explicit deny")
        .calls(["AssumeRole"])
        .status(4);
    home.run(["logout"]).stdout_has("removed").status(0);
    home.run(["process", "prod", "--mfa-code", &code])
        .stdout("")
        .stderr_has("was used already")
        .calls([])
        .status(2);
}

#[test]
fn a_time_that_was_said_bounds_the_wait_for_a_person() {
    let home = home();
    let asked = home.pty(["process", "prod"]).shows("MFA code of");
    home.run(["process", "prod", "--lock-timeout", "1s"])
        .stdout("")
        .stderr_has("another stsx (process ")
        .stderr_has("is still getting")
        .calls([])
        .status(1);
    let code = home.code();
    asked.types(&code).wait().stdout_has("ASIA").status(0);
}

#[test]
fn who_waits_at_a_terminal_is_told_for_whom() {
    let home = home();
    let asked = home.pty(["process", "prod"]).shows("MFA code of");
    let waiting = home
        .console(["whoami", "prod"])
        .shows("waiting for another stsx (process ");
    let code = home.code();
    asked.types(&code).wait().stdout_has("ASIA").status(0);
    waiting.wait().status(0);
}

#[test]
fn a_remembered_maximum_that_none_can_be_is_not_believed() {
    let home = Home::new()
        .config(&profile(""))
        .aws(|aws| aws.role("deploy").max_session(7200));
    home.run(["process", "prod", "--duration", "4h"])
        .stdout_has("ASIA")
        .stderr_has("shortened from 4h to 2h")
        .status(0);
    let files = fs::read_dir(home.path(".cache/stsx")).unwrap().flatten();
    let mut limits = files
        .map(|file| file.path())
        .filter(|path| path.extension().is_some_and(|kind| kind == "limit"));
    fs::write(limits.next().unwrap(), "5").unwrap();
    home.run(["process", "prod", "--duration", "4h", "--no-cache"])
        .stdout_has("ASIA")
        .stderr_has("shortened from 4h to 2h")
        .status(0);
    home.run(["explain", "prod", "--duration", "4h"])
        .stdout_has("duration")
        .stdout_lacks(" 5s ")
        .status(0);
}

/// James, whose keys come from a command that notes each time it runs.
fn behind_a_command(document: &str) -> Home {
    let config = format!(
        "[profile vault]\ncredential_process = sh keys.sh\nmfa_serial = {DEVICE}\n\
         [profile prod]\nrole_arn = arn:aws:iam::{ACCOUNT}:role/deploy\nsource_profile = vault\n"
    );
    home()
        .config(&config)
        .file("keys.sh", &format!("echo run >>runs; echo '{document}'"))
}

#[test]
fn keys_of_a_user_behind_a_command_open_a_session_too() {
    let (id, secret) = keys("James");
    let document = format!(r#"{{"Version":1,"AccessKeyId":"{id}","SecretAccessKey":"{secret}"}}"#);
    let home = behind_a_command(&document);
    let code = home.code();
    home.run(["login", "vault", "--mfa-code", &code])
        .stdout_has("a session of the user")
        .calls(["GetSessionToken"])
        .status(0);
    home.run(["logout", "vault"])
        .stdout("1 entry removed\n")
        .status(0);
    let code = home.code();
    let first = home.run(["process", "prod", "--mfa-code", &code]);
    accepted_by(first, &code, ["GetSessionToken", "AssumeRole"]);
    home.run(["process", "prod", "--refresh"])
        .stdout_has("ASIA")
        .calls(["AssumeRole"])
        .status(0);
}

#[test]
fn a_command_that_gives_a_session_runs_once_and_the_role_takes_the_code() {
    let plain = home();
    let session = plain.run(["session", "--format", "process"]);
    let document = session.out.trim().to_owned();
    session.stdout_has("Version").status(0);
    // The same AWS, with the session behind a command.
    let config = format!(
        "[profile vault]\ncredential_process = sh keys.sh\n[profile prod]\nrole_arn = \
         arn:aws:iam::{ACCOUNT}:role/deploy\nsource_profile = vault\nmfa_serial = {DEVICE}\n"
    );
    let home = plain
        .config(&config)
        .file("keys.sh", &format!("echo run >>runs; echo '{document}'"));
    let code = home.code();
    let run = home.run(["process", "prod", "--mfa-code", &code]);
    accepted_by(run, &code, ["AssumeRole"]);
    assert_eq!(fs::read_to_string(home.path("runs")).unwrap(), "run\n");
    home.run(["process", "prod"])
        .stdout_has("ASIA")
        .calls([])
        .status(0);
    assert_eq!(fs::read_to_string(home.path("runs")).unwrap(), "run\n");
}
