//! `AssumeRoleWithWebIdentity`: a role's session for somebody with a token of an OIDC provider.
//! <https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html>

use std::collections::BTreeSet;

use super::super::oidc::{Token, texts};
use super::super::policy::Tags;
use super::super::session::session_policies;
use super::super::wire::{Call, Refusal, Xml, refuse, text, together};
use super::super::world::{Claims, OidcProvider, World};
use super::federated;
use super::role_session::{RoleSession, require_arn, sized};

const TAGS: &str = "https://aws.amazon.com/tags";
const SOURCE_IDENTITY: &str = "https://aws.amazon.com/source_identity";

/// The answer to AssumeRoleWithWebIdentity.
pub(super) fn assume_role(world: &mut World, call: &Call) -> Result<Xml, Refusal> {
    let role_arn = sized(call, "RoleArn", (20, 2048));
    let named = call.need("RoleSessionName");
    let name = named.and_then(|_| call.word("RoleSessionName", (2, 64), "+=,.@-"));
    let token = sized(call, "WebIdentityToken", (4, 20_000));
    let seconds = call.number("DurationSeconds", (900, 43_200));
    together([
        role_arn.as_ref().err(),
        name.as_ref().err(),
        token.as_ref().err(),
        seconds.as_ref().err(),
    ])?;
    let role_arn = role_arn?;
    let account = require_arn(role_arn)?;
    if let Some(provider) = call.get("ProviderId") {
        return Err(not_openid(provider));
    }
    let proof = Proof::check(world, account, token?)?;
    let (policies, packed) = session_policies(world, account, call, &proof.tags)?;
    let session = RoleSession {
        name: name?.unwrap_or_default().to_owned(),
        seconds: seconds?.unwrap_or(3600),
        source_identity: proof.source_identity,
        policies,
        packed,
        tags: proof.tags,
        transitive: proof.transitive,
        claims: proof.claims,
    };
    let action = ("sts:AssumeRoleWithWebIdentity", &*proof.provider);
    let mut result = federated::open(world, call, action, role_arn, session)?;
    result.extend([
        ("SubjectFromWebIdentityToken", text(proof.subject)),
        ("Provider", text(proof.issuer)),
        ("Audience", text(proof.audience)),
    ]);
    Ok(Xml::Tree(result))
}

/// Tokens of OAuth 2.0 come with the provider's name. None of the three that AWS knows is within reach.
fn not_openid(provider: &str) -> Refusal {
    if !["graph.facebook.com", "www.amazon.com"].contains(&provider) {
        return not_valid(format!("Unsupported provider: {provider}"));
    }
    let message = format!("{provider}: {provider} responded with HTTP/1.1 400 Bad Request");
    refuse(403, "IDPRejectedClaim", message)
}

/// What a token was found to prove.
struct Proof {
    /// The ARN of the provider in the role's account.
    provider: String,
    issuer: String,
    subject: String,
    audience: String,
    claims: Claims,
    tags: Tags,
    transitive: BTreeSet<String>,
    source_identity: Option<String>,
}

impl Proof {
    fn check(world: &World, account: &str, token: &str) -> Result<Proof, Refusal> {
        let no_token = "The ID Token provided is not a valid JWT. (You may see this error if you sent an Access Token)";
        let token = Token::read(token).map_err(|_| not_valid(no_token))?;
        let issuer = need(&token, "iss")?;
        let url = issuer.trim_start_matches("https://");
        let unknown = || {
            not_valid(format!(
                "No OpenIDConnect provider found in your account for {issuer}"
            ))
        };
        let providers = world.accounts.get(account).map(|one| &one.oidc);
        let mut providers = providers.into_iter().flatten();
        let (arn, provider) = providers
            .find(|(_, provider)| provider.url == url)
            .ok_or_else(unknown)?;
        require_signature(world, issuer, &token)?;
        require_time(world, &token)?;
        let audience = audience(&token, provider)?;
        let subject = need(&token, "sub")?;
        let (tags, transitive) = session_tags(&token)?;
        Ok(Proof {
            provider: arn.clone(),
            issuer: issuer.to_owned(),
            subject: subject.to_owned(),
            claims: claims(&token, arn, url, &audience),
            audience,
            tags,
            transitive,
            source_identity: token.text(SOURCE_IDENTITY).map(str::to_owned),
        })
    }
}

fn require_signature(world: &World, issuer: &str, token: &Token) -> Result<(), Refusal> {
    let keys = world.issuers.get(issuer);
    match keys.and_then(|keys| token.signed_by(keys)) {
        Some(true) => Ok(()),
        Some(false) => Err(not_valid("Token signature is invalid")),
        None => Err(not_valid(
            "Couldn't retrieve verification key from your identity provider,  please reference \
             AssumeRoleWithWebIdentity documentation for requirements",
        )),
    }
}

fn require_time(world: &World, token: &Token) -> Result<(), Refusal> {
    let now = world.now().as_second();
    let missing = |claim: &str| not_valid(format!("Missing a required claim: {claim}"));
    let end = token.time("exp").ok_or_else(|| missing("exp"))?;
    if end <= now {
        let message = format!(
            "Token expired: current date/time {now} must be before the expiration date/time {end}"
        );
        return Err(refuse(400, "ExpiredTokenException", message));
    }
    let issued = token.time("iat").ok_or_else(|| missing("iat"))?;
    let start = token.time("nbf").unwrap_or(issued);
    // Clocks differ.
    if issued.max(start) > now + 300 {
        return Err(not_valid(format!(
            "Token is not yet valid: current date/time {now} must be after the not before date/time {}",
            issued.max(start)
        )));
    }
    Ok(())
}

/// The party that the token was made for: `azp` where there is one, else one of `aud`. The provider has to know it.
fn audience(token: &Token, provider: &OidcProvider) -> Result<String, Refusal> {
    let parties = match token.text("azp") {
        Some(party) => vec![party.to_owned()],
        None => token.texts("aud"),
    };
    let known = parties
        .into_iter()
        .find(|one| provider.audiences.contains(one));
    known.ok_or_else(|| not_valid("Incorrect token audience"))
}

/// Keys for conditions, named after the provider.
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html#condition-keys-wif>
fn claims(token: &Token, provider: &str, url: &str, audience: &str) -> Claims {
    let mut claims = Claims::new();
    claims.insert(
        "aws:FederatedProvider".to_owned(),
        vec![provider.to_owned()],
    );
    claims.insert(format!("{url}:aud"), vec![audience.to_owned()]);
    for (key, claim) in [
        ("sub", "sub"),
        ("amr", "amr"),
        ("email", "email"),
        ("oaud", "aud"),
    ] {
        claims.insert(format!("{url}:{key}"), token.texts(claim));
    }
    claims
}

/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html#id_session-tags_adding-assume-role-idp>: one
/// claim with all tags, or one claim a tag.
fn session_tags(token: &Token) -> Result<(Tags, BTreeSet<String>), Refusal> {
    let nested = token.claims().get(TAGS);
    let mut sent = Vec::new();
    if let Some(tags) = nested.and_then(|claim| claim.get("principal_tags")?.as_object()) {
        sent.extend(tags.iter().map(|(key, value)| (key.as_str(), texts(value))));
    }
    let flat = format!("{TAGS}/principal_tags/");
    for (claim, value) in token.claims() {
        sent.extend(claim.strip_prefix(&flat).map(|key| (key, texts(value))));
    }
    let mut tags = Tags::new();
    for (key, values) in sent {
        let [value] = &values[..] else {
            return Err(not_valid(format!("Session tag {key} must have one value")));
        };
        tags.insert(key.to_owned(), value.clone());
    }
    let transitive = nested.and_then(|claim| claim.get("transitive_tag_keys"));
    let transitive = transitive.map(texts).unwrap_or_default();
    let flat = token.texts(&format!("{TAGS}/transitive_tag_keys"));
    Ok((tags, transitive.into_iter().chain(flat).collect()))
}

fn need<'a>(token: &'a Token, claim: &str) -> Result<&'a str, Refusal> {
    let missing = || not_valid(format!("Missing a required claim: {claim}"));
    token.text(claim).ok_or_else(missing)
}

fn not_valid(message: impl Into<String>) -> Refusal {
    refuse(400, "InvalidIdentityToken", message)
}
