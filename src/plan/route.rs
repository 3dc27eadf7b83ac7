//! How an MFA code is spent: on a session of the user that serves every role for half a day, or on
//! one role.
//!
//! A pure function of the plan. STS counts a role from a GetSessionToken session as role chaining,
//! so it gets an hour at most, and gives such sessions to long-term keys of users only:
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles.html#iam-term-role-chaining>

use crate::credentials::Credentials;
use crate::plan::{CHAINED_DURATION, Hop, Plan, Source, user};
use crate::settings::{Origin, Sourced};

/// Where the code goes, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Route {
    /// No code is needed.
    None,
    /// GetSessionToken takes the code; the role is assumed from that session.
    Session,
    /// AssumeRole takes the code itself, for this reason.
    Role(&'static str),
}

const IS_SESSION: &str = "sessions are for the long-term keys of a user";

/// What decides.
#[derive(Clone, Copy, Debug)]
struct Facts {
    needs_code: bool,
    is_user: bool,
    duration_seconds: u32,
    max_age: Option<u32>,
}

impl Route {
    /// For people: what takes the code, and why.
    pub(crate) fn spoken(&self) -> Option<String> {
        match self {
            Self::None => None,
            Self::Session => Some(
                "GetSessionToken takes the MFA code; its session serves every role of this user"
                    .to_owned(),
            ),
            Self::Role(why) => Some(format!("AssumeRole takes the MFA code itself: {why}")),
        }
    }

    fn of(facts: Facts) -> Self {
        if !facts.needs_code {
            Self::None
        } else if !facts.is_user {
            Self::Role(IS_SESSION)
        } else if facts.duration_seconds > CHAINED_DURATION {
            Self::Role("from a session, a role gets 1h at most")
        } else if facts.max_age == Some(0) {
            Self::Role("each role asks for a code of its own (maximum age 0)")
        } else {
            Self::Session
        }
    }
}

impl Plan {
    /// Puts the MFA session before the role that needs a code, where that is the better way; takes
    /// it away again where it is no more.
    pub(super) fn take_route(&mut self) {
        self.give_code_to_role();
        let Some(Hop::Role(role)) = self.hops.first_mut() else {
            return;
        };
        self.route = Route::of(Facts {
            needs_code: role.mfa_serial.is_some(),
            is_user: self.source.may_be_user(),
            duration_seconds: role.duration_seconds,
            max_age: self.mfa.max_age,
        });
        if self.route == Route::Session {
            let origin = role.origins.remove("mfa_serial").unwrap_or(Origin::Default);
            let serial = role
                .mfa_serial
                .take()
                .map(|serial| Sourced::new(serial, origin));
            let session = user::session(None, serial, &self.mfa);
            self.hops.insert(0, Hop::Session(session));
        }
    }

    /// The plan where the role takes the code itself, because the source gives a session already.
    pub(crate) fn without_session(&self) -> Self {
        let mut plan = self.clone();
        plan.give_code_to_role();
        plan.route = Route::Role(IS_SESSION);
        plan
    }

    fn give_code_to_role(&mut self) {
        if let [Hop::Session(session), Hop::Role(_), ..] = &mut self.hops[..] {
            let serial = session.mfa_serial.take();
            let origin = session.origins.remove("mfa_serial");
            self.hops.remove(0);
            if let Some(Hop::Role(role)) = self.hops.first_mut() {
                role.mfa_serial = serial;
                role.origins
                    .extend(origin.map(|origin| ("mfa_serial", origin)));
            }
        }
    }

    /// Lowers the length of a role's session to what the role allows, and finds the route anew.
    pub(crate) fn limit(&mut self, arn: &str, maximum: u32) {
        for hop in &mut self.hops {
            if let Hop::Role(role) = hop
                && role.reference.arn().is_some_and(|own| own.as_str() == arn)
                && role.duration_seconds > maximum
            {
                role.duration_seconds = maximum;
                role.origins.insert("duration_seconds", Origin::Learnt);
            }
        }
        self.take_route();
    }
}

impl Source {
    /// Whether the credentials are, as far as can be told, long-term keys of a user: what
    /// sessions and federated users are for.
    pub(crate) fn is_user(&self) -> bool {
        self.user_keys().is_some()
    }

    /// These keys.
    pub(crate) fn user_keys(&self) -> Option<Credentials> {
        self.held().filter(|keys| keys.session_token.is_none())
    }

    /// The same, or nobody knows before a command has run: keychains give keys that way.
    pub(crate) fn may_be_user(&self) -> bool {
        self.is_user() || matches!(self, Self::Process { .. })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn where_the_code_goes() {
        let session = Facts {
            needs_code: true,
            is_user: true,
            duration_seconds: 3600,
            max_age: None,
        };
        let is_role = |facts| matches!(Route::of(facts), Route::Role(_));
        assert_eq!(Route::of(session), Route::Session);
        assert_eq!(
            Route::of(Facts {
                needs_code: false,
                ..session
            }),
            Route::None
        );
        for (duration_seconds, max_age, is_user, alone) in [
            (900, None, true, false),
            (3600, Some(900), true, false),
            (3600, Some(0), true, true),
            (3601, None, true, true),
            (43_200, Some(900), true, true),
            (3600, None, false, true),
            (900, Some(0), false, true),
        ] {
            let facts = Facts {
                needs_code: true,
                is_user,
                duration_seconds,
                max_age,
            };
            assert_eq!(is_role(facts), alone, "{facts:?}");
        }
    }
}
