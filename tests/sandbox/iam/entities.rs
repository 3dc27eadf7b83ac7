//! What users, groups and roles have in common: they are made, described, tagged, bounded and deleted.

use super::super::decide;
use super::super::wire::{Refusal, Xml, list, refuse, tag_list, text};
use super::super::world::{Entity, Kind, Who};
use super::{Task, done, missing, whole};

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

impl Task<'_> {
    pub(super) fn create(mut self, kind: Kind) -> Result<Xml, Refusal> {
        let entity = self.fresh(kind)?;
        let xml = describe(&entity, true);
        self.account_mut().insert(kind, entity);
        Ok(Xml::Tree(vec![(kind.title(), xml)]))
    }

    /// A new entity by the parameters. Its name must be free, whatever the case of the letters.
    pub(super) fn fresh(&self, kind: Kind) -> Result<Entity, Refusal> {
        let parameter = format!("{}Name", kind.title());
        self.call.need(&parameter)?;
        let name = self
            .call
            .word(&parameter, (1, 64), "+=,.@-")?
            .unwrap_or_default();
        let path = self.path()?;
        if self.account().entity(kind, name).is_some() {
            let message = format!("{} with name {name} already exists.", kind.title());
            return Err(refuse(409, "EntityAlreadyExists", message));
        }
        let mut entity = self.world.entity(&self.caller.account, kind, &path, name);
        entity.tags = self.call.tags()?;
        if let Some(boundary) = self.call.get("PermissionsBoundary") {
            entity.boundary = Some(self.existing_policy(boundary)?);
        }
        Ok(entity)
    }

    pub(super) fn path(&self) -> Result<String, Refusal> {
        let path = self.call.get("Path").unwrap_or("/");
        let lawful = |c: char| ('!'..='\u{7e}').contains(&c);
        if path.starts_with('/')
            && path.ends_with('/')
            && path.len() <= 512
            && path.chars().all(lawful)
        {
            return Ok(path.to_owned());
        }
        let message = "The specified value for path is invalid. It must begin and end with / and contain only \
             alphanumeric characters and/or / characters.";
        Err(refuse(400, "ValidationError", message))
    }

    /// The name that the operation is about; of users, the caller's if none was sent.
    pub(super) fn name(&self, kind: Kind) -> Result<String, Refusal> {
        let parameter = format!("{}Name", kind.title());
        match (&self.caller.who, self.call.get(&parameter)) {
            (Who::User(own), None) if kind == Kind::User => Ok(own.clone()),
            (_, None) if kind == Kind::User => {
                let message = "Must specify userName when calling with non-User credentials";
                Err(refuse(400, "ValidationError", message))
            }
            _ => self.call.need(&parameter).map(str::to_owned),
        }
    }

    pub(super) fn entity(&self, kind: Kind) -> Result<&Entity, Refusal> {
        let name = self.name(kind)?;
        let found = self.account().entity(kind, &name);
        found.ok_or_else(|| missing(kind.word(), &name))
    }

    pub(super) fn entity_mut(&mut self, kind: Kind) -> Result<&mut Entity, Refusal> {
        let name = self.name(kind)?;
        let found = self.account_mut().entity_mut(kind, &name);
        found.ok_or_else(|| missing(kind.word(), &name))
    }

    pub(super) fn describe(&self, kind: Kind) -> Result<Xml, Refusal> {
        let xml = describe(self.entity(kind)?, true);
        Ok(Xml::Tree(vec![(kind.title(), xml)]))
    }

    pub(super) fn list_all(&self, kind: Kind, name: &'static str) -> Xml {
        let prefix = self.call.get("PathPrefix").unwrap_or("/");
        let all = self.account().all(kind);
        let found = all.filter(|entity| entity.path.starts_with(prefix));
        whole(vec![(
            name,
            list(found.map(|entity| describe(entity, false))),
        )])
    }

    /// <https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteUser.html>: what hangs on it must go first.
    pub(super) fn delete(mut self, kind: Kind) -> Result<Xml, Refusal> {
        let entity = self.entity(kind)?;
        let name = entity.name.clone();
        let members = self
            .account()
            .all(Kind::User)
            .any(|user| user.groups.contains(&name));
        let mut devices = self.account().devices.values();
        let owned = devices.any(|device| {
            device
                .owner
                .as_ref()
                .is_some_and(|(owner, _)| *owner == name)
        });
        let conflict = if !entity.inline.is_empty() {
            Some("must delete policies first.")
        } else if !entity.attached.is_empty() {
            Some("must detach all policies first.")
        } else if !entity.keys.is_empty() {
            Some("must delete access keys first.")
        } else if kind == Kind::User && owned {
            Some("must delete MFA device first.")
        } else if !entity.groups.is_empty() || (kind == Kind::Group && members) {
            Some("must remove users from group first.")
        } else {
            None
        };
        if let Some(conflict) = conflict {
            let message = format!("Cannot delete entity, {conflict}");
            return Err(refuse(409, "DeleteConflict", message));
        }
        self.account_mut()
            .entities
            .remove(&(kind, name.to_lowercase()));
        Ok(done())
    }

    pub(super) fn tag(mut self, kind: Kind) -> Result<Xml, Refusal> {
        let tags = self.call.tags()?;
        let entity = self.entity_mut(kind)?;
        for (key, value) in tags {
            entity
                .tags
                .retain(|other, _| !other.eq_ignore_ascii_case(&key));
            entity.tags.insert(key, value);
        }
        Ok(done())
    }

    pub(super) fn untag(mut self, kind: Kind) -> Result<Xml, Refusal> {
        let call = self.call;
        let keys = call.members("TagKeys", "");
        let gone = |tag: &String| keys.iter().any(|key| tag.eq_ignore_ascii_case(key));
        self.entity_mut(kind)?.tags.retain(|tag, _| !gone(tag));
        Ok(done())
    }

    pub(super) fn list_tags(&self, kind: Kind) -> Result<Xml, Refusal> {
        Ok(whole(vec![("Tags", tag_list(&self.entity(kind)?.tags))]))
    }

    pub(super) fn put_boundary(mut self, kind: Kind) -> Result<Xml, Refusal> {
        let arn = self.call.need("PermissionsBoundary")?;
        let boundary = self.existing_policy(arn)?;
        self.entity_mut(kind)?.boundary = Some(boundary);
        Ok(done())
    }

    pub(super) fn delete_boundary(mut self, kind: Kind) -> Result<Xml, Refusal> {
        self.entity_mut(kind)?.boundary = None;
        Ok(done())
    }

    /// What IAM policies of one entity say, for the simulator.
    pub(super) fn documents<'a>(
        &'a self,
        entity: &'a Entity,
    ) -> Vec<&'a super::super::policy::Document> {
        decide::policies(self.world, &self.caller.account, entity)
    }
}

/// An entity as `Get…` shows it in full, and lists without tags and boundary.
pub(super) fn describe(entity: &Entity, full: bool) -> Xml {
    let names = match entity.id.get(..4) {
        Some("AIDA") => ["UserName", "UserId"],
        Some("AGPA") => ["GroupName", "GroupId"],
        _ => ["RoleName", "RoleId"],
    };
    let mut fields = vec![
        ("Path", text(&entity.path)),
        (names[0], text(&entity.name)),
        (names[1], text(&entity.id)),
        ("Arn", text(&entity.arn)),
        ("CreateDate", text(entity.created)),
    ];
    if let Some(trust) = &entity.trust {
        fields.push(("AssumeRolePolicyDocument", document(&trust.shown())));
        if !entity.description.is_empty() {
            fields.push(("Description", text(&entity.description)));
        }
        fields.push(("MaxSessionDuration", text(entity.max_session)));
    }
    if full {
        if let Some(boundary) = &entity.boundary {
            let boundary = vec![
                ("PermissionsBoundaryType", text("Policy")),
                ("PermissionsBoundaryArn", text(boundary)),
            ];
            fields.push(("PermissionsBoundary", Xml::Tree(boundary)));
        }
        if !entity.tags.is_empty() {
            fields.push(("Tags", tag_list(&entity.tags)));
        }
    }
    Xml::Tree(fields)
}

/// A policy document as IAM sends it: percent-encoded.
pub(super) fn document(json: &str) -> Xml {
    text(utf8_percent_encode(json, NON_ALPHANUMERIC))
}
