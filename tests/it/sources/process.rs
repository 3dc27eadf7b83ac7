//! `credential_process`: a command that prints credentials, one that does not, and one that takes its time.

use std::process::Command;

use super::{Session, boto3_agrees, in_seconds, surrounded, watched};
use crate::support::Home;

/// A home whose profile `tool` prints this text, by way of a file.
fn printing(home: Home, text: &str) -> Home {
    let config = "[profile tool]\ncredential_process = cat printed\n\n[profile prod]\n\
                  role_arn = arn:aws:iam::111122223333:role/deploy\nsource_profile = tool\n";
    home.config(config).file("printed", text)
}

/// The document that a command prints: Version 1.
fn document(session: &Session) -> String {
    serde_json::json!({
        "Version": 1, "AccessKeyId": session.id, "SecretAccessKey": session.secret,
        "SessionToken": session.token, "Expiration": session.expiration,
    })
    .to_string()
}

#[test]
fn a_command_starts_a_role() {
    let (home, _services) = surrounded();
    let home = home
        .config("")
        .credentials(&crate::support::profile_of("default", "James"));
    let session = Session::of_hub(&home);
    let home = printing(home.credentials(""), &document(&session));
    home.run(["whoami", "tool"])
        .stdout_has(":assumed-role/hub/james")
        .status(0);
    home.run(["whoami", "prod"])
        .stdout_has(":assumed-role/deploy/james")
        .status(0)
        .calls(["AssumeRole", "GetCallerIdentity"]);
    // The role is cached: the command is not run again.
    let home = home.file("printed", "nothing");
    home.run(["exec", "prod", "--", "true"]).status(0).calls([]);
    home.run(["whoami", "tool"])
        .stderr_has("is not a credentials document")
        .status(5);
}

#[test]
fn boto3_takes_the_same() {
    let home = printing(
        watched(Home::new(), [].into_iter()),
        &document(&Session::new()),
    );
    boto3_agrees(&home, "tool");
}

#[test]
fn what_is_no_credentials_is_said_without_its_words() {
    let printed = |text: &str, says: &str| {
        let home = printing(watched(Home::new(), [].into_iter()), text);
        for target in ["tool", "prod"] {
            home.run(["credential-process", target])
                .stderr_has(&format!("the credential_process of profile `tool`: {says}"))
                .status(5);
        }
    };
    let session = Session::new();
    let good = document(&session);
    printed(
        "",
        "what it printed is not a credentials document (line 1, column 0)\n",
    );
    printed(
        "source/secret+key",
        "what it printed is not a credentials document (line 1, column 1)",
    );
    printed(
        &good.replace("\"Version\":1", "\"Version\":2"),
        "Version is 2, not 1",
    );
    printed(
        &good.replace("\"Version\":1", "\"Version\":\"source/secret+key\""),
        "what it printed is not a credentials document",
    );
    printed(
        &good.replace("\"AccessKeyId\"", "\"AccessKey\""),
        "what it printed is not a credentials document",
    );
    printed(
        &good.replace(&session.secret, ""),
        "the credentials it printed have empty values",
    );
    let old = Session {
        expiration: in_seconds(-1),
        ..session
    };
    printed(&document(&old), "the credentials it printed have expired");
}

#[test]
fn a_command_that_fails_is_named_without_its_arguments() {
    let home = Home::new().config(
        "[profile tool]\ncredential_process = sh -c 'echo why >&2; exit 3' source/secret+key\n",
    );
    let home = watched(home, [].into_iter());
    home.run(["credential-process", "tool"])
        .stderr(
            "why\nstsx: the credential_process of profile `tool`: `sh` failed (exit status: 3)\n",
        )
        .status(5);
}

#[test]
fn a_command_may_take_its_time() {
    let home = Home::new().config("[profile tool]\ncredential_process = cat slow\n");
    let slow = home.path("slow");
    let made = Command::new("mkfifo").arg(&slow).status();
    assert!(made.expect("mkfifo can be run").success());
    let running = home.spawn(["credential-process", "tool"]);
    std::fs::write(&slow, document(&Session::new())).expect("the command reads it");
    running.wait().stdout_has("ASIASOURCE0000000001").status(0);
}
