//! Devices: each code is good once, a mistyped one may be typed again, and a device that nobody wrote down is found.

use super::{accepted, accepted_by, home, profile};
use crate::support::{ACCOUNT, DEVICE, Home};

/// James, who may look at his devices, and whose profile names none.
fn unnamed() -> Home {
    let home = home().config(&profile(""));
    let policy = r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow",
        "Action":["sts:AssumeRole","iam:ListMFADevices"],"Resource":"*"}}"#;
    home.sandbox().policy(ACCOUNT, "user/James", policy);
    home
}

#[test]
fn a_code_is_not_sent_twice() {
    let home = home();
    let code = home.code();
    let long = ["process", "prod", "--duration", "2h", "--mfa-code", &code];
    accepted_by(home.run(long), &code, ["GetRole", "AssumeRole"]);
    home.run(["process", "prod", "--duration", "3h", "--mfa-code", &code])
        .stdout("")
        .stderr_has("this MFA code was used already, and each works once")
        .calls([])
        .status(2);
    let next = home.code();
    let other = ["process", "prod", "--duration", "3h", "--mfa-code", &next];
    accepted_by(home.run(other), &next, ["AssumeRole"]);
}

#[test]
fn at_the_terminal_a_used_code_is_asked_for_again() {
    let home = home();
    let code = home.code();
    let long = ["process", "prod", "--duration", "2h", "--mfa-code", &code];
    accepted_by(home.run(long), &code, ["GetRole", "AssumeRole"]);
    let next = home.code();
    let run = home
        .pty(["process", "prod", "--duration", "3h"])
        .shows(DEVICE)
        .types(&code)
        .shows("was used already")
        .types(&next)
        .wait();
    accepted_by(run, &next, ["AssumeRole"]);
}

#[test]
fn a_command_that_is_too_quick_is_run_again_in_the_next_window() {
    let home = home();
    let code = home.code();
    let long = ["process", "prod", "--duration", "2h", "--mfa-code", &code];
    accepted_by(home.run(long), &code, ["GetRole", "AssumeRole"]);
    // The window in which the code was used has passed by now: a second later the command is asked again.
    home.age_facts(31);
    let next = home.code();
    let script = format!("test -e ran && echo {next} || echo {code}; touch ran");
    let home = home.file("code.sh", &script).config(&profile(&format!(
        "mfa_serial = {DEVICE}\nmfa_process = sh code.sh"
    )));
    let run = home
        .run(["process", "prod", "--duration", "3h"])
        .stderr("stsx: waiting 1 s for the next MFA code\n")
        .calls(["AssumeRole"]);
    assert_eq!(&run.requests[0]["TokenCode"], &next);
    run.stdout_has("ASIA").status(0);
}

#[test]
fn a_wrong_code_may_be_typed_again_twice() {
    let home = home();
    let (wrong, code) = (home.wrong_code(), home.code());
    let run = home
        .pty(["process", "prod"])
        .shows(DEVICE)
        .types(&wrong)
        .shows("AWS did not accept this code.")
        .shows_times("MFA code of", 2)
        .types(&code)
        .wait()
        .calls(["GetSessionToken", "GetSessionToken", "AssumeRole"]);
    run.stdout_has("ASIA").stderr("").status(0);
    let run = home
        .pty(["process", "prod", "--no-cache"])
        .shows(DEVICE)
        .types(&wrong)
        .shows_times("MFA code of", 2)
        .types(&wrong)
        .shows_times("MFA code of", 3)
        .types(&wrong)
        .wait()
        .calls(["GetSessionToken"; 3]);
    run.stdout("")
        .stderr_has("invalid MFA one time pass code")
        .status(4);
    let once = home.run(["process", "prod", "--no-cache", "--mfa-code", &wrong]);
    once.calls(["GetSessionToken"])
        .stdout("")
        .stderr_has("was not accepted")
        .status(4);
}

#[test]
fn a_device_is_found_when_none_is_named() {
    let home = unnamed();
    let code = home.code();
    let first = ["process", "prod", "--mfa", "--mfa-code", &code];
    let run = home
        .run(first)
        .calls(["ListMFADevices", "GetSessionToken", "AssumeRole"]);
    assert_eq!(&run.requests[1]["SerialNumber"], DEVICE);
    run.stdout_has("ASIA").stderr("").status(0);
    home.run(["process", "prod", "--mfa", "--refresh"])
        .stdout_has("ASIA")
        .calls(["AssumeRole"])
        .status(0);
    let named = home.config(&profile(&format!("mfa_serial = {DEVICE}")));
    let code = named.code();
    let run = named.run([
        "process",
        "prod",
        "--mfa",
        "--no-cache",
        "--mfa-code",
        &code,
    ]);
    accepted(run, &code);
}

#[test]
fn a_device_that_is_gone_is_looked_up_again() {
    let home = unnamed();
    let code = home.code();
    home.run(["process", "prod", "--mfa", "--mfa-code", &code])
        .stdout_has("ASIA")
        .status(0);
    let device = [("UserName", "James"), ("SerialNumber", DEVICE)];
    home.sandbox()
        .iam(ACCOUNT, "DeactivateMFADevice", &device)
        .unwrap();
    home.run(["login", "--mfa", "--mfa-code", "123456", "--refresh"])
        .stdout("")
        .stderr_has("MFA serial number is valid")
        .calls(["GetSessionToken"])
        .status(4);
    home.run(["login", "--mfa", "--mfa-code", "123456", "--refresh"])
        .stdout("")
        .stderr_has("the user has no MFA device")
        .calls(["ListMFADevices"])
        .status(2);
}

#[test]
fn among_several_devices_a_person_chooses() {
    let home = unnamed();
    let other = home.sandbox().device_named(ACCOUNT, "James", "Phone");
    let code = home.code();
    home.run(["process", "prod", "--mfa"])
        .stdout("")
        .stderr_has("there is no terminal to ask which")
        .stderr_has(&other)
        .stderr_has(DEVICE)
        .calls(["ListMFADevices"])
        .status(3);
    let run = home
        .pty(["process", "prod", "--mfa"])
        .shows("MFA device (1-2): ")
        .types("1")
        .shows("MFA code of arn:aws:iam::111122223333:mfa/James")
        .types(&code)
        .wait()
        .calls(["ListMFADevices", "GetSessionToken", "AssumeRole"]);
    run.stdout_has("ASIA").stderr("").status(0);
}

#[test]
fn who_may_not_list_devices_is_told_what_to_name() {
    let home = home().config(&profile(""));
    home.run(["process", "prod", "--mfa"])
        .stdout("")
        .stderr_has("cannot list the user's MFA devices: AccessDenied")
        .stderr_has("name the device with --mfa-serial or mfa_serial")
        .calls(["ListMFADevices"])
        .status(4);
    let home = home
        .env("AWS_ACCESS_KEY_ID", "ASIAX")
        .env("AWS_SECRET_ACCESS_KEY", "x/secret/x");
    let home = home.env("AWS_SESSION_TOKEN", "a-token");
    home.run(["process", "deploy", "--mfa"])
        .stdout("")
        .stderr_has("--mfa: the keys in the environment cannot show a code of a device")
        .calls([])
        .status(2);
}
