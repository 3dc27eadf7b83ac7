//! Credentials as JSON: environment variables in one object, or the answer of a
//! `credential_process`.

use std::collections::BTreeMap;

use serde::Serialize;
use zeroize::Zeroizing;

use crate::credentials::{Credentials, Secret};
use crate::output::Changes;
use crate::time::Timestamp;

/// <https://docs.aws.amazon.com/sdkref/latest/guide/feature-process-credentials.html>
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Document<'a> {
    version: u8,
    access_key_id: &'a str,
    secret_access_key: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    session_token: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    expiration: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    account_id: Option<&'a str>,
}

/// The version 1 document.
pub(super) fn process(credentials: &Credentials) -> Zeroizing<String> {
    line(&Document {
        version: 1,
        access_key_id: &credentials.access_key_id,
        secret_access_key: credentials.secret_access_key.expose(),
        session_token: credentials.session_token.as_ref().map(Secret::expose),
        expiration: credentials.expires_at,
        account_id: credentials.account_id.as_deref(),
    })
}

/// The variables that are set, in one object.
pub(super) fn variables(changes: &Changes) -> Zeroizing<String> {
    let set: BTreeMap<&str, &str> = changes
        .iter()
        .filter_map(|(name, value)| Some((name, value?)))
        .collect();
    line(&set)
}

fn line(document: &impl Serialize) -> Zeroizing<String> {
    let mut text = Zeroizing::new(serde_json::to_string(document).expect("texts always serialise"));
    text.push('\n');
    text
}
