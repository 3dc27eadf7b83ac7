//! Policies of users, groups and roles: inline ones, and managed ones that are attached.

use super::super::policy::Document;
use super::super::wire::{Refusal, Xml, list, refuse, text};
use super::super::world::Kind;
use super::entities::document;
use super::{Task, done, malformed, whole};

impl Task<'_> {
    pub(super) fn put_policy(mut self, kind: Kind) -> Result<Xml, Refusal> {
        let name = self.policy_name()?;
        let text = self.call.need("PolicyDocument")?;
        self.entity(kind)?;
        let document = Document::identity(text).map_err(malformed)?;
        // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
        let most = match kind {
            Kind::User => 2048,
            Kind::Group => 5120,
            Kind::Role => 10_240,
        };
        let holder = self.entity_mut(kind)?;
        let others = holder.inline.iter().filter(|(other, _)| **other != name);
        let size = |text: &str| text.chars().filter(|c| !c.is_whitespace()).count();
        let sum = size(text) + others.map(|(_, one)| size(&one.text)).sum::<usize>();
        if sum > most {
            let message = format!(
                "Maximum policy size of {most} bytes exceeded for {} {}",
                kind.word(),
                holder.name
            );
            return Err(refuse(409, "LimitExceeded", message));
        }
        holder.inline.insert(name, document);
        Ok(done())
    }

    pub(super) fn show_policy(&self, kind: Kind) -> Result<Xml, Refusal> {
        let name = self.policy_name()?;
        let holder = self.entity(kind)?;
        let policy = holder
            .inline
            .get(&name)
            .ok_or_else(|| no_policy(kind, &name))?;
        let named = match kind {
            Kind::User => "UserName",
            Kind::Group => "GroupName",
            Kind::Role => "RoleName",
        };
        Ok(Xml::Tree(vec![
            (named, text(&holder.name)),
            ("PolicyName", text(name)),
            ("PolicyDocument", document(&policy.text)),
        ]))
    }

    pub(super) fn delete_policy(mut self, kind: Kind) -> Result<Xml, Refusal> {
        let name = self.policy_name()?;
        let gone = self.entity_mut(kind)?.inline.remove(&name);
        gone.map(|_| done()).ok_or_else(|| no_policy(kind, &name))
    }

    pub(super) fn list_policies(&self, kind: Kind) -> Result<Xml, Refusal> {
        let names = self.entity(kind)?.inline.keys();
        Ok(whole(vec![("PolicyNames", list(names.map(text)))]))
    }

    pub(super) fn attach(mut self, kind: Kind) -> Result<Xml, Refusal> {
        let arn = self.call.need("PolicyArn")?;
        self.entity(kind)?;
        let arn = self.existing_policy(arn)?;
        let attached = &mut self.entity_mut(kind)?.attached;
        if attached.len() >= 10 && !attached.contains(&arn) {
            let message = format!("Cannot exceed quota for PoliciesPer{}: 10", kind.title());
            return Err(refuse(409, "LimitExceeded", message));
        }
        attached.insert(arn);
        Ok(done())
    }

    pub(super) fn detach(mut self, kind: Kind) -> Result<Xml, Refusal> {
        let arn = self.call.need("PolicyArn")?;
        if self.entity_mut(kind)?.attached.remove(arn) {
            return Ok(done());
        }
        Err(refuse(
            404,
            "NoSuchEntity",
            format!("Policy {arn} was not found."),
        ))
    }

    pub(super) fn list_attached(&self, kind: Kind) -> Result<Xml, Refusal> {
        let arns = self.entity(kind)?.attached.iter();
        let policies = arns.map(|arn| {
            let name = arn.rsplit('/').next().unwrap_or_default();
            Xml::Tree(vec![("PolicyName", text(name)), ("PolicyArn", text(arn))])
        });
        Ok(whole(vec![("AttachedPolicies", list(policies))]))
    }

    /// The ARN of a managed policy, if there is one.
    pub(super) fn existing_policy(&self, arn: &str) -> Result<String, Refusal> {
        if self.world.managed(&self.caller.account, arn).is_some() {
            return Ok(arn.to_owned());
        }
        if !arn.starts_with("arn:") {
            return Err(refuse(
                400,
                "InvalidInput",
                format!("ARN {arn} is not valid."),
            ));
        }
        let message = format!("Policy {arn} does not exist or is not attachable.");
        Err(refuse(404, "NoSuchEntity", message))
    }

    pub(super) fn policy_name(&self) -> Result<String, Refusal> {
        self.call.need("PolicyName")?;
        let name = self.call.word("PolicyName", (1, 128), "+=,.@-")?;
        Ok(name.unwrap_or_default().to_owned())
    }
}

fn no_policy(kind: Kind, name: &str) -> Refusal {
    let message = format!(
        "The {} policy with name {name} cannot be found.",
        kind.word()
    );
    refuse(404, "NoSuchEntity", message)
}
