//! What the sandbox says to those whom an identity provider vouches for, as the AWS SDK for Rust reads it.

use aws_sdk_sts::Client;
use aws_sdk_sts::config::{BehaviorVersion, Config, Credentials, Region};
use aws_sdk_sts::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_sts::operation::assume_role_with_web_identity::AssumeRoleWithWebIdentityOutput;
use aws_smithy_http_client::{Builder, tls};
use serde_json::{Value, json};
use tokio::runtime::Runtime;

use super::aws::{ACCOUNT, Sandbox};

#[path = "federation/judged.rs"]
mod judged;
#[path = "federation/others.rs"]
pub(crate) mod others;
#[path = "federation/saml.rs"]
mod saml;

const ISSUER: &str = "https://idp.example.com/tenant";

/// A sandbox with clients.
struct World {
    sandbox: Sandbox,
    runtime: Runtime,
}

impl World {
    fn new() -> World {
        let mut runtime = tokio::runtime::Builder::new_current_thread();
        World {
            sandbox: Sandbox::start(),
            runtime: runtime.enable_all().build().expect("a runtime"),
        }
    }

    fn sts(&self, credentials: Option<Credentials>) -> Client {
        let ring = tls::rustls_provider::CryptoMode::Ring;
        let http = Builder::new()
            .tls_provider(tls::Provider::Rustls(ring))
            .build_https();
        let mut config = Config::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::new(self.sandbox.region()))
            .endpoint_url(self.sandbox.endpoint())
            .retry_config(aws_sdk_sts::config::retry::RetryConfig::disabled())
            .http_client(http);
        config.set_credentials_provider(
            credentials.map(aws_sdk_sts::config::SharedCredentialsProvider::new),
        );
        Client::from_conf(config.build())
    }

    /// A role that trusts the issuer so far.
    fn role(&self, name: &str, actions: &Value, condition: &Value) -> String {
        let provider = format!("arn:aws:iam::{ACCOUNT}:oidc-provider/idp.example.com/tenant");
        self.trusting(name, &provider, actions, condition)
    }

    fn trusting(&self, name: &str, provider: &str, actions: &Value, condition: &Value) -> String {
        let trust = json!({"Version": "2012-10-17", "Statement": {
            "Effect": "Allow", "Action": actions, "Principal": {"Federated": provider},
            "Condition": condition,
        }});
        self.sandbox.role(ACCOUNT, name, &trust.to_string())
    }

    /// The answer to a token, or AWS's code and message.
    fn show(&self, role: &str, token: &str) -> Result<AssumeRoleWithWebIdentityOutput, String> {
        let call = self.sts(None).assume_role_with_web_identity();
        let call = call.role_arn(role).role_session_name("James");
        let sent = self.runtime.block_on(call.web_identity_token(token).send());
        sent.map_err(|error| said(&error))
    }
}

/// `AccessDenied: Not authorized to …`
fn said<E: ProvideErrorMetadata, R>(error: &SdkError<E, R>) -> String {
    let part = |text: Option<&str>| text.unwrap_or("nothing").to_owned();
    format!("{}: {}", part(error.code()), part(error.message()))
}

#[test]
fn a_web_identity_token_opens_the_roles_that_trust_it() {
    let world = World::new();
    let role = world.role(
        "web",
        &json!("sts:AssumeRoleWithWebIdentity"),
        &json!({"StringEquals": {"idp.example.com/tenant:aud": "stsx", "idp.example.com/tenant:sub": "James"},
            "ForAnyValue:StringEquals": {"idp.example.com/tenant:amr": "otp"}}),
    );
    let claims = json!({"amr": ["pwd", "otp"]});
    let token = world.sandbox.web_token(ACCOUNT, ISSUER, &claims);
    let answer = world.show(&role, &token).unwrap();
    let user = answer.assumed_role_user().unwrap();
    assert_eq!(
        user.arn(),
        format!("arn:aws:sts::{ACCOUNT}:assumed-role/web/James")
    );
    assert_eq!(answer.subject_from_web_identity_token(), Some("James"));
    assert_eq!(answer.provider(), Some(ISSUER));
    assert_eq!(answer.audience(), Some("stsx"));
    let keys = answer.credentials().unwrap();
    let keys = Credentials::new(
        keys.access_key_id(),
        keys.secret_access_key(),
        Some(keys.session_token().to_owned()),
        None,
        "test",
    );
    let who = world.sts(Some(keys)).get_caller_identity().send();
    let who = world.runtime.block_on(who).unwrap();
    assert_eq!(who.arn(), Some(user.arn()));
    for (claims, what) in [
        (json!({"sub": "Mary", "amr": ["otp"]}), "another subject"),
        (json!({"amr": ["pwd"]}), "another method"),
    ] {
        let token = world.sandbox.web_token(ACCOUNT, ISSUER, &claims);
        assert_eq!(
            world.show(&role, &token).unwrap_err(),
            "AccessDenied: Not authorized to perform sts:AssumeRoleWithWebIdentity",
            "{what}"
        );
    }
}

#[test]
fn a_web_identity_token_has_to_be_good() {
    let world = World::new();
    let role = world.role("web", &json!("sts:AssumeRoleWithWebIdentity"), &json!({}));
    let now = world.sandbox.clock().now().as_second();
    let issued = |claims: Value| world.sandbox.web_token(ACCOUNT, ISSUER, &claims);
    let good = issued(json!({}));
    let forged = {
        let (message, signature) = good.rsplit_once('.').unwrap();
        let swapped: String = signature.chars().rev().collect();
        format!("{message}.{swapped}")
    };
    for (token, code, message) in [
        (
            "no.token".to_owned(),
            "InvalidIdentityToken",
            "The ID Token provided is not a valid JWT",
        ),
        (forged, "InvalidIdentityToken", "Token signature is invalid"),
        (
            issued(json!({"exp": now - 1})),
            "ExpiredTokenException",
            "Token expired: current date/time ",
        ),
        (
            issued(json!({"nbf": now + 900})),
            "InvalidIdentityToken",
            "Token is not yet valid",
        ),
        (
            issued(json!({"aud": "another"})),
            "InvalidIdentityToken",
            "Incorrect token audience",
        ),
        (
            issued(json!({"aud": "stsx", "azp": "another"})),
            "InvalidIdentityToken",
            "Incorrect token audience",
        ),
        (
            issued(json!({"iss": "https://elsewhere.example.com"})),
            "InvalidIdentityToken",
            "No OpenIDConnect provider found in your account for https://elsewhere.example.com",
        ),
        (
            issued(json!({"sub": null})),
            "InvalidIdentityToken",
            "Missing a required claim: sub",
        ),
        (
            "x".to_owned(),
            "ValidationError",
            "1 validation error detected: Value 'x' at 'webIdentityToken' failed",
        ),
    ] {
        let said = world.show(&role, &token).unwrap_err();
        assert!(said.starts_with(&format!("{code}: {message}")), "{said}");
    }
    world.show(&role, &good).unwrap();
    world
        .show(&role, &issued(json!({"aud": ["another", "stsx"]})))
        .unwrap();
    world.sandbox.clock().advance(3601);
    let said = world.show(&role, &good).unwrap_err();
    assert!(said.starts_with("ExpiredTokenException"), "{said}");
}

#[test]
fn root_vouches_for_an_hour_at_most() {
    let world = World::new();
    let root = world.sandbox.root(ACCOUNT);
    let root = Credentials::new(root.access_key_id, root.secret, None, None, "test");
    for seconds in [None, Some(900), Some(43_200)] {
        let call = world.sts(Some(root.clone())).get_federation_token();
        let call = call.name("Bob").set_duration_seconds(seconds);
        let answer = world.runtime.block_on(call.send()).unwrap();
        let keys = answer.credentials().unwrap();
        let lasts = keys.expiration().secs() - world.sandbox.clock().now().as_second();
        let longest = i64::from(seconds.unwrap_or(3600).min(3600));
        assert!((longest - 10..=longest).contains(&lasts), "{lasts} seconds");
    }
}

#[test]
fn a_token_brings_tags_and_a_source_identity() {
    let world = World::new();
    let token = world.sandbox.web_token(
        ACCOUNT,
        ISSUER,
        &json!({"https://aws.amazon.com/source_identity": "James", "https://aws.amazon.com/tags":
            {"principal_tags": {"team": ["red"]}, "transitive_tag_keys": ["team"]}}),
    );
    let open = |name: &str, actions: &[&str], condition: Value| {
        world.show(&world.role(name, &json!(actions), &condition), &token)
    };
    let (web, tag, name) = (
        "sts:AssumeRoleWithWebIdentity",
        "sts:TagSession",
        "sts:SetSourceIdentity",
    );
    let denied = open("untagged", &[web, name], json!({})).unwrap_err();
    assert_eq!(
        denied,
        "AccessDenied: Not authorized to perform sts:TagSession"
    );
    let denied = open("unnamed", &[web, tag], json!({})).unwrap_err();
    assert_eq!(
        denied,
        "AccessDenied: Not authorized to perform sts:SetSourceIdentity"
    );
    let blue = json!({"StringEquals": {"aws:RequestTag/team": "blue"}});
    open("blue", &[web, tag, name], blue).unwrap_err();
    let red =
        json!({"StringEquals": {"aws:RequestTag/team": "red", "sts:TransitiveTagKeys": "team"}});
    let answer = open("red", &[web, tag, name], red).unwrap();
    assert_eq!(answer.source_identity(), Some("James"));
    assert_eq!(answer.audience(), Some("stsx"));
}
