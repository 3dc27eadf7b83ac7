//! `GetFederationToken`: credentials for somebody whom a user vouches for. They may what both the user and the session
//! policies allow. <https://docs.aws.amazon.com/STS/latest/APIReference/API_GetFederationToken.html>

use super::super::decide;
use super::super::policy::Tags;
use super::super::session::session_policies;
use super::super::signature::Caller;
use super::super::wire::{Call, Refusal, Xml, refuse, text, together};
use super::super::world::{Session, Who, World};
use super::session_token::{require_long_term, seconds};
use super::{blank, remember};

/// The answer to `GetFederationToken`.
pub(super) fn federation_token(
    world: &mut World,
    caller: &Caller,
    call: &Call,
) -> Result<Xml, Refusal> {
    require_long_term(caller, "GetFederationToken")?;
    let named = call.need("Name");
    let name = named.and_then(|_| call.word("Name", (2, 32), "+=,.@-"));
    let seconds = seconds(caller, call);
    together([name.as_ref().err(), seconds.as_ref().err()])?;
    let (name, seconds) = (name?.unwrap_or_default(), seconds?);
    let tags = call.tags()?;
    let (policies, packed) = session_policies(world, &caller.account, call, &tags)?;
    let resource = format!("federated-user/{name}");
    let arn = world.arn("sts", &caller.account, &resource);
    require(world, caller, call, &arn, &tags)?;
    let by = match &caller.who {
        Who::User(user) => Some(user.clone()),
        _ => None,
    };
    let session = Session {
        arn,
        user_id: format!("{}:{name}", caller.account),
        who: Who::Federated(by),
        policies,
        tags,
        ..blank(world, caller.account.clone(), seconds)
    };
    let user = vec![
        ("FederatedUserId", text(&session.user_id)),
        ("Arn", text(&session.arn)),
    ];
    let mut result = vec![
        ("Credentials", remember(world, session)),
        ("FederatedUser", Xml::Tree(user)),
    ];
    result.extend(packed.map(|packed| ("PackedPolicySize", text(packed))));
    Ok(Xml::Tree(result))
}

/// The caller's policies allow to vouch for this one, and to tag them if there are tags.
fn require(
    world: &World,
    caller: &Caller,
    call: &Call,
    arn: &str,
    tags: &Tags,
) -> Result<(), Refusal> {
    let mut context = caller.context(world, call);
    for (key, value) in tags {
        context.set(&format!("aws:RequestTag/{key}"), value);
    }
    context.set_all("aws:TagKeys", tags.keys().cloned());
    let tagged = (!tags.is_empty()).then_some("sts:TagSession");
    for action in [Some("sts:GetFederationToken"), tagged]
        .into_iter()
        .flatten()
    {
        decide::require(world, caller, action, (arn, arn), &context)?;
    }
    Ok(())
}

/// Federated users have no business with STS but to ask who they are.
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_sts-comparison.html>
pub(super) fn require_not_federated(caller: &Caller, call: &Call) -> Result<(), Refusal> {
    let own = ["GetSessionToken", "GetFederationToken"].contains(&&*call.operation);
    if own || !matches!(caller.who, Who::Federated(_)) {
        return Ok(());
    }
    let on = call
        .get("RoleArn")
        .map(|arn| format!(" on resource: {arn}"));
    let message = format!(
        "User: {} is not authorized to perform: sts:{}{}",
        caller.arn,
        call.operation,
        on.unwrap_or_default()
    );
    Err(refuse(403, "AccessDenied", message))
}
