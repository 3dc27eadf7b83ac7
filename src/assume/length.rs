//! How long a session may be: where STS refuses the length, the next one down is asked for, and a role's
//! maximum is learnt, once.
//!
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_update-role-settings.html#id_roles_update-session-duration>

use std::cell::{Cell, OnceCell};

use crate::assume::Run;
use crate::aws::{Refusal, Session, Taken};
use crate::credentials::Credentials;
use crate::plan::{CHAINED_DURATION, MIN_MAXIMUM, Role, RoleArn};
use crate::time;

/// What is tried, in seconds, where IAM does not tell the maximum.
const STEPS: [u32; 6] = [36_000, 28_800, 21_600, 14_400, 7_200, MIN_MAXIMUM];

/// One role being taken, and the length that is asked for next. It outlives an MFA code: STS may use a code
/// up and still refuse the length.
pub(super) struct Measure<'a> {
    role: &'a Role,
    arn: &'a RoleArn,
    name: &'a str,
    with: &'a Credentials,
    seconds: Cell<u32>,
    bound: Cell<Option<Bound>>,
    /// What IAM says is the maximum, once it was asked.
    told: OnceCell<Option<u32>>,
}

/// What cut a length.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Bound {
    /// The role's own maximum, from IAM, or found step by step.
    Role,
    /// The role's own maximum, of which is known only that it is less than what was wanted: each further
    /// try would have taken a code.
    Unknown,
    /// What role chaining gets.
    Chaining,
}

/// A length that STS gives.
#[derive(Clone, Copy, Debug)]
pub(super) struct Found {
    pub(super) seconds: u32,
    pub(super) bound: Bound,
}

impl<'a> Measure<'a> {
    pub(super) fn new(
        role: &'a Role,
        arn: &'a RoleArn,
        name: &'a str,
        with: &'a Credentials,
    ) -> Self {
        Self {
            role,
            arn,
            name,
            with,
            seconds: Cell::new(role.duration_seconds),
            bound: Cell::new(None),
            told: OnceCell::new(),
        }
    }

    /// Assumes the role for as long as it was wanted, else for as long as it can be had. With an MFA code,
    /// the same one serves all tries, as long as STS takes it.
    ///
    /// # Errors
    /// What STS or the network said.
    pub(super) fn take(&self, sts: &Session, code: Option<&str>) -> Result<Taken, Refusal> {
        loop {
            let role = Role {
                duration_seconds: self.seconds.get(),
                ..self.role.clone()
            };
            match sts.take(&role, self.arn, self.name, self.with, code) {
                Ok(taken) => return Ok(taken),
                Err(refusal) if self.shortens(sts, &refusal) => {}
                Err(refusal) => return Err(refusal),
            }
        }
    }

    /// Asks IAM for the maximum, before a code is spent on a length that is too long. What it says is
    /// given back.
    pub(super) fn ask_first(&self, sts: &Session) -> Option<u32> {
        let maximum = self.told(sts)?;
        if maximum < self.seconds.get() {
            self.seconds.set(maximum);
            self.bound.set(Some(Bound::Role));
        }
        Some(maximum)
    }

    /// The length that was found, when it is not the one that was wanted.
    pub(super) fn found(&self) -> Option<Found> {
        let seconds = self.seconds.get();
        self.bound.get().map(|bound| Found { seconds, bound })
    }

    /// Lowers the length after a refusal. False: that was about something else, or there is no less.
    fn shortens(&self, sts: &Session, refusal: &Refusal) -> bool {
        let refused = self.seconds.get();
        let (shorter, bound) = if refusal.is_over_chaining() {
            (Some(CHAINED_DURATION), Bound::Chaining)
        } else if refusal.is_over_maximum() {
            let told = self.told(sts).filter(|maximum| *maximum < refused);
            let step = || STEPS.into_iter().find(|step| *step < refused);
            (told.or_else(step), Bound::Role)
        } else {
            if refusal.is_wrong_code()
                && self.bound.get() == Some(Bound::Role)
                && self.told(sts).is_none()
            {
                // The code went with the refusal before. The next one must do: an hour is always had.
                self.seconds.set(MIN_MAXIMUM);
                self.bound.set(Some(Bound::Unknown));
            }
            return false;
        };
        let Some(shorter) = shorter.filter(|shorter| *shorter < refused) else {
            return false;
        };
        self.seconds.set(shorter);
        self.bound.set(Some(bound));
        true
    }

    /// The maximum that IAM tells, asked for once.
    fn told(&self, sts: &Session) -> Option<u32> {
        *self.told.get_or_init(|| {
            let answer = sts.role(self.arn.name(), self.with).ok();
            // IAM knows the roles of the caller's account; another one's may have the same name.
            let (_, maximum) = answer.filter(|(real, _)| real == self.arn)?;
            maximum
        })
    }
}

/// Takes a role for so many seconds, else for as long as STS gives, step by step: without keys nobody can be asked
/// for the role's maximum. The length is told when it is another one.
///
/// # Errors
/// What STS or the network said.
pub(super) fn stepwise(
    wanted: u32,
    take: impl Fn(u32) -> Result<Taken, Refusal>,
) -> Result<(Taken, Option<Found>), Refusal> {
    let mut seconds = wanted;
    loop {
        let refusal = match take(seconds) {
            Ok(taken) => {
                let found = (seconds < wanted).then_some(Found {
                    seconds,
                    bound: Bound::Role,
                });
                return Ok((taken, found));
            }
            Err(refusal) => refusal,
        };
        let shorter = STEPS.into_iter().find(|step| *step < seconds);
        seconds = shorter
            .filter(|_| refusal.is_over_maximum())
            .ok_or(refusal)?;
    }
}

/// Whether IAM is asked for the role's maximum before a code is spent on it: nobody should have to wait for another
/// code because the session was to be too long. `home` is the account of the caller, where it is known; `is_known`
/// says that the maximum is.
pub(crate) fn asks_first(role: &Role, arn: &RoleArn, home: Option<&str>, is_known: bool) -> bool {
    role.mfa_serial.is_some()
        && role.duration_seconds > MIN_MAXIMUM
        && home.is_none_or(|home| home == arn.account())
        && !is_known
}

impl Run<'_> {
    /// The role with a session that is no longer than was learnt before: plans know that of roles whose ARN they
    /// know. With `--refresh` the wanted length is asked for again.
    pub(super) fn limited(&self, role: &Role, arn: &RoleArn) -> Role {
        let mut role = role.clone();
        if let Some(maximum) = self.maximum(arn) {
            role.duration_seconds = role.duration_seconds.min(maximum);
        }
        role
    }

    /// What was learnt before, unless it is to be found out anew.
    pub(super) fn maximum(&self, arn: &RoleArn) -> Option<u32> {
        let endpoint = self.plan.connection.sts_endpoint();
        let learnt = self.cache?.limit(arn.as_str(), endpoint);
        learnt.filter(|_| !self.options.refresh)
    }

    /// Remembers what was found out about the length of a role's sessions, for the next plans.
    pub(super) fn learn(&mut self, role: &Role, arn: &RoleArn, found: Option<Found>) {
        let Some(cache) = self.cache else { return };
        let endpoint = self.plan.connection.sts_endpoint();
        match found {
            Some(Found {
                bound: Bound::Chaining,
                ..
            }) => {}
            Some(found) => {
                self.found.push((arn.to_string(), found.seconds));
                cache.put_limit(arn.as_str(), endpoint, found.seconds);
            }
            // It was raised.
            None if cache
                .limit(arn.as_str(), endpoint)
                .is_some_and(|maximum| maximum < role.duration_seconds) =>
            {
                cache.forget_limit(arn.as_str(), endpoint);
            }
            None => {}
        }
    }

    /// Tells a person that a session is shorter than was wanted, and why.
    pub(super) fn tell(&self, role: &Role, arn: &RoleArn, found: Found) {
        let spoken = |seconds: u32| time::spoken(seconds.into());
        let (wanted, given) = (spoken(role.duration_seconds), spoken(found.seconds));
        let remembered = match self.cache {
            Some(_) => ", which is remembered (--refresh asks again)",
            None => "",
        };
        let why = match found.bound {
            Bound::Chaining => "the most that role chaining gets".to_owned(),
            Bound::Role => {
                format!("the most that the role allows (MaxSessionDuration){remembered}")
            }
            Bound::Unknown => format!(
                "since the role allows less (MaxSessionDuration), and each further try would take an MFA code{remembered}"
            ),
        };
        self.options.log.warn(&format!(
            "{arn}: the session is shortened from {wanted} to {given}, {why}"
        ));
    }
}
