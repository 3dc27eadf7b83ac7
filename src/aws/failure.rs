//! What AWS and the network said no with, in words that help.

use std::error::Error;
use std::fmt;

use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;

use crate::aws::decode::Decoded;
use crate::aws::denial::{Advice, Existence, Subject, advice_for_user};
use crate::aws::unreached::Late;
use crate::aws::{Session, Signed, hint};
use crate::error::{Failure, Kind};
use crate::plan::{RoleArn, Source};
use crate::time::{Timestamp, spoken};

const ENCODED: &str = "Encoded authorization failure message:";

/// A call that did not succeed.
#[derive(Debug)]
pub(crate) struct Refusal {
    pub(crate) kind: Kind,
    /// The error code of the service, or what happened instead of an answer.
    what: String,
    /// The service's message.
    message: Option<String>,
    /// What a message said that came encoded.
    decoded: Option<Decoded>,
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

impl Refusal {
    /// There is no answer that can be used.
    fn unusable(what: String, hint: &str) -> Self {
        Self {
            kind: Kind::Failed,
            what,
            message: None,
            decoded: None,
            hint: Some(hint.to_owned()),
            is_unreachable: false,
        }
    }

    /// There is no answer at all.
    pub(super) fn unreached(what: String, hint: &str) -> Self {
        Self {
            is_unreachable: true,
            ..Self::unusable(what, hint)
        }
    }

    /// The failure of a call that `what` describes.
    pub(crate) fn failure(self, what: &str) -> Failure {
        let is_stale = self.is_stale();
        let mut failure = Failure::new(self.kind, format!("{what}: {}", self.what));
        failure
            .details
            .extend(self.message.map(|message| format!("AWS: {message}")));
        failure
            .details
            .extend(self.decoded.into_iter().flat_map(|decoded| decoded.lines));
        failure.hint = self.hint;
        failure.is_stale = is_stale;
        failure
    }

    /// The failure of assuming a role: as whom, and what to check.
    pub(crate) fn of_role(self, subject: &Subject<'_>) -> Failure {
        let message = self.message.as_deref().unwrap_or_default();
        let advice = match self.kind {
            Kind::Denied if self.is_explained() => Advice::default(),
            Kind::Denied => subject.advice(message),
            Kind::Source => Advice {
                hint: subject.source.map(hint::of_source),
                ..Advice::default()
            },
            _ if self.is_about_duration() => Advice {
                hint: Some(format!(
                    "ask for a shorter session (--duration 1h), or raise the role's MaxSessionDuration; {} was asked for",
                    spoken(subject.role.duration_seconds.into())
                )),
                ..Advice::default()
            },
            _ => Advice::default(),
        };
        let what = if subject.existence == Existence::Missing {
            let (account, name) = (subject.arn.account(), subject.arn.name());
            format!("account {account} has no role `{name}`")
        } else {
            format!("cannot assume {}", subject.arn)
        };
        let who = match (subject.caller, subject.source) {
            (Some(caller), _) => Some(format!("as {caller}")),
            (None, source) => source.map(|source| format!("with {}", source.spoken())),
        };
        self.advised(&what, who, advice)
    }

    /// The failure of a call that only a user's own keys can make.
    pub(crate) fn of_user(self, what: &str, source: &Source, serial: Option<&str>) -> Failure {
        let message = self.message.as_deref().unwrap_or_default();
        let advice = match self.kind {
            Kind::Source => Advice {
                hint: Some(hint::of_source(source)),
                ..Advice::default()
            },
            Kind::Denied => advice_for_user(message, source, serial),
            _ => Advice::default(),
        };
        self.advised(what, Some(format!("with {}", source.spoken())), advice)
    }

    /// The failure of listing roles, as the role `caller` or with the source itself.
    pub(crate) fn of_list(self, source: &Source, caller: Option<String>) -> Failure {
        let is_source = caller.is_none();
        let advice = match self.kind {
            Kind::Denied => Advice::hint(
                "listing needs iam:ListRoles; a role whose name is known can be assumed without it",
            ),
            Kind::Source if is_source => Advice::hint(hint::of_source(source)),
            _ => Advice::default(),
        };
        let who = caller.map_or_else(
            || format!("with {}", source.spoken()),
            |caller| format!("as {caller}"),
        );
        self.advised("cannot list the roles in IAM", Some(who), advice)
    }

    /// The failure with who it was before what AWS said, and with what to check after it.
    fn advised(self, what: &str, who: Option<String>, advice: Advice) -> Failure {
        let mut failure = self.failure(what);
        failure.details.splice(0..0, who);
        failure.details.extend(advice.lines());
        failure.hint = failure.hint.or(advice.hint);
        failure
    }

    /// The failure of assuming a role with a token or an assertion.
    pub(crate) fn of_proof(self, arn: &RoleArn, source: &Source, signed: Signed<'_>) -> Failure {
        let message = self.message.as_deref().unwrap_or_default();
        let advice = signed.advice(arn, &self.what, message);
        let what = format!("cannot assume {arn} with {}", source.spoken());
        self.advised(&what, None, advice)
    }

    /// The failure of asking who somebody is.
    pub(crate) fn of_identity(self, source: &Source, is_source: bool) -> Failure {
        let hint = (is_source && self.kind == Kind::Source).then(|| hint::of_source(source));
        let mut failure = self.failure("cannot ask STS who this is");
        if is_source {
            failure
                .details
                .insert(0, format!("with {}", source.spoken()));
        }
        failure.hint = failure.hint.or(hint);
        failure
    }

    /// Whether what came encoded says why.
    fn is_explained(&self) -> bool {
        self.decoded.as_ref().is_some_and(|decoded| decoded.is_open)
    }

    /// The encoded part of the message, where there is one:
    /// <https://docs.aws.amazon.com/STS/latest/APIReference/API_DecodeAuthorizationMessage.html>
    pub(super) fn encoded(&self) -> Option<&str> {
        let (_, rest) = self.message.as_deref()?.split_once(ENCODED)?;
        rest.split_whitespace().next()
    }

    /// The same with what its encoded part says in the place of that.
    pub(super) fn with_decoded(mut self, decoded: Decoded) -> Self {
        if let Some((plain, _)) = self
            .message
            .as_deref()
            .and_then(|message| message.split_once(ENCODED))
        {
            self.message = Some(plain.trim_end().to_owned());
            self.decoded = Some(decoded);
        }
        self
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

    /// Whether the length is more than the role's MaxSessionDuration.
    pub(crate) fn is_over_maximum(&self) -> bool {
        self.says("MaxSessionDuration")
    }

    /// Whether the length is more than role chaining gets.
    pub(crate) fn is_over_chaining(&self) -> bool {
        self.says("1 hour session limit")
    }

    /// Whether STS did not take the MFA code: wrong, too late, or used already.
    pub(crate) fn is_wrong_code(&self) -> bool {
        self.says("invalid MFA one time pass code")
    }

    /// Whether STS knows no such device of the user.
    pub(crate) fn is_wrong_device(&self) -> bool {
        self.says("MFA serial number is valid")
    }

    /// Whether other credentials of the same kind could succeed: these have ended or were revoked
    /// (an explicit deny on older sessions).
    fn is_stale(&self) -> bool {
        match self.kind {
            Kind::Source => true,
            Kind::Denied => self.says("explicit deny"),
            _ => false,
        }
    }

    /// Whether STS does not give sessions of such a length.
    pub(crate) fn is_about_duration(&self) -> bool {
        [
            "DurationSeconds",
            "durationSeconds",
            "session limit",
            "one hour",
        ]
        .iter()
        .any(|words| self.says(words))
    }

    fn says(&self, words: &str) -> bool {
        self.message
            .as_deref()
            .is_some_and(|message| message.contains(words))
    }
}

impl Session {
    /// Turns an error of STS into words, without anything secret.
    pub(super) fn refusal<E>(&self, error: &SdkError<E, HttpResponse>) -> Refusal
    where
        E: ProvideErrorMetadata + Error + Send + Sync + 'static,
    {
        let mut refusal = self.refusal_of(&self.connection.spoken(), error);
        // <https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_enable-regions.html>
        if refusal.what == "RegionDisabledException" {
            let region = self.config.region().map_or("the region", AsRef::as_ref);
            refusal.hint = Some(format!(
                "STS is not active in {region}: activate it in the account settings of IAM, or take another --region"
            ));
        }
        refusal
    }

    /// Turns an error of the SDK into words; `place` is who was asked.
    pub(super) fn refusal_of<E>(&self, place: &str, error: &SdkError<E, HttpResponse>) -> Refusal
    where
        E: ProvideErrorMetadata + Error + Send + Sync + 'static,
    {
        let status = error.raw_response().map(|raw| raw.status().as_u16());
        let mut refusal = match error {
            // No service of AWS asks for this.
            _ if status == Some(407) => self.shut_out(place),
            SdkError::ServiceError(service) => match service.err().code() {
                Some(code) => of_code(code, service.err().message()),
                None => garbage_of(place, &described(service.raw())),
            },
            SdkError::ResponseError(response) => garbage_of(place, &described(response.raw())),
            SdkError::TimeoutError(_) => self.network(place, &Late),
            other => self.network(place, other),
        };
        let clock = error.raw_response().and_then(|raw| self.clock_by(raw));
        refusal.hint = clock.or(refusal.hint);
        refusal
    }

    /// An answer that is not that of STS.
    pub(super) fn garbage(&self, what: &str) -> Refusal {
        garbage_of(&self.connection.spoken(), what)
    }

    /// Credentials that had expired when they came.
    pub(super) fn stillborn(&self, end: Timestamp) -> Refusal {
        let place = self.connection.spoken();
        Refusal::unusable(
            format!("{place} gave credentials that expired at {end}"),
            "check this machine's clock",
        )
    }
}

/// Something else than the service answered.
pub(super) fn garbage_of(place: &str, what: &str) -> Refusal {
    Refusal::unusable(
        format!("{place} did not answer as AWS would: {what}"),
        "check the endpoint URL, and any proxy on the way (HTTPS_PROXY)",
    )
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
        | "InvalidIdentityToken"
        | "IDPRejectedClaim" => Kind::Source,
        _ => Kind::Failed,
    };
    let message = message.filter(|message| !message.is_empty());
    Refusal {
        kind,
        what: code.to_owned(),
        message: message.map(str::to_owned),
        decoded: None,
        hint: hint::of_code(code, message.unwrap_or_default()),
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
