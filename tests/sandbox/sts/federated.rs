//! A role's session for somebody whom an identity provider vouches for: what the trust policy has to allow.
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers.html>

use super::super::conditions::Context;
use super::super::decide;
use super::super::wire::{Call, Refusal, Xml, refuse};
use super::super::world::{Entity, World};
use super::role_session::{RoleSession, find_role};

/// Opens the session if the role trusts the provider so far. `action` is the operation's, with `sts:`.
pub(super) fn open(
    world: &mut World,
    call: &Call,
    (action, provider): (&str, &str),
    role_arn: &str,
    session: RoleSession,
) -> Result<Vec<(&'static str, Xml)>, Refusal> {
    let role = find_role(world, role_arn).ok_or_else(|| not_authorized(action))?;
    let mut context = decide::circumstances(world, call);
    session.add_to(&mut context, &role);
    let tagged = (!session.tags.is_empty()).then_some("sts:TagSession");
    let named = session
        .source_identity
        .as_ref()
        .map(|_| "sts:SetSourceIdentity");
    for action in [Some(action), tagged, named].into_iter().flatten() {
        if !trusts(&role, action, provider, &context) {
            return Err(not_authorized(action));
        }
    }
    session.require_length(&role)?;
    Ok(session.issue(world, &role))
}

fn trusts(role: &Entity, action: &str, provider: &str, context: &Context) -> bool {
    let statements = role.trust.iter().flat_map(|one| &one.document.statements);
    let mut allowed = false;
    for statement in statements {
        let means = |(kind, name): &(String, String)| match kind.as_str() {
            "Federated" => name == provider,
            kind => kind == "AWS" && name == "*",
        };
        if statement.principals.iter().any(means) && statement.applies(action, &role.arn, context) {
            if !statement.allow {
                return false;
            }
            allowed = true;
        }
    }
    allowed
}

pub(super) fn not_authorized(action: &str) -> Refusal {
    refuse(
        403,
        "AccessDenied",
        format!("Not authorized to perform {action}"),
    )
}
