//! The floor of a first call: one sts:AssumeRole by the SDK and the TLS that stsx uses, and nothing else.
//!
//! No profiles, no cache, no lock: keys and role come as words. `bare ENDPOINT CA|- KEY SECRET ROLE`.

use std::io::Write;

use anyhow::{Context, Result, bail};
use aws_sdk_sts::Client;
use aws_sdk_sts::config::{BehaviorVersion, Credentials, Region};
use aws_smithy_http_client::Builder;
use aws_smithy_http_client::tls::{Provider, TlsContext, TrustStore, rustls_provider::CryptoMode};
use aws_smithy_runtime_api::client::http::SharedHttpClient;
use serde_json::json;

fn main() -> Result<()> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let [endpoint, authority, key, secret, role] = &words[..] else {
        bail!("bare ENDPOINT CA|- KEY SECRET ROLE");
    };
    let config = aws_sdk_sts::Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .credentials_provider(Credentials::new(key, secret, None, None, "bare"))
        .endpoint_url(endpoint)
        .http_client(http_client(authority)?)
        .region(Region::new("us-east-1"))
        .build();
    let call = Client::from_conf(config)
        .assume_role()
        .role_arn(role)
        .role_session_name("bare");
    // The lab wants more of tokio; the drivers that a call needs are these two.
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_io()
        .enable_time()
        .build()?;
    let answer = runtime.block_on(call.send())?;
    let given = answer
        .credentials()
        .context("an answer without credentials")?;
    let document = json!({
        "Version": 1,
        "AccessKeyId": given.access_key_id(),
        "SecretAccessKey": given.secret_access_key(),
        "SessionToken": given.session_token(),
        "Expiration": given.expiration().to_string(),
    });
    writeln!(std::io::stdout(), "{document}")?;
    Ok(())
}

fn http_client(authority: &str) -> Result<SharedHttpClient> {
    if authority == "-" {
        return Ok(Builder::new().build_http());
    }
    let store = TrustStore::empty().with_pem_certificate(std::fs::read(authority)?);
    let context = TlsContext::builder().with_trust_store(store).build()?;
    Ok(Builder::new()
        .tls_provider(Provider::Rustls(CryptoMode::Ring))
        .tls_context(context)
        .build_https())
}
