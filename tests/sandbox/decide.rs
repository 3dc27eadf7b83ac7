//! Whether a caller may: identity policies with boundary and session policies, and trust policies beside them.
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html>, and for the two
//! accounts of a cross-account request
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic-cross-account.html>.

use super::conditions::Context;
use super::policy::{Document, Saying, say};
use super::signature::Caller;
use super::wire::{Call, Refusal, refuse};
use super::world::{Entity, Kind, Managed, Session, Who, World};

/// What the policies on the caller's side say.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Opinion {
    /// The kind of policy that denies explicitly.
    pub(crate) denied: Option<&'static str>,
    pub(crate) granted: bool,
    /// The permissions boundary allows it, or there is none.
    pub(crate) bounded: bool,
    /// The session policies allow it, or there are none.
    pub(crate) scoped: bool,
}

impl Opinion {
    /// From what the identity policies, the boundary and the session policies say, where there are any.
    fn of(own: Saying, boundary: Option<Saying>, session: Option<Saying>) -> Opinion {
        let sayings = [
            (Some(own), "an identity-based policy"),
            (boundary, "a permissions boundary"),
            (session, "a session policy"),
        ];
        let denies = |(saying, kind)| (saying == Some(Saying::Deny)).then_some(kind);
        Opinion {
            denied: sayings.into_iter().find_map(denies),
            granted: own == Saying::Allow,
            bounded: boundary.is_none_or(|saying| saying == Saying::Allow),
            scoped: session.is_none_or(|saying| saying == Saying::Allow),
        }
    }

    /// May the caller, by their own policies alone?
    pub(crate) fn allows(self) -> bool {
        self.denied.is_none() && self.granted && self.bounded && self.scoped
    }

    /// `because no identity-based policy allows the iam:GetUser action`, or its kin.
    pub(crate) fn because(self, action: &str) -> String {
        let nothing = |kind: &str| format!("because no {kind} allows the {action} action");
        match self {
            Opinion {
                denied: Some(kind), ..
            } => format!("with an explicit deny in {kind}"),
            Opinion { granted: false, .. } => nothing("identity-based policy"),
            Opinion { bounded: false, .. } => nothing("permissions boundary"),
            _ => nothing("session policy"),
        }
    }
}

impl Caller {
    /// The user or role whose policies count.
    pub(crate) fn entity<'a>(&self, world: &'a World) -> Option<&'a Entity> {
        let account = world.accounts.get(&self.account)?;
        match &self.who {
            Who::Root | Who::Federated(None) => None,
            Who::User(name) | Who::Federated(Some(name)) => account.entity(Kind::User, name),
            // A role made anew under the same name is another role.
            Who::Role(name) => account
                .entity(Kind::Role, name)
                .filter(|role| self.user_id.starts_with(&role.id)),
        }
    }

    /// What every request of this caller has for conditions.
    /// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html>
    pub(crate) fn context(&self, world: &World, call: &Call) -> Context {
        let mut context = circumstances(world, call);
        context.set("aws:PrincipalIsAWSService", "false");
        context.set("aws:ViaAWSService", "false");
        self.describe(world, &mut context);
        if let Some(session) = &self.session {
            session.describe(world, &mut context);
        }
        context
    }

    /// Who the caller is, however they signed.
    fn describe(&self, world: &World, context: &mut Context) {
        let entity = self.entity(world);
        let principal = match self.who {
            Who::Role(_) => entity.map_or(&self.arn, |role| &role.arn),
            _ => &self.arn,
        };
        let kind = match &self.who {
            Who::Root => "Account",
            Who::User(_) => "User",
            Who::Role(_) => "AssumedRole",
            Who::Federated(_) => "FederatedUser",
        };
        context.set("aws:PrincipalArn", principal);
        context.set("aws:PrincipalAccount", &self.account);
        context.set("aws:PrincipalType", kind);
        context.set("aws:userid", &self.user_id);
        if let Who::User(name) = &self.who {
            context.set("aws:username", name);
        }
        for (key, value) in entity.iter().flat_map(|entity| &entity.tags) {
            context.set(&format!("aws:PrincipalTag/{key}"), value);
        }
    }

    /// The policies that limit the caller's session, if it has any. Federated users may nothing without one.
    fn session_policies(&self) -> Option<Vec<&Document>> {
        let policies = &self.session.as_ref()?.policies;
        let limited = !policies.is_empty() || matches!(self.who, Who::Federated(_));
        limited.then(|| policies.iter().collect())
    }
}

impl Session {
    /// What temporary credentials remember. Session tags replace those of the role.
    fn describe(&self, world: &World, context: &mut Context) {
        let with_mfa = self.mfa.is_some().to_string();
        context.set("aws:TokenIssueTime", self.issued.to_string());
        context.set("aws:MultiFactorAuthPresent", with_mfa);
        if let Some(since) = self.mfa {
            let age = world.now().as_second() - since.as_second();
            context.set("aws:MultiFactorAuthAge", age.to_string());
        }
        for (key, value) in &self.tags {
            context.set(&format!("aws:PrincipalTag/{key}"), value);
        }
        if let Some(source) = &self.source_identity {
            context.set("aws:SourceIdentity", source);
        }
        for (key, values) in &self.claims {
            context.set_all(key, values.iter().cloned());
        }
    }
}

/// What a request has for conditions, whoever calls.
pub(crate) fn circumstances(world: &World, call: &Call) -> Context {
    let mut context = Context::default();
    context.set("aws:SourceIp", &call.source_ip);
    context.set("aws:RequestedRegion", &call.region);
    context.set("aws:SecureTransport", world.secure.to_string());
    context.set("aws:CurrentTime", world.now().to_string());
    context.set("aws:EpochTime", world.now().as_second().to_string());
    if let Some(agent) = call.header("user-agent") {
        context.set("aws:UserAgent", agent);
    }
    context
}

/// What the caller's own policies say to an action. Nothing limits the root user.
pub(crate) fn opinion(
    world: &World,
    caller: &Caller,
    action: &str,
    resource: &str,
    context: &Context,
) -> Opinion {
    if caller.who == Who::Root {
        return Opinion::of(Saying::Allow, None, None);
    }
    let entity = caller.entity(world);
    let ask = |documents: Vec<&Document>| say(documents, action, resource, context);
    let own = match entity {
        Some(entity) => ask(policies(world, &caller.account, entity)),
        None if caller.who == Who::Federated(None) => Saying::Allow,
        None => Saying::Nothing,
    };
    let boundary = entity.and_then(|entity| entity.boundary.as_ref());
    let boundary = boundary.map(|arn| {
        let policy = world.managed(&caller.account, arn);
        policy.map(Managed::document).into_iter().collect()
    });
    Opinion::of(own, boundary.map(ask), caller.session_policies().map(ask))
}

/// Inline and attached policies, those of a user's groups too.
pub(crate) fn policies<'a>(
    world: &'a World,
    account: &str,
    entity: &'a Entity,
) -> Vec<&'a Document> {
    let here = world.accounts.get(account);
    let groups = entity
        .groups
        .iter()
        .filter_map(|name| here?.entity(Kind::Group, name));
    let mut documents = Vec::new();
    for holder in groups.chain([entity]) {
        documents.extend(holder.inline.values());
        let attached = holder.attached.iter();
        documents.extend(attached.filter_map(|arn| Some(world.managed(account, arn)?.document())));
    }
    documents
}

/// Allowed by the caller's own policies, or `AccessDenied` as IAM words it. `named` is how the message calls the
/// resource; empty to leave it out.
pub(crate) fn require(
    world: &World,
    caller: &Caller,
    action: &str,
    (resource, named): (&str, &str),
    context: &Context,
) -> Result<(), Refusal> {
    let opinion = opinion(world, caller, action, resource, context);
    if opinion.allows() {
        return Ok(());
    }
    let on = if named.is_empty() {
        String::new()
    } else {
        format!(" on resource: {named}")
    };
    let message = format!(
        "User: {} is not authorized to perform: {action}{on} {}",
        caller.arn,
        opinion.because(action)
    );
    Err(refuse(403, "AccessDenied", message))
}

/// How a trust policy's Allow names the caller; later is stronger.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Named {
    /// Through the account: the caller's own policies have to allow it too.
    Account,
    /// Through the role of the session: boundary and session policies still limit it.
    Role,
    /// The user, the session, or everyone.
    Caller,
}

/// May the caller do this `sts:` action to the role? Both sides are asked.
pub(crate) fn require_trust(
    world: &World,
    caller: &Caller,
    action: &str,
    role: &Entity,
    context: &Context,
) -> Result<(), Refusal> {
    let own = opinion(world, caller, action, &role.arn, context);
    let (refused, granted) = trust(world, caller, action, role, context);
    let denied = own.denied.or(refused.then_some("the role trust policy"));
    let same_account = role.arn.split(':').nth(4) == Some(&*caller.account);
    let allowed = match granted {
        None => false,
        Some(Named::Caller) if same_account => true,
        Some(Named::Role) if same_account => own.bounded && own.scoped,
        Some(_) => own.allows(),
    };
    if allowed && denied.is_none() {
        return Ok(());
    }
    let how = denied.map(|kind| format!(" with an explicit deny in {kind}"));
    let message = format!(
        "User: {} is not authorized to perform: {action} on resource: {}{}",
        caller.arn,
        role.arn,
        how.unwrap_or_default()
    );
    Err(refuse(403, "AccessDenied", message))
}

/// Whether the role's trust policy denies this to the caller, and how the strongest Allow names them.
fn trust(
    world: &World,
    caller: &Caller,
    action: &str,
    role: &Entity,
    context: &Context,
) -> (bool, Option<Named>) {
    let (mut denied, mut granted) = (false, None);
    let trust = role.trust.as_ref();
    for statement in trust.iter().flat_map(|trust| &trust.document.statements) {
        let principals = statement.principals.iter();
        let named = principals
            .filter_map(|principal| names(world, caller, role, principal))
            .max();
        if named.is_none() || !statement.applies(action, &role.arn, context) {
            continue;
        }
        if statement.allow {
            granted = granted.max(named);
        } else {
            denied = true;
        }
    }
    (denied, granted)
}

/// Does a principal of the role's trust policy mean this caller?
fn names(
    world: &World,
    caller: &Caller,
    role: &Entity,
    (kind, name): &(String, String),
) -> Option<Named> {
    if kind != "AWS" {
        return None;
    }
    if name == "*" {
        return Some(Named::Caller);
    }
    if *name == caller.account || *name == world.arn("iam", &caller.account, "root") {
        return Some(Named::Account);
    }
    if *name == caller.arn && matches!(caller.who, Who::Role(_)) {
        return Some(Named::Caller);
    }
    let entity = caller.entity(world)?;
    // The ARN means the user that had it when the trust policy was stored.
    let meant = role.trust.as_ref()?.ids.get(name);
    if entity.arn != *name || meant.is_some_and(|id| *id != entity.id) {
        return None;
    }
    match caller.who {
        Who::Role(_) => Some(Named::Role),
        _ => Some(Named::Caller),
    }
}
