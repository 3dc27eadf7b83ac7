//! `stsx explain`: how a target would be reached, without any call.
//!
//! Each value with its place, what is cached and for how long, and how many calls and questions a
//! run would take now.

use anyhow::Result;

use crate::assume;
use crate::aws::{self, Identity};
use crate::cli::{ExplainArgs, Explanation, MfaOptions};
use crate::cmd::{Ready, USUAL_MARGIN, World, answer, answer_json};
use crate::plan::{Hop, Plan, RoleArn, RoleReference};
use crate::settings::Origin;
use crate::time::Timestamp;

mod cost;
mod document;
mod picture;
mod text;

use cost::Cost;

/// Runs the command.
///
/// # Errors
/// The target does not resolve.
pub(super) fn run(args: &ExplainArgs, world: &World<'_>) -> Result<()> {
    let (mut ready, is_looked_up) = planned(args, world)?;
    let remarks = ready.remarks().to_vec();
    ready.plan.notes.extend(remarks);
    let now = Timestamp::now();
    let is_refresh = args.role.options.run.refresh;
    let identity = remembered(&ready);
    let mut cost = Cost::of(&ready, identity.as_ref(), is_refresh, now);
    cost.calls += usize::from(is_looked_up);
    if let Some(identity) = identity {
        let endpoint = ready.plan.connection.sts_endpoint().map(str::to_owned);
        let cache = ready.cache.as_ref().filter(|_| !is_refresh);
        let learnt = |arn: &str| cache?.limit(arn, endpoint.as_deref());
        complete(&mut ready.plan, &identity, learnt);
    }
    match args.format {
        Explanation::Json => answer_json(&document::document(&ready.plan, &cost)),
        Explanation::Text => answer(&text::text(&ready.plan, &cost, now)),
        Explanation::Dot => answer(&picture::dot(&ready.plan)),
        Explanation::Mermaid => answer(&picture::mermaid(&ready.plan)),
    }
}

/// The plan, and whether a run would look for the MFA device first.
fn planned(args: &ExplainArgs, world: &World<'_>) -> Result<(Ready, bool)> {
    const UNKNOWN: &str = "(found by iam:ListMFADevices)";
    let (target, mut options) = (&args.role.target, args.role.options.clone());
    if !options.mfa.mfa {
        return Ok((world.ready(target, &options, USUAL_MARGIN)?, false));
    }
    // Without flags that only a device gives a use.
    options.mfa = MfaOptions::default();
    let bare = world.ready(target, &options, USUAL_MARGIN)?;
    options.mfa = args.role.options.mfa.clone();
    let is_unnamed = options.mfa.mfa_serial.is_none() && !bare.plan.needs_mfa();
    options.mfa.mfa = false;
    if !is_unnamed {
        return Ok((world.ready(target, &options, USUAL_MARGIN)?, false));
    }
    let serial = assume::remembered_device(&bare.plan, bare.cache.as_ref())?;
    let is_looked_up = serial.is_none();
    options.mfa.mfa_serial = Some(serial.unwrap_or_else(|| UNKNOWN.to_owned()));
    let mut ready = world.ready(target, &options, USUAL_MARGIN)?;
    for hop in &mut ready.plan.hops {
        let origins = match hop {
            Hop::Session(session) => &mut session.origins,
            Hop::Federation(federation) => &mut federation.origins,
            Hop::Role(role) => &mut role.origins,
        };
        if let Some(origin) = origins.get_mut("mfa_serial") {
            *origin = Origin::Flag("--mfa");
        }
    }
    Ok((ready, is_looked_up))
}

/// The identity of the source's keys, if it was ever asked for.
fn remembered(ready: &Ready) -> Option<Identity> {
    let keys = ready.plan.source.held()?;
    let endpoint = ready.plan.connection.sts_endpoint();
    ready
        .cache
        .as_ref()?
        .identity(&keys.access_key_id, endpoint)
}

/// Fills in what the remembered identity tells: the account of a bare role name, with the learnt maximum of
/// its sessions, and the name of sessions that nobody has named.
fn complete(plan: &mut Plan, identity: &Identity, learnt: impl Fn(&str) -> Option<u32>) {
    for hop in &mut plan.hops {
        let Hop::Role(role) = hop else { continue };
        if let RoleReference::Name(name) = &role.reference {
            let arn = RoleArn::new(identity.partition(), &identity.account, name);
            if let Some(maximum) = learnt(arn.as_str()).filter(|most| *most < role.duration_seconds)
            {
                role.duration_seconds = maximum;
                role.origins.insert("duration_seconds", Origin::Learnt);
            }
            role.reference = RoleReference::Arn(arn);
            let origin = role.origins.remove("role_name");
            role.origins.extend(origin.map(|origin| ("arn", origin)));
        }
        if role.session_name.is_none() {
            role.session_name = aws::user_name(&identity.arn);
        }
    }
}
