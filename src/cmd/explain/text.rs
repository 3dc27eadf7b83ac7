//! A plan for people.

use serde_json::Value;

use super::cost::Cost;
use super::document::object;
use crate::cmd::table::Table;
use crate::looks::Ink;
use crate::plan::connection::without_password;
use crate::plan::{Hop, Plan, Scope, Source};
use crate::settings::Origin;
use crate::time::{self, Timestamp};

/// The plan, a value a line, with its place.
pub(super) fn text(plan: &Plan, cost: &Cost, now: Timestamp) -> String {
    let mut table = Table::default();
    table.inked([(Ink::Plain, "target"), (Ink::Name, &plan.target)]);
    match &plan.connection.region {
        Some(region) => placed(&mut table, "region", &region.value, &region.origin),
        None => table.row([
            "region",
            &format!("{} (for STS alone)", plan.connection.sts_region()),
            "default",
        ]),
    }
    if let Some(url) = &plan.connection.sts_url {
        let shown = without_password(&url.value);
        placed(&mut table, "endpoint", &shown, &url.origin);
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
        let left = end.seconds_since(now);
        let words = format!("until {end} ({} left)", time::spoken(left));
        table.inked([(Ink::Plain, "cached"), (Ink::of_seconds(left), &words)]);
    }
    table.text()
}

fn source_rows(plan: &Plan, table: &mut Table) {
    table.inked([(Ink::Plain, "source"), (Ink::Name, &plan.source.shown())]);
    let values = object(serde_json::to_value(&plan.source));
    for (key, origin) in &plan.source_origins {
        // Secrets are not among the values, nor is a command, which may hold one.
        let value = values
            .get(*key)
            .and_then(Value::as_str)
            .unwrap_or("(not shown)");
        let name = format!("  {}", key.replace('_', " "));
        placed(table, &name, value, origin);
    }
}

fn placed(table: &mut Table, name: &str, value: &str, origin: &Origin) {
    let place = origin.to_string();
    table.inked([
        (Ink::Plain, name),
        (Ink::Plain, value),
        (Ink::Faint, &place),
    ]);
}

/// Rows of one hop: what it does, then each value with its place.
fn hop_rows(plan: &Plan, number: usize, hop: &Hop, table: &mut Table) {
    let mut row = |name: &str, value: &str, keys: &[&str]| {
        let origin = keys.iter().find_map(|key| hop.origins().get(key));
        let place = origin.map(ToString::to_string).unwrap_or_default();
        let ink = if name.starts_with(' ') {
            Ink::Plain
        } else {
            Ink::Name
        };
        table.inked([(Ink::Plain, name), (ink, value), (Ink::Faint, &place)]);
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
