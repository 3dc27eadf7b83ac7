//! What the operations that give out a role's session have in common: parameters, the conditions that these bring, the
//! session. <https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_request.html>

use std::collections::BTreeSet;

use super::super::conditions::Context;
use super::super::policy::{Document, Tags};
use super::super::wire::{Call, Refusal, Xml, constraint, invalid, text};
use super::super::world::{Claims, Entity, Kind, Session, Who, World};
use super::{blank, remember};

/// A role's session that is asked for.
pub(super) struct RoleSession {
    pub(super) name: String,
    pub(super) seconds: i64,
    pub(super) source_identity: Option<String>,
    pub(super) policies: Vec<Document>,
    pub(super) packed: Option<usize>,
    pub(super) tags: Tags,
    pub(super) transitive: BTreeSet<String>,
    pub(super) claims: Claims,
}

impl RoleSession {
    /// Adds to the circumstances what is known of the role and of its session.
    /// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html>
    pub(super) fn add_to(&self, context: &mut Context, role: &Entity) {
        context.set("sts:RoleSessionName", &self.name);
        if let Some(source) = &self.source_identity {
            context.set("sts:SourceIdentity", source);
        }
        for (key, value) in &self.tags {
            context.set(&format!("aws:RequestTag/{key}"), value);
        }
        context.set_all("aws:TagKeys", self.tags.keys().cloned());
        context.set_all("sts:TransitiveTagKeys", self.transitive.iter().cloned());
        for (key, value) in &role.tags {
            context.set(&format!("aws:ResourceTag/{key}"), value);
            context.set(&format!("iam:ResourceTag/{key}"), value);
        }
        context.set("aws:ResourceAccount", account_of(&role.arn));
        for (key, values) in &self.claims {
            context.set_all(key, values.iter().cloned());
        }
    }

    /// No session is longer than its role allows.
    pub(super) fn require_length(&self, role: &Entity) -> Result<(), Refusal> {
        if self.seconds <= role.max_session {
            return Ok(());
        }
        Err(invalid(
            "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.",
        ))
    }

    /// Opens the session; what all answers tell of it.
    pub(super) fn issue(self, world: &mut World, role: &Entity) -> Vec<(&'static str, Xml)> {
        let account = account_of(&role.arn).to_owned();
        let resource = format!("assumed-role/{}/{}", role.name, self.name);
        let session = Session {
            arn: world.arn("sts", &account, &resource),
            user_id: format!("{}:{}", role.id, self.name),
            who: Who::Role(role.name.clone()),
            policies: self.policies,
            tags: self.tags,
            transitive: self.transitive,
            source_identity: self.source_identity.clone(),
            claims: self.claims,
            ..blank(world, account, self.seconds)
        };
        let user = vec![
            ("AssumedRoleId", text(&session.user_id)),
            ("Arn", text(&session.arn)),
        ];
        let mut result = vec![
            ("AssumedRoleUser", Xml::Tree(user)),
            ("Credentials", remember(world, session)),
        ];
        result.extend(self.packed.map(|packed| ("PackedPolicySize", text(packed))));
        let source = self.source_identity;
        result.extend(source.map(|source| ("SourceIdentity", text(source))));
        result
    }
}

/// A parameter that has to be there, of a length within bounds.
pub(super) fn sized<'a>(
    call: &'a Call,
    parameter: &str,
    (least, most): (usize, usize),
) -> Result<&'a str, Refusal> {
    let value = call.need(parameter)?;
    let wish = match value.chars().count() {
        short if short < least => format!("have length greater than or equal to {least}"),
        long if long > most => format!("have length less than or equal to {most}"),
        _ => return Ok(value),
    };
    Err(constraint(value, parameter, &wish))
}

/// The account of an ARN that has the parts of one.
pub(super) fn require_arn(arn: &str) -> Result<&str, Refusal> {
    if arn.starts_with("arn:") && arn.split(':').count() >= 6 {
        return Ok(account_of(arn));
    }
    Err(invalid(format!("{arn} is invalid")))
}

/// The role of this ARN, wherever it is.
pub(super) fn find_role(world: &World, arn: &str) -> Option<Entity> {
    let account = world.accounts.get(account_of(arn))?;
    account
        .all(Kind::Role)
        .find(|role| role.arn == arn)
        .cloned()
}

/// The account that an ARN names; empty if it names none.
pub(super) fn account_of(arn: &str) -> &str {
    arn.split(':').nth(4).unwrap_or_default()
}
