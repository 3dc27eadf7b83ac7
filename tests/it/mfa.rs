//! Codes of MFA devices: where they come from, in which order, and what happens when there is none.

mod devices;
mod login;
mod refusals;
mod sessions;

use std::time::{Duration, Instant};

use crate::support::{ACCOUNT, DEVICE, Home, Run};

/// James, whose role `deploy` wants a code of his device.
fn home() -> Home {
    Home::new()
        .config(&profile(&format!("mfa_serial = {DEVICE}")))
        .aws(|a| a.role("deploy").mfa().max_session(43_200))
}

/// The profile `prod` with this line more.
fn profile(line: &str) -> String {
    format!(
        "[profile prod]\nrole_arn = arn:aws:iam::{ACCOUNT}:role/deploy\nsource_profile = default\n{line}\n"
    )
}

/// It became the role with this code, which opened a session first.
#[track_caller]
fn accepted(run: Run, code: &str) {
    accepted_by(run, code, ["GetSessionToken", "AssumeRole"]);
}

/// It became the role with this code, which the first STS call of these took.
#[track_caller]
fn accepted_by<const N: usize>(run: Run, code: &str, calls: [&str; N]) {
    let run = run.calls(calls);
    let mut requests = run.requests.iter();
    let first = requests.find(|request| request.service == "sts");
    let first = first.expect("STS was asked");
    assert_eq!(
        (&first["SerialNumber"], &first["TokenCode"]),
        (DEVICE, code)
    );
    assert_eq!(run.stderr("").status(0).json()["Version"], 1);
}

#[test]
fn a_code_comes_from_the_flag_else_the_variable_else_the_command() {
    // Each time the sources that come later have a wrong code.
    let echoing = |home: Home, code: &str| {
        home.file(
            "code.sh",
            &format!("echo {code}; echo second line; test ! -t 0"),
        )
        .config(&profile(&format!(
            "mfa_serial = {DEVICE}\nmfa_process = sh './code.sh'"
        )))
    };
    let home = home();
    let (code, wrong) = (home.code(), home.wrong_code());
    let home = echoing(home, &code);
    accepted(home.run(["process", "prod"]), &code);

    let code = home.code();
    let home = echoing(home, &wrong).env("STSX_MFA_CODE", &code);
    accepted(home.run(["process", "prod", "--no-cache"]), &code);

    let code = home.code();
    let home = home.env("STSX_MFA_CODE", &wrong);
    let flag = ["process", "prod", "--no-cache", "--mfa-code", &code];
    accepted(home.run(flag), &code);
}

#[test]
fn the_serial_comes_from_the_role_the_source_or_the_flag() {
    let config = format!("[default]\nmfa_serial = {DEVICE}\n{}", profile(""));
    let with_source = home().config(&config);
    let code = with_source.code();
    let run = with_source.run(["process", "prod", "--mfa-code", &code]);
    accepted(run, &code);
    let plain = home().config(&profile(""));
    let code = plain.code();
    let [serial, flag] = ["--mfa-serial", "--mfa-code"];
    let run = plain.run(["process", "prod", serial, DEVICE, flag, &code]);
    accepted(run, &code);
}

#[test]
fn the_command_runs_without_a_shell_and_its_failure_is_told() {
    for (command, words) in [
        ("echo $(echo 111111)", "mfa_process"),
        ("false", "mfa_process"),
        ("no-such-command", "no-such-command"),
        ("true", "mfa_process"),
    ] {
        let home = home().config(&profile(&format!(
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
    let home = home();
    let code = home.code();
    let run = home
        .pty(["credential-process", "prod"])
        .shows("MFA")
        .shows(DEVICE)
        .types(&code)
        .wait();
    accepted(run, &code);
    let script = "exec 3>&1; eval $(stsx assume prod --no-cache 2>&3) && echo became $STSX_TARGET";
    let run = home
        .pty_program("sh", ["-c", script])
        .shows(DEVICE)
        .types(&home.code())
        .wait();
    run.stdout("became prod\n")
        .calls(["GetSessionToken", "AssumeRole"])
        .status(0);
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
    .stderr_has("run `stsx login prod --duration 7200 --region eu-west-1` in a terminal first")
    .status(3);
}

#[test]
fn a_cached_session_asks_nobody() {
    let home = home();
    let code = home.code();
    accepted(home.run(["process", "prod", "--mfa-code", &code]), &code);
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
    let home = home();
    let code = home.code();
    let run = home
        .pty(["process", "prod"])
        .shows(DEVICE)
        .types(&code[..5])
        .shows("six")
        .types(&code)
        .wait();
    accepted(run, &code);
}

#[test]
fn ctrl_c_at_the_question_ends_it() {
    let home = home();
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
    let home = home();
    let start = Instant::now();
    let run = home
        .run(["process", "prod"])
        .stdout("")
        .stderr_lines(1)
        .calls([]);
    run.stderr_has("`prod`")
        .stderr_has(DEVICE)
        .stderr_has("stsx login prod")
        .status(3);
    home.run(["assume", "prod"])
        .stdout_has("false")
        .stderr_has("stsx login prod")
        .calls([])
        .status(3);
    home.run(["exec", "prod", "--", "echo", "ran"])
        .stderr_has("stsx login prod")
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
    let home = home();
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
    let home = home();
    let run = home
        .run(["process", "prod", "--mfa-code", &home.wrong_code()])
        .stdout("")
        .stderr_has("invalid MFA");
    assert!(
        run.requests
            .iter()
            .filter(|request| request.operation == "GetSessionToken")
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
    let home = home().config(&profile(&format!("mfa_serial = {key}")));
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
    let home = home();
    let code = home.code();
    let run = home.run(["process", "prod", "--mfa-code", &code, "--duration", "12h"]);
    assert_eq!(&run.requests[1]["DurationSeconds"], "43200");
    accepted_by(run, &code, ["GetRole", "AssumeRole"]);
}
