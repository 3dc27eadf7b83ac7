//! SAML responses, as sts:AssumeRoleWithSAML takes them: which roles one opens, for whom and when it is good.
//!
//! No signature is looked at: that is STS's part. What is read here helps to choose a role, and to say before a call why
//! it would fail. The response itself is a secret until it has expired; its issuer, times and roles may be shown.

use crate::credentials::Secret;
use crate::error::{Failure, Kind};
use crate::plan::RoleArn;
use crate::time::{Timestamp, spoken};

mod document;
mod transport;

/// Clocks differ: STS itself takes an assertion somewhat early.
const CLOCK_DIFFERENCE: i64 = 300;

/// A response of a SAML provider.
#[derive(Debug)]
pub(crate) struct Assertion {
    /// All of it, in the one form that STS takes: base64 in one line.
    pub(crate) response: Secret,
    statement: Statement,
}

/// A role, and the IAM SAML provider by which it is assumed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Grant {
    pub(crate) role: RoleArn,
    pub(crate) provider: String,
}

/// What an assertion says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Statement {
    /// AWS can read it, nobody here: all but the issuer and the destination is unknown.
    is_encrypted: bool,
    issuer: Option<String>,
    grants: Vec<Grant>,
    /// Values of the attribute `Role` that are no pair of a role and a provider.
    malformed: usize,
    subject: Option<String>,
    session_seconds: Option<u32>,
    not_before: Option<Timestamp>,
    not_on_or_after: Option<Timestamp>,
    recipient: Option<String>,
    destination: Option<String>,
    audiences: Vec<String>,
}

impl Assertion {
    /// Reads a response: base64 (in lines, URL-encoded, or the `SAMLResponse=` of a form) or XML. `whose` names it in
    /// messages.
    ///
    /// # Errors
    /// It is none (a failure of the kind `malformed`), or the provider says in it that nobody signed in.
    pub(crate) fn read(text: &str, whose: &str, malformed: Kind) -> Result<Self, Failure> {
        let fail = |reason: String| Failure::new(malformed, format!("{whose} {reason}"));
        let (xml, response) = transport::unpacked(text).map_err(fail)?;
        let statement = document::statement(&xml).map_err(|fault| match fault {
            document::Fault::Form(reason) => fail(reason),
            document::Fault::Status(words) => Failure::new(
                Kind::Source,
                format!("{whose} says that the sign-in failed: {words}"),
            )
            .hint("sign in again"),
        })?;
        Ok(Self {
            response,
            statement,
        })
    }

    /// Whether only AWS can read what it says.
    pub(crate) fn is_encrypted(&self) -> bool {
        self.statement.is_encrypted
    }

    /// The roles that it opens.
    ///
    /// # Errors
    /// It names none (exit status 5), or they cannot be read (2).
    pub(crate) fn grants(&self, whose: &str) -> Result<&[Grant], Failure> {
        let statement = &self.statement;
        if statement.is_encrypted {
            let what = format!("{whose} is encrypted for AWS, so its roles cannot be read here");
            return Err(Failure::usage(what).hint(
                "name the role and its SAML provider: --role ARN --provider ARN, or role_arn and saml_provider_arn in a profile",
            ));
        }
        if !statement.grants.is_empty() {
            return Ok(&statement.grants);
        }
        let mut failure = Failure::new(Kind::Source, format!("{whose} names no role"));
        if statement.malformed > 0 {
            failure.details.push(format!(
                "values of the attribute Role that are not `ROLE_ARN,PROVIDER_ARN`: {}",
                statement.malformed
            ));
        }
        Err(self.signed(failure).hint(format!(
            "the provider must send the attribute {}Role; has this user any role of AWS there?",
            document::ATTRIBUTES
        )))
    }

    /// The provider by which a role is assumed; `wanted` when it was said which.
    ///
    /// # Errors
    /// The assertion does not open this role; those that it opens are listed.
    pub(crate) fn grant(
        &self,
        role: &RoleArn,
        wanted: Option<&str>,
        whose: &str,
    ) -> Result<Grant, Failure> {
        if let (true, Some(provider)) = (self.statement.is_encrypted, wanted) {
            return Ok(Grant {
                role: role.clone(),
                provider: provider.to_owned(),
            });
        }
        let fits = |grant: &&Grant| {
            grant.role == *role && wanted.is_none_or(|provider| grant.provider == provider)
        };
        let grants = self.grants(whose)?;
        grants.iter().find(fits).cloned().ok_or_else(|| {
            let by = wanted.map(|provider| format!(" by {provider}"));
            let mut failure = Failure::usage(format!(
                "{whose} does not open {role}{}",
                by.unwrap_or_default()
            ));
            failure.details = listed(grants);
            failure.hint("the roles above are those that it opens")
        })
    }

    /// Checks that it is for AWS, and for now.
    ///
    /// # Errors
    /// It is not (exit status 5): sooner said here than by STS.
    pub(crate) fn check(&self, now: Timestamp, whose: &str) -> Result<(), Failure> {
        let statement = &self.statement;
        let fail = |what: String, hint: String| {
            let failure = Failure::new(Kind::Source, format!("{whose} {what}"));
            Err(self.signed(failure).hint(hint))
        };
        let heard = |audience: &String| is_aws_audience(audience);
        if !statement.audiences.is_empty() && !statement.audiences.iter().any(heard) {
            return fail(
                format!(
                    "is for the audience {}, not for AWS",
                    shortened(&statement.audiences.join(", "))
                ),
                "the provider must sign in for AWS: its audience is urn:amazon:webservices or https://signin.aws.amazon.com/saml".to_owned(),
            );
        }
        for (kind, address) in [
            ("recipient", &statement.recipient),
            ("destination", &statement.destination),
        ] {
            if let Some(other) = address.as_deref().filter(|address| !is_sign_in(address)) {
                return fail(
                    format!("is for the {kind} {}, not for AWS", shortened(other)),
                    "the provider must sign in for AWS: https://signin.aws.amazon.com/saml, or that of a region".to_owned(),
                );
            }
        }
        if let Some(end) = statement.not_on_or_after.filter(|end| *end <= now) {
            let ago = spoken(now.seconds_since(end));
            return fail(
                format!("expired at {end}, {ago} ago"),
                "sign in again, and use the new one at once: STS takes it for five minutes"
                    .to_owned(),
            );
        }
        let is_early = |start: &Timestamp| start.seconds_since(now) > CLOCK_DIFFERENCE;
        if let Some(start) = statement.not_before.filter(is_early) {
            return fail(
                format!("is good from {start} on, and this machine's clock says {now}"),
                "set the clock of this machine, or of the provider".to_owned(),
            );
        }
        Ok(())
    }

    /// How long the provider wants the session to be, in seconds, when it says so.
    pub(crate) fn session_seconds(&self) -> Option<u32> {
        self.statement.session_seconds
    }

    /// Who signed it.
    pub(crate) fn issuer(&self) -> Option<&str> {
        self.statement.issuer.as_deref()
    }

    /// What trust policies can ask of it: condition keys and their values.
    /// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html#condition-keys-saml>
    pub(crate) fn condition_keys(&self) -> Vec<(String, String)> {
        let statement = &self.statement;
        [
            ("SAML:aud", &statement.recipient),
            ("SAML:iss", &statement.issuer),
            ("SAML:sub", &statement.subject),
        ]
        .into_iter()
        .filter_map(|(key, value)| Some((key.to_owned(), value.clone()?)))
        .collect()
    }

    /// The failure with the name of who signed the assertion.
    fn signed(&self, failure: Failure) -> Failure {
        match self.issuer() {
            Some(issuer) => failure.detail(format!("issuer: {}", shortened(issuer))),
            None => failure,
        }
    }
}

/// The roles for people; with the provider, where one role has two.
pub(crate) fn listed(grants: &[Grant]) -> Vec<String> {
    let line = |grant: &Grant| {
        let same = grants.iter().filter(|other| other.role == grant.role);
        match same.count() {
            1 => grant.role.to_string(),
            _ => format!("{} by {}", grant.role, grant.provider),
        }
    };
    grants.iter().map(line).collect()
}

/// AWS's own name, or its address:
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_create_saml_assertions.html>
fn is_aws_audience(audience: &str) -> bool {
    audience.starts_with("urn:amazon:webservices") || is_sign_in(audience)
}

/// `https://signin.aws.amazon.com/saml`, that of a region, and those of the other partitions, each with what may follow
/// (`/acs/ID` for encrypted assertions).
fn is_sign_in(address: &str) -> bool {
    let Some((host, path)) = address
        .strip_prefix("https://")
        .and_then(|rest| rest.split_once('/'))
    else {
        return false;
    };
    let domain = host
        .strip_prefix("signin.")
        .or_else(|| Some(host.split_once(".signin.")?.1));
    let is_aws = |domain: &str| {
        domain == "aws.amazon.com"
            || domain.starts_with("amazonaws")
            || [".ic.gov", ".sgov.gov"]
                .iter()
                .any(|end| domain.ends_with(end))
    };
    domain.is_some_and(is_aws) && path.split('/').any(|part| part == "saml")
}

/// What an assertion says may be of any length.
fn shortened(text: &str) -> String {
    const MOST: usize = 200;
    match text.char_indices().nth(MOST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests;
