//! Policy documents: reading them with the checks that IAM makes when one is stored, and asking what they say to one
//! action. Written here and not left to `iam-rs` 0.8, which cannot read a principal of several kinds, does not replace
//! variables in conditions, takes `ArnEquals` literally, gives an unknown variable the empty text, and insists on
//! resources, which a trust policy has none of. Conditions are in `conditions`.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::conditions::{Condition, Context};
use super::pattern::Pattern;

/// A document as it was sent, and what it means.
#[derive(Clone, Debug)]
pub(crate) struct Document {
    pub(crate) text: String,
    pub(crate) statements: Vec<Statement>,
}

/// One statement of a document.
#[derive(Clone, Debug)]
pub(crate) struct Statement {
    pub(crate) allow: bool,
    /// Kind (`AWS`, `Service`, `Federated`) and name; in a trust policy only.
    pub(crate) principals: Vec<(String, String)>,
    actions: Choice,
    resources: Choice,
    conditions: Vec<Condition>,
    /// Variables are those of version 2012-10-17.
    variables: bool,
}

/// Patterns, or with `Not…` all but these.
#[derive(Clone, Debug)]
struct Choice {
    not: bool,
    patterns: Vec<String>,
}

/// What a set of documents says to one action.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Saying {
    Nothing,
    Allow,
    Deny,
}

impl Document {
    /// Reads a policy of a user, group, role or session. The error is the message of `MalformedPolicyDocument`.
    pub(crate) fn identity(text: &str) -> Result<Document, String> {
        let document = Document::read(text, |fields| {
            if fields.contains_key("Principal") || fields.contains_key("NotPrincipal") {
                return Err("Policy document should not specify a principal.".to_owned());
            }
            if !fields.contains_key("Resource") && !fields.contains_key("NotResource") {
                return Err("Policy statement must contain resources.".to_owned());
            }
            Ok(())
        })?;
        for resource in document
            .statements
            .iter()
            .flat_map(|one| &one.resources.patterns)
        {
            if resource != "*" && !resource.starts_with("arn:") && !resource.starts_with('*') {
                return Err(format!(
                    "Resource {resource} must be in ARN format or \"*\"."
                ));
            }
        }
        Ok(document)
    }

    /// Reads a trust policy. Whether its principals exist is asked by the caller.
    pub(crate) fn trust(text: &str) -> Result<Document, String> {
        let document = Document::read(text, |fields| {
            if fields.contains_key("Resource") || fields.contains_key("NotResource") {
                return Err("Has prohibited field Resource".to_owned());
            }
            // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html
            if fields.contains_key("NotPrincipal") {
                return Err("Has prohibited field NotPrincipal".to_owned());
            }
            if !fields.contains_key("Principal") {
                return Err("Missing required field Principal".to_owned());
            }
            Ok(())
        })?;
        let actions = document
            .statements
            .iter()
            .flat_map(|one| &one.actions.patterns);
        for action in actions {
            let action = action.to_ascii_lowercase();
            let session = ["sts:tagsession", "sts:setsourceidentity", "sts:setcontext"];
            if !action.starts_with("sts:assumerole")
                && !session.contains(&&*action)
                && action != "sts:*"
            {
                return Err("AssumeRole policy may only specify STS AssumeRole actions.".to_owned());
            }
        }
        Ok(document)
    }

    fn read(
        text: &str,
        check: impl Fn(&serde_json::Map<String, Value>) -> Result<(), String>,
    ) -> Result<Document, String> {
        let syntax = || "Syntax errors in policy.".to_owned();
        let json: Value = serde_json::from_str(text)
            .map_err(|_| "This policy contains invalid Json".to_owned())?;
        let fields = json.as_object().ok_or_else(syntax)?;
        let known = ["Version", "Id", "Statement"];
        if fields.keys().any(|key| !known.contains(&&**key)) {
            return Err(syntax());
        }
        let variables = match fields.get("Version").map(Value::as_str) {
            Some(Some("2012-10-17")) => true,
            None | Some(Some("2008-10-17")) => false,
            Some(_) => return Err("The policy must contain a valid version string".to_owned()),
        };
        let mut sids = BTreeSet::new();
        let mut read = Vec::new();
        for statement in one_or_many(fields.get("Statement")).ok_or_else(syntax)? {
            let fields = statement.as_object().ok_or_else(syntax)?;
            if let Some(sid) = fields.get("Sid")
                && !sids.insert(sid.as_str().ok_or_else(syntax)?)
            {
                return Err("Statement IDs (SID) in a single policy must be unique.".to_owned());
            }
            check(fields)?;
            read.push(Statement::read(fields, variables)?);
        }
        Ok(Document {
            text: text.to_owned(),
            statements: read,
        })
    }
}

impl Statement {
    fn read(fields: &serde_json::Map<String, Value>, variables: bool) -> Result<Statement, String> {
        let syntax = || "Syntax errors in policy.".to_owned();
        let known = [
            "Sid",
            "Effect",
            "Principal",
            "NotPrincipal",
            "Action",
            "NotAction",
            "Resource",
            "NotResource",
            "Condition",
        ];
        if fields.keys().any(|key| !known.contains(&&**key)) {
            return Err(syntax());
        }
        let allow = match fields.get("Effect").map(Value::as_str) {
            Some(Some("Allow")) => true,
            Some(Some("Deny")) => false,
            None => return Err("Missing required field Effect".to_owned()),
            Some(_) => return Err(syntax()),
        };
        Ok(Statement {
            allow,
            actions: actions(fields)?,
            resources: either(fields, "Resource", "NotResource")?,
            principals: principals(fields.get("Principal"))?,
            conditions: Condition::read(fields.get("Condition"))?,
            variables,
        })
    }

    /// Does this statement speak of the action on the resource, in these circumstances? (Principals are not asked.)
    pub(crate) fn applies(&self, action: &str, resource: &str, context: &Context) -> bool {
        let action = action.to_ascii_lowercase();
        let acts = self
            .actions
            .patterns
            .iter()
            .any(|pattern| Pattern::plain(&pattern.to_ascii_lowercase()).matches(&action));
        let lies = self.resources.patterns.iter().any(|pattern| {
            Pattern::read(pattern, self.variables.then_some(context))
                .is_some_and(|pattern| pattern.matches(resource))
        });
        acts != self.actions.not
            && (self.resources.patterns.is_empty() || lies != self.resources.not)
            && self
                .conditions
                .iter()
                .all(|condition| condition.holds(context, self.variables))
    }
}

/// What these documents say together: a Deny counts before an Allow.
pub(crate) fn say<'a>(
    documents: impl IntoIterator<Item = &'a Document>,
    action: &str,
    resource: &str,
    context: &Context,
) -> Saying {
    let mut saying = Saying::Nothing;
    for statement in documents.into_iter().flat_map(|one| &one.statements) {
        if statement.applies(action, resource, context) {
            if !statement.allow {
                return Saying::Deny;
            }
            saying = Saying::Allow;
        }
    }
    saying
}

/// The statements of a document: one, or a list of at least one.
fn one_or_many(statement: Option<&Value>) -> Option<Vec<&Value>> {
    match statement? {
        Value::Array(many) if !many.is_empty() => Some(many.iter().collect()),
        one @ Value::Object(_) => Some(vec![one]),
        _ => None,
    }
}

/// Actions are named with their service.
fn actions(fields: &serde_json::Map<String, Value>) -> Result<Choice, String> {
    let actions = either(fields, "Action", "NotAction")?;
    if actions.patterns.is_empty() {
        return Err("Policy statement must contain actions.".to_owned());
    }
    let nowhere = |action: &String| action != "*" && !action.contains(':');
    if actions.patterns.iter().any(nowhere) {
        return Err(
            "Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.".to_owned(),
        );
    }
    Ok(actions)
}

fn either(fields: &serde_json::Map<String, Value>, one: &str, not: &str) -> Result<Choice, String> {
    let choice = |not, patterns| Ok(Choice { not, patterns });
    match (fields.get(one), fields.get(not)) {
        (Some(_), Some(_)) => Err("Syntax errors in policy.".to_owned()),
        (Some(value), None) => choice(false, texts(value)?),
        (None, Some(value)) => choice(true, texts(value)?),
        (None, None) => choice(false, Vec::new()),
    }
}

/// A text, or a list of them.
pub(super) fn texts(value: &Value) -> Result<Vec<String>, String> {
    let text = |value: &Value| match value {
        Value::String(text) => Ok(text.clone()),
        Value::Bool(_) | Value::Number(_) => Ok(value.to_string()),
        _ => Err("Syntax errors in policy.".to_owned()),
    };
    match value {
        Value::Array(many) => many.iter().map(text).collect(),
        one => Ok(vec![text(one)?]),
    }
}

fn principals(value: Option<&Value>) -> Result<Vec<(String, String)>, String> {
    match value {
        None => Ok(Vec::new()),
        Some(Value::String(all)) if all == "*" => Ok(vec![("AWS".to_owned(), "*".to_owned())]),
        Some(Value::Object(kinds)) => {
            let mut principals = Vec::new();
            for (kind, names) in kinds {
                if !["AWS", "Service", "Federated", "CanonicalUser"].contains(&&**kind) {
                    return Err("Syntax errors in policy.".to_owned());
                }
                principals.extend(texts(names)?.into_iter().map(|name| (kind.clone(), name)));
            }
            Ok(principals)
        }
        Some(_) => Err("Syntax errors in policy.".to_owned()),
    }
}

/// Session tags and the tags of users and roles.
pub(crate) type Tags = BTreeMap<String, String>;
