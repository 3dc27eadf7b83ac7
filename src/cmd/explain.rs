//! `stsx explain`: how a target would be reached, without any call.
//!
//! Each value with its place, what is cached and for how long, and how many calls and questions a
//! run would take now.

use anyhow::Result;
use serde_json::{Map, Value, json};

use crate::assume;
use crate::aws::{self, Identity};
use crate::cache::Entry;
use crate::cli::{ExplainArgs, MfaOptions, Report};
use crate::cmd::table::Table;
use crate::cmd::{Ready, USUAL_MARGIN, World, answer, answer_json};
use crate::plan::connection::without_password;
use crate::plan::{Hop, MIN_MAXIMUM, Origins, Plan, RoleArn, RoleReference, Scope, Source};
use crate::settings::Origin;
use crate::time::{self, Timestamp};

/// Runs the command.
///
/// # Errors
/// The target does not resolve.
pub(super) fn run(args: &ExplainArgs, world: &World<'_>) -> Result<()> {
    let (mut ready, is_looked_up) = planned(args, world)?;
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
        Report::Json => answer_json(&document(&ready.plan, &cost)),
        Report::Text => answer(&text(&ready.plan, &cost, now)),
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

/// What a run would take now.
struct Cost {
    calls: usize,
    prompts: usize,
    cached_until: Option<Timestamp>,
}

impl Cost {
    fn of(ready: &Ready, identity: Option<&Identity>, is_refresh: bool, now: Timestamp) -> Self {
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

fn document(plan: &Plan, cost: &Cost) -> Value {
    let mut source = object(serde_json::to_value(&plan.source));
    if let Some(profile) = plan.source.profile() {
        source.insert("profile".into(), json!(profile));
    }
    // Of the command and the token only hashes stand there; the host serves the cache's key.
    for key in ["command", "token", "host"] {
        source.remove(key);
    }
    source.insert("origins".into(), origins(&plan.source_origins));
    let hops: Vec<Value> = plan
        .hops
        .iter()
        .map(|hop| {
            let mut value = object(serde_json::to_value(hop));
            if let Hop::Session(session) = hop {
                // The key has it only when it matters for who shares the session.
                value.remove("exactly");
                let seconds = json!(session.duration_seconds);
                value.insert("duration_seconds".into(), seconds);
            }
            value.insert("origins".into(), origins(hop.origins()));
            Value::Object(value)
        })
        .collect();
    let mut whole = Map::new();
    whole.insert("target".into(), json!(plan.target));
    whole.extend(
        plan.connection
            .region
            .as_ref()
            .map(|region| ("region".to_owned(), json!(region.value))),
    );
    whole.insert("source".into(), Value::Object(source));
    whole.insert("hops".into(), json!(hops));
    whole.extend(
        plan.route
            .spoken()
            .map(|why| ("route".to_owned(), json!(why))),
    );
    whole.insert("calls".into(), json!(cost.calls));
    whole.insert("prompts".into(), json!(cost.prompts));
    whole.extend(
        cost.cached_until
            .map(|end| ("cached_until".to_owned(), json!(end))),
    );
    Value::Object(whole)
}

/// The members that are there; absent values are left out.
fn object(value: serde_json::Result<Value>) -> Map<String, Value> {
    match value {
        Ok(Value::Object(members)) => members
            .into_iter()
            .filter(|(_, value)| !value.is_null())
            .collect(),
        _ => Map::new(),
    }
}

fn origins(origins: &Origins) -> Value {
    origins
        .iter()
        .map(|(key, origin)| ((*key).to_owned(), json!(origin.to_string())))
        .collect::<Map<_, _>>()
        .into()
}

fn text(plan: &Plan, cost: &Cost, now: Timestamp) -> String {
    let mut table = Table::default();
    table.row(["target", &plan.target]);
    match &plan.connection.region {
        Some(region) => table.row(["region", &region.value, &region.origin.to_string()]),
        None => table.row([
            "region",
            &format!("{} (for STS alone)", plan.connection.sts_region()),
            "default",
        ]),
    }
    if let Some(url) = &plan.connection.sts_url {
        table.row([
            "endpoint",
            &without_password(&url.value),
            &url.origin.to_string(),
        ]);
    }
    source_rows(plan, &mut table);
    for (index, hop) in plan.hops.iter().enumerate() {
        hop_rows(plan, index + 1, hop, &mut table);
    }
    if let Some(route) = plan.route.spoken() {
        table.row(["route", &route]);
    }
    for note in &plan.notes {
        table.row(["note", note]);
    }
    table.row(["calls", &cost.calls.to_string()]);
    table.row(["prompts", &cost.prompts.to_string()]);
    if let Some(end) = cost.cached_until {
        let left = time::spoken(end.seconds_since(now));
        table.row(["cached", &format!("until {end} ({left} left)")]);
    }
    table.text()
}

fn source_rows(plan: &Plan, table: &mut Table) {
    table.row(["source", &plan.source.spoken()]);
    let values = object(serde_json::to_value(&plan.source));
    for (key, origin) in &plan.source_origins {
        // Secrets are not among the values, nor is a command, which may hold one.
        let value = values
            .get(*key)
            .and_then(Value::as_str)
            .unwrap_or("(not shown)");
        table.row([
            &format!("  {}", key.replace('_', " ")),
            value,
            &origin.to_string(),
        ]);
    }
}

/// Rows of one hop: what it does, then each value with its place.
fn hop_rows(plan: &Plan, number: usize, hop: &Hop, table: &mut Table) {
    let mut row = |name: &str, value: &str, keys: &[&str]| {
        let origin = keys.iter().find_map(|key| hop.origins().get(key));
        let place = origin.map(ToString::to_string).unwrap_or_default();
        table.row([name, value, &place]);
    };
    let duration = |seconds: u32| time::spoken(seconds.into());
    let head = format!("hop {number}");
    match hop {
        Hop::Session(session) => {
            row(&head, "session of the user (GetSessionToken)", &[]);
            row(
                "  duration",
                &duration(session.duration_seconds),
                &["duration_seconds"],
            );
        }
        Hop::Federation(federation) => {
            let name = format!("federated user {} (GetFederationToken)", federation.name);
            row(&head, &name, &["name"]);
            row(
                "  duration",
                &duration(federation.duration_seconds),
                &["duration_seconds"],
            );
            scope_rows(&federation.scope, &mut row);
        }
        Hop::Role(role) => {
            let reference = format!("assume {}", role.reference);
            row(&head, &reference, &["arn", "role_name"]);
            row(
                "  duration",
                &duration(role.duration_seconds),
                &["duration_seconds"],
            );
            let unnamed = match (&plan.source, number) {
                (Source::Saml { .. }, 1) => "(what the assertion says)",
                _ => "(the user's name)",
            };
            let name = role.session_name.as_deref().unwrap_or(unnamed);
            row("  session name", name, &["session_name"]);
            if let Some(id) = &role.external_id {
                row("  external id", id, &["external_id"]);
            }
            if let Some(name) = &role.source_identity {
                row("  source identity", name, &["source_identity"]);
            }
            scope_rows(&role.scope, &mut row);
            for key in &role.transitive_tags {
                row("  transitive tag", key, &["transitive_tags"]);
            }
        }
    }
    if let Some(serial) = hop.mfa_serial() {
        row("  mfa serial", serial, &["mfa_serial"]);
    }
}

fn scope_rows(scope: &Scope, row: &mut impl FnMut(&str, &str, &[&str])) {
    if let Some(policy) = &scope.policy {
        row("  policy", policy, &["policy"]);
    }
    for arn in &scope.policy_arns {
        row("  policy arn", arn, &["policy_arns"]);
    }
    for (key, value) in &scope.tags {
        row("  tag", &format!("{key}={value}"), &["tags"]);
    }
}
