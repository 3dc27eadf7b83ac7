//! Identity providers that others wrote, whose keys are RSA: `oidc-provider` and `samlp`.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use rcgen::{CertificateParams, KeyPair};
use serde_json::{Value, json};

use super::{World, said};
use crate::sandbox::aws::ACCOUNT;
use crate::servers;

/// What tests/it/sandbox/federation/idp.cjs answers, if its packages are there.
pub(crate) fn idp(words: &[&str], input: &Value) -> Option<Value> {
    let modules = servers::tool("node_modules")?;
    servers::tool("node_modules/oidc-provider")?;
    servers::tool("node_modules/samlp")?;
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/sandbox/federation/idp.cjs");
    let mut node = Command::new("node")
        .arg(script)
        .args(words)
        .env_clear()
        .env("PATH", servers::path())
        .env("NODE_PATH", modules)
        .env("NODE_NO_WARNINGS", "1")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("tests/setup installs node");
    let mut stdin = node.stdin.take().expect("it is piped");
    let sent = stdin.write_all(input.to_string().as_bytes());
    sent.expect("node reads it");
    drop(stdin);
    let output = node.wait_with_output().expect("it was started");
    Some(serde_json::from_slice(&output.stdout).expect("one line of JSON"))
}

/// What samlp answers for these values of the attribute `Role`, and for half an hour: its metadata, and responses that
/// are signed in two ways.
pub(crate) fn samlp(roles: &[String]) -> Option<Value> {
    let made = idp(&["key"], &Value::Null)?;
    let key = made["key"].as_str().expect("it was asked for");
    let key = KeyPair::from_pem(key).expect("a key of node's");
    let certificate = CertificateParams::new(Vec::new()).expect("no names, no wrong ones");
    let certificate = certificate
        .self_signed(&key)
        .expect("the parameters are complete");
    let attribute = |name: &str| format!("https://aws.amazon.com/SAML/Attributes/{name}");
    let input = json!({"key": made["key"], "cert": certificate.pem(), "attributes": {
        attribute("Role"): roles,
        attribute("RoleSessionName"): "James",
        attribute("SessionDuration"): "1800",
    }});
    idp(&["saml"], &input)
}

#[test]
fn a_token_of_oidc_provider_opens_a_role() {
    let issuer = "https://oidc.example.com/realm";
    let Some(made) = idp(&["oidc", issuer, "stsx"], &Value::Null) else {
        return;
    };
    let world = World::new();
    let token = made["token"].as_str().unwrap();
    let keys = made["jwks"].to_string();
    let provider = world.sandbox.oidc(ACCOUNT, issuer, &["stsx"], &keys);
    assert_eq!(
        provider,
        format!("arn:aws:iam::{ACCOUNT}:oidc-provider/oidc.example.com/realm")
    );
    let condition = json!({"StringEquals": {"oidc.example.com/realm:sub": "James"}});
    let action = json!("sts:AssumeRoleWithWebIdentity");
    let role = world.trusting("web", &provider, &action, &condition);
    let answer = world.show(&role, token).unwrap();
    assert_eq!(answer.subject_from_web_identity_token(), Some("James"));
    assert_eq!(answer.provider(), Some(issuer));
    // The same issuer with another key.
    let mut rsa = idp(&["oidc", issuer, "stsx"], &Value::Null).unwrap()["jwks"].clone();
    rsa["keys"][0]["n"] = json!("AQAB".repeat(86));
    world
        .sandbox
        .oidc(ACCOUNT, issuer, &["stsx"], &rsa.to_string());
    let refused = world.show(&role, token).unwrap_err();
    assert_eq!(refused, "InvalidIdentityToken: Token signature is invalid");
}

#[test]
fn responses_of_samlp_open_a_role() {
    let provider = format!("arn:aws:iam::{ACCOUNT}:saml-provider/others");
    let odd = "arn:aws:iam::1:role/a,arn:aws:iam::1:saml-provider/b".to_owned();
    let pair = format!("{provider},arn:aws:iam::{ACCOUNT}:role/web");
    let Some(made) = samlp(&[odd, pair]) else {
        return;
    };
    let world = World::new();
    let action = json!("sts:AssumeRoleWithSAML");
    let role = world.trusting("web", &provider, &action, &json!({}));
    let metadata = made["metadata"].as_str().unwrap();
    assert_eq!(world.sandbox.saml(ACCOUNT, "others", metadata), provider);
    for way in ["assertion", "whole"] {
        let call = world.sts(None).assume_role_with_saml().role_arn(&role);
        let call = call.principal_arn(&provider);
        let call = call.saml_assertion(made[way].as_str().unwrap());
        let answer = world.runtime.block_on(call.send());
        let answer = answer.unwrap_or_else(|error| panic!("{way}: {}", said(&error)));
        assert_eq!(answer.subject(), Some("james@example.com"));
        let format = "urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified";
        assert_eq!(answer.subject_type(), Some(format));
    }
}
