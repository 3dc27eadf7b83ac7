//! What STS and IAM say to a request: the rules and the wording of AWS, as XML.
//! The order of the checks is AWS's: who calls, are the parameters valid, is it allowed.

use jiff::{SignedDuration, Timestamp};
use quick_xml::Writer;
use quick_xml::events::BytesText;

use super::{Aws, Issued, Request, keys};

/// An element's content: text, or elements in their order.
pub(super) enum Xml {
    Text(String),
    Tree(Vec<(&'static str, Xml)>),
}

/// A refusal: HTTP status, AWS's code and message.
#[derive(Debug)]
pub(super) struct Refusal(pub(super) u16, pub(super) String, pub(super) String);

/// A caller whose keys are good.
struct Caller {
    arn: String,
    account: String,
    user_id: String,
    is_role: bool,
}

/// The result element of the operation, or the refusal.
pub(super) fn answer(aws: &mut Aws, request: &Request) -> Result<Xml, Refusal> {
    if request.operation == "AssumeRoleWithWebIdentity" {
        return with_web_identity(aws, request);
    }
    let caller = caller(aws, request)?;
    match request.operation.as_str() {
        "GetCallerIdentity" => Ok(identity(caller)),
        "AssumeRole" => assume_role(aws, request, &caller),
        "GetRole" => role(aws, request, &caller),
        other => Err(Refusal(
            400,
            "InvalidAction".into(),
            format!("Could not find operation {other}"),
        )),
    }
}

/// The whole document of a success.
pub(super) fn success(request: &Request, id: &str, result: &Xml) -> String {
    let metadata = Xml::Tree(vec![("RequestId", text(id))]);
    let result_name = format!("{}Result", request.operation);
    let mut writer = Writer::new(Vec::new());
    writer
        .create_element(format!("{}Response", request.operation))
        .with_attribute(("xmlns", namespace(request)))
        .write_inner_content(|writer| {
            element(writer, &result_name, result)?;
            element(writer, "ResponseMetadata", &metadata)
        })
        .expect("writing to memory does not fail");
    String::from_utf8(writer.into_inner()).expect("the parts are UTF-8")
}

/// The whole document of a refusal.
pub(super) fn refusal(
    request: &Request,
    id: &str,
    Refusal(status, code, message): &Refusal,
) -> String {
    let side = if *status < 500 { "Sender" } else { "Receiver" };
    let error = Xml::Tree(vec![
        ("Type", text(side)),
        ("Code", text(code)),
        ("Message", text(message)),
    ]);
    let mut writer = Writer::new(Vec::new());
    writer
        .create_element("ErrorResponse")
        .with_attribute(("xmlns", namespace(request)))
        .write_inner_content(|writer| {
            element(writer, "Error", &error)?;
            element(writer, "RequestId", &text(id))
        })
        .expect("writing to memory does not fail");
    String::from_utf8(writer.into_inner()).expect("the parts are UTF-8")
}

fn caller(aws: &Aws, request: &Request) -> Result<Caller, Refusal> {
    let invalid = || {
        Refusal(
            403,
            "InvalidClientTokenId".into(),
            "The security token included in the request is invalid.".into(),
        )
    };
    let Some(id) = &request.access_key_id else {
        return Err(Refusal(
            403,
            "MissingAuthenticationToken".into(),
            "Request is missing Authentication Token".into(),
        ));
    };
    if let Some(user) = aws.users.iter().find(|user| keys(&user.name).0 == *id) {
        return if request.token.is_none() {
            Ok(Caller {
                arn: format!(
                    "arn:{}:iam::{}:user/{}",
                    aws.partition, user.account, user.name
                ),
                account: user.account.clone(),
                user_id: id.replacen("AKIA", "AIDA", 1),
                is_role: false,
            })
        } else {
            Err(invalid())
        };
    }
    let one = aws
        .issued
        .iter()
        .find(|one| one.access_key_id == *id)
        .ok_or_else(invalid)?;
    if request.token.as_deref() != Some(&one.token) {
        return Err(invalid());
    }
    if one.expires_at <= now() {
        return Err(expired());
    }
    Ok(Caller {
        arn: session_arn(&one.role_arn, &one.session_name),
        account: account_of(&one.role_arn).to_owned(),
        user_id: format!("{}:{}", role_id(&one.role_arn), one.session_name),
        is_role: true,
    })
}

/// STS's words for keys that were good once.
fn expired() -> Refusal {
    Refusal(
        403,
        "ExpiredToken".into(),
        "The security token included in the request is expired".into(),
    )
}

fn identity(caller: Caller) -> Xml {
    Xml::Tree(vec![
        ("Arn", Xml::Text(caller.arn)),
        ("UserId", Xml::Text(caller.user_id)),
        ("Account", Xml::Text(caller.account)),
    ])
}

fn assume_role(aws: &mut Aws, request: &Request, caller: &Caller) -> Result<Xml, Refusal> {
    let seconds = duration(request)?;
    session_name(request)?;
    let arn = &request["RoleArn"];
    let denied = || not_authorized(caller, "sts:AssumeRole", arn);
    let role = aws
        .roles
        .iter_mut()
        .find(|role| role.arn == *arn)
        .ok_or_else(denied)?;
    if role.denied
        || role
            .external_id
            .as_deref()
            .is_some_and(|id| id != &request["ExternalId"])
    {
        return Err(denied());
    }
    if let Some((serial, codes)) = &mut role.mfa {
        if *serial != request["SerialNumber"] {
            return Err(denied());
        }
        let Some(good) = codes.iter().position(|code| *code == request["TokenCode"]) else {
            let message = "MultiFactorAuthentication failed with invalid MFA one time pass code. ";
            return Err(Refusal(403, "AccessDenied".into(), message.into()));
        };
        codes.remove(good);
    }
    if caller.is_role && seconds > 3600 {
        return Err(invalid(
            "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining",
        ));
    }
    if seconds > role.max_session {
        return Err(invalid(
            "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.",
        ));
    }
    Ok(issue(aws, request, seconds))
}

fn with_web_identity(aws: &mut Aws, request: &Request) -> Result<Xml, Refusal> {
    let seconds = duration(request)?;
    session_name(request)?;
    if !aws
        .web_tokens
        .iter()
        .any(|token| *token == request["WebIdentityToken"])
    {
        let message = "The ID Token provided is not a valid JWT. (You may see this error if you sent an Access Token)";
        return Err(Refusal(400, "InvalidIdentityToken".into(), message.into()));
    }
    if !aws
        .roles
        .iter()
        .any(|role| role.arn == request["RoleArn"] && !role.denied)
    {
        let message = "Not authorized to perform sts:AssumeRoleWithWebIdentity";
        return Err(Refusal(403, "AccessDenied".into(), message.into()));
    }
    Ok(issue(aws, request, seconds))
}

fn role(aws: &Aws, request: &Request, caller: &Caller) -> Result<Xml, Refusal> {
    let name = &request["RoleName"];
    let here = |arn: &str| account_of(arn) == caller.account && name_of(arn) == name;
    let role = aws.roles.iter().find(|role| here(&role.arn));
    if role.is_some_and(|role| role.hidden) {
        return Err(not_authorized(
            caller,
            "iam:GetRole",
            &format!("role {name}"),
        ));
    }
    let Some(role) = role else {
        return Err(Refusal(
            404,
            "NoSuchEntity".into(),
            format!("The role with name {name} cannot be found."),
        ));
    };
    let path = role
        .arn
        .split_once(":role")
        .map_or("/", |(_, path)| path)
        .trim_end_matches(name_of(&role.arn));
    Ok(Xml::Tree(vec![(
        "Role",
        Xml::Tree(vec![
            ("Path", text(path)),
            ("RoleName", text(name)),
            ("RoleId", Xml::Text(role_id(&role.arn))),
            ("Arn", text(&role.arn)),
            ("CreateDate", text("2024-01-01T00:00:00Z")),
            (
                "MaxSessionDuration",
                Xml::Text(role.max_session.to_string()),
            ),
        ]),
    )]))
}

/// New credentials for the role of this request, remembered as this stand-in's secrets.
fn issue(aws: &mut Aws, request: &Request, seconds: i64) -> Xml {
    let number = aws.issued.len() + 1;
    let life = SignedDuration::from_secs(aws.life.unwrap_or(seconds));
    let one = Issued {
        access_key_id: format!("ASIA{number:016}"),
        secret: format!("issued+secret/{number:026}"),
        token: format!("FwoGZXIvYXdz//+{number:0300}=="),
        expires_at: now() + life,
        role_arn: request["RoleArn"].to_owned(),
        session_name: request["RoleSessionName"].to_owned(),
    };
    let user = vec![
        (
            "AssumedRoleId",
            Xml::Text(format!("{}:{}", role_id(&one.role_arn), one.session_name)),
        ),
        (
            "Arn",
            Xml::Text(session_arn(&one.role_arn, &one.session_name)),
        ),
    ];
    let credentials = vec![
        ("AccessKeyId", text(&one.access_key_id)),
        ("SecretAccessKey", text(&one.secret)),
        ("SessionToken", text(&one.token)),
        ("Expiration", Xml::Text(one.expires_at.to_string())),
    ];
    aws.issued.push(one);
    Xml::Tree(vec![
        ("AssumedRoleUser", Xml::Tree(user)),
        ("Credentials", Xml::Tree(credentials)),
    ])
}

/// The time in whole seconds, as STS tells it.
#[expect(
    clippy::disallowed_methods,
    reason = "the stand-in's only reader of the clock"
)]
fn now() -> Timestamp {
    Timestamp::from_second(Timestamp::now().as_second()).expect("now is in range")
}

/// DurationSeconds, within what STS accepts for any role; an hour when it was not sent.
fn duration(request: &Request) -> Result<i64, Refusal> {
    let value = &request["DurationSeconds"];
    let seconds = if value.is_empty() {
        Ok(3600)
    } else {
        value.parse()
    };
    let bound = match seconds {
        Ok(seconds @ 900..=43_200) => return Ok(seconds),
        Ok(..900) => "greater than or equal to 900",
        _ => "less than or equal to 43200",
    };
    Err(invalid(&format!(
        "1 validation error detected: Value '{value}' at 'durationSeconds' failed to satisfy constraint: \
         Member must have value {bound}"
    )))
}

fn session_name(request: &Request) -> Result<(), Refusal> {
    let name = &request["RoleSessionName"];
    let lawful = |c: char| c.is_ascii_alphanumeric() || "_+=,.@-".contains(c);
    if (2..=64).contains(&name.len()) && name.chars().all(lawful) {
        return Ok(());
    }
    Err(invalid(&format!(
        "1 validation error detected: Value '{name}' at 'roleSessionName' failed to satisfy constraint: \
         Member must satisfy regular expression pattern: [\\w+=,.@-]*"
    )))
}

fn invalid(message: &str) -> Refusal {
    Refusal(400, "ValidationError".into(), message.into())
}

fn not_authorized(caller: &Caller, action: &str, resource: &str) -> Refusal {
    let message = format!(
        "User: {} is not authorized to perform: {action} on resource: {resource}",
        caller.arn
    );
    Refusal(403, "AccessDenied".into(), message)
}

/// The ARN of a session: the role's name without its path.
fn session_arn(role_arn: &str, session: &str) -> String {
    let partition = role_arn.split(':').nth(1).unwrap_or("aws");
    format!(
        "arn:{partition}:sts::{}:assumed-role/{}/{session}",
        account_of(role_arn),
        name_of(role_arn)
    )
}

fn account_of(arn: &str) -> &str {
    arn.split(':').nth(4).unwrap_or_default()
}

fn name_of(role_arn: &str) -> &str {
    role_arn.rsplit('/').next().unwrap_or_default()
}

fn role_id(role_arn: &str) -> String {
    format!(
        "AROA{:0>16}",
        name_of(role_arn)
            .to_uppercase()
            .replace(|c: char| !c.is_ascii_alphanumeric(), "")
    )
}

fn namespace(request: &Request) -> &'static str {
    if request.service == "iam" {
        "https://iam.amazonaws.com/doc/2010-05-08/"
    } else {
        "https://sts.amazonaws.com/doc/2011-06-15/"
    }
}

fn text(value: &str) -> Xml {
    Xml::Text(value.to_owned())
}

fn element(writer: &mut Writer<Vec<u8>>, name: &str, content: &Xml) -> std::io::Result<()> {
    let start = writer.create_element(name);
    match content {
        Xml::Text(text) => start.write_text_content(BytesText::new(text))?,
        Xml::Tree(children) => start.write_inner_content(|writer| {
            children
                .iter()
                .try_for_each(|(name, child)| element(writer, name, child))
        })?,
    };
    Ok(())
}
