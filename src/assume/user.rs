//! Sessions of a user, and federated users: what only long-term keys get.

use std::cell::Cell;

use anyhow::Result;

use crate::assume::{Given, Run, SourceIsSession};
use crate::aws::{Refusal, Session};
use crate::credentials::Credentials;
use crate::error::Failure;
use crate::plan::{Federation, Hop, Route, UserSession};
use crate::time::{self, Timestamp};

/// The most that the keys of a root user get, in seconds:
/// <https://docs.aws.amazon.com/STS/latest/APIReference/API_GetSessionToken.html>
const ROOT_SESSION: u32 = 3_600;
/// Clocks that differ less make no session look shorter than it is.
const SKEW: i64 = 300;

impl Run<'_> {
    /// Gets a session of the user, with a code of their device when one is named.
    ///
    /// # Errors
    /// What STS, the network or a person said.
    pub(super) fn user_session(
        &mut self,
        session: &UserSession,
        with: &Credentials,
    ) -> Result<Given> {
        const OPERATION: &str = "sts:GetSessionToken";
        if with.session_token.is_some() && self.plan.route == Route::Session {
            return Err(SourceIsSession.into());
        }
        refuse_session(OPERATION, with)?;
        self.expect_account_of(with)?;
        self.options
            .log
            .step(|| format!("getting a session of the user ({OPERATION})"));
        let length = Length::new(session.duration_seconds);
        let call = |sts: &Session, code: Option<&str>| {
            length.or_root(|duration_seconds| {
                let session = UserSession {
                    duration_seconds,
                    ..session.clone()
                };
                sts.user_session(&session, with, code)
            })
        };
        let answer = match &session.mfa_serial {
            None => call(self.session()?, None),
            Some(serial) => self.with_code(serial, |sts, code| call(sts, Some(code)))?,
        };
        let mut credentials = answer.map_err(|refusal| {
            refusal.of_user(
                "cannot get a session of the user",
                &self.plan.source,
                session.mfa_serial.as_deref(),
            )
        })?;
        credentials.account_id = self.account_of_source(with);
        self.tell_root(session.duration_seconds, &credentials);
        Ok(Given {
            credentials,
            arn: None,
            role_arn: None,
        })
    }

    /// Gets the credentials of a federated user.
    ///
    /// # Errors
    /// What STS or the network said.
    pub(super) fn federated_user(
        &mut self,
        federation: &Federation,
        with: &Credentials,
    ) -> Result<Given> {
        const OPERATION: &str = "sts:GetFederationToken";
        refuse_session(OPERATION, with)?;
        self.expect_account_of(with)?;
        self.options.log.step(|| {
            format!(
                "getting the federated user `{}` ({OPERATION})",
                federation.name
            )
        });
        let length = Length::new(federation.duration_seconds);
        let sts = self.session()?;
        let answer = length.or_root(|duration_seconds| {
            let federation = Federation {
                duration_seconds,
                ..federation.clone()
            };
            sts.federated_user(&federation, with)
        });
        let (credentials, arn) = answer.map_err(|refusal| {
            let what = format!("cannot get the federated user `{}`", federation.name);
            refusal.of_user(&what, &self.plan.source, None)
        })?;
        self.tell_root(federation.duration_seconds, &credentials);
        Ok(Given {
            credentials,
            arn: Some(arn),
            role_arn: None,
        })
    }

    /// Refuses cached credentials without an ARN, which are of the source's account, when it is
    /// another than expected.
    ///
    /// # Errors
    /// It is; what STS or the network said.
    pub(super) fn expect_source(&mut self) -> Result<()> {
        if self.options.expect_account.is_none() {
            return Ok(());
        }
        let with = self.source()?;
        self.expect_account_of(&with)
    }

    /// A session of the user, or a federated user, is of the account of the keys. What a file says
    /// of that may be wrong.
    fn expect_account_of(&mut self, with: &Credentials) -> Result<()> {
        let is_last = !matches!(self.plan.hops.last(), Some(Hop::Role(_)));
        if is_last && self.options.expect_account.is_some() {
            let account = self.known(with)?.account;
            self.options.expect(&account)?;
        }
        Ok(())
    }

    /// Says so when a session is shorter than was wanted: STS cuts those of root users without a word.
    fn tell_root(&self, wanted: u32, credentials: &Credentials) {
        let Some(end) = credentials.expires_at else {
            return;
        };
        let most = i64::from(ROOT_SESSION) + SKEW;
        if i64::from(wanted) > most && end.seconds_since(Timestamp::now()) <= most {
            self.options.log.warn(&format!(
                "the session is shortened from {} to {}, the most that the keys of a root user get",
                time::spoken(wanted.into()),
                time::spoken(ROOT_SESSION.into())
            ));
        }
    }

    /// The account of the source's keys, where it is known without a call.
    pub(super) fn account_of_source(&self, with: &Credentials) -> Option<String> {
        let endpoint = self.plan.connection.sts_endpoint();
        self.plan.source_account.clone().or_else(|| {
            let identity = self.cache?.identity(&with.access_key_id, endpoint)?;
            Some(identity.account)
        })
    }
}

/// How long a session of the user may be. It outlives an MFA code.
struct Length(Cell<u32>);

impl Length {
    fn new(seconds: u32) -> Self {
        Self(Cell::new(seconds))
    }

    /// Makes a call for this length, and where STS refuses it, once more for the one of root users.
    fn or_root<T>(&self, call: impl Fn(u32) -> Result<T, Refusal>) -> Result<T, Refusal> {
        match call(self.0.get()) {
            Err(refusal) if refusal.is_about_duration() && self.0.get() > ROOT_SESSION => {
                self.0.set(ROOT_SESSION);
                call(ROOT_SESSION)
            }
            answer => answer,
        }
    }
}

/// STS gives neither to temporary credentials:
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_sts-comparison.html>
fn refuse_session(operation: &str, with: &Credentials) -> Result<()> {
    if with.session_token.is_none() {
        return Ok(());
    }
    Err(Failure::usage(format!(
        "{operation} is for the long-term keys of an IAM user, and these credentials are a session"
    ))
    .hint("name a profile with keys (--profile), or `stsx unset` this shell's role first")
    .into())
}
