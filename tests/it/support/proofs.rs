//! What identity providers sign in a test's AWS, and which texts of it may not be shown.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;

use super::{ACCOUNT, Home};

/// The IAM provider of the sandbox's own SAML provider.
pub(crate) const SAML_PROVIDER: &str = "arn:aws:iam::111122223333:saml-provider/idp";

/// The value of the attribute `Role` for a role of the first account.
pub(crate) fn pair(role: &str) -> String {
    format!("arn:aws:iam::{ACCOUNT}:role/{role},{SAML_PROVIDER}")
}

impl Home {
    /// Makes a role of the first account that trusts the SAML provider alone. It may assume other roles.
    #[track_caller]
    pub(crate) fn saml_role(self, name: &str) -> Home {
        let statement = json!({"Effect": "Allow", "Action": "sts:AssumeRoleWithSAML",
            "Principal": {"Federated": SAML_PROVIDER}});
        let trust = json!({"Version": "2012-10-17", "Statement": statement}).to_string();
        self.sandbox().role(ACCOUNT, name, &trust);
        let allow = json!({"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": "*"});
        let policy = json!({"Version": "2012-10-17", "Statement": allow}).to_string();
        let bare = name.rsplit('/').next().unwrap_or_default();
        self.sandbox()
            .policy(ACCOUNT, &format!("role/{bare}"), &policy);
        self
    }

    /// A response (Base64) that opens these roles of the first account.
    #[track_caller]
    pub(crate) fn assertion(&self, roles: &[&str]) -> String {
        self.changed_assertion(roles, "", "")
    }

    /// The same with one text in its assertion changed before it was signed.
    #[track_caller]
    pub(crate) fn changed_assertion(&self, roles: &[&str], from: &str, to: &str) -> String {
        let pairs: Vec<String> = roles.iter().map(|role| pair(role)).collect();
        let attributes: Vec<(&str, &str)> = pairs.iter().map(|pair| ("Role", &**pair)).collect();
        let edit = |xml: &str| {
            assert!(xml.contains(from), "{xml}");
            if from.is_empty() {
                xml.to_owned()
            } else {
                xml.replacen(from, to, 1)
            }
        };
        self.sandbox().edited_assertion(ACCOUNT, &attributes, edit)
    }

    /// A response (Base64) for this long after now, in seconds; negative: it has expired.
    #[track_caller]
    pub(crate) fn assertion_until(&self, roles: &[&str], seconds: i64) -> String {
        let now = self.sandbox().clock().now();
        let end = now + jiff::SignedDuration::from_mins(5);
        let other = now + jiff::SignedDuration::from_secs(seconds);
        self.changed_assertion(roles, &end.to_string(), &other.to_string())
    }
}

/// The secret and its parts that are as telling: the signature of a token, and what an assertion is in XML.
pub(super) fn parts(secret: String) -> Vec<String> {
    let mut parts = Vec::new();
    if secret.starts_with("ey")
        && let Some((_, signature)) = secret.rsplit_once('.')
    {
        parts.push(signature.to_owned());
    }
    let xml = STANDARD
        .decode(&secret)
        .ok()
        .and_then(|bytes| String::from_utf8(bytes).ok());
    if let Some(xml) = xml.filter(|xml| xml.starts_with('<')) {
        let signature = xml.split("SignatureValue>").nth(1);
        let signature = signature.and_then(|rest| rest.split('<').next());
        parts.extend(signature.map(str::to_owned));
        parts.push(xml);
    }
    parts.push(secret);
    parts
}
