//! Managed policies and their versions.
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_managed-versioning.html>

use std::collections::BTreeMap;

use super::super::policy::Document;
use super::super::wire::{Refusal, Xml, list, refuse, tag_list, text};
use super::super::world::{Entity, Kind, Managed, UPPER, random};
use super::entities::document;
use super::{Task, done, malformed, whole};

impl Task<'_> {
    pub(super) fn managed(self) -> Result<Xml, Refusal> {
        match self.call.operation.as_str() {
            "CreatePolicy" => self.create_policy(),
            "GetPolicy" => {
                let policy = self.of_arn()?;
                Ok(Xml::Tree(vec![("Policy", self.describe_policy(policy))]))
            }
            "ListPolicies" => Ok(self.list_managed()),
            "DeletePolicy" => self.delete_managed(),
            "CreatePolicyVersion" => self.create_version(),
            "GetPolicyVersion" => {
                let (policy, number) = (self.of_arn()?, self.version()?);
                let version = version(policy, number, true).ok_or_else(|| self.no_version())?;
                Ok(Xml::Tree(vec![("PolicyVersion", version)]))
            }
            "ListPolicyVersions" => {
                let policy = self.of_arn()?;
                let versions = policy.versions.keys().rev();
                let versions = versions.filter_map(|number| version(policy, *number, false));
                Ok(whole(vec![("Versions", list(versions))]))
            }
            "SetDefaultPolicyVersion" => self.set_default(),
            "DeletePolicyVersion" => self.delete_version(),
            "ListEntitiesForPolicy" => self.entities_of(),
            other => {
                let message = format!("Could not find operation {other} for version 2010-05-08");
                Err(refuse(400, "InvalidAction", message))
            }
        }
    }

    fn create_policy(mut self) -> Result<Xml, Refusal> {
        let (name, path) = (self.policy_name()?, self.path()?);
        let document = self.new_document()?;
        let arn = self
            .world
            .arn("iam", &self.caller.account, &format!("policy{path}{name}"));
        let taken = |policy: &Managed| policy.name.eq_ignore_ascii_case(&name);
        if self.account().policies.values().any(taken) {
            let message =
                format!("A policy called {name} already exists. Duplicate names are not allowed.");
            return Err(refuse(409, "EntityAlreadyExists", message));
        }
        let created = self.world.now();
        let policy = Managed {
            arn: arn.clone(),
            name,
            path,
            id: format!("ANPA{}", random(17, UPPER)),
            description: self.call.get("Description").unwrap_or_default().to_owned(),
            created,
            versions: BTreeMap::from([(1, (document, created))]),
            default: 1,
            tags: self.call.tags()?,
        };
        let xml = self.describe_policy(&policy);
        self.account_mut().policies.insert(arn, policy);
        Ok(Xml::Tree(vec![("Policy", xml)]))
    }

    fn list_managed(&self) -> Xml {
        let scope = self.call.get("Scope").unwrap_or("All");
        let attached = self.call.get("OnlyAttached") == Some("true");
        let prefix = self.call.get("PathPrefix").unwrap_or("/");
        let own = self.account().policies.values().filter(|_| scope != "AWS");
        let aws = self.world.aws_managed.values().filter(|_| scope != "Local");
        let found = own
            .chain(aws)
            .filter(|policy| policy.path.starts_with(prefix))
            .filter(|policy| !attached || self.holders(&policy.arn).next().is_some());
        whole(vec![(
            "Policies",
            list(found.map(|policy| self.describe_policy(policy))),
        )])
    }

    fn delete_managed(mut self) -> Result<Xml, Refusal> {
        let arn = self.own_arn()?;
        let conflict = if self.holders(&arn).next().is_some() {
            Some("Cannot delete a policy attached to entities.")
        } else if self.of_arn()?.versions.len() > 1 {
            Some(
                "This policy has more than one version. Before you delete a policy, you must delete the policy's versions. The default version is deleted with the policy.",
            )
        } else {
            None
        };
        if let Some(message) = conflict {
            return Err(refuse(409, "DeleteConflict", message));
        }
        self.account_mut().policies.remove(&arn);
        Ok(done())
    }

    fn create_version(mut self) -> Result<Xml, Refusal> {
        let arn = self.own_arn()?;
        let document = self.new_document()?;
        let default = self.call.get("SetAsDefault") == Some("true");
        let (now, none) = (self.world.now(), self.no_policy());
        let policy = self.account_mut().policies.get_mut(&arn).ok_or(none)?;
        if policy.versions.len() >= 5 {
            let message = "A managed policy can have up to 5 versions. Before you create a new version, you must delete an existing version.";
            return Err(refuse(409, "LimitExceeded", message));
        }
        let number = policy.versions.keys().last().map_or(1, |last| last + 1);
        policy.versions.insert(number, (document, now));
        if default {
            policy.default = number;
        }
        let version = version(policy, number, false).expect("just inserted");
        Ok(Xml::Tree(vec![("PolicyVersion", version)]))
    }

    fn set_default(mut self) -> Result<Xml, Refusal> {
        let (arn, number) = (self.own_arn()?, self.version()?);
        let (none, unknown) = (self.no_policy(), self.no_version());
        let policy = self.account_mut().policies.get_mut(&arn).ok_or(none)?;
        if !policy.versions.contains_key(&number) {
            return Err(unknown);
        }
        policy.default = number;
        Ok(done())
    }

    fn delete_version(mut self) -> Result<Xml, Refusal> {
        let (arn, number) = (self.own_arn()?, self.version()?);
        let (none, unknown) = (self.no_policy(), self.no_version());
        let policy = self.account_mut().policies.get_mut(&arn).ok_or(none)?;
        if policy.default == number {
            let message = "Cannot delete the default version of a policy.";
            return Err(refuse(409, "DeleteConflict", message));
        }
        policy
            .versions
            .remove(&number)
            .map(|_| done())
            .ok_or(unknown)
    }

    fn entities_of(&self) -> Result<Xml, Refusal> {
        let arn = self.of_arn()?.arn.clone();
        let members = |kind: Kind, name: &'static str, id: &'static str| {
            let of_kind = self
                .account()
                .all(kind)
                .filter(|one| one.attached.contains(&arn));
            list(of_kind.map(|one| Xml::Tree(vec![(name, text(&one.name)), (id, text(&one.id))])))
        };
        Ok(whole(vec![
            ("PolicyGroups", members(Kind::Group, "GroupName", "GroupId")),
            ("PolicyUsers", members(Kind::User, "UserName", "UserId")),
            ("PolicyRoles", members(Kind::Role, "RoleName", "RoleId")),
        ]))
    }

    fn new_document(&self) -> Result<Document, Refusal> {
        let text = self.call.need("PolicyDocument")?;
        if text.chars().filter(|c| !c.is_whitespace()).count() > 6144 {
            let message = "Cannot exceed quota for PolicySize: 6144";
            return Err(refuse(409, "LimitExceeded", message));
        }
        Document::identity(text).map_err(malformed)
    }

    /// Who has the policy, attached or as a boundary.
    fn holders<'a>(&'a self, arn: &'a str) -> impl Iterator<Item = &'a Entity> {
        self.account()
            .entities
            .values()
            .filter(move |one| one.attached.contains(arn) || one.boundary.as_deref() == Some(arn))
    }

    fn of_arn(&self) -> Result<&Managed, Refusal> {
        let arn = self.call.need("PolicyArn")?;
        let found = self.world.managed(&self.caller.account, arn);
        found.ok_or_else(|| self.no_policy())
    }

    /// The ARN of a policy that the account may change: not AWS's.
    fn own_arn(&self) -> Result<String, Refusal> {
        let arn = self.of_arn()?.arn.clone();
        if self.account().policies.contains_key(&arn) {
            return Ok(arn);
        }
        let message = format!("Policy {arn} is managed by AWS and cannot be changed.");
        Err(refuse(403, "AccessDenied", message))
    }

    fn no_policy(&self) -> Refusal {
        let arn = self.call.get("PolicyArn").unwrap_or_default();
        refuse(404, "NoSuchEntity", format!("Policy {arn} was not found."))
    }

    fn no_version(&self) -> Refusal {
        let arn = self.call.get("PolicyArn").unwrap_or_default();
        let version = self.call.get("VersionId").unwrap_or_default();
        let message =
            format!("Policy {arn} version {version} does not exist or is not attachable.");
        refuse(404, "NoSuchEntity", message)
    }

    fn version(&self) -> Result<u32, Refusal> {
        let version = self.call.need("VersionId")?;
        let number = version
            .strip_prefix('v')
            .and_then(|number| number.parse().ok());
        number.ok_or_else(|| self.no_version())
    }

    fn describe_policy(&self, policy: &Managed) -> Xml {
        let attached = |one: &&Entity| one.attached.contains(&policy.arn);
        let count = self.account().entities.values().filter(attached).count();
        let mut fields = vec![
            ("PolicyName", text(&policy.name)),
            ("PolicyId", text(&policy.id)),
            ("Arn", text(&policy.arn)),
            ("Path", text(&policy.path)),
            ("DefaultVersionId", text(format!("v{}", policy.default))),
            ("AttachmentCount", text(count)),
            ("PermissionsBoundaryUsageCount", text(0)),
            ("IsAttachable", text(true)),
            ("CreateDate", text(policy.created)),
            ("UpdateDate", text(policy.versions[&policy.default].1)),
        ];
        if !policy.description.is_empty() {
            fields.push(("Description", text(&policy.description)));
        }
        if !policy.tags.is_empty() {
            fields.push(("Tags", tag_list(&policy.tags)));
        }
        Xml::Tree(fields)
    }
}

fn version(policy: &Managed, number: u32, full: bool) -> Option<Xml> {
    let (text_of, created) = policy.versions.get(&number)?;
    let mut fields = vec![
        ("VersionId", text(format!("v{number}"))),
        ("IsDefaultVersion", text(policy.default == number)),
        ("CreateDate", text(created)),
    ];
    if full {
        fields.push(("Document", document(&text_of.text)));
    }
    Some(Xml::Tree(fields))
}
