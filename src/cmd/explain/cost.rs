//! How many calls and questions a run would take now.

use crate::assume;
use crate::aws::Identity;
use crate::cache::Entry;
use crate::cmd::Ready;
use crate::plan::{Hop, MIN_MAXIMUM, Plan, RoleArn, RoleReference, Source};
use crate::time::Timestamp;

/// What a run would take now.
pub(super) struct Cost {
    pub(super) calls: usize,
    pub(super) prompts: usize,
    pub(super) cached_until: Option<Timestamp>,
}

impl Cost {
    /// `is_refresh`: what is cached does not count.
    pub(super) fn of(
        ready: &Ready,
        identity: Option<&Identity>,
        is_refresh: bool,
        now: Timestamp,
    ) -> Self {
        let plan = &ready.plan;
        let hops = plan.hops.len();
        let cached = |count: usize| -> Option<Entry> {
            let entry = ready.cache.as_ref()?.find(&plan.key(count))?;
            assume::serves(plan, &entry, count, ready.margin(), now).then_some(entry)
        };
        if hops > 0
            && !is_refresh
            && let Some(entry) = cached(hops)
        {
            return Self {
                calls: 0,
                prompts: 0,
                cached_until: entry.credentials.expires_at,
            };
        }
        let done = (1..hops)
            .rev()
            .find(|count| cached(*count).is_some())
            .unwrap_or(0);
        let from_source = if done == 0 {
            source_calls(&plan.source)
        } else {
            0
        };
        let asked = usize::from(identity.is_none() && asks_identity(plan, done));
        let needs_code = done == 0 && plan.needs_mfa();
        let measured = usize::from(needs_code && asks_maximum(ready, identity, is_refresh));
        Self {
            calls: hops - done + from_source + asked + measured,
            prompts: usize::from(needs_code && ready.asks()),
            cached_until: None,
        }
    }
}

/// The account of a bare role name, and the user's name for sessions without one, take one
/// sts:GetCallerIdentity, once for all time.
fn asks_identity(plan: &Plan, done: usize) -> bool {
    let is_user = plan.source.is_user();
    plan.hops
        .iter()
        .skip(done)
        .filter_map(Hop::role)
        .any(|role| {
            matches!(role.reference, RoleReference::Name(_))
                || (is_user && role.session_name.is_none())
        })
}

/// A code is not spent on a session that may be too long: IAM is asked for the role's maximum, once for each role.
fn asks_maximum(ready: &Ready, identity: Option<&Identity>, is_refresh: bool) -> bool {
    let Some(Hop::Role(role)) = ready.plan.hops.first() else {
        return false;
    };
    let arn = match (&role.reference, identity) {
        (RoleReference::Arn(arn), _) => Some(arn.clone()),
        (RoleReference::Name(name), identity) => {
            identity.map(|who| RoleArn::new(who.partition(), &who.account, name))
        }
    };
    let Some(arn) = arn else {
        return role.mfa_serial.is_some() && role.duration_seconds > MIN_MAXIMUM;
    };
    let cache = ready.cache.as_ref().filter(|_| !is_refresh);
    let endpoint = ready.plan.connection.sts_endpoint();
    let is_known = cache.is_some_and(|cache| cache.limit(arn.as_str(), endpoint).is_some());
    let account = ready.plan.source_account.as_deref();
    let home = account.or_else(|| identity.map(|who| who.account.as_str()));
    assume::asks_first(role, &arn, home, is_known)
}

/// Calls that fetching the source takes.
fn source_calls(source: &Source) -> usize {
    match source {
        Source::Keys { .. }
        | Source::Environment { .. }
        | Source::WebIdentity { .. }
        | Source::Saml { .. }
        | Source::Process { .. }
        | Source::Login { .. } => 0,
        Source::Sso { .. } | Source::Ecs { .. } => 1,
        Source::Ec2 { .. } => 3,
    }
}
