//! `stsx login` and `stsx logout`: what they take, what they refuse, and that nothing is left behind.

use super::{home, profile};
use crate::support::{ACCOUNT, DEVICE, Home, profile_of};

/// James, whose own profile names his device.
fn own_device() -> Home {
    let config = format!("[default]\nmfa_serial = {DEVICE}\n{}", profile(""));
    home().config(&config)
}

#[test]
fn without_a_device_there_is_nothing_to_log_in_to() {
    let home = Home::new().james();
    for words in ["login", "login default", "login --refresh"] {
        home.sh(&format!("stsx {words}"))
            .stdout("")
            .stderr_has("no MFA device is named for the keys of profile `default`")
            .stderr_has("hint: name it as mfa_serial in the profile or with --mfa-serial, or let --mfa find it")
            .calls([])
            .status(2);
    }
    assert!(home.cached().is_empty());
}

#[test]
fn a_login_that_nobody_finds_is_an_error() {
    let home = own_device();
    home.run(["login", "--no-cache"])
        .stdout("")
        .stderr_has("--no-cache")
        .calls([])
        .status(2);
    let home = home.file(".cache/stsx", "no directory");
    let code = home.code();
    home.run(["login", "prod", "--mfa-code", &code])
        .stdout("")
        .stderr_has("the credentials are not cached, so no other program finds them")
        .status(1);
}

#[test]
fn a_profile_with_keys_takes_the_flags_of_a_session() {
    for flags in [
        "--session-duration 36h",
        "",
        &format!("--mfa-serial {DEVICE}"),
    ] {
        let home = own_device();
        let code = home.code();
        let run = home.sh(&format!("stsx login default {flags} --mfa-code {code}"));
        let seconds = if flags.contains("36h") {
            "129600"
        } else {
            "43200"
        };
        assert_eq!(&run.requests[0]["DurationSeconds"], seconds);
        assert_eq!(&run.requests[0]["SerialNumber"], DEVICE);
        run.calls(["GetSessionToken"])
            .stdout_has("default-session  a session of the user")
            .stderr("")
            .status(0);
    }
    own_device()
        .run(["login", "default", "--profile", "default"])
        .stdout("")
        .stderr_has("--profile")
        .calls([])
        .status(2);
}

#[test]
fn flags_of_a_role_have_no_use_for_a_session() {
    let home = own_device();
    for flags in [
        "--duration 2h",
        "--external-id xy",
        "--tag a=b",
        "--read-only",
    ] {
        for target in ["", "default"] {
            let flag = flags.split(' ').next().unwrap();
            home.sh(&format!("stsx login {target} {flags}"))
                .stdout("")
                .stderr_has(&format!("{flag}: there is no role to assume"))
                .calls([])
                .status(2);
        }
    }
}

#[test]
fn the_command_to_run_first_says_all_that_matters() {
    let home = own_device().credentials(&format!(
        "{}{}",
        profile_of("default", "James"),
        profile_of("work", "James")
    ));
    for (words, first) in [
        ("login", "stsx login default"),
        ("login default", "stsx login default"),
        (
            "session --profile default --refresh",
            "stsx login default --refresh",
        ),
        (
            "session default --min-ttl 1h",
            "stsx login default --min-ttl 3600",
        ),
        (
            "process prod --refresh --min-ttl 20m",
            "stsx login prod --refresh --min-ttl 1200",
        ),
        (
            "process prod --profile default",
            "stsx login prod --profile default",
        ),
        (
            "session --duration 1h",
            "stsx session default --duration 3600",
        ),
        (
            &format!("session work --mfa-serial {DEVICE}"),
            &format!("stsx login work --mfa-serial {DEVICE}"),
        ),
    ] {
        home.sh(&format!("stsx {words}"))
            .stdout_has("")
            .stderr_has(&format!("run `{first}` in a terminal first"))
            .calls([])
            .status(3);
    }
    // Where the name means something else, the profile is named as one.
    home.settings("[alias]\ndefault = prod\n")
        .run(["session"])
        .stdout("false;\n")
        .stderr_has("run `stsx login --profile default` in")
        .status(3);
}

#[test]
fn a_role_that_the_environment_names_is_logged_in_to() {
    let home = own_device().env("AWS_PROFILE", "prod");
    let code = home.code();
    home.run(["login", "--mfa-code", &code, "--duration", "30m"])
        .calls(["GetSessionToken", "AssumeRole"])
        .stdout_has("prod  arn:aws:iam::111122223333:role/deploy  until ")
        .stderr("")
        .status(0);
    home.run(["session", "prod"])
        .stdout("false;\n")
        .stderr_has("sts:GetSessionToken is for the long-term keys of an IAM user")
        .stderr_has("hint: `stsx login prod` gets the role")
        .calls([])
        .status(2);
}

#[test]
fn keys_of_the_environment_have_no_device_of_a_profile() {
    let (id, secret) = crate::support::keys("James");
    let home = own_device()
        .env("AWS_ACCESS_KEY_ID", &id)
        .env("AWS_SECRET_ACCESS_KEY", &secret);
    let run = home.run(["session"]).calls(["GetSessionToken"]);
    assert_eq!(&run.requests[0]["SerialNumber"], "");
    run.stdout_has("STSX_TARGET='environment-session'")
        .stderr_has("replaces the keys")
        .status(0);
    home.run(["login"])
        .stdout("")
        .stderr_has("no MFA device is named for the keys in the environment")
        .status(2);
}

#[test]
fn a_shorter_session_that_is_kept_is_told() {
    let home = own_device();
    let code = home.code();
    home.run(["login", "--session-duration", "1h", "--mfa-code", &code])
        .stdout_has("session")
        .stderr("")
        .status(0);
    let wanted = ["login", "--session-duration", "36h"];
    home.run(wanted)
        .stdout_has("session")
        .stderr_lines(1)
        .stderr_has("the session of the user is kept until ")
        .stderr_has("; --refresh opens a new one")
        .calls([])
        .status(0);
    home.run(["process", "prod", "--session-duration", "36h"])
        .stdout_has("ASIA")
        .stderr_lines(1)
        .stderr_has("`stsx login --profile default --refresh` opens a new one")
        .calls(["AssumeRole"])
        .status(0);
    let code = home.code();
    home.run([
        "login",
        "--session-duration",
        "36h",
        "--refresh",
        "--mfa-code",
        &code,
    ])
    .stdout_has("session")
    .stderr("")
    .calls(["GetSessionToken"])
    .status(0);
    home.run(wanted).stdout_has("session").stderr("").status(0);
}

#[test]
fn logout_leaves_nothing_of_a_target() {
    let home = own_device();
    let arn = format!("arn:aws:iam::{ACCOUNT}:role/deploy");
    for words in [
        &["prod"][..],
        &["prod", "--duration", "2h"],
        &[&arn, "--duration", "3h"],
    ] {
        let code = home.code();
        home.sh(&format!(
            "stsx process {} --mfa-code {code}",
            words.join(" ")
        ))
        .stdout_has("ASIA")
        .status(0);
    }
    assert_eq!(entries(&home), 4);
    home.run(["logout", "prod"])
        .stdout("4 entries removed\n")
        .calls([])
        .status(0);
    assert_eq!(entries(&home), 0);
}

#[test]
fn logout_ends_the_session_of_a_device_that_was_found() {
    let home = home().config(&profile(""));
    let policy =
        r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}"#;
    home.sandbox().policy(ACCOUNT, "user/James", policy);
    let code = home.code();
    home.run(["login", "prod", "--mfa", "--mfa-code", &code])
        .stdout_has("prod  arn:")
        .calls(["ListMFADevices", "GetSessionToken", "AssumeRole"])
        .status(0);
    home.run(["logout", "prod"])
        .stdout("2 entries removed\n")
        .calls([])
        .status(0);
}

#[test]
fn logout_of_a_profile_with_keys_is_that_of_its_user() {
    let home = own_device()
        .aws(|a| a.user("Mary"))
        .credentials(&(profile_of("default", "James") + &profile_of("mary", "Mary")));
    for words in ["session", "session --duration 1h", "process prod"] {
        let code = home.code();
        home.sh(&format!("stsx {words} --mfa-code {code}"))
            .stdout_has("ASIA")
            .status(0);
    }
    let policy = r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"sts:*","Resource":"*"}}"#;
    home.sandbox().policy(ACCOUNT, "user/James", policy);
    home.run(["federate", "guest", "--read-only"])
        .stdout_has("STSX_TARGET='guest'")
        .status(0);
    home.run(["session", "mary"]).stdout_has("ASIA").status(0);
    assert_eq!(entries(&home), 5);
    home.run(["logout", "default"])
        .stdout("4 entries removed\n")
        .calls([])
        .status(0);
    home.run(["session", "mary"])
        .stdout_has("ASIA")
        .calls([])
        .status(0);
}

/// How many credentials are cached.
fn entries(home: &Home) -> usize {
    home.cached().len()
}
