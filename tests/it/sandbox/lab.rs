//! `cargo run --example lab`: it walks the story to its end, and with `--serve` it only serves.

use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use serde_json::Value;

use crate::servers;

/// Cargo builds examples beside the binary, unless told to build something else only.
fn lab() -> Option<PathBuf> {
    let target = Path::new(env!("CARGO_BIN_EXE_stsx")).parent();
    let lab = target.expect("a directory").join("examples/lab");
    if !lab.exists() {
        servers::skip("the lab is not built: `cargo build --example lab`");
        return None;
    }
    Some(lab)
}

#[test]
fn it_walks_the_story_to_a_green_end() {
    let Some(lab) = lab() else {
        return;
    };
    let output = Command::new(lab)
        .env("HOME", "/nonexistent")
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let words = String::from_utf8_lossy(&output.stdout);
    assert!(
        output.status.success(),
        "{words}\n{}",
        String::from_utf8_lossy(&output.stderr)
    );
    assert!(
        words.lines().count() <= 45 && !words.contains('\u{1b}'),
        "{words}"
    );
    for step in [
        "AccessDenied",
        "assumed-role/James-custom-S3-role/James",
        "james-reports",
        "role/prod-admin  until ",
    ] {
        assert!(words.contains(step), "{step} is missing:\n{words}");
    }
}

/// The lab as it serves, and the line that it says.
fn serve(lab: &Path, arguments: &[&str]) -> (Child, Value) {
    let mut child = Command::new(lab)
        .arg("--serve")
        .args(arguments)
        .env_clear()
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the lab can be run");
    let mut line = String::new();
    let mut out = BufReader::new(child.stdout.as_mut().expect("it is piped"));
    out.read_line(&mut line).expect("the lab writes text");
    let served = serde_json::from_str(&line).unwrap_or_default();
    (child, served)
}

#[test]
fn it_serves_until_somebody_ends_it() {
    let Some(lab) = lab() else {
        return;
    };
    let (mut child, served) = serve(&lab, &[]);
    let told = |name: &str| served[name].as_str().unwrap().to_owned();
    let whoami = Command::new(env!("CARGO_BIN_EXE_stsx"))
        .args(["whoami", "--format", "json"])
        .env_clear()
        .env("HOME", "/nonexistent")
        .env("AWS_ENDPOINT_URL", told("endpoint"))
        .env("AWS_REGION", told("region"))
        .env("AWS_ACCESS_KEY_ID", told("access_key_id"))
        .env("AWS_SECRET_ACCESS_KEY", told("secret_access_key"))
        .stdin(Stdio::null())
        .output()
        .unwrap();
    // The port is the lab's as long as it serves.
    let port = told("endpoint").rsplit(':').next().unwrap().to_owned();
    let (mut second, _) = serve(&lab, &["--port", &port]);
    let mut words = String::new();
    let mut errors = second.stderr.take().unwrap();
    errors.read_to_string(&mut words).unwrap();
    let refused = second.wait().unwrap();
    let pid = rustix::process::Pid::from_child(&child);
    rustix::process::kill_process(pid, rustix::process::Signal::TERM).unwrap();
    let end = child.wait().unwrap();
    let who = String::from_utf8_lossy(&whoami.stdout);
    let administrator = format!("arn:aws:iam::{}:user/admin", told("account"));
    assert!(who.contains(&administrator), "{whoami:?}");
    assert_eq!(refused.code(), Some(1), "{words}");
    assert!(words.contains("the port cannot be listened on"), "{words}");
    assert_eq!(end.code(), Some(0));
}
