//! What AWS and the network said no with, in words that help.

use std::error::Error;
use std::fmt;

use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::date_time::Format;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;

use crate::aws::Session;
use crate::aws::source::login_hint;
use crate::error::{Failure, Kind};
use crate::plan::{Role, RoleArn, Source};
use crate::time::{Timestamp, spoken};

/// Clocks that differ more than this make AWS refuse signatures.
const SKEW_SECONDS: i64 = 300;

/// A call that did not succeed.
#[derive(Debug)]
pub(crate) struct Refusal {
    pub(crate) kind: Kind,
    /// The error code of the service, or what happened instead of an answer.
    what: String,
    /// The service's message.
    message: Option<String>,
    hint: Option<String>,
    /// There was no answer at all.
    pub(crate) is_unreachable: bool,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.what)?;
        match &self.message {
            Some(message) => write!(f, ": {message}"),
            None => Ok(()),
        }
    }
}

impl Error for Refusal {}

/// Which role could not be assumed, and how it was tried.
#[derive(Debug)]
pub(crate) struct Subject<'a> {
    pub(crate) role: &'a Role,
    pub(crate) arn: &'a RoleArn,
    pub(crate) caller: Option<&'a str>,
    /// Where the credentials came from that made the call, when they were the source's.
    pub(crate) source: Option<&'a Source>,
    /// IAM was asked, and knows no such role.
    pub(crate) is_unknown: bool,
}

impl Refusal {
    /// There is no answer, or none that can be used.
    fn unusable(what: String, hint: &str) -> Self {
        Self {
            kind: Kind::Failed,
            what,
            message: None,
            hint: Some(hint.to_owned()),
            is_unreachable: false,
        }
    }

    /// The failure of a call that `what` describes.
    pub(crate) fn failure(self, what: &str) -> Failure {
        let mut failure = Failure::new(self.kind, format!("{what}: {}", self.what));
        failure
            .details
            .extend(self.message.map(|message| format!("AWS: {message}")));
        failure.hint = self.hint;
        failure
    }

    /// The failure of assuming a role: as whom, and what to check.
    pub(crate) fn of_role(self, subject: &Subject<'_>) -> Failure {
        let hint = match self.kind {
            Kind::Denied => Some(denied_hint(
                subject,
                self.message.as_deref().unwrap_or_default(),
            )),
            Kind::Source => subject.source.map(source_hint),
            _ if self.is_about_duration() => Some(format!(
                "ask for a shorter session (--duration 1h), or raise the role's MaxSessionDuration; {} was asked for",
                spoken(subject.role.duration_seconds.into())
            )),
            _ => None,
        };
        let what = if subject.is_unknown {
            let (account, name) = (subject.arn.account(), subject.arn.name());
            format!("account {account} has no role `{name}`")
        } else {
            format!("cannot assume {}", subject.arn)
        };
        let mut failure = self.failure(&what);
        if let Some(caller) = subject.caller {
            failure.details.insert(0, format!("as {caller}"));
        } else if let Some(source) = subject.source {
            failure
                .details
                .insert(0, format!("with {}", source.spoken()));
        }
        failure.hint = failure.hint.or(hint);
        failure
    }

    /// The failure of asking who somebody is.
    pub(crate) fn of_identity(self, source: &Source, is_source: bool) -> Failure {
        let hint = (is_source && self.kind == Kind::Source).then(|| source_hint(source));
        let mut failure = self.failure("cannot ask STS who this is");
        if is_source {
            failure
                .details
                .insert(0, format!("with {}", source.spoken()));
        }
        failure.hint = failure.hint.or(hint);
        failure
    }

    /// The ARN of the caller, where a denial names it: `User: ARN is not authorized to …`.
    pub(crate) fn caller(&self) -> Option<&str> {
        let (_, rest) = self.message.as_deref()?.split_once("User: ")?;
        let arn = rest.split(' ').next()?;
        arn.starts_with("arn:").then_some(arn)
    }

    /// Whether IAM said that there is no such role.
    pub(crate) fn is_unknown(&self) -> bool {
        self.what == "NoSuchEntity"
    }

    fn is_about_duration(&self) -> bool {
        self.message.as_deref().is_some_and(|message| {
            message.contains("DurationSeconds") || message.contains("session limit")
        })
    }
}

/// What to check after AccessDenied, for this very call.
fn denied_hint(subject: &Subject<'_>, message: &str) -> String {
    let role = subject.role;
    if subject.is_unknown {
        return "check its name; `stsx list` shows the profiles".to_owned();
    }
    if role.mfa_serial.is_some() && message.contains("MultiFactorAuthentication") {
        return "the MFA code was not accepted: wait for the next one (a code is good once), and check mfa_serial".to_owned();
    }
    let caller = subject.caller.unwrap_or("the caller");
    let mut checks = vec![format!(
        "the trust policy of {} must name {caller}, whose own policies must allow sts:AssumeRole",
        subject.arn.name()
    )];
    match &role.external_id {
        None => checks.push("no external id was sent (--external-id)".to_owned()),
        Some(_) => checks.push("the external id must be the one in the trust policy".to_owned()),
    }
    if role.mfa_serial.is_none() {
        checks.push("no MFA code was sent (--mfa-serial)".to_owned());
    }
    checks.join("; ")
}

fn source_hint(source: &Source) -> String {
    match source {
        Source::Keys { profile, session_token: Some(_), .. } => {
            format!("the session token of profile `{profile}` has probably expired: renew it, or remove aws_session_token")
        }
        Source::Keys { profile, .. } => format!("check the keys of profile `{profile}` (deleted, inactive or mistyped?)"),
        Source::Environment { .. } => {
            "check AWS_ACCESS_KEY_ID and friends in this environment, or unset them to use a profile".to_owned()
        }
        other => login_hint(other).unwrap_or_else(|| format!("check {}", other.spoken())),
    }
}

impl Session {
    /// Turns an error of the SDK into words, without anything secret.
    pub(super) fn refusal<E>(&self, error: &SdkError<E, HttpResponse>) -> Refusal
    where
        E: ProvideErrorMetadata + Error + Send + Sync + 'static,
    {
        refusal_of(&self.place, error)
    }

    /// An answer that is not the service's.
    pub(super) fn garbage(&self, what: &str) -> Refusal {
        garbage_of(&self.place, what)
    }

    /// Credentials that had expired when they came.
    pub(super) fn stillborn(&self, end: Timestamp) -> Refusal {
        Refusal::unusable(
            format!(
                "{} gave credentials that ended at {end} already",
                self.place
            ),
            "check this machine's clock",
        )
    }
}

/// Turns an error of the SDK into words; `place` is who was asked.
pub(super) fn refusal_of<E>(place: &str, error: &SdkError<E, HttpResponse>) -> Refusal
where
    E: ProvideErrorMetadata + Error + Send + Sync + 'static,
{
    let skew = error.raw_response().and_then(skew);
    let mut refusal = match error {
        SdkError::ServiceError(service) => match service.err().code() {
            Some(code) => of_code(code, service.err().message()),
            None => garbage_of(place, &described(service.raw())),
        },
        SdkError::ResponseError(response) => garbage_of(place, &described(response.raw())),
        SdkError::TimeoutError(_) => network(place, "no answer in time"),
        other => network(place, &root_cause(other)),
    };
    if let Some(skew) = skew.filter(|skew| skew.abs() > SKEW_SECONDS) {
        let side = if skew > 0 { "behind" } else { "ahead of" };
        let text = format!(
            "this machine's clock is {} {side} the server's: set it",
            spoken(skew.abs())
        );
        refusal.hint = Some(text);
    }
    refusal
}

/// Something else than the service answered.
pub(super) fn garbage_of(place: &str, what: &str) -> Refusal {
    Refusal::unusable(
        format!("{place} did not answer as AWS does: {what}"),
        "check the endpoint URL, and any proxy on the way (HTTPS_PROXY)",
    )
}

/// Nobody answered.
pub(super) fn network(place: &str, cause: &str) -> Refusal {
    let hint = if cause.contains("certificate") {
        "if the network inspects TLS, name its certificates with AWS_CA_BUNDLE"
    } else {
        "check the network, the region, and any proxy (HTTPS_PROXY, NO_PROXY)"
    };
    Refusal {
        is_unreachable: true,
        ..Refusal::unusable(format!("cannot reach {place}: {cause}"), hint)
    }
}

/// <https://docs.aws.amazon.com/STS/latest/APIReference/CommonErrors.html>
fn of_code(code: &str, message: Option<&str>) -> Refusal {
    let kind = match code {
        "AccessDenied"
        | "AccessDeniedException"
        | "ForbiddenException"
        | "UnauthorizedOperation" => Kind::Denied,
        "ExpiredToken"
        | "ExpiredTokenException"
        | "InvalidClientTokenId"
        | "SignatureDoesNotMatch"
        | "UnauthorizedException"
        | "UnrecognizedClientException"
        | "InvalidAccessKeyId"
        | "AuthFailure"
        | "IncompleteSignature"
        | "MissingAuthenticationToken"
        | "RequestExpired"
        | "InvalidIdentityToken" => Kind::Source,
        _ => Kind::Failed,
    };
    let message = message.filter(|message| !message.is_empty());
    let is_about_time = message.is_some_and(|message| {
        message.contains("Signature expired") || message.contains("Signature not yet current")
    });
    Refusal {
        kind,
        what: code.to_owned(),
        message: message.map(str::to_owned),
        hint: is_about_time.then(|| "check this machine's clock".to_owned()),
        is_unreachable: false,
    }
}

fn described(response: &HttpResponse) -> String {
    let kind = response
        .headers()
        .get("content-type")
        .unwrap_or("no content type");
    format!("HTTP {} with {kind}", response.status().as_u16())
}

/// Seconds that this machine's clock is behind the server's.
fn skew(response: &HttpResponse) -> Option<i64> {
    let date = response.headers().get("date")?;
    let server = aws_smithy_types::DateTime::from_str(date, Format::HttpDate).ok()?;
    Some(Timestamp::from_seconds(server.secs()).seconds_since(Timestamp::now()))
}

/// The innermost words of an error, which say what really happened.
pub(super) fn root_cause(error: &(dyn Error + 'static)) -> String {
    let mut texts = vec![error.to_string()];
    let mut next = error.source();
    while let Some(cause) = next {
        texts.push(cause.to_string());
        next = cause.source();
    }
    texts.dedup();
    let last = texts.pop().unwrap_or_default();
    match texts.pop() {
        // The layer above often names the step: "tcp connect error", "dns error".
        Some(step) if step.len() < 40 && !step.contains(&last) => format!("{step}: {last}"),
        _ => last,
    }
}
