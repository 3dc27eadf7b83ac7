//! Who calls. The request is signed again by `aws-sigv4` with the secret that belongs to its key, and has to come out
//! the same. <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv.html>. What is said to those who fail is
//! in `rejections`.

use std::time::{Duration, SystemTime};

use aws_credential_types::Credentials;
use aws_sigv4::http_request::{
    PayloadChecksumKind, PercentEncodingMode, SessionTokenMode, SignableBody, SignableRequest,
    SignatureLocation, SigningSettings, UriPathNormalizationMode, sign,
};
use aws_sigv4::sign::v4;
use jiff::Timestamp;
use jiff::civil::DateTime;

use super::rejections::{bad_token, does_not_match, expired, stale, unknown_key, unsigned};
use super::wire::{Call, Refusal, refuse};
use super::world::{Account, Key, Kind, Session, Who, World};

/// Who calls, once the signature was found to be right.
#[derive(Clone, Debug)]
pub(crate) struct Caller {
    pub(crate) account: String,
    pub(crate) arn: String,
    pub(crate) user_id: String,
    pub(crate) who: Who,
    /// Set for temporary credentials.
    pub(crate) session: Option<Session>,
}

/// The parts of a signature.
#[derive(Debug, Default)]
pub(crate) struct Signature {
    pub(crate) access_key_id: String,
    pub(crate) region: String,
    pub(crate) service: String,
    pub(crate) token: Option<String>,
    day: String,
    signed_headers: Vec<String>,
    value: String,
    time: String,
    /// Seconds that a signature in the query is good for.
    expires: Option<u64>,
}

impl Signature {
    /// The signature in the headers, or in the query of a presigned URL.
    pub(crate) fn read(headers: &hyper::HeaderMap, query: &str) -> Option<Signature> {
        if headers.contains_key("authorization") {
            Signature::in_headers(headers)
        } else {
            Signature::in_query(query)
        }
    }

    fn in_headers(headers: &hyper::HeaderMap) -> Option<Signature> {
        let header = |name: &str| headers.get(name)?.to_str().ok().map(str::to_owned);
        let authorization = header("authorization")?;
        let fields = authorization.strip_prefix("AWS4-HMAC-SHA256")?;
        let field = |name: &str| {
            let mut fields = fields.split(',').map(str::trim);
            fields.find_map(|field| field.strip_prefix(name))
        };
        let read = Signature {
            signed_headers: names(field("SignedHeaders=")?),
            value: field("Signature=")?.to_owned(),
            token: header("x-amz-security-token"),
            time: header("x-amz-date")?,
            ..Signature::default()
        };
        read.scoped(field("Credential=")?)
    }

    fn in_query(query: &str) -> Option<Signature> {
        let parameter = |name: &str| {
            let mut pairs = form_urlencoded::parse(query.as_bytes());
            pairs
                .find(|(key, _)| key == name)
                .map(|(_, value)| value.into_owned())
        };
        let read = Signature {
            signed_headers: names(&parameter("X-Amz-SignedHeaders")?),
            value: parameter("X-Amz-Signature")?,
            token: parameter("X-Amz-Security-Token"),
            time: parameter("X-Amz-Date")?,
            expires: Some(parameter("X-Amz-Expires")?.parse().ok()?),
            ..Signature::default()
        };
        read.scoped(&parameter("X-Amz-Credential")?)
    }

    /// With its scope: `KEY/DAY/REGION/SERVICE/aws4_request`.
    fn scoped(self, scope: &str) -> Option<Signature> {
        let parts: Vec<&str> = scope.split('/').collect();
        let [key, day, region, service, "aws4_request"] = parts[..] else {
            return None;
        };
        Some(Signature {
            access_key_id: key.to_owned(),
            day: day.to_owned(),
            region: region.to_owned(),
            service: service.to_owned(),
            ..self
        })
    }

    fn time(&self) -> Option<Timestamp> {
        let time = DateTime::strptime("%Y%m%dT%H%M%SZ", &self.time).ok()?;
        let lawful = self.time.starts_with(&self.day);
        lawful
            .then(|| time.to_zoned(jiff::tz::TimeZone::UTC).ok())?
            .map(|zoned| zoned.timestamp())
    }

    fn signed(&self, header: &str) -> bool {
        self.signed_headers.iter().any(|one| one == header)
    }

    /// How clients of this service sign.
    fn settings(&self, service: &str) -> SigningSettings {
        let mut settings = SigningSettings::default();
        settings.excluded_headers = None;
        if service == "s3" {
            settings.percent_encoding_mode = PercentEncodingMode::Single;
            settings.uri_path_normalization_mode = UriPathNormalizationMode::Disabled;
        }
        if self.signed("x-amz-content-sha256") {
            settings.payload_checksum_kind = PayloadChecksumKind::XAmzSha256;
        }
        let with_token = self.expires.is_some() || self.signed("x-amz-security-token");
        if self.token.is_some() && !with_token {
            settings.session_token_mode = SessionTokenMode::Exclude;
        }
        settings
    }

    /// What of the body was signed.
    fn body<'a>(&self, call: &'a Call) -> SignableBody<'a> {
        match call.header("x-amz-content-sha256") {
            Some("UNSIGNED-PAYLOAD") => SignableBody::UnsignedPayload,
            Some("STREAMING-UNSIGNED-PAYLOAD-TRAILER") => {
                SignableBody::StreamingUnsignedPayloadTrailer
            }
            _ if self.expires.is_some() && call.service == "s3" => SignableBody::UnsignedPayload,
            _ => SignableBody::Bytes(&call.body),
        }
    }

    /// What the signature of this request is with this secret.
    fn expected(&self, call: &Call, secret: &str) -> Option<String> {
        let mut settings = self.settings(&call.service);
        let query = if let Some(seconds) = self.expires {
            settings.signature_location = SignatureLocation::QueryParams;
            settings.expires_in = Some(Duration::from_secs(seconds));
            unsigned_query(&call.query)
        } else {
            call.query.clone()
        };
        let headers = call.headers.iter().filter_map(|(name, value)| {
            let kept = self.signed(name.as_str()) && !MADE.contains(&name.as_str());
            kept.then_some((name.as_str(), value.to_str().ok()?))
        });
        let host = call.header("host").unwrap_or_default();
        let separator = if query.is_empty() { "" } else { "?" };
        let url = format!("http://{host}{}{separator}{query}", call.path);
        let request = SignableRequest::new(&call.method, url, headers, self.body(call)).ok()?;
        let identity = Credentials::new(
            &self.access_key_id,
            secret,
            self.token.clone(),
            None,
            "sandbox",
        )
        .into();
        let time = u64::try_from(self.time()?.as_second()).ok()?;
        let parameters = v4::SigningParams::builder()
            .identity(&identity)
            .region(&self.region)
            .name(&self.service)
            .time(SystemTime::UNIX_EPOCH + Duration::from_secs(time))
            .settings(settings)
            .build()
            .ok()?
            .into();
        Some(sign(request, &parameters).ok()?.into_parts().1)
    }
}

/// Headers that signing makes.
const MADE: [&str; 4] = [
    "x-amz-date",
    "x-amz-security-token",
    "x-amz-content-sha256",
    "authorization",
];

/// `host;x-amz-date`
fn names(list: &str) -> Vec<String> {
    list.split(';').map(str::to_owned).collect()
}

/// The query without what signing put into it.
fn unsigned_query(query: &str) -> String {
    let made = [
        "X-Amz-Algorithm=",
        "X-Amz-Credential=",
        "X-Amz-Date=",
        "X-Amz-Expires=",
        "X-Amz-SignedHeaders=",
        "X-Amz-Signature=",
        "X-Amz-Security-Token=",
    ];
    let kept: Vec<&str> = query
        .split('&')
        .filter(|pair| !made.iter().any(|name| pair.starts_with(name)))
        .collect();
    kept.join("&")
}

/// The caller, or why the request is nobody's.
pub(crate) fn authenticate(world: &mut World, call: &Call) -> Result<Caller, Refusal> {
    let Some(signature) = Signature::read(&call.headers, &call.query) else {
        return Err(unsigned(call));
    };
    let service = &call.service;
    let Some((caller, secret)) = find(world, &signature) else {
        return Err(unknown_key(service));
    };
    let Some(time) = signature.time() else {
        let message = "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP";
        return Err(refuse(403, "SignatureDoesNotMatch", message));
    };
    let expected = signature.expected(call, &secret);
    if expected.as_deref() != Some(&*signature.value) {
        return Err(does_not_match(service));
    }
    fresh(world, service, time, &signature)?;
    match &caller.session {
        Some(session) if session.token != signature.token.as_deref().unwrap_or_default() => {
            Err(bad_token(service))
        }
        None if signature.token.is_some() => Err(bad_token(service)),
        Some(session) if session.expires <= world.now() => Err(expired(service)),
        _ => {
            note_use(world, &signature);
            Ok(caller)
        }
    }
}

/// The owner and the secret of an active key.
fn find(world: &World, signature: &Signature) -> Option<(Caller, String)> {
    let id = &signature.access_key_id;
    if let Some(session) = world.sessions.iter().find(|one| one.access_key_id == *id) {
        return in_session(world, session);
    }
    world
        .accounts
        .values()
        .find_map(|account| in_account(world, account, id))
}

/// Temporary credentials are nobody's once their user is gone.
fn in_session(world: &World, session: &Session) -> Option<(Caller, String)> {
    if let Who::User(name) | Who::Federated(Some(name)) = &session.who {
        world.accounts[&session.account].entity(Kind::User, name)?;
    }
    let caller = Caller {
        account: session.account.clone(),
        arn: session.arn.clone(),
        user_id: session.user_id.clone(),
        who: session.who.clone(),
        session: Some(session.clone()),
    };
    Some((caller, session.secret.clone()))
}

/// The root user, or the user, who has this key.
fn in_account(world: &World, account: &Account, id: &str) -> Option<(Caller, String)> {
    let caller = |arn: String, user_id: &str, who| Caller {
        account: account.id.clone(),
        arn,
        user_id: user_id.to_owned(),
        who,
        session: None,
    };
    let secret = |keys: &[Key]| {
        let key = keys.iter().find(|key| key.id == id && key.active)?;
        Some(key.secret.clone())
    };
    if let Some(secret) = secret(&account.root_keys) {
        let arn = world.arn("iam", &account.id, "root");
        return Some((caller(arn, &account.id, Who::Root), secret));
    }
    account.all(Kind::User).find_map(|user| {
        let who = Who::User(user.name.clone());
        Some((caller(user.arn.clone(), &user.id, who), secret(&user.keys)?))
    })
}

fn note_use(world: &mut World, signature: &Signature) {
    let now = world.now();
    let users = world
        .accounts
        .values_mut()
        .flat_map(|account| account.entities.values_mut());
    for key in users.flat_map(|user| &mut user.keys) {
        if key.id == signature.access_key_id {
            key.used = Some((now, signature.service.clone(), signature.region.clone()));
        }
    }
}

/// Is the signature of about now? STS and IAM allow five minutes, S3 and EC2 fifteen.
fn fresh(
    world: &World,
    service: &str,
    time: Timestamp,
    signature: &Signature,
) -> Result<(), Refusal> {
    let now = world.signing_time();
    let ahead = time.as_second() - now.as_second();
    let lax = matches!(service, "s3" | "ec2");
    let allowed = if lax { 900 } else { 300 };
    let life = signature.expires.map_or(allowed, u64::cast_signed);
    if (-life..=allowed).contains(&ahead) {
        return Ok(());
    }
    if signature.expires.is_some() && service == "s3" {
        return Err(refuse(403, "AccessDenied", "Request has expired"));
    }
    Err(stale(service, time, now))
}
