//! Access keys of users: two at most. <https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_access-keys.html>

use super::super::wire::{Refusal, Xml, constraint, list, refuse, text};
use super::super::world::{Key, Kind};
use super::{Task, done, whole};

impl Task<'_> {
    pub(super) fn create_key(mut self) -> Result<Xml, Refusal> {
        if self.entity(Kind::User)?.keys.len() >= 2 {
            let message = "Cannot exceed quota for AccessKeysPerUser: 2";
            return Err(refuse(409, "LimitExceeded", message));
        }
        let key = self.world.new_key();
        let user = self.entity_mut(Kind::User)?;
        let mut fields = fields(&user.name, &key);
        fields.insert(3, ("SecretAccessKey", text(&key.secret)));
        user.keys.push(key);
        Ok(Xml::Tree(vec![("AccessKey", Xml::Tree(fields))]))
    }

    pub(super) fn list_keys(&self) -> Result<Xml, Refusal> {
        let user = self.entity(Kind::User)?;
        let keys = user
            .keys
            .iter()
            .map(|key| Xml::Tree(fields(&user.name, key)));
        Ok(whole(vec![("AccessKeyMetadata", list(keys))]))
    }

    pub(super) fn update_key(mut self) -> Result<Xml, Refusal> {
        let status = self.call.need("Status")?;
        if !["Active", "Inactive"].contains(&status) {
            return Err(constraint(
                status,
                "status",
                "satisfy enum value set: [Active, Inactive]",
            ));
        }
        let at = self.key()?;
        self.entity_mut(Kind::User)?.keys[at].active = status == "Active";
        Ok(done())
    }

    pub(super) fn delete_key(mut self) -> Result<Xml, Refusal> {
        let at = self.key()?;
        self.entity_mut(Kind::User)?.keys.remove(at);
        Ok(done())
    }

    pub(super) fn key_last_used(&self) -> Result<Xml, Refusal> {
        let id = self.call.need("AccessKeyId")?;
        let mut users = self.account().all(Kind::User);
        let found = users.find_map(|user| Some((user, user.keys.iter().find(|key| key.id == id)?)));
        let Some((user, key)) = found else {
            let message = format!("User with access key {id} does not exist");
            return Err(refuse(403, "AccessDenied", message));
        };
        let last = match &key.used {
            Some((time, service, region)) => vec![
                ("LastUsedDate", text(time)),
                ("ServiceName", text(service)),
                ("Region", text(region)),
            ],
            None => vec![("ServiceName", text("N/A")), ("Region", text("N/A"))],
        };
        Ok(Xml::Tree(vec![
            ("UserName", text(&user.name)),
            ("AccessKeyLastUsed", Xml::Tree(last)),
        ]))
    }

    /// Where the named key is among the user's.
    fn key(&self) -> Result<usize, Refusal> {
        let id = self.call.need("AccessKeyId")?;
        let found = self
            .entity(Kind::User)?
            .keys
            .iter()
            .position(|key| key.id == id);
        let message = format!("The Access Key with id {id} cannot be found.");
        found.ok_or_else(|| refuse(404, "NoSuchEntity", message))
    }
}

fn fields(user: &str, key: &Key) -> Vec<(&'static str, Xml)> {
    let status = if key.active { "Active" } else { "Inactive" };
    vec![
        ("UserName", text(user)),
        ("AccessKeyId", text(&key.id)),
        ("Status", text(status)),
        ("CreateDate", text(key.created)),
    ]
}
