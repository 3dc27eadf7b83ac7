//! The programs that stsx starts: what they are told, what they inherit, and that none comes back for ever.

use std::fs;

use super::{home, profile};
use crate::support::{ACCOUNT, DEVICE, Home};

const ROLE: &str = "arn:aws:iam::111122223333:role/web";

/// A script that says how it was started, and then answers: its arguments, its environment, its descriptors.
fn spy(answer: &str) -> String {
    format!(
        "tr '\\0' '\\n' </proc/$$/cmdline >arguments\nenv >environment\nls /proc/$$/fd >descriptors\n{answer}\n"
    )
}

/// What a spy has seen of it was no secret: its arguments are those of the file, no code is in its environment, and it
/// has no descriptor but its own.
#[track_caller]
fn was_told_nothing(home: &Home, arguments: &str, code: &str) {
    let read = |name: &str| fs::read_to_string(home.path(name)).expect("the spy wrote it");
    assert_eq!(read("arguments"), arguments);
    let environment = read("environment");
    assert!(environment.contains("HOME="), "{environment}");
    assert!(!environment.contains(code), "{environment}");
    let theirs = read("descriptors");
    // What this script has when a shell starts it.
    home.sh("sh spy.sh >answer").status(0);
    assert_eq!(theirs, read("descriptors"));
}

#[test]
fn a_command_gets_no_code_and_no_descriptor() {
    let home = home().aws(|a| a.role("end").mfa());
    let code = home.code();
    let answer = "echo '{\"Version\":1,\"AccessKeyId\":\"AKIA1\",\"SecretAccessKey\":\"x\"}'";
    let home = home
        .file("spy.sh", &spy(answer))
        .config("[profile tool]\ncredential_process = sh 'spy.sh' '$HOME *' \\; a\\ b\n")
        .env("STSX_MFA_CODE", &code);
    home.run(["process", "tool"]).stdout_has("AKIA1").status(0);
    was_told_nothing(&home, "sh\nspy.sh\n$HOME *\n;\na b\n", &code);

    // With a lock held, and a connection open.
    let home = home
        .config(&format!(
            "{}[profile end]\nrole_arn = arn:aws:iam::{ACCOUNT}:role/end\nsource_profile = default\n\
             mfa_serial = {DEVICE}\nmfa_process = sh spy.sh\n",
            profile("")
        ))
        .file("spy.sh", &spy(&format!("echo {code}")))
        .without_env("STSX_MFA_CODE")
        .without_env("AWS_ROLE_SESSION_NAME");
    home.run(["process", "end"])
        .stdout_has("ASIA")
        .stderr_has("")
        .status(0);
    was_told_nothing(&home, "sh\nspy.sh\n", "STSX_MFA_CODE");

    let home = Home::new()
        .credentials("")
        .aws(|a| a.role("web").web_identity());
    let token = home.web_token();
    let home = home
        .file("token", &token)
        .file("spy.sh", &spy("cat token"))
        .config(&format!(
            "[profile web]\nrole_arn = {ROLE}\nweb_identity_token_process = sh spy.sh\n"
        ))
        .env("STSX_MFA_CODE", "123456");
    home.run(["process", "web"]).stdout_has("ASIA").status(0);
    was_told_nothing(&home, "sh\nspy.sh\n", "123456");
}

#[test]
fn the_command_of_exec_has_no_descriptor_of_stsx() {
    let home = home();
    let run = home.sh("sh -c 'ls /proc/$$/fd'").stdout_has("2\n");
    let usual = run.out.clone();
    run.status(0);
    for calls in [&["AssumeRole"][..], &[]] {
        let run = home.sh("stsx exec prod -- sh -c 'ls /proc/$$/fd'");
        let made: Vec<_> = run.requests.iter().map(|call| &*call.operation).collect();
        assert_eq!(made, calls);
        run.stdout(&usual).status(0);
    }
}

#[test]
fn a_token_command_that_asks_for_its_own_profile_is_refused_before_it_starts() {
    for (key, what) in [
        (
            "web_identity_token_process",
            "the web_identity_token_process",
        ),
        ("saml_assertion_process", "the saml_assertion_process"),
    ] {
        for command in [
            "stsx exec web -- cat token",
            "stsx process web",
            "stsx assume --format json web",
        ] {
            let home = Home::new().config(&format!(
                "[profile web]\nrole_arn = {ROLE}\n{key} = {command}\n"
            ));
            home.run(["process", "web"])
                .stdout("")
                .stderr_has(&format!(
                    "{what} of profile `web` starts from that profile again: web → web"
                ))
                .calls([])
                .status(2);
        }
    }
}

#[test]
fn a_token_command_that_comes_back_by_a_script_is_stopped() {
    for key in ["web_identity_token_process", "saml_assertion_process"] {
        let home = Home::new()
            .aws(|a| a.role("deploy"))
            .file("token.sh", "echo run >>runs\nexec stsx process other")
            .config(&format!(
                "[profile web]\nrole_arn = {ROLE}\n{key} = sh token.sh\n\
                 [profile other]\nrole_arn = arn:aws:iam::{ACCOUNT}:role/deploy\nsource_profile = web\n"
            ));
        home.sh("stsx process web")
            .stdout("")
            .stderr_has(&format!(
                "the {key} of profile `web` starts from that profile again: web → web"
            ))
            .calls([])
            .status(5);
        let runs = fs::read_to_string(home.path("runs")).expect("it ran");
        assert_eq!(runs, "run\n", "{key}");
    }
}

#[test]
fn an_mfa_command_that_needs_a_code_itself_is_stopped() {
    let home = home();
    let home = home
        .file("code.sh", "echo run >>runs\nexec stsx process prod")
        .config(&profile(&format!(
            "mfa_serial = {DEVICE}\nmfa_process = sh code.sh"
        )))
        .aws(|a| a.role("deploy").mfa());
    home.sh("stsx process prod --lock-timeout 2s")
        .stdout("")
        .stderr_has(&format!(
            "the mfa_process for {DEVICE} needs a code of that device itself"
        ))
        .calls([])
        .status(1);
    let runs = fs::read_to_string(home.path("runs")).expect("it ran");
    assert_eq!(runs, "run\n");
}
