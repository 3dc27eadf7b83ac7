//! `SimulatePrincipalPolicy`: what the policies of a user, group or role say, by the same evaluation as everything else.
//! <https://docs.aws.amazon.com/IAM/latest/APIReference/API_SimulatePrincipalPolicy.html>

use super::super::conditions::Context;
use super::super::policy::{Saying, say};
use super::super::wire::{Refusal, Xml, list, refuse, text};
use super::super::world::Managed;
use super::{Task, whole};

impl Task<'_> {
    pub(super) fn simulate(&self) -> Result<Xml, Refusal> {
        let source = self.call.need("PolicySourceArn")?;
        let mut entities = self.account().entities.values();
        let none = || {
            refuse(
                404,
                "NoSuchEntity",
                format!("The entity {source} cannot be found."),
            )
        };
        let entity = entities.find(|one| one.arn == source).ok_or_else(none)?;
        let actions = self.call.members("ActionNames", "");
        if actions.is_empty() {
            self.call.need("ActionNames")?;
        }
        let mut resources = self.call.members("ResourceArns", "");
        if resources.is_empty() {
            resources.push("*");
        }
        let context = self.simulated_context(source);
        let documents = self.documents(entity);
        let boundary = entity
            .boundary
            .as_ref()
            .map(|arn| self.world.managed(&self.caller.account, arn));
        let mut results = Vec::new();
        for action in actions {
            for resource in &resources {
                let own = say(documents.iter().copied(), action, resource, &context);
                let limit = boundary
                    .map(|policy| say(policy.map(Managed::document), action, resource, &context));
                results.push(result(action, resource, own, limit));
            }
        }
        Ok(whole(vec![("EvaluationResults", list(results))]))
    }

    /// The keys that were sent, and the ones that follow from who is asked about.
    fn simulated_context(&self, source: &str) -> Context {
        let mut context = Context::default();
        context.set("aws:PrincipalArn", source);
        if let Some((_, name)) = source.split_once(":user/") {
            context.set("aws:username", name.rsplit('/').next().unwrap_or_default());
        }
        for (at, key) in self
            .call
            .members("ContextEntries", "ContextKeyName")
            .iter()
            .enumerate()
        {
            let values = format!("ContextEntries.member.{}.ContextKeyValues", at + 1);
            let values = self.call.members(&values, "");
            context.set_all(key, values.into_iter().map(str::to_owned));
        }
        context
    }
}

/// One row of the answer, from what the identity policies and the boundary, if there is one, say.
fn result(action: &str, resource: &str, own: Saying, limit: Option<Saying>) -> Xml {
    let decision = match (own, limit) {
        (Saying::Deny, _) | (_, Some(Saying::Deny)) => "explicitDeny",
        (Saying::Allow, None | Some(Saying::Allow)) => "allowed",
        _ => "implicitDeny",
    };
    Xml::Tree(vec![
        ("EvalActionName", text(action)),
        ("EvalResourceName", text(resource)),
        ("EvalDecision", text(decision)),
        ("MatchedStatements", list([])),
        ("MissingContextValues", list([])),
    ])
}
