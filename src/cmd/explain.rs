//! `stsx explain`: how a target would be reached, without any call.
//!
//! Each value with its place, what is cached and for how long, and how many calls and questions a
//! run would take now.

use std::fmt::Write;

use anyhow::Result;
use serde_json::{Map, Value, json};

use crate::assume;
use crate::cache::{Cache, Entry, Margin};
use crate::cli::{ExplainArgs, Report};
use crate::cmd::{Ready, USUAL_MARGIN, World, answer, answer_json};
use crate::error::printable;
use crate::plan::{Hop, Origins, Plan, Role, RoleArn, RoleReference, Source};
use crate::time::{self, Timestamp};

/// Runs the command.
///
/// # Errors
/// The target does not resolve.
pub(super) fn run(args: &ExplainArgs, world: &World<'_>) -> Result<()> {
    let mut ready = world.ready(&args.role.target, &args.role.options, USUAL_MARGIN)?;
    let now = Timestamp::now();
    complete(&mut ready.plan, ready.cache.as_ref());
    let cost = Cost::of(&ready, args.role.options.refresh, now);
    match args.format {
        Report::Json => answer_json(&document(&ready.plan, &cost)),
        Report::Text => answer(&text(&ready.plan, &cost, now)),
    }
}

/// Fills in the account of a bare role name when the identity of the source is remembered.
fn complete(plan: &mut Plan, cache: Option<&Cache>) {
    let Some(identity) = cache.and_then(|cache| {
        let credentials = plan.source.held()?;
        cache.identity(&credentials.access_key_id, plan.connection.sts_endpoint())
    }) else {
        return;
    };
    let Some(Hop::Role(role)) = plan.hops.first_mut() else {
        return;
    };
    if let RoleReference::Name(name) = &role.reference {
        let arn = RoleArn::new(identity.partition(), &identity.account, name);
        role.reference = RoleReference::Arn(arn);
        let origin = role.origins.remove("role_name");
        role.origins.extend(origin.map(|origin| ("arn", origin)));
    }
}

/// What a run would take now.
struct Cost {
    calls: usize,
    prompts: usize,
    cached_until: Option<Timestamp>,
}

impl Cost {
    fn of(ready: &Ready, is_refresh: bool, now: Timestamp) -> Self {
        let plan = &ready.plan;
        let hops = plan.hops.len();
        let cached = |count: usize, margin: Margin| -> Option<Entry> {
            let entry = ready.cache.as_ref()?.find(&plan.key(count))?;
            entry.is_fresh(now, margin).then_some(entry)
        };
        if hops > 0
            && !is_refresh
            && let Some(entry) = cached(hops, ready.margin())
        {
            return Self {
                calls: 0,
                prompts: 0,
                cached_until: entry.credentials.expires_at,
            };
        }
        let done = (1..hops)
            .rev()
            .find(|count| cached(*count, assume::PASSING_MARGIN).is_some())
            .unwrap_or(0);
        let from_source = if done == 0 {
            source_calls(&plan.source) + usize::from(asks_identity(plan))
        } else {
            0
        };
        let needs_code = done == 0 && plan.needs_mfa();
        Self {
            calls: hops - done + from_source,
            prompts: usize::from(needs_code && ready.asks()),
            cached_until: None,
        }
    }
}

/// A bare role name takes one sts:GetCallerIdentity, once.
fn asks_identity(plan: &Plan) -> bool {
    matches!(
        plan.hops.first(),
        Some(Hop::Role(Role {
            reference: RoleReference::Name(_),
            ..
        }))
    )
}

/// Calls that fetching the source takes.
fn source_calls(source: &Source) -> usize {
    match source {
        Source::Keys { .. }
        | Source::Environment { .. }
        | Source::Process { .. }
        | Source::Login { .. } => 0,
        Source::WebIdentity { .. } | Source::Sso { .. } | Source::Ecs { .. } => 1,
        Source::Ec2 => 3,
    }
}

fn document(plan: &Plan, cost: &Cost) -> Value {
    let mut source = object(serde_json::to_value(&plan.source));
    if let Some(profile) = plan.source.profile() {
        source.insert("profile".into(), json!(profile));
    }
    // What stands there is only the command's hash.
    source.remove("command");
    source.insert("origins".into(), origins(&plan.source_origins));
    let hops: Vec<Value> = plan
        .hops
        .iter()
        .map(|hop| {
            let mut value = object(serde_json::to_value(hop));
            let Hop::Role(role) = hop;
            value.insert("origins".into(), origins(&role.origins));
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
    let mut lines = Lines::default();
    lines.row("target", &plan.target, None);
    if let Some(region) = &plan.connection.region {
        lines.row("region", &region.value, Some(region.origin.to_string()));
    } else {
        lines.row(
            "region",
            &format!("{} (for STS alone)", plan.connection.sts_region()),
            Some("default".into()),
        );
    }
    if let Some(url) = &plan.connection.sts_url {
        lines.row("endpoint", &url.value, Some(url.origin.to_string()));
    }
    source_rows(plan, &mut lines);
    for (index, hop) in plan.hops.iter().enumerate() {
        let Hop::Role(role) = hop;
        role_rows(index + 1, role, &mut lines);
    }
    for note in &plan.notes {
        lines.row("note", note, None);
    }
    lines.row("calls", &cost.calls.to_string(), None);
    lines.row("prompts", &cost.prompts.to_string(), None);
    if let Some(end) = cost.cached_until {
        let left = time::spoken(end.seconds_since(now));
        lines.row("cached", &format!("until {end} ({left} left)"), None);
    }
    lines.text()
}

fn source_rows(plan: &Plan, lines: &mut Lines) {
    lines.row("source", &plan.source.spoken(), None);
    if let Some(credentials) = plan.source.held() {
        let origin = plan
            .source_origins
            .get("access_key_id")
            .map(ToString::to_string);
        lines.row("  access key", &credentials.access_key_id, origin);
        return;
    }
    for (key, origin) in &plan.source_origins {
        lines.row(
            &format!("  {}", key.replace('_', " ")),
            "",
            Some(origin.to_string()),
        );
    }
}

fn role_rows(number: usize, role: &Role, lines: &mut Lines) {
    let origin = |key: &str| role.origins.get(key).map(ToString::to_string);
    let reference = role.reference.to_string();
    lines.row(
        &format!("hop {number}"),
        &format!("assume {reference}"),
        origin("arn").or_else(|| origin("role_name")),
    );
    lines.row(
        "  duration",
        &time::spoken(role.duration_seconds.into()),
        origin("duration_seconds"),
    );
    let name = role.session_name.as_deref().unwrap_or("(the user's name)");
    lines.row("  session name", name, origin("session_name"));
    if let Some(id) = &role.external_id {
        lines.row("  external id", id, origin("external_id"));
    }
    if let Some(serial) = &role.mfa_serial {
        lines.row("  mfa serial", serial, origin("mfa_serial"));
    }
}

/// Rows of three columns: name, value, place.
#[derive(Default)]
struct Lines(Vec<(String, String, Option<String>)>);

impl Lines {
    fn row(&mut self, name: &str, value: &str, place: Option<String>) {
        self.0.push((
            name.to_owned(),
            printable(value),
            place.map(|place| printable(&place)),
        ));
    }

    fn text(&self) -> String {
        let width = |pick: fn(&(String, String, Option<String>)) -> usize| {
            self.0.iter().map(pick).max().unwrap_or(0)
        };
        let names = width(|row| row.0.chars().count());
        let values = width(|row| {
            if row.2.is_some() {
                row.1.chars().count()
            } else {
                0
            }
        });
        self.0
            .iter()
            .fold(String::new(), |mut text, (name, value, place)| {
                let line = match place {
                    Some(place) => format!("{name:names$}  {value:values$}  {place}"),
                    None => format!("{name:names$}  {value}"),
                };
                writeln!(text, "{}", line.trim_end()).expect("a String takes everything");
                text
            })
    }
}
