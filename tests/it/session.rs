//! `stsx session`: a session of the user as an end in itself, for who wants the keys of no role.

use crate::support::{ACCOUNT, DEVICE, Home, profile_of};

/// James and his device.
fn home() -> Home {
    Home::new().aws(|a| a.role("deploy").mfa())
}

#[test]
fn it_is_written_as_assume_writes_a_role() {
    let home = home();
    let mut run = home
        .run(["session"])
        .calls(["GetSessionToken"])
        .stderr("")
        .status(0);
    assert_eq!(&run.requests[0]["DurationSeconds"], "43200");
    assert_eq!(run.exported("AWS_ACCESS_KEY_ID"), Some(home.issued(1)));
    assert!(run.exported("AWS_SESSION_TOKEN").is_some());
    let fish = home
        .run(["session", "--shell", "fish"])
        .stderr("")
        .status(0);
    fish.stdout_has("set -gx AWS_SESSION_TOKEN");
    let process = home
        .run(["session", "--format", "process"])
        .stderr("")
        .status(0)
        .json();
    assert_eq!(process["AccessKeyId"].as_str(), Some(&*home.issued(1)));
    let json = home
        .run(["session", "--format", "json"])
        .stderr("")
        .status(0)
        .json();
    assert_eq!(json["AWS_ACCESS_KEY_ID"].as_str(), Some(&*home.issued(1)));
    let ini = home
        .run(["session", "--format", "ini"])
        .stderr("")
        .status(0);
    ini.stdout_has("aws_session_token = ");
    home.run(["session", "--format", "env"])
        .stdout_has("AWS_SESSION_TOKEN=")
        .status(0);
    let terminal = home.console(["session"]).wait();
    terminal.screen_has("eval $(stsx session)").status(2);
}

#[test]
fn the_account_is_told_when_it_is_known() {
    let home = home();
    home.run(["whoami"]).stdout_has(ACCOUNT).status(0);
    let process = home
        .run(["session", "--format", "process"])
        .status(0)
        .json();
    assert_eq!(process["AccountId"], ACCOUNT);
}

#[test]
fn a_shell_is_the_user_with_the_session_and_back_again() {
    let home = home();
    let script = "eval $(stsx session) && stsx whoami --format json && eval $(stsx unset) && env | grep -c ^AWS_ACCESS || true";
    let run = home
        .sh(script)
        .calls(["GetSessionToken", "GetCallerIdentity"]);
    assert!(run.requests[1].session_token);
    run.stdout_has("user/James").stdout_has("0\n").status(0);
}

#[test]
fn a_code_opens_it_and_it_is_shared_with_roles() {
    let home = home();
    let code = home.code();
    let run = home.run(["session", "--mfa-serial", DEVICE, "--mfa-code", &code]);
    let run = run.calls(["GetSessionToken"]);
    assert_eq!(&run.requests[0]["SerialNumber"], DEVICE);
    assert_eq!(&run.requests[0]["TokenCode"], &code);
    run.stdout_has("ASIA").stderr("").status(0);
    home.run(["assume", "deploy", "--mfa-serial", DEVICE])
        .calls(["GetCallerIdentity", "AssumeRole"])
        .stdout_has("ASIA")
        .status(0);
    let wrong = home.wrong_code();
    home.run([
        "session",
        "--refresh",
        "--mfa-serial",
        DEVICE,
        "--mfa-code",
        &wrong,
    ])
    .stdout("false;\n")
    .stderr_has("cannot get a session of the user: AccessDenied")
    .stderr_has("hint: the MFA code was not accepted")
    .status(4);
}

#[test]
fn it_is_cached_by_its_whole_question() {
    let home = home().credentials(&format!(
        "{}{}",
        profile_of("default", "James"),
        profile_of("mary", "Mary")
    ));
    let home = home.aws(|a| a.user("Mary"));
    for (flags, calls) in [
        ("", 1),
        ("", 0),
        ("--duration 1h", 1),
        ("--duration 1h", 0),
        ("--duration 2h", 1),
        ("mary", 1),
        ("--profile mary", 0),
        ("", 0),
        ("--refresh", 1),
        ("--no-cache", 1),
    ] {
        let run = home.sh(&format!("stsx session {flags}")).stdout_has("ASIA");
        assert_eq!(run.requests.len(), calls, "{flags}");
        run.status(0);
    }
    home.run(["session", "mary", "--profile", "default"])
        .stdout("false;\n")
        .stderr_has("--profile")
        .status(2);
}

#[test]
fn sessions_of_roles_are_refused_before_any_call() {
    let home = home();
    let config = format!(
        "[profile prod]\nrole_arn = arn:aws:iam::{ACCOUNT}:role/deploy\nsource_profile = default\n\
         [profile tool]\ncredential_process = cat session.json\n"
    );
    let home = home.config(&config);
    let session = home
        .run(["session", "--format", "process"])
        .stdout_has("ASIA")
        .status(0);
    let home = home.file("session.json", &session.out);
    for command in ["session", "federate guest --read-only"] {
        let operation = if command == "session" {
            "GetSessionToken"
        } else {
            "GetFederationToken"
        };
        let refused = |words: &str, what: &str| {
            home.sh(words)
                .calls([])
                .stdout_has("false;")
                .stderr_has(operation)
                .stderr_has("is for the long-term keys of an IAM user")
                .stderr_has(what)
                .stderr_has("hint: ")
                .status(2);
        };
        let prod = format!("stsx {command} --profile prod");
        refused(
            &prod,
            "this is a session of arn:aws:iam::111122223333:role/deploy",
        );
        refused(
            &format!("stsx {command} --profile tool"),
            "these credentials are a session",
        );
        let keys = "AWS_ACCESS_KEY_ID=ASIAX AWS_SECRET_ACCESS_KEY=s AWS_SESSION_TOKEN=tttt";
        refused(
            &format!("{keys} stsx {command}"),
            "this starts from the keys in the environment, which is a session",
        );
    }
}

#[test]
fn another_account_than_expected_is_refused_before_the_call() {
    let home = home();
    let refused = |words: &str, calls: usize| {
        let run = home
            .sh(&format!("stsx {words} --expect-account 444455556666"))
            .stdout_has("")
            .stderr_has("this leads to account 111122223333, not to 444455556666");
        assert!(
            run.requests
                .iter()
                .all(|one| one.operation == "GetCallerIdentity"),
            "{run}"
        );
        assert_eq!(run.requests.len(), calls, "{run}");
        run.status(2);
    };
    refused("session", 1);
    refused(&format!("login --mfa-serial {DEVICE} --mfa-code 123456"), 0);
    assert!(home.cached().is_empty());
    home.run(["session", "--expect-account", ACCOUNT])
        .stdout_has("ASIA")
        .calls(["GetSessionToken"])
        .stderr("")
        .status(0);
    refused("session", 0);
}

#[test]
fn it_has_a_name_for_files_and_marks() {
    let home = home().credentials(&profile_of("work", "James"));
    home.run(["session", "work", "--format", "ini"])
        .stdout_has("[work-session]\n")
        .stderr("")
        .status(0);
    home.sh("eval $(stsx session work); echo $STSX_TARGET; eval $(stsx unset); env | grep -cE '^(AWS|STSX)_(ACC|TAR)' || true")
        .stdout("work-session\n0\n")
        .stderr("")
        .status(0);
}

#[test]
fn on_a_terminal_the_line_to_type_holds_all_that_was_typed() {
    let home = home();
    home.console(["-v", "session", "--duration=1h", "--region", "eu-west-1"])
        .wait()
        .screen_has("eval $(stsx -v session --duration=1h --region eu-west-1)")
        .status(2);
    let rest = format!("deploy --duration 30m --mfa-serial {DEVICE}");
    let [length, serial] = ["--duration", "--mfa-serial"];
    for run in [
        home.console([
            "assume",
            "deploy",
            length,
            "30m",
            "--mfa-code",
            "123456",
            serial,
            DEVICE,
        ]),
        home.console([
            "assume",
            "deploy",
            length,
            "30m",
            "--mfa-code=123456",
            serial,
            DEVICE,
        ]),
    ] {
        let run = run.wait();
        assert!(!run.screen.contains("123456"), "{run}");
        run.screen_has(&format!("eval $(stsx assume {rest})"))
            .screen_has(&format!("`stsx exec {rest} -- COMMAND`"))
            .status(2);
    }
}
