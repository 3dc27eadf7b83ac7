//! Groups and who is in them.

use super::super::wire::{Refusal, Xml, list};
use super::super::world::Kind;
use super::entities::describe;
use super::{Task, done, missing, whole};

impl Task<'_> {
    pub(super) fn add_to_group(mut self) -> Result<Xml, Refusal> {
        let group = self.entity(Kind::Group)?.name.clone();
        self.entity_mut(Kind::User)?.groups.insert(group);
        Ok(done())
    }

    pub(super) fn remove_from_group(mut self) -> Result<Xml, Refusal> {
        let group = self.entity(Kind::Group)?.name.clone();
        if self.entity_mut(Kind::User)?.groups.remove(&group) {
            return Ok(done());
        }
        Err(missing("user", &self.name(Kind::User)?))
    }

    pub(super) fn groups_of_user(&self) -> Result<Xml, Refusal> {
        let names = &self.entity(Kind::User)?.groups;
        let groups = names
            .iter()
            .filter_map(|name| self.account().entity(Kind::Group, name));
        Ok(whole(vec![(
            "Groups",
            list(groups.map(|group| describe(group, false))),
        )]))
    }

    pub(super) fn group_with_users(&self) -> Result<Xml, Refusal> {
        let group = self.entity(Kind::Group)?;
        let members = self
            .account()
            .all(Kind::User)
            .filter(|user| user.groups.contains(&group.name));
        Ok(whole(vec![
            ("Group", describe(group, false)),
            ("Users", list(members.map(|user| describe(user, false)))),
        ]))
    }
}
