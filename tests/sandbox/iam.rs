//! IAM: from the name of an operation to what does it, after the caller was found to be allowed.
//! <https://docs.aws.amazon.com/IAM/latest/APIReference/API_Operations.html>

#[path = "iam/devices.rs"]
mod devices;
#[path = "iam/entities.rs"]
mod entities;
#[path = "iam/groups.rs"]
mod groups;
#[path = "iam/keys.rs"]
mod keys;
#[path = "iam/managed.rs"]
mod managed;
#[path = "iam/policies.rs"]
mod policies;
#[path = "iam/providers.rs"]
mod providers;
#[path = "iam/roles.rs"]
mod roles;
#[path = "iam/saml_providers.rs"]
mod saml_providers;
#[path = "iam/simulate.rs"]
mod simulate;

use super::decide;
use super::rejections::invalid_token;
use super::signature::Caller;
use super::wire::{Call, Refusal, Xml, list, refuse, text};
use super::world::{Account, Kind, Who, World};

/// An IAM operation that is about to be done in the caller's account.
struct Task<'a> {
    world: &'a mut World,
    caller: &'a Caller,
    call: &'a Call,
}

/// The result of an IAM operation.
pub(crate) fn answer(world: &mut World, caller: &Caller, call: &Call) -> Result<Xml, Refusal> {
    let session = caller.session.as_ref();
    // Sessions of GetSessionToken may call IAM only with MFA.
    if session.is_some_and(|one| one.mfa.is_none() && !matches!(one.who, Who::Role(_))) {
        return Err(invalid_token());
    }
    let task = Task {
        world,
        caller,
        call,
    };
    task.allowed()?;
    page(call, task.run()?)
}

/// Does an operation as the root user of an account, without the wire.
pub(crate) fn direct(
    world: &mut World,
    account: &str,
    operation: &str,
    parameters: &[(&str, &str)],
) -> Result<(), String> {
    let caller = Caller {
        account: account.to_owned(),
        arn: world.arn("iam", account, "root"),
        user_id: account.to_owned(),
        who: Who::Root,
        session: None,
    };
    let text = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
    let call = Call {
        method: "POST".to_owned(),
        path: "/".to_owned(),
        query: String::new(),
        headers: hyper::HeaderMap::new(),
        body: hyper::body::Bytes::new(),
        source_ip: "127.0.0.1".to_owned(),
        service: "iam".to_owned(),
        region: "us-east-1".to_owned(),
        operation: operation.to_owned(),
        parameters: parameters.iter().map(text).collect(),
    };
    let done = answer(world, &caller, &call);
    done.map(|_| ())
        .map_err(|refusal| format!("{}: {}", refusal.code, refusal.message))
}

impl Task<'_> {
    /// By the caller's policies, on the resource that the parameters name.
    fn allowed(&self) -> Result<(), Refusal> {
        let (resource, named) = self.resource();
        let mut context = self.caller.context(self.world, self.call);
        if let Some((kind, name)) = self.holder()
            && let Some(entity) = self.account().entity(kind, name)
        {
            for (key, value) in &entity.tags {
                context.set(&format!("aws:ResourceTag/{key}"), value);
                context.set(&format!("iam:ResourceTag/{key}"), value);
            }
        }
        if let Some(arn) = self.call.get("PolicyArn") {
            context.set("iam:PolicyARN", arn);
        }
        if let Some(arn) = self.call.get("PermissionsBoundary") {
            context.set("iam:PermissionsBoundary", arn);
        }
        let action = format!("iam:{}", self.call.operation);
        decide::require(
            self.world,
            self.caller,
            &action,
            (&resource, &named),
            &context,
        )
    }

    /// The ARN that policies are asked about, and how a message calls it (`user James`, as IAM does).
    fn resource(&self) -> (String, String) {
        let operation = &self.call.operation;
        if let Some((kind, name)) = self.holder() {
            let path = self.call.get("Path").unwrap_or("/");
            let new = || {
                let rest = format!("{}{path}{name}", kind.word());
                self.world.arn("iam", &self.caller.account, &rest)
            };
            let known = self.account().entity(kind, name);
            let arn = known.map_or_else(new, |entity| entity.arn.clone());
            let named = if operation.starts_with("Create") && *operation != "CreateAccessKey" {
                arn.clone()
            } else {
                format!("{} {name}", kind.word())
            };
            return (arn, named);
        }
        match self.collection() {
            Some(arn) => (arn.clone(), arn),
            None => self.sent_resource(),
        }
    }

    /// The ARN of a kind of thing that is listed, or of what is made.
    fn collection(&self) -> Option<String> {
        let sent = |parameter| self.call.get(parameter).unwrap_or_default();
        let made = |kind: &str, parameter| {
            let path = self.call.get("Path").unwrap_or("/");
            format!("{kind}{path}{}", sent(parameter))
        };
        let rest = match self.call.operation.as_str() {
            "ListUsers" => "user/".to_owned(),
            "ListRoles" => "role/".to_owned(),
            "ListGroups" => "group/".to_owned(),
            "ListVirtualMFADevices" => "mfa/".to_owned(),
            "ListOpenIDConnectProviders" => "oidc-provider/".to_owned(),
            "ListSAMLProviders" => "saml-provider/".to_owned(),
            "CreateSAMLProvider" => return Some(self.saml_arn(sent("Name"))),
            "ListPolicies" => "policy/".to_owned(),
            "CreatePolicy" => made("policy", "PolicyName"),
            "CreateVirtualMFADevice" => made("mfa", "VirtualMFADeviceName"),
            "CreateOpenIDConnectProvider" => return Some(self.oidc_arn(sent("Url"))),
            _ => return None,
        };
        Some(self.world.arn("iam", &self.caller.account, &rest))
    }

    /// What a parameter says itself: an ARN, or nothing in particular.
    fn sent_resource(&self) -> (String, String) {
        let sent = [
            "PolicyArn",
            "PolicySourceArn",
            "SerialNumber",
            "OpenIDConnectProviderArn",
            "SAMLProviderArn",
        ];
        let sent = sent.iter().find_map(|name| self.call.get(name));
        let sent = sent.unwrap_or("*").to_owned();
        let named = if sent.contains(":policy/") {
            format!("policy {sent}")
        } else {
            sent.clone()
        };
        (sent, named)
    }

    /// The user, group or role that the operation is about; the caller themself where IAM takes them for granted.
    fn holder(&self) -> Option<(Kind, &str)> {
        let operation = &self.call.operation;
        let named = |kind: Kind| Some((kind, self.call.get(&format!("{}Name", kind.title()))?));
        if operation.ends_with("UserToGroup") || operation.ends_with("UserFromGroup") {
            return named(Kind::Group);
        }
        let own = [
            "GetUser",
            "CreateAccessKey",
            "ListAccessKeys",
            "UpdateAccessKey",
            "DeleteAccessKey",
            "ListMFADevices",
        ];
        named(Kind::User)
            .or_else(|| named(Kind::Role))
            .or_else(|| named(Kind::Group))
            .or(match &self.caller.who {
                Who::User(name) if own.contains(&&**operation) => Some((Kind::User, name)),
                _ => None,
            })
    }

    fn run(self) -> Result<Xml, Refusal> {
        match self.call.operation.as_str() {
            "CreateUser" => self.create(Kind::User),
            "CreateGroup" => self.create(Kind::Group),
            "CreateRole" => self.create_role(),
            "GetUser" => self.describe(Kind::User),
            "GetRole" => self.describe(Kind::Role),
            "GetGroup" => self.group_with_users(),
            "ListUsers" => Ok(self.list_all(Kind::User, "Users")),
            "ListGroups" => Ok(self.list_all(Kind::Group, "Groups")),
            "ListRoles" => Ok(self.list_all(Kind::Role, "Roles")),
            "DeleteUser" => self.delete(Kind::User),
            "DeleteGroup" => self.delete(Kind::Group),
            "DeleteRole" => self.delete(Kind::Role),
            "TagUser" => self.tag(Kind::User),
            "TagRole" => self.tag(Kind::Role),
            "UntagUser" => self.untag(Kind::User),
            "UntagRole" => self.untag(Kind::Role),
            "ListUserTags" => self.list_tags(Kind::User),
            "ListRoleTags" => self.list_tags(Kind::Role),
            "PutUserPermissionsBoundary" => self.put_boundary(Kind::User),
            "PutRolePermissionsBoundary" => self.put_boundary(Kind::Role),
            "DeleteUserPermissionsBoundary" => self.delete_boundary(Kind::User),
            "DeleteRolePermissionsBoundary" => self.delete_boundary(Kind::Role),
            "UpdateAssumeRolePolicy" => self.update_trust(),
            "UpdateRole" => self.update_role(),
            "UpdateRoleDescription" => self.update_role_description(),
            "SimulatePrincipalPolicy" => self.simulate(),
            // A newly opened account has no alias.
            "ListAccountAliases" => Ok(whole(vec![("AccountAliases", list([]))])),
            _ => self.of_users(),
        }
    }

    /// What only users have: groups, keys, devices. Then policies.
    fn of_users(self) -> Result<Xml, Refusal> {
        match self.call.operation.as_str() {
            "AddUserToGroup" => self.add_to_group(),
            "RemoveUserFromGroup" => self.remove_from_group(),
            "ListGroupsForUser" => self.groups_of_user(),
            "CreateAccessKey" => self.create_key(),
            "ListAccessKeys" => self.list_keys(),
            "UpdateAccessKey" => self.update_key(),
            "DeleteAccessKey" => self.delete_key(),
            "GetAccessKeyLastUsed" => self.key_last_used(),
            other if other.contains("MFADevice") => self.device(),
            other if other.contains("SAMLProvider") => self.saml_provider(),
            other if other.contains("OpenIDConnectProvider") => self.oidc_provider(),
            _ => self.policy(),
        }
    }

    /// Operations whose names differ by the kind of the holder only, then those on managed policies.
    fn policy(self) -> Result<Xml, Refusal> {
        let operation = self.call.operation.clone();
        for kind in [Kind::User, Kind::Group, Kind::Role] {
            let generic = operation.replacen(kind.title(), "*", 1);
            match generic.as_str() {
                "Put*Policy" => return self.put_policy(kind),
                "Get*Policy" => return self.show_policy(kind),
                "Delete*Policy" => return self.delete_policy(kind),
                "List*Policies" => return self.list_policies(kind),
                "Attach*Policy" => return self.attach(kind),
                "Detach*Policy" => return self.detach(kind),
                "ListAttached*Policies" => return self.list_attached(kind),
                _ => {}
            }
        }
        self.managed()
    }

    fn account(&self) -> &Account {
        &self.world.accounts[&self.caller.account]
    }

    fn account_mut(&mut self) -> &mut Account {
        let account = self.world.accounts.get_mut(&self.caller.account);
        account.expect("the caller's account exists")
    }
}

/// A list's answer: all of it, of which [`page`] sends what was asked for.
fn whole(mut fields: Vec<(&'static str, Xml)>) -> Xml {
    fields.push(("IsTruncated", text(false)));
    Xml::Tree(fields)
}

/// The part of a list that `MaxItems` and `Marker` ask for; a hundred unless said.
/// <https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListUsers.html>
fn page(call: &Call, answer: Xml) -> Result<Xml, Refusal> {
    let most = call.number("MaxItems", (1, 1000))?.unwrap_or(100);
    let most = usize::try_from(most).expect("a small positive number");
    let marker = call.get("Marker").unwrap_or("0");
    let bad_marker = |_| refuse(400, "ValidationError", format!("Invalid Marker: {marker}"));
    let from: usize = marker.parse().map_err(bad_marker)?;
    let Xml::Tree(mut fields) = answer else {
        return Ok(answer);
    };
    if fields.last().is_none_or(|(name, _)| *name != "IsTruncated") {
        return Ok(Xml::Tree(fields));
    }
    let mut longest = 0;
    for (_, field) in &mut fields {
        if let Xml::Tree(members) = field
            && members.iter().all(|(name, _)| *name == "member")
        {
            longest = longest.max(members.len());
            *members = members.drain(..).skip(from).take(most).collect();
        }
    }
    if from + most < longest {
        fields.pop();
        fields.push(("IsTruncated", text(true)));
        fields.push(("Marker", text(from + most)));
    }
    Ok(Xml::Tree(fields))
}

/// An answer without a result.
fn done() -> Xml {
    Xml::Tree(Vec::new())
}

fn missing(what: &str, name: &str) -> Refusal {
    refuse(
        404,
        "NoSuchEntity",
        format!("The {what} with name {name} cannot be found."),
    )
}

fn malformed(message: impl Into<String>) -> Refusal {
    refuse(400, "MalformedPolicyDocument", message)
}
