//! Bad input and bad days: each gets its exit status, its words, and no more calls than it needs.

mod aws;

use std::fs;

use serde_json::Value;

use crate::support::{Home, Run, keys, profile_of};

const ROLE: &str = "arn:aws:iam::111122223333:role/deploy";

/// James, a role, and this config file.
fn home(config: &str) -> Home {
    Home::new().config(config).aws(|a| a.role("deploy"))
}

/// `[profile prod]` for the role with these lines more.
fn prod(lines: &str) -> String {
    format!("[profile prod]\nrole_arn = {ROLE}\nsource_profile = default\n{lines}\n")
}

/// It failed as a `credential_process` must: one line, nothing on stdout.
#[track_caller]
fn refused(run: Run, status: i32, words: &[&str]) {
    let run = run.stdout("").stderr_lines(1);
    words
        .iter()
        .fold(run, |run, words| run.stderr_has(words))
        .status(status);
}

#[test]
fn malformed_words_name_their_flag_and_make_no_call() {
    let home = home(&prod(""));
    for (flags, word) in [
        (["--duration", "14m"], "--duration"),
        (["--duration", "899"], "--duration"),
        (["--duration", "13h"], "--duration"),
        (["--duration", "43201"], "--duration"),
        (["--duration", "soon"], "--duration"),
        (["--duration", ""], "--duration"),
        (["--duration", "99999999999999999999h"], "--duration"),
        (["--expect-account", "1234"], "--expect-account"),
        (["--expect-account", "1111-2222-3333"], "--expect-account"),
        (["--session-name", "a b"], "--session-name"),
        (["--session-name", "x"], "--session-name"),
        (["--external-id", "a b"], "--external-id"),
        (["--mfa-serial", "no serial"], "--mfa-serial"),
        (["--region", "eu west"], "--region"),
        (["--min-ttl", "soon"], "--min-ttl"),
        (["--lock-timeout", "soon"], "--lock-timeout"),
    ] {
        let run = home
            .run(["process", "prod", flags[0], flags[1]])
            .calls([])
            .stdout("");
        run.stderr_has(word).status(2);
    }
}

#[test]
fn malformed_targets_make_no_call() {
    let home = home("");
    for (target, word) in [
        ("arn:aws:iam::1111:role/x", "arn:aws:iam::1111:role/x"),
        (
            "arn:aws:iam::111122223333:user/x",
            "arn:aws:iam::111122223333:user/x",
        ),
        ("arn:aws:sts::111122223333:assumed-role/x/y", "assumed-role"),
        ("arn:aws:iam::111122223333:role/", "role"),
        ("arn:", "arn:"),
        ("1234:deploy", "1234"),
        ("111122223333:", "111122223333:"),
        ("no such role", "no such role"),
        ("", ""),
    ] {
        refused(home.run(["process", target]).calls([]), 2, &[word]);
    }
}

#[test]
fn bad_profiles_name_file_and_line_and_make_no_call() {
    let (id, _) = keys("James");
    let cases: [(String, &[&str]); 15] = [
        (
            prod("duration_seconds = soon"),
            &[".aws/config:4", "duration_seconds", "soon"],
        ),
        (
            prod("duration_seconds = 60"),
            &[".aws/config:4", "duration_seconds"],
        ),
        (
            prod("duration_seconds = 43201"),
            &[".aws/config:4", "duration_seconds"],
        ),
        (
            prod("\nexternal_id = a b"),
            &[".aws/config:5", "external_id"],
        ),
        (
            prod("role_session_name = a b"),
            &[".aws/config:4", "role_session_name"],
        ),
        (
            prod("mfa_serial = no serial"),
            &[".aws/config:4", "mfa_serial"],
        ),
        (
            "[profile prod]\nrole_arn = arn:aws:iam::1:role/x\nsource_profile = default\n".into(),
            &[".aws/config:2", "role_arn"],
        ),
        (
            prod("credential_source = Environment"),
            &[".aws/config:", "source_profile", "credential_source"],
        ),
        (
            format!("[profile prod]\nrole_arn = {ROLE}\n"),
            &["source_profile", "credential_source", ".aws/config:2"],
        ),
        (
            format!("[profile prod]\nrole_arn = {ROLE}\ncredential_source = Moon\n"),
            &[".aws/config:3", "Moon"],
        ),
        (
            prod("").replace("default", "gone"),
            &[".aws/config:3", "gone"],
        ),
        (
            format!("[profile prod]\naws_access_key_id = {id}\n"),
            &[".aws/config:2", "aws_secret_access_key"],
        ),
        (
            "[profile prod]\naws_secret_access_key = geheim/geheim\n".into(),
            &[".aws/config:2", "aws_access_key_id"],
        ),
        ("[profile prod\nrole_arn = x\n".into(), &[".aws/config:1"]),
        (
            prod("").replace("default", "half")
                + &format!("[profile half]\naws_access_key_id = {id}\n"),
            &["half", "aws_secret_access_key"],
        ),
    ];
    for (config, words) in cases {
        refused(home(&config).run(["process", "prod"]).calls([]), 2, words);
    }
}

#[test]
fn a_loop_is_shown() {
    let hop = |name: &str, source: &str| {
        format!("[profile {name}]\nrole_arn = {ROLE}\nsource_profile = {source}\n")
    };
    let config = hop("prod", "b") + &hop("b", "c") + &hop("c", "b");
    refused(
        home(&config).run(["process", "prod"]).calls([]),
        2,
        &["b → c → b"],
    );
    refused(
        home(&hop("prod", "prod"))
            .run(["process", "prod"])
            .calls([]),
        2,
        &["prod"],
    );
}

#[test]
fn files_that_cannot_be_read() {
    let home = home(&prod(""));
    fs::write(
        home.path(".aws/config"),
        b"[profile prod]\nregion = \xff\xfe\n",
    )
    .expect("HOME is writable");
    refused(
        home.run(["process", "prod"]).calls([]),
        2,
        &[".aws/config:2", "UTF-8"],
    );
    fs::remove_file(home.path(".aws/config")).expect("ours");
    fs::create_dir(home.path(".aws/config")).expect("ours");
    refused(
        home.run(["process", "prod"]).calls([]),
        2,
        &[".aws/config", "directory"],
    );
    fs::remove_dir(home.path(".aws/config")).expect("ours");
    // A file that is not there is no error as long as nothing is missed.
    home.run(["process", ROLE]).stdout_has("ASIA").status(0);
    let (id, secret) = keys("James");
    let home = home
        .env("AWS_ACCESS_KEY_ID", &id)
        .env("AWS_SECRET_ACCESS_KEY", &secret);
    let home = home
        .env("AWS_CONFIG_FILE", "/nowhere/config")
        .env("AWS_SHARED_CREDENTIALS_FILE", "/nowhere/credentials");
    home.run(["process", ROLE, "--refresh"])
        .stdout_has("ASIA")
        .status(0);
    let home = home.settings("[defaults]\nduration = soon\n");
    refused(
        home.run(["process", ROLE]).calls([]),
        2,
        &["stsx/config:2", "duration"],
    );
}

#[test]
fn no_credentials_anywhere_says_what_was_looked_at() {
    let home = Home::new();
    let run = home.run(["whoami"]).stdout("").stderr_has("hint: ");
    let code = run.code().expect("it ended by itself");
    assert!([2, 5].contains(&code), "{run}");
    run.status(code);
}

#[test]
fn errors_as_json_are_one_object_with_the_exit_status() {
    let home = home(&prod("")).aws(|a| a.role("deploy").denied());
    let cases: [(Run, i32); 5] = [
        (
            home.run([
                "--error-format",
                "json",
                "process",
                "prod",
                "--duration",
                "soon",
            ]),
            2,
        ),
        (
            home.run([
                "process",
                "prod",
                "--error-format",
                "json",
                "--expect-account",
                "444455556666",
            ]),
            2,
        ),
        (
            home.run(["--error-format=json", "process", "arn:aws:iam::1:role/x"]),
            2,
        ),
        (home.run(["--error-format", "json", "process", "prod"]), 4),
        (
            home.run([
                "--error-format",
                "json",
                "exec",
                "prod",
                "--no-cache",
                "--",
                "true",
            ]),
            4,
        ),
    ];
    for (run, status) in cases {
        let run = run.stdout("").stderr_lines(1).status(status);
        let error: Value =
            serde_json::from_str(&run.err).unwrap_or_else(|error| panic!("{error}\n{run}"));
        assert_eq!(error["status"], status, "{run}");
        assert!(
            error["error"]
                .as_str()
                .is_some_and(|words| !words.is_empty()),
            "{run}"
        );
    }
}

#[test]
fn traces_tell_what_is_done_and_no_secret() {
    // That no secret appears is checked in every run.
    let home = home(&prod(""));
    for words in [
        "process prod",
        "process prod",
        "assume prod --refresh",
        "whoami prod",
        "exec prod --no-cache -- true",
    ] {
        for level in ["-v", "-vv"] {
            let run = home
                .sh(&format!("stsx {level} {words}"))
                .stdout_has("")
                .stderr_has("stsx: ");
            run.status(0);
        }
    }
    let home = home.aws(|a| a.refuse(403, "SignatureDoesNotMatch", "no"));
    home.run(["-vv", "process", "prod", "--refresh"])
        .stdout("")
        .stderr_has("SignatureDoesNotMatch")
        .status(5);
    let (_, secret) = keys("James");
    let home = home.aws(move |a| a.page(500, &format!("you sent {secret}")));
    home.run(["-vv", "process", "prod", "--no-cache"])
        .stdout("")
        .stderr_has("[AWS]")
        .status(1);
}

#[test]
fn control_characters_never_reach_the_terminal() {
    let escape = "\u{1b}]0;owned\u{7}\u{1b}[2J\r\u{202e}";
    let home = home(&prod(&format!("duration_seconds = {escape}1")));
    let by_file = home.run(["process", "prod"]);
    let by_argument = home.run(["assume", &format!("x{escape}")]);
    let by_flag = home.run(["process", "prod", "--duration", &format!("1{escape}")]);
    let by_usage = home.run(["process", "prod", &format!("--{escape}")]);
    let home = home
        .config(&prod(""))
        .aws(|a| a.refuse(400, "Odd\u{85}", &format!("message{escape}")));
    let by_server = home.run(["process", "prod"]);
    for run in [by_file, by_argument, by_flag, by_usage, by_server] {
        let bad = run
            .err
            .chars()
            .find(|c| (c.is_control() && *c != '\n') || *c == '\u{202e}');
        assert_eq!(bad, None, "{:?}", run.err);
        let code = run.code().expect("it ended by itself");
        run.stdout_has("").stderr_has("").status(code);
    }
}

#[test]
fn a_process_that_calls_stsx_on_its_own_profile_is_refused() {
    let home = home("[profile prod]\ncredential_process = stsx credential-process prod\n");
    let home = home.credentials(&profile_of("james", "James"));
    let path = std::path::Path::new(env!("CARGO_BIN_EXE_stsx"))
        .parent()
        .expect("a directory")
        .display()
        .to_string();
    let home = home.env("PATH", &format!("{path}:/usr/bin:/bin"));
    refused(
        home.run(["process", "prod"]).calls([]),
        2,
        &["credential_process", "`prod`"],
    );
    let loop_of_two = "[profile prod]\ncredential_process = stsx process b\n[profile b]\ncredential_process = stsx process prod\n";
    let run = home
        .config(loop_of_two)
        .run(["process", "prod"])
        .stdout("")
        .stderr_has("credential_process")
        .calls([]);
    run.status(2);
}
