//! Federated users, decoded refusals and identity providers, judged by boto3: tests/judges/federation.py, providers.py.

use std::path::Path;
use std::process::{Command, Stdio};

use crate::sandbox::aws::Sandbox;
use crate::servers;

#[test]
fn boto3_agrees_on_web_identities() {
    let Some(python) = servers::tool("venv/bin/python") else {
        return;
    };
    let sandbox = Sandbox::start();
    let (issuer, home) = (
        "https://judge.example.com/realm",
        tempfile::tempdir().unwrap(),
    );
    let key = home.path().join("key.der");
    std::fs::write(&key, sandbox.issuer_key(issuer)).unwrap();
    let keys = sandbox.administrator();
    let output = Command::new(python)
        .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/judge.py"))
        .args([&sandbox.endpoint(), &sandbox.region()])
        .args([&keys.account, &keys.access_key_id, &keys.secret])
        .args(["--only", "providers.", "--issuer", issuer])
        .arg(key)
        .env_clear()
        .env("PATH", servers::path())
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let words = String::from_utf8_lossy(&output.stdout);
    assert!(
        output.status.success(),
        "{words}{}",
        String::from_utf8_lossy(&output.stderr)
    );
    assert!(words.contains("ok providers.web_identities"), "{words}");
}
