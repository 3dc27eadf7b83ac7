//! STS: from the name of an operation to what answers it, and the sessions that are given out.
//! <https://docs.aws.amazon.com/STS/latest/APIReference/API_Operations.html>

#[path = "sts/assume_role.rs"]
mod assume_role;
#[path = "sts/code.rs"]
mod code;
#[path = "sts/decode.rs"]
mod decode;
#[path = "sts/federated.rs"]
mod federated;
#[path = "sts/federation_token.rs"]
mod federation_token;
#[path = "sts/role_session.rs"]
mod role_session;
#[path = "sts/saml.rs"]
mod saml;
#[path = "sts/session_token.rs"]
mod session_token;
#[path = "sts/web_identity.rs"]
mod web_identity;

use std::collections::BTreeSet;

use jiff::SignedDuration;

use super::decide;
use super::policy::Tags;
use super::signature::Caller;
use super::wire::{Call, Refusal, Xml, invalid, refuse, text};
use super::world::{BASE64, Claims, Kind, Session, UPPER, Who, World, random};

/// The result of an STS operation.
pub(crate) fn answer(world: &mut World, caller: &Caller, call: &Call) -> Result<Xml, Refusal> {
    if call.operation != "GetCallerIdentity" {
        federation_token::require_not_federated(caller, call)?;
    }
    match call.operation.as_str() {
        "AssumeRole" => assume_role::assume_role(world, caller, call),
        // Nobody can be denied this one: https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html
        "GetCallerIdentity" => Ok(Xml::Tree(vec![
            ("Arn", text(&caller.arn)),
            ("UserId", text(&caller.user_id)),
            ("Account", text(&caller.account)),
        ])),
        "GetSessionToken" => session_token::session_token(world, caller, call),
        "GetFederationToken" => federation_token::federation_token(world, caller, call),
        "DecodeAuthorizationMessage" => decode::decode(world, caller, call),
        "GetAccessKeyInfo" => key_info(world, caller, call),
        other => Err(refuse(
            400,
            "InvalidAction",
            format!("Could not find operation {other} for version 2011-06-15"),
        )),
    }
}

/// The result of an operation whose proof is a token of an identity provider; nothing if a signature has to be.
pub(crate) fn answer_unsigned(world: &mut World, call: &Call) -> Option<Result<Xml, Refusal>> {
    match (call.service.as_str(), call.operation.as_str()) {
        ("sts", "AssumeRoleWithSAML") => Some(saml::assume_role(world, call)),
        ("sts", "AssumeRoleWithWebIdentity") => Some(web_identity::assume_role(world, call)),
        _ => None,
    }
}

fn key_info(world: &World, caller: &Caller, call: &Call) -> Result<Xml, Refusal> {
    // Of STS, sessions of GetSessionToken may call AssumeRole and GetCallerIdentity only.
    if matches!(caller.who, Who::Root | Who::User(_)) {
        session_token::require_long_term(caller, "GetAccessKeyInfo")?;
    }
    call.need("AccessKeyId")?;
    let id = call.word("AccessKeyId", (16, 128), "")?.unwrap_or_default();
    let context = caller.context(world, call);
    decide::require(world, caller, "sts:GetAccessKeyInfo", ("*", ""), &context)?;
    let session = world.sessions.iter().find(|one| one.access_key_id == id);
    let owner = session.map(|one| one.account.clone()).or_else(|| {
        let owns = |account: &&super::world::Account| {
            let users = account.all(Kind::User).flat_map(|user| &user.keys);
            users.chain(&account.root_keys).any(|key| key.id == id)
        };
        world
            .accounts
            .values()
            .find(owns)
            .map(|account| account.id.clone())
    });
    let unknown = || invalid(format!("Access key ID {id} is not valid."));
    Ok(Xml::Tree(vec![(
        "Account",
        text(owner.ok_or_else(unknown)?),
    )]))
}

/// Fresh credentials of nobody yet.
fn blank(world: &World, account: String, seconds: i64) -> Session {
    Session {
        access_key_id: format!("ASIA{}", random(16, UPPER)),
        secret: random(40, BASE64),
        token: format!("IQoJb3JpZ2luX2Vj{}==", random(338, BASE64)),
        account,
        who: Who::Root,
        arn: String::new(),
        user_id: String::new(),
        issued: world.now(),
        expires: world.now() + SignedDuration::from_secs(seconds),
        policies: Vec::new(),
        tags: Tags::new(),
        transitive: BTreeSet::new(),
        source_identity: None,
        claims: Claims::new(),
        mfa: None,
    }
}

/// Keeps a session and tells its credentials.
fn remember(world: &mut World, session: Session) -> Xml {
    world.secrets.push(session.secret.clone());
    world.secrets.push(session.token.clone());
    let credentials = Xml::Tree(vec![
        ("AccessKeyId", text(&session.access_key_id)),
        ("SecretAccessKey", text(&session.secret)),
        ("SessionToken", text(&session.token)),
        ("Expiration", text(session.expires)),
    ]);
    world.sessions.push(session);
    credentials
}
