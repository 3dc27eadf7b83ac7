//! `AssumeRoleWithSAML`: a role's session for somebody with a response of a SAML identity provider.
//! <https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithSAML.html>

use std::collections::BTreeSet;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use ring::digest;

use super::super::policy::Tags;
use super::super::saml::{Assertion, Fault};
use super::super::session::session_policies;
use super::super::wire::{Call, Refusal, Xml, refuse, text, together};
use super::super::world::{Claims, SamlProvider, World};
use super::super::xml_signature::decoded;
use super::federated::{self, not_authorized};
use super::role_session::{RoleSession, account_of, require_arn, sized};

const ACTION: &str = "sts:AssumeRoleWithSAML";
const NAME: &str = "[a-zA-Z_0-9+=,.@-]{2,64}";

/// The answer to AssumeRoleWithSAML.
pub(super) fn assume_role(world: &mut World, call: &Call) -> Result<Xml, Refusal> {
    let role_arn = sized(call, "RoleArn", (20, 2048));
    let provider_arn = sized(call, "PrincipalArn", (20, 2048));
    let response = sized(call, "SAMLAssertion", (4, 100_000));
    let seconds = call.number("DurationSeconds", (900, 43_200));
    together([
        role_arn.as_ref().err(),
        provider_arn.as_ref().err(),
        response.as_ref().err(),
        seconds.as_ref().err(),
    ])?;
    let (role_arn, provider_arn) = (role_arn?, provider_arn?);
    let account = require_arn(role_arn)?;
    let provider = find(world, provider_arn)?;
    let assertion = read(world, provider, response?)?;
    require_pair(&assertion, role_arn, provider_arn)?;
    let said = Said::of(&assertion, provider, provider_arn);
    let (tags, transitive) = session_tags(&assertion)?;
    let (policies, packed) = session_policies(world, account, call, &tags)?;
    let session = RoleSession {
        name: session_name(&assertion)?,
        seconds: shorter(world, &assertion, seconds?.unwrap_or(3600)),
        source_identity: source_identity(&assertion)?,
        policies,
        packed,
        tags,
        transitive,
        claims: said.keys(provider_arn),
    };
    let mut result = federated::open(world, call, (ACTION, provider_arn), role_arn, session)?;
    result.extend([
        ("Subject", text(said.subject)),
        ("SubjectType", text(said.format)),
        ("Issuer", text(said.issuer)),
        ("Audience", text(said.recipient)),
        ("NameQualifier", text(said.qualifier)),
    ]);
    Ok(Xml::Tree(result))
}

fn find<'a>(world: &'a World, arn: &str) -> Result<&'a SamlProvider, Refusal> {
    let account = world.accounts.get(require_arn(arn)?);
    let found = account.and_then(|account| account.saml.get(arn));
    found.ok_or_else(|| not_valid("Specified provider doesn't exist"))
}

fn read(world: &World, provider: &SamlProvider, response: &str) -> Result<Assertion, Refusal> {
    let xml = decoded(response).and_then(|bytes| String::from_utf8(bytes).ok());
    let xml = xml.ok_or_else(|| not_valid("Invalid base64 SAMLResponse"))?;
    let read = Assertion::read(&xml, &provider.metadata);
    let assertion = read.map_err(|fault| match fault {
        Fault::Form => not_valid("Invalid SAML response"),
        Fault::Issuer => not_valid("Issuer not present in specified provider"),
        Fault::Signature => not_valid("Response signature invalid"),
        Fault::Status => refuse(
            403,
            "IDPRejectedClaim",
            "The identity provider reported that authentication failed",
        ),
    })?;
    require_aws(&assertion)?;
    require_time(world, &assertion)?;
    Ok(assertion)
}

/// It is for AWS: `https://signin.aws.amazon.com/saml`, that of a region, or one with the provider's id behind it.
fn require_aws(assertion: &Assertion) -> Result<(), Refusal> {
    let sign_in = |url: &str| {
        let host = url.strip_prefix("https://");
        let host = host.and_then(|rest| rest.split_once("/saml"));
        host.is_some_and(|(host, rest)| {
            let region = host.strip_suffix("signin.aws.amazon.com");
            region.is_some_and(|region| region.is_empty() || region.ends_with('.'))
                && (rest.is_empty() || rest.starts_with("/acs/"))
        })
    };
    let heard = |one: &String| one == "urn:amazon:webservices" || sign_in(one);
    if !assertion.audiences.iter().any(heard) {
        return Err(not_valid(
            "Response does not contain the required audience.",
        ));
    }
    let elsewhere = !assertion.destination.is_empty() && !sign_in(&assertion.destination);
    if elsewhere || !sign_in(&assertion.recipient) {
        return Err(not_valid("Response is not intended for this recipient"));
    }
    Ok(())
}

/// It is of now.
fn require_time(world: &World, assertion: &Assertion) -> Result<(), Refusal> {
    let now = world.now();
    let expired = |message: String| Err(refuse(400, "ExpiredTokenException", message));
    let Some(end) = assertion.not_on_or_after else {
        return Err(not_valid("SubjectConfirmationData has no NotOnOrAfter"));
    };
    if end <= now {
        return expired(format!(
            "Response has expired: NotOnOrAfter {end} has passed"
        ));
    }
    let old = |issued: Timestamp| now.as_second() - issued.as_second() > 300;
    if assertion.issued.is_none_or(old) {
        return expired("Token must be redeemed within 5 minutes of issuance".to_owned());
    }
    // Clocks differ.
    let ahead = |start: Timestamp| start.as_second() - now.as_second() > 300;
    if assertion.not_before.is_some_and(ahead) {
        return Err(not_valid("Response is not yet valid"));
    }
    Ok(())
}

/// A value of the attribute Role pairs the role with the provider, in whichever order.
fn require_pair(assertion: &Assertion, role: &str, provider: &str) -> Result<(), Refusal> {
    let pairs = |pair: &String| {
        let pair = pair.split_once(',');
        let pair = pair.map(|(one, two)| (one.trim(), two.trim()));
        pair == Some((role, provider)) || pair == Some((provider, role))
    };
    if assertion.values("Role").iter().any(pairs) {
        return Ok(());
    }
    Err(not_authorized(ACTION))
}

fn session_name(assertion: &Assertion) -> Result<String, Refusal> {
    match assertion.values("RoleSessionName") {
        [name] if is_name(name) => Ok(name.clone()),
        [] => Err(not_valid("RoleSessionName is required in AuthnResponse")),
        _ => Err(not_valid(format!(
            "RoleSessionName in AuthnResponse must match {NAME}"
        ))),
    }
}

fn source_identity(assertion: &Assertion) -> Result<Option<String>, Refusal> {
    match assertion.values("SourceIdentity") {
        [] => Ok(None),
        [name] if is_name(name) && !name.starts_with("aws:") => Ok(Some(name.clone())),
        _ => Err(not_valid(format!(
            "Source Identity must match {NAME} and not begin with \"aws:\""
        ))),
    }
}

fn is_name(name: &str) -> bool {
    let lawful = |c: char| c.is_ascii_alphanumeric() || "_+=,.@-".contains(c);
    (2..=64).contains(&name.len()) && name.chars().all(lawful)
}

/// The session ends when the provider's session does, if that is earlier. (The attribute `SessionDuration` is for the
/// console.)
fn shorter(world: &World, assertion: &Assertion, seconds: i64) -> i64 {
    let end = assertion.session_end.map(Timestamp::as_second);
    end.map_or(seconds, |end| seconds.min(end - world.now().as_second()))
}

/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html#id_session-tags_adding-assume-role-saml>
fn session_tags(assertion: &Assertion) -> Result<(Tags, BTreeSet<String>), Refusal> {
    let prefix = "https://aws.amazon.com/SAML/Attributes/PrincipalTag:";
    let mut tags = Tags::new();
    for (name, values) in &assertion.attributes {
        let Some(key) = name.strip_prefix(prefix) else {
            continue;
        };
        let [value] = &values[..] else {
            return Err(not_valid(format!("Session tag {key} must have one value")));
        };
        tags.insert(key.to_owned(), value.clone());
    }
    let transitive = assertion.values("TransitiveTagKeys");
    Ok((tags, transitive.iter().cloned().collect()))
}

/// What the answer and conditions call the one whom the provider vouches for.
struct Said {
    issuer: String,
    subject: String,
    format: String,
    recipient: String,
    /// `ACCOUNT/PROVIDER`
    provider: String,
    qualifier: String,
}

impl Said {
    fn of(assertion: &Assertion, provider: &SamlProvider, arn: &str) -> Said {
        let place = format!("{}/{}", account_of(arn), provider.name);
        let named = format!("{}{place}", assertion.issuer);
        let hash = digest::digest(&digest::SHA1_FOR_LEGACY_USE_ONLY, named.as_bytes());
        let format = &assertion.format;
        let short = format.strip_prefix("urn:oasis:names:tc:SAML:2.0:nameid-format:");
        Said {
            issuer: assertion.issuer.clone(),
            subject: assertion.subject.clone(),
            format: short.unwrap_or(format).to_owned(),
            recipient: assertion.recipient.clone(),
            provider: place,
            qualifier: STANDARD.encode(hash),
        }
    }

    /// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html#condition-keys-saml>
    fn keys(&self, arn: &str) -> Claims {
        let keys = [
            ("aws:FederatedProvider", arn),
            ("saml:aud", &self.recipient),
            ("saml:doc", &self.provider),
            ("saml:iss", &self.issuer),
            ("saml:namequalifier", &self.qualifier),
            ("saml:sub", &self.subject),
            ("saml:sub_type", &self.format),
        ];
        let key = |(key, value): (&str, &str)| (key.to_owned(), vec![value.to_owned()]);
        keys.map(key).into()
    }
}

fn not_valid(message: impl Into<String>) -> Refusal {
    refuse(400, "InvalidIdentityToken", message)
}
