//! A shell that keeps one of the variables to itself did not become the role, and is told so.

use crate::support::{ACCOUNT, Home, installed};

/// The profile has a region, and the shell a full identity of before.
fn home() -> Home {
    let role = format!("arn:aws:iam::{ACCOUNT}:role/deploy");
    let config = format!(
        "[profile prod]\nregion = eu-west-1\nrole_arn = {role}\nsource_profile = default\n"
    );
    Home::new()
        .config(&config)
        .aws(|aws| aws.role("deploy"))
        .env("TERM", "xterm")
}

const BEFORE: &str = "export AWS_ACCESS_KEY_ID=old AWS_SECRET_ACCESS_KEY=old AWS_PROFILE=default AWS_REGION=us-east-1\n";

#[test]
fn assume_fails_and_leaves_no_secret() {
    for (shell, option) in [("bash", "-c"), ("zsh", "-fc")] {
        if !installed(shell) {
            continue;
        }
        for name in [
            "AWS_ACCESS_KEY_ID",
            "AWS_SESSION_TOKEN",
            "AWS_REGION",
            "AWS_PROFILE",
            "AWS_SECRET_ACCESS_KEY",
        ] {
            let script = format!(
                "{BEFORE}readonly {name}; eval \"$(stsx init {shell})\"; assume prod && echo became\n\
                 echo $AWS_SECRET_ACCESS_KEY $(({}))",
                "${#_stsx_words[@]}"
            );
            home()
                .program(shell, [option, &script])
                .stdout("old 0\n")
                .stderr_has(name)
                .status(0);
        }
    }
}

#[test]
fn unassume_fails_and_leaves_no_keys() {
    for (shell, option) in [("bash", "-c"), ("zsh", "-fc")] {
        if !installed(shell) {
            continue;
        }
        let script = format!(
            "{BEFORE}eval \"$(stsx init {shell})\"; assume prod && echo became; readonly AWS_REGION
unassume 2>said || echo failed; echo ${{AWS_ACCESS_KEY_ID-none}} ${{AWS_SECRET_ACCESS_KEY-none}}; cat said >&2"
        );
        home()
            .program(shell, [option, &script])
            .stdout("became\nfailed\nnone none\n")
            .stderr_has("AWS_REGION")
            .status(0);
    }
}

#[test]
fn a_variable_of_a_calling_function_stops_fish() {
    if !installed("fish") {
        return;
    }
    let script = "stsx init fish | source
function caller; set -lx AWS_ACCESS_KEY_ID old; assume prod; echo $status $AWS_ACCESS_KEY_ID; end
caller
set -q AWS_ACCESS_KEY_ID; or echo none
assume prod; and echo became $STSX_TARGET
unassume; and set -q AWS_ACCESS_KEY_ID; or echo none";
    home()
        .program("fish", ["--no-config", "-c", script])
        .stdout("1 old\nnone\nbecame prod\nnone\n")
        .stderr_has("a variable of its own for: AWS_ACCESS_KEY_ID\n")
        .status(0);
}
