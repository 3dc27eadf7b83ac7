//! Codes of MFA devices: where they come from, in which order, and what happens when there is none.

use std::time::{Duration, Instant};

use crate::support::{ACCOUNT, Home, Run};

const DEVICE: &str = "arn:aws:iam::111122223333:mfa/James";

/// James, whose role `deploy` wants his device; these codes are good, each of them once.
fn home<const N: usize>(codes: [&str; N]) -> Home {
    Home::new()
        .config(&profile("mfa_serial = arn:aws:iam::111122223333:mfa/James"))
        .aws(|a| a.role("deploy").mfa(DEVICE, codes))
}

/// The profile `prod` with this line more.
fn profile(line: &str) -> String {
    format!(
        "[profile prod]\nrole_arn = arn:aws:iam::{ACCOUNT}:role/deploy\nsource_profile = default\n{line}\n"
    )
}

/// It became the role with this code, in one call.
#[track_caller]
fn accepted(run: Run, code: &str) {
    let run = run.calls(["AssumeRole"]);
    assert_eq!(&run.requests[0]["SerialNumber"], DEVICE);
    assert_eq!(&run.requests[0]["TokenCode"], code);
    assert_eq!(run.stderr("").status(0).json()["Version"], 1);
}

#[test]
fn a_code_comes_from_the_flag_else_the_variable_else_the_command() {
    let with_command = || {
        home(["111111"])
            .file("code.sh", "echo 111111; echo second line; test ! -t 0")
            .config(&profile(&format!(
                "mfa_serial = {DEVICE}\nmfa_process = sh './code.sh'"
            )))
    };
    accepted(with_command().run(["process", "prod"]), "111111");
    let with_variable = || {
        with_command()
            .aws(|a| a.role("deploy").mfa(DEVICE, ["222222"]))
            .env("STSX_MFA_CODE", "222222")
    };
    accepted(with_variable().run(["process", "prod"]), "222222");
    let with_flag = with_variable().aws(|a| a.role("deploy").mfa(DEVICE, ["333333"]));
    accepted(
        with_flag.run(["process", "prod", "--mfa-code", "333333"]),
        "333333",
    );
}

#[test]
fn the_serial_comes_from_the_role_the_source_or_the_flag() {
    let config = format!("[default]\nmfa_serial = {DEVICE}\n{}", profile(""));
    accepted(
        home(["111111"])
            .config(&config)
            .run(["process", "prod", "--mfa-code", "111111"]),
        "111111",
    );
    let plain = home(["111111"]).config(&profile(""));
    accepted(
        plain.run([
            "process",
            "prod",
            "--mfa-serial",
            DEVICE,
            "--mfa-code",
            "111111",
        ]),
        "111111",
    );
}

#[test]
fn the_command_runs_without_a_shell_and_its_failure_is_told() {
    for (command, words) in [
        ("echo $(echo 111111)", "mfa_process"),
        ("false", "mfa_process"),
        ("no-such-command", "no-such-command"),
        ("true", "mfa_process"),
    ] {
        let home = home(["111111"]).config(&profile(&format!(
            "mfa_serial = {DEVICE}\nmfa_process = {command}"
        )));
        let run = home
            .run(["process", "prod"])
            .stdout("")
            .stderr_has(words)
            .stderr_lines(1)
            .calls([]);
        let code = run.code().expect("it ended by itself");
        assert!([1, 2, 3].contains(&code), "{run}");
        run.status(code);
    }
}

#[test]
fn a_person_is_asked_on_the_terminal_while_stdout_and_stderr_are_captured() {
    let home = home(["123456"]);
    let run = home
        .pty(["credential-process", "prod"])
        .shows("MFA")
        .shows(DEVICE)
        .types("123456")
        .wait();
    accepted(run, "123456");
    let script = "exec 3>&1; eval $(stsx assume prod --refresh 2>&3) && echo became $STSX_TARGET";
    let home = home.aws(|a| a.role("deploy").mfa(DEVICE, ["654321"]));
    let run = home
        .pty_program("sh", ["-c", script])
        .shows(DEVICE)
        .types("654321")
        .wait();
    run.stdout("became prod\n").calls(["AssumeRole"]).status(0);
}

#[test]
fn the_command_to_run_first_makes_the_same_plan() {
    let config = format!(
        "[profile prod]\nrole_arn = arn:aws:iam::{ACCOUNT}:role/deploy\nsource_profile = default\nmfa_serial = {DEVICE}\n"
    );
    let home = Home::new().config(&config).aws(|aws| aws.role("deploy"));
    home.run([
        "process",
        "prod",
        "--duration",
        "2h",
        "--region",
        "eu-west-1",
    ])
    .stdout("")
    .stderr_has("run `stsx whoami prod --duration 7200 --region eu-west-1` in a terminal first")
    .status(3);
}

#[test]
fn a_cached_session_asks_nobody() {
    let home = home(["123456"]);
    accepted(
        home.run(["process", "prod", "--mfa-code", "123456"]),
        "123456",
    );
    home.run(["process", "prod"])
        .stdout_has("ASIA")
        .calls([])
        .status(0);
    let run = home
        .pty(["process", "prod"])
        .wait()
        .stdout_has("ASIA")
        .calls([]);
    assert_eq!(run.screen, "");
    run.status(0);
}

#[test]
fn a_mistyped_code_makes_no_call_and_may_be_typed_again() {
    let home = home(["123456"]);
    let run = home
        .pty(["process", "prod"])
        .shows(DEVICE)
        .types("12345")
        .shows("six")
        .types("123456")
        .wait();
    accepted(run, "123456");
}

#[test]
fn ctrl_c_at_the_question_ends_it() {
    let home = home(["123456"]);
    let run = home
        .pty(["process", "prod"])
        .shows(DEVICE)
        .presses_ctrl('c')
        .wait()
        .stdout("")
        .stderr_has("")
        .calls([]);
    // Ended by the signal, or with the status that a shell gives to that.
    match run.code() {
        Some(code) => run.status(if code == 130 { code } else { 130 }),
        None => run.signal(2),
    };
}

#[test]
fn without_a_terminal_it_fails_at_once_and_names_the_command_to_run() {
    let home = home(["123456"]);
    let start = Instant::now();
    let run = home
        .run(["process", "prod"])
        .stdout("")
        .stderr_lines(1)
        .calls([]);
    run.stderr_has("`prod`")
        .stderr_has(DEVICE)
        .stderr_has("stsx whoami prod")
        .status(3);
    home.run(["assume", "prod"])
        .stdout_has("false")
        .stderr_has("stsx whoami prod")
        .calls([])
        .status(3);
    home.run(["exec", "prod", "--", "echo", "ran"])
        .stderr_has("stsx whoami prod")
        .calls([])
        .status(3);
    assert!(start.elapsed() < Duration::from_secs(5));
    let error = home
        .run(["process", "prod", "--error-format", "json"])
        .stderr_has("\"status\":3")
        .status(3);
    assert!(
        serde_json::from_str::<serde_json::Value>(&error.err).is_ok(),
        "{error}"
    );
}

#[test]
fn a_code_of_the_wrong_form_is_refused_before_any_call() {
    let home = home(["123456"]);
    for code in ["12345", "1234567", "12345a", "", "１２３４５６", "-12345"] {
        let flag = format!("--mfa-code={code}");
        home.run(["process", "prod", &flag])
            .stdout("")
            .stderr_has("--mfa-code")
            .calls([])
            .status(2);
    }
    let home = home.env("STSX_MFA_CODE", "12345a");
    home.run(["process", "prod"])
        .stdout("")
        .stderr_has("STSX_MFA_CODE")
        .calls([])
        .status(2);
}

#[test]
fn a_code_that_aws_does_not_take_is_a_denial_that_speaks_of_the_code() {
    let home = home(["123456"]);
    let run = home
        .run(["process", "prod", "--mfa-code", "999999"])
        .stdout("")
        .stderr_has("invalid MFA");
    assert!(
        run.requests
            .iter()
            .filter(|request| request.operation == "AssumeRole")
            .count()
            == 1,
        "{run}"
    );
    run.stderr_has("MFA").stderr_lines(1).status(4);
    assert!(home.cached().is_empty());
}

#[test]
fn a_security_key_is_recognised_before_anybody_is_asked() {
    let key = "arn:aws:iam::111122223333:u2f/user/James/yubi-ABC";
    let home = home([]).config(&profile(&format!("mfa_serial = {key}")));
    let run = home
        .pty(["process", "prod"])
        .wait()
        .stdout("")
        .stderr_has("security key")
        .calls([]);
    assert_eq!(run.screen, "");
    let code = run.code().expect("it ended by itself");
    assert!([2, 3].contains(&code), "{run}");
    run.status(code);
}

#[test]
fn a_long_session_with_mfa_is_asked_for_directly() {
    let home = home(["123456"]);
    let run = home.run([
        "process",
        "prod",
        "--mfa-code",
        "123456",
        "--duration",
        "12h",
    ]);
    assert_eq!(&run.requests[0]["DurationSeconds"], "43200");
    accepted(run, "123456");
}
