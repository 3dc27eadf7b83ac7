//! Roles: their trust policies and session durations.
//! <https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html>

use std::collections::BTreeMap;

use super::super::policy::Document;
use super::super::wire::{Refusal, Xml};
use super::super::world::{Kind, Trust};
use super::entities::describe;
use super::{Task, done, malformed};

/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html>
const LONGEST_TRUST: usize = 2048;

/// Whom a principal of a trust policy means.
enum Meant {
    /// The user or role with this id.
    Entity(String),
    /// An account, a session, everyone.
    Others,
}

impl Task<'_> {
    pub(super) fn create_role(mut self) -> Result<Xml, Refusal> {
        let document = self.call.need("AssumeRolePolicyDocument")?;
        let max_session = self.call.number("MaxSessionDuration", (3600, 43_200))?;
        let mut role = self.fresh(Kind::Role)?;
        role.trust = Some(self.trust(document)?);
        role.max_session = max_session.unwrap_or(3600);
        self.call
            .get("Description")
            .unwrap_or_default()
            .clone_into(&mut role.description);
        let xml = describe(&role, true);
        self.account_mut().insert(Kind::Role, role);
        Ok(Xml::Tree(vec![("Role", xml)]))
    }

    pub(super) fn update_trust(mut self) -> Result<Xml, Refusal> {
        let document = self.call.need("PolicyDocument")?;
        self.entity(Kind::Role)?;
        let trust = self.trust(document)?;
        self.entity_mut(Kind::Role)?.trust = Some(trust);
        Ok(done())
    }

    pub(super) fn update_role(mut self) -> Result<Xml, Refusal> {
        let max_session = self.call.number("MaxSessionDuration", (3600, 43_200))?;
        let description = self.call.get("Description").map(str::to_owned);
        let role = self.entity_mut(Kind::Role)?;
        role.max_session = max_session.unwrap_or(3600);
        if let Some(description) = description {
            role.description = description;
        }
        // Unlike its kin, this answer has a result, which is empty.
        Ok(Xml::Text(String::new()))
    }

    pub(super) fn update_role_description(mut self) -> Result<Xml, Refusal> {
        let description = self.call.need("Description")?.to_owned();
        let role = self.entity_mut(Kind::Role)?;
        role.description = description;
        Ok(Xml::Tree(vec![("Role", describe(role, true))]))
    }

    /// A trust policy whose principals exist.
    fn trust(&self, text: &str) -> Result<Trust, Refusal> {
        let size = text.chars().filter(|c| !c.is_whitespace()).count();
        if size > LONGEST_TRUST {
            let message = format!("Cannot exceed quota for ACLSizePerRole: {LONGEST_TRUST}");
            return Err(super::super::wire::refuse(409, "LimitExceeded", message));
        }
        let document = Document::trust(text).map_err(malformed)?;
        let mut ids = BTreeMap::new();
        for (kind, name) in document.statements.iter().flat_map(|one| &one.principals) {
            let invalid = || {
                malformed(format!(
                    "Invalid principal in policy: \"{kind}\":\"{name}\""
                ))
            };
            match kind.as_str() {
                "AWS" => match self.principal(name).ok_or_else(invalid)? {
                    Meant::Entity(id) => {
                        ids.insert(name.clone(), id);
                    }
                    Meant::Others => {}
                },
                "Service" if !name.contains('.') => return Err(invalid()),
                "Federated" if !name.starts_with("arn:") && !name.contains('.') => {
                    return Err(invalid());
                }
                _ => {}
            }
        }
        Ok(Trust { document, ids })
    }

    /// What a principal means; nothing if there is no such principal.
    fn principal(&self, name: &str) -> Option<Meant> {
        let accounts = &self.world.accounts;
        if name == "*" || accounts.contains_key(name) {
            return Some(Meant::Others);
        }
        let parts: Vec<&str> = name.splitn(6, ':').collect();
        let ["arn", partition, service, "", account, resource] = parts[..] else {
            return None;
        };
        let account = accounts
            .get(account)
            .filter(|_| partition == self.world.partition)?;
        match (service, resource.split_once('/')) {
            ("iam", None) if resource == "root" => Some(Meant::Others),
            ("iam", Some(("user" | "role", _))) => {
                let entity = account.entities.values().find(|one| one.arn == name)?;
                Some(Meant::Entity(entity.id.clone()))
            }
            ("sts", Some(("assumed-role", session))) => {
                let (role, session) = session.split_once('/')?;
                account.entity(Kind::Role, role)?;
                (!session.is_empty() && !session.contains('*')).then_some(Meant::Others)
            }
            ("sts", Some(("federated-user", _))) => Some(Meant::Others),
            _ => None,
        }
    }
}

impl Trust {
    /// The document as it was sent.
    pub(super) fn shown(&self) -> String {
        self.document.text.clone()
    }
}
