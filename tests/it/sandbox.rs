//! The sandbox, judged by boto3 and the AWS CLIs by AWS's documented rules; and the lab that walks in it.

use std::process::{Command, Stdio};

use crate::aws::{self, Sandbox};

pub(crate) mod federation;
mod judge;
mod lab;

#[test]
fn expiry_follows_its_clock() {
    let sandbox = Sandbox::start();
    let james = sandbox.user("111122223333", "James");
    let home = tempfile::tempdir().unwrap();
    let stsx = |words: &[&str]| {
        Command::new(env!("CARGO_BIN_EXE_stsx"))
            .args(words)
            .env_clear()
            .env("HOME", home.path())
            .env("AWS_ENDPOINT_URL", sandbox.endpoint())
            .env("AWS_REGION", sandbox.region())
            .env("AWS_ACCESS_KEY_ID", &james.access_key_id)
            .env("AWS_SECRET_ACCESS_KEY", &james.secret)
            .stdin(Stdio::null())
            .output()
            .unwrap()
    };
    let trust = r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"sts:AssumeRole",
        "Principal":{"AWS":"arn:aws:iam::111122223333:user/James"}}}"#;
    sandbox.role("111122223333", "deploy", trust);
    let first = stsx(&["exec", "deploy", "--", env!("CARGO_BIN_EXE_stsx"), "whoami"]);
    let words = String::from_utf8_lossy(&first.stdout).into_owned();
    assert!(words.contains("assumed-role/deploy/James"), "{first:?}");
    sandbox.clock().advance(3601);
    // The cache's clock has not moved: it hands out what AWS takes for expired.
    let late = stsx(&["exec", "deploy", "--", env!("CARGO_BIN_EXE_stsx"), "whoami"]);
    let words = String::from_utf8_lossy(&late.stderr).into_owned();
    assert_eq!(late.status.code(), Some(5), "{words}");
    assert!(words.contains("ExpiredToken"), "{words}");
    let made = sandbox.requests();
    let made: Vec<&str> = made.iter().map(|call| call.operation.as_str()).collect();
    let calls = [
        "GetCallerIdentity",
        "AssumeRole",
        "GetCallerIdentity",
        "GetCallerIdentity",
    ];
    assert_eq!(made, calls);
}

/// Between reading a device's two codes and sending them, a half minute may end.
#[test]
fn a_device_is_enabled_by_codes_of_a_moment_ago() {
    const ACCOUNT: &str = "111122223333";
    let sandbox = Sandbox::start();
    sandbox.user(ACCOUNT, "James");
    for (seconds, taken) in [(30, true), (60, false)] {
        let name = format!("after-{seconds}");
        sandbox.must(
            ACCOUNT,
            "CreateVirtualMFADevice",
            &[("VirtualMFADeviceName", &*name)],
        );
        let serial = format!("arn:aws:iam::{ACCOUNT}:mfa/{name}");
        // A half minute begins: none ends while this runs.
        let clock = sandbox.clock();
        clock.advance(30 - clock.now().as_second() % 30);
        let (first, second) = sandbox.last_codes(&serial);
        clock.advance(seconds);
        let enabled = sandbox.iam(
            ACCOUNT,
            "EnableMFADevice",
            &[
                ("UserName", "James"),
                ("SerialNumber", &*serial),
                ("AuthenticationCode1", &*first),
                ("AuthenticationCode2", &*second),
            ],
        );
        assert_eq!(enabled.is_ok(), taken, "{seconds} s later: {enabled:?}");
    }
}

#[test]
fn nothing_of_it_is_in_the_installed_binary() {
    let output = Command::new(env!("CARGO"))
        .args([
            "tree",
            "--locked",
            "--offline",
            "--edges",
            "normal",
            "--prefix",
            "none",
        ])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let tree = String::from_utf8_lossy(&output.stdout);
    assert!(tree.contains("aws-sdk-sts v"), "{tree}");
    for crate_name in [
        "totp-rs",
        "rcgen",
        "qrcodegen",
        "png",
        "quick-xml",
        "proptest",
        "pty-process",
        "jsonwebtoken",
        "bergshamra-c14n",
        "uppsala",
    ] {
        let is_there = tree
            .lines()
            .any(|line| line.starts_with(&format!("{crate_name} v")));
        assert!(!is_there, "{crate_name} is linked into stsx");
    }
    let binary = std::fs::read(env!("CARGO_BIN_EXE_stsx")).unwrap();
    let marker = b"is not authorized to perform: sts:AssumeRole on resource";
    let is_there = binary.windows(marker.len()).any(|window| window == marker);
    assert!(!is_there, "the sandbox's words stand in stsx");
}
