//! STS: AssumeRole, GetCallerIdentity, GetSessionToken, `GetAccessKeyInfo`.
//! <https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html>

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};

use super::conditions::Context;
use super::decide;
use super::policy::{Document, Tags};
use super::session::{session_policies, session_tags};
use super::signature::Caller;
use super::wire::{Call, Refusal, Xml, constraint, invalid, refuse, text, together};
use super::world::{BASE64, Entity, Kind, Session, UPPER, Who, World, random};

/// The result of an STS operation.
pub(crate) fn answer(world: &mut World, caller: &Caller, call: &Call) -> Result<Xml, Refusal> {
    match call.operation.as_str() {
        "AssumeRole" => assume_role(world, caller, call),
        // Nobody can be denied this one: https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html
        "GetCallerIdentity" => Ok(Xml::Tree(vec![
            ("Arn", text(&caller.arn)),
            ("UserId", text(&caller.user_id)),
            ("Account", text(&caller.account)),
        ])),
        "GetSessionToken" => session_token(world, caller, call),
        "GetAccessKeyInfo" => key_info(world, caller, call),
        other => Err(refuse(
            400,
            "InvalidAction",
            format!("Could not find operation {other} for version 2011-06-15"),
        )),
    }
}

fn assume_role(world: &mut World, caller: &Caller, call: &Call) -> Result<Xml, Refusal> {
    let request = Request::read(world, caller, call)?;
    if caller.who == Who::Root {
        let message = "Roles may not be assumed by root accounts.";
        return Err(refuse(403, "AccessDenied", message));
    }
    let mfa = mfa(world, caller, call)?;
    let role = find_role(world, &request.role_arn)
        .ok_or_else(|| not_authorized(caller, &request.role_arn))?;
    let context = request.context(world, caller, call, &role, mfa);
    decide::require_trust(world, caller, "sts:AssumeRole", &role, &context)?;
    if !request.tags.is_empty() {
        decide::require_trust(world, caller, "sts:TagSession", &role, &context)?;
    }
    if let Some(source) = &request.source_identity {
        decide::require_trust(world, caller, "sts:SetSourceIdentity", &role, &context)?;
        let before = caller
            .session
            .as_ref()
            .and_then(|one| one.source_identity.as_ref());
        if before.is_some_and(|before| before != source) {
            let message = format!(
                "User: {} is not authorized to perform: sts:SetSourceIdentity on resource: {}",
                caller.arn, role.arn
            );
            return Err(refuse(403, "AccessDenied", message));
        }
    }
    if caller.session.is_some() && request.seconds > 3600 {
        return Err(invalid(
            "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining",
        ));
    }
    if request.seconds > role.max_session {
        return Err(invalid(
            "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.",
        ));
    }
    Ok(request.issue(world, &role))
}

/// The parameters of AssumeRole, in bounds.
struct Request {
    role_arn: String,
    session_name: String,
    seconds: i64,
    external_id: Option<String>,
    source_identity: Option<String>,
    policies: Vec<Document>,
    tags: Tags,
    /// The tags that were sent now, without those that came along.
    sent_tags: Tags,
    transitive: BTreeSet<String>,
    packed: Option<usize>,
}

impl Request {
    fn read(world: &World, caller: &Caller, call: &Call) -> Result<Request, Refusal> {
        let long_enough = |arn| match arn {
            short if str::len(short) < 20 => Err(constraint(
                short,
                "roleArn",
                "have length greater than or equal to 20",
            )),
            arn => Ok(arn),
        };
        let role_arn = call.need("RoleArn").and_then(long_enough);
        let seconds = call.number("DurationSeconds", (900, 43_200));
        let named = call.need("RoleSessionName");
        let session_name = named.and_then(|_| call.word("RoleSessionName", (2, 64), "+=,.@-"));
        let external_id = call.word("ExternalId", (2, 1224), "+=,.@:\\/-");
        let source = call.word("SourceIdentity", (2, 64), "+=,.@-");
        together([
            role_arn.as_ref().err(),
            session_name.as_ref().err(),
            external_id.as_ref().err(),
            source.as_ref().err(),
            seconds.as_ref().err(),
        ])?;
        let (role_arn, seconds) = (role_arn?, seconds?.unwrap_or(3600));
        let (session_name, external_id, named) = (session_name?, external_id?, source?);
        let account = role_arn.split(':').nth(4).unwrap_or_default();
        if !role_arn.starts_with("arn:") || role_arn.split(':').count() < 6 {
            return Err(invalid(format!("{role_arn} is invalid")));
        }
        let inherited = caller.session.as_ref();
        let source_identity = named
            .map(str::to_owned)
            .or_else(|| inherited?.source_identity.clone());
        let sent_tags = call.tags()?;
        let (tags, transitive) = session_tags(caller, call, &sent_tags)?;
        let (policies, packed) = session_policies(world, account, call, &sent_tags)?;
        Ok(Request {
            role_arn: role_arn.to_owned(),
            session_name: session_name.unwrap_or_default().to_owned(),
            seconds,
            external_id: external_id.map(str::to_owned),
            source_identity,
            policies,
            tags,
            sent_tags,
            transitive,
            packed,
        })
    }

    /// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html>
    fn context(
        &self,
        world: &World,
        caller: &Caller,
        call: &Call,
        role: &Entity,
        mfa: Option<Timestamp>,
    ) -> Context {
        let mut context = caller.context(world, call);
        context.set("sts:RoleSessionName", &self.session_name);
        if let Some(id) = &self.external_id {
            context.set("sts:ExternalId", id);
        }
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
        let account = role.arn.split(':').nth(4).unwrap_or_default();
        context.set("aws:ResourceAccount", account);
        if mfa.is_some() {
            context.set("aws:MultiFactorAuthPresent", "true");
            context.set("aws:MultiFactorAuthAge", "0");
        }
        context
    }

    fn issue(self, world: &mut World, role: &Entity) -> Xml {
        let account = role.arn.split(':').nth(4).unwrap_or_default().to_owned();
        let resource = format!("assumed-role/{}/{}", role.name, self.session_name);
        let session = Session {
            arn: world.arn("sts", &account, &resource),
            user_id: format!("{}:{}", role.id, self.session_name),
            who: Who::Role(role.name.clone()),
            policies: self.policies,
            tags: self.tags,
            transitive: self.transitive,
            source_identity: self.source_identity.clone(),
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
        if let Some(packed) = self.packed {
            result.push(("PackedPolicySize", text(packed)));
        }
        if let Some(source) = self.source_identity {
            result.push(("SourceIdentity", text(source)));
        }
        Xml::Tree(result)
    }
}

fn find_role(world: &World, arn: &str) -> Option<Entity> {
    let account = world.accounts.get(arn.split(':').nth(4)?)?;
    account
        .all(Kind::Role)
        .find(|role| role.arn == arn)
        .cloned()
}

fn not_authorized(caller: &Caller, role_arn: &str) -> Refusal {
    let message = format!(
        "User: {} is not authorized to perform: sts:AssumeRole on resource: {role_arn}",
        caller.arn
    );
    refuse(403, "AccessDenied", message)
}

/// Takes the MFA code of the request, if there is one. It is used up even if the request is then denied.
fn mfa(world: &mut World, caller: &Caller, call: &Call) -> Result<Option<Timestamp>, Refusal> {
    let denied = |why: &str| {
        refuse(
            403,
            "AccessDenied",
            format!("MultiFactorAuthentication failed{why}"),
        )
    };
    let serial = call.word("SerialNumber", (9, 256), "=/:,.@-+")?;
    let code = token_code(call)?;
    let (serial, code) = match (serial, code) {
        (None, None) => return Ok(None),
        (Some(serial), Some(code)) => (serial, code),
        _ => {
            return Err(denied(
                ", must provide both MFA serial number and one time pass code.",
            ));
        }
    };
    let now = world.now();
    let unable = || {
        denied(
            ", unable to validate MFA code.  Please verify your MFA serial number is valid and associated with this user.",
        )
    };
    let Who::User(user) = &caller.who else {
        return Err(unable());
    };
    let account = world.accounts.get_mut(&caller.account).ok_or_else(unable)?;
    let device = account.devices.get_mut(serial).ok_or_else(unable)?;
    if device.owner.as_ref().is_none_or(|(owner, _)| owner != user) {
        return Err(unable());
    }
    if !device.take(code, now) {
        return Err(denied(" with invalid MFA one time pass code. "));
    }
    Ok(Some(now))
}

fn token_code(call: &Call) -> Result<Option<&str>, Refusal> {
    let Some(code) = call.get("TokenCode") else {
        return Ok(None);
    };
    let wish = match code.len() {
        ..=5 => "have length greater than or equal to 6",
        7.. => "have length less than or equal to 6",
        _ if !code.chars().all(|c| c.is_ascii_digit()) => {
            "satisfy regular expression pattern: [\\d]*"
        }
        _ => return Ok(Some(code)),
    };
    Err(constraint(code, "tokenCode", wish))
}

/// <https://docs.aws.amazon.com/STS/latest/APIReference/API_GetSessionToken.html>
fn session_token(world: &mut World, caller: &Caller, call: &Call) -> Result<Xml, Refusal> {
    if caller.session.is_some() {
        let message = "Cannot call GetSessionToken with session credentials";
        return Err(refuse(403, "AccessDenied", message));
    }
    let longest = 129_600;
    let asked = call.number("DurationSeconds", (900, longest))?;
    // Root's sessions last an hour at most, whatever was asked for.
    let seconds = match caller.who {
        Who::Root => asked.unwrap_or(3600).min(3600),
        _ => asked.unwrap_or(43_200),
    };
    let mfa = mfa(world, caller, call)?;
    // No permission is needed, but a Deny counts.
    let mut context = caller.context(world, call);
    if mfa.is_some() {
        context.set("aws:MultiFactorAuthPresent", "true");
        context.set("aws:MultiFactorAuthAge", "0");
    }
    let opinion = decide::opinion(world, caller, "sts:GetSessionToken", "*", &context);
    if opinion.denied.is_some() {
        decide::require(world, caller, "sts:GetSessionToken", ("*", ""), &context)?;
    }
    let session = Session {
        arn: caller.arn.clone(),
        user_id: caller.user_id.clone(),
        who: caller.who.clone(),
        mfa,
        ..blank(world, caller.account.clone(), seconds)
    };
    Ok(Xml::Tree(vec![("Credentials", remember(world, session))]))
}

fn key_info(world: &World, caller: &Caller, call: &Call) -> Result<Xml, Refusal> {
    call.need("AccessKeyId")?;
    let id = call.word("AccessKeyId", (16, 128), "")?.unwrap_or_default();
    let context = caller.context(world, call);
    decide::require(world, caller, "sts:GetAccessKeyInfo", ("*", ""), &context)?;
    let session = world.sessions.iter().find(|one| one.access_key_id == id);
    let owner = session.map(|one| one.account.clone()).or_else(|| {
        let owns = |account: &&super::world::Account| {
            let users = account.all(Kind::User).flat_map(|user| &user.keys);
            users.chain(&account.root_keys).any(|key| key.id == id)
        };
        world
            .accounts
            .values()
            .find(owns)
            .map(|account| account.id.clone())
    });
    let unknown = || invalid(format!("Access key ID {id} is not valid."));
    Ok(Xml::Tree(vec![(
        "Account",
        text(owner.ok_or_else(unknown)?),
    )]))
}

/// Fresh credentials of nobody yet.
fn blank(world: &World, account: String, seconds: i64) -> Session {
    Session {
        access_key_id: format!("ASIA{}", random(16, UPPER)),
        secret: random(40, BASE64),
        token: format!("IQoJb3JpZ2luX2Vj{}==", random(338, BASE64)),
        account,
        who: Who::Root,
        arn: String::new(),
        user_id: String::new(),
        issued: world.now(),
        expires: world.now() + SignedDuration::from_secs(seconds),
        policies: Vec::new(),
        tags: Tags::new(),
        transitive: BTreeSet::new(),
        source_identity: None,
        mfa: None,
    }
}

/// Keeps a session and tells its credentials.
fn remember(world: &mut World, session: Session) -> Xml {
    world.secrets.push(session.secret.clone());
    world.secrets.push(session.token.clone());
    let credentials = Xml::Tree(vec![
        ("AccessKeyId", text(&session.access_key_id)),
        ("SecretAccessKey", text(&session.secret)),
        ("SessionToken", text(&session.token)),
        ("Expiration", text(session.expires)),
    ]);
    world.sessions.push(session);
    credentials
}
