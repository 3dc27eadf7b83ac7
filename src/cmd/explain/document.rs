//! A plan for programs: one JSON object.

use serde_json::{Map, Value, json};

use super::cost::Cost;
use crate::plan::{Hop, Origins, Plan};

/// The plan, where each value comes from, and what a run would take.
pub(super) fn document(plan: &Plan, cost: &Cost) -> Value {
    let mut source = object(serde_json::to_value(&plan.source));
    if let Some(profile) = plan.source.profile() {
        source.insert("profile".into(), json!(profile));
    }
    // Of the command and the token only hashes stand there; the host serves the cache's key.
    for key in ["command", "token", "host"] {
        source.remove(key);
    }
    if let Some(program) = plan.source.program() {
        source.insert("program".into(), json!(program));
    }
    if let Some(asked) = plan.source.asks_stsx_for() {
        source.insert("asks_for".into(), json!(asked.target));
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
pub(super) fn object(value: serde_json::Result<Value>) -> Map<String, Value> {
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
