//! `AssumeRole`: a role's session for somebody with credentials.
//! <https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html>

use super::super::conditions::Context;
use super::super::decide;
use super::super::session::{session_policies, session_tags};
use super::super::signature::Caller;
use super::super::wire::{Call, Refusal, Xml, invalid, refuse, together};
use super::super::world::{Claims, Entity, Who, World};
use super::code::{Code, present};
use super::role_session::{RoleSession, find_role, require_arn, sized};

/// The answer to AssumeRole.
pub(super) fn assume_role(world: &mut World, caller: &Caller, call: &Call) -> Result<Xml, Refusal> {
    let request = Request::read(world, caller, call)?;
    if caller.who == Who::Root {
        let message = "Roles may not be assumed by root accounts.";
        return Err(refuse(403, "AccessDenied", message));
    }
    let code = Code::take(world, caller, call)?;
    let role = find_role(world, &request.role_arn)
        .ok_or_else(|| not_authorized(caller, "sts:AssumeRole", &request.role_arn))?;
    let mut context = caller.context(world, call);
    request.session.add_to(&mut context, &role);
    if let Some(id) = &request.external_id {
        context.set("sts:ExternalId", id);
    }
    if code.is_some() {
        present(&mut context);
    }
    request.require_trust(world, caller, &role, &context)?;
    if caller.session.is_some() && request.session.seconds > 3600 {
        return Err(invalid(
            "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining",
        ));
    }
    request.session.require_length(&role)?;
    Ok(Xml::Tree(request.session.issue(world, &role)))
}

/// The parameters of AssumeRole, in bounds.
struct Request {
    role_arn: String,
    external_id: Option<String>,
    session: RoleSession,
}

impl Request {
    fn read(world: &World, caller: &Caller, call: &Call) -> Result<Request, Refusal> {
        let role_arn = sized(call, "RoleArn", (20, 2048));
        let seconds = call.number("DurationSeconds", (900, 43_200));
        let named = call.need("RoleSessionName");
        let name = named.and_then(|_| call.word("RoleSessionName", (2, 64), "+=,.@-"));
        let external_id = call.word("ExternalId", (2, 1224), "+=,.@:\\/-");
        let source = call.word("SourceIdentity", (2, 64), "+=,.@-");
        together([
            role_arn.as_ref().err(),
            name.as_ref().err(),
            external_id.as_ref().err(),
            source.as_ref().err(),
            seconds.as_ref().err(),
        ])?;
        let role_arn = role_arn?;
        let account = require_arn(role_arn)?;
        let inherited = caller.session.as_ref();
        let sent = source?.map(str::to_owned);
        let sent_tags = call.tags()?;
        let (tags, transitive) = session_tags(caller, call, &sent_tags)?;
        let (policies, packed) = session_policies(world, account, call, &sent_tags)?;
        Ok(Request {
            role_arn: role_arn.to_owned(),
            external_id: external_id?.map(str::to_owned),
            session: RoleSession {
                name: name?.unwrap_or_default().to_owned(),
                seconds: seconds?.unwrap_or(3600),
                source_identity: sent.or_else(|| inherited?.source_identity.clone()),
                policies,
                packed,
                tags,
                transitive,
                claims: Claims::new(),
            },
        })
    }

    /// Tags and a source identity have to be allowed as the role has, those that come along too.
    fn require_trust(
        &self,
        world: &World,
        caller: &Caller,
        role: &Entity,
        context: &Context,
    ) -> Result<(), Refusal> {
        decide::require_trust(world, caller, "sts:AssumeRole", role, context)?;
        if !self.session.tags.is_empty() {
            decide::require_trust(world, caller, "sts:TagSession", role, context)?;
        }
        let Some(source) = &self.session.source_identity else {
            return Ok(());
        };
        let action = "sts:SetSourceIdentity";
        decide::require_trust(world, caller, action, role, context)?;
        let session = caller.session.as_ref();
        let before = session.and_then(|one| one.source_identity.as_ref());
        if before.is_some_and(|before| before != source) {
            return Err(not_authorized(caller, action, &role.arn));
        }
        Ok(())
    }
}

fn not_authorized(caller: &Caller, action: &str, role_arn: &str) -> Refusal {
    let message = format!(
        "User: {} is not authorized to perform: {action} on resource: {role_arn}",
        caller.arn
    );
    refuse(403, "AccessDenied", message)
}
