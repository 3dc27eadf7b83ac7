//! What to check after AccessDenied, in order: from the facts of the very call, and from what AWS
//! says of the policies.
//!
//! AWS often tells the kind of policy, and then only that one is spoken of:
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html>. Where it does
//! not, as for most trust policies, all that can matter for this call is listed.

use crate::plan::{Role, RoleArn, Source};

mod checks;
#[cfg(test)]
mod tests;

use checks::name_of;

/// Younger codes satisfy every aws:MultiFactorAuthAge that people write.
const YOUNG: i64 = 60;

const WRONG_CODE: &str = "the MFA code was not accepted: wait for the next one (a code works once), and check mfa_serial";

/// Which role could not be assumed, and how it was tried.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Subject<'a> {
    pub(crate) role: &'a Role,
    pub(crate) arn: &'a RoleArn,
    pub(crate) session_name: &'a str,
    /// The ARN of who made the call.
    pub(crate) caller: Option<&'a str>,
    /// Where the credentials came from that made the call, when they were the source's.
    pub(crate) source: Option<&'a Source>,
    /// The roles before, whose tags and source identity may come along; the nearest last.
    pub(crate) before: &'a [&'a Role],
    pub(crate) shown: Shown,
    pub(crate) existence: Existence,
}

/// What a call showed of an MFA device.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shown {
    /// A code of its own.
    Code,
    /// The code of the user's session before it, which is so many seconds old.
    Session(i64),
    /// Nothing, though the user could.
    Nothing,
    /// Nothing, because no session of a role can.
    Role,
    /// The session was opened elsewhere.
    Unknown,
}

/// What IAM said to the question for the role.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Existence {
    /// It was not asked, or may not be.
    Unknown,
    There,
    Missing,
}

/// What a person should look at.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Advice {
    /// One line each, in the order of what is likely.
    pub(crate) checks: Vec<String>,
    /// The most likely cause, or the next thing to do.
    pub(crate) hint: Option<String>,
}

impl Advice {
    /// One thing to do, and nothing to check.
    pub(super) fn hint(hint: impl Into<String>) -> Self {
        Self {
            checks: Vec::new(),
            hint: Some(hint.into()),
        }
    }

    /// The checks as detail lines: numbered when there are several.
    pub(crate) fn lines(&self) -> Vec<String> {
        match &self.checks[..] {
            [only] => vec![format!("check: {only}")],
            several => (1..)
                .zip(several)
                .map(|(number, check)| format!("{number}. {check}"))
                .collect(),
        }
    }
}

/// What AWS says of the policies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Verdict<'a> {
    /// A policy of this kind denies explicitly.
    Denied(&'a str),
    /// No policy of this kind allows.
    NotAllowed(&'a str),
    /// It does not say.
    Silent,
}

impl<'a> Verdict<'a> {
    fn of(message: &'a str) -> Self {
        if let Some((_, kind)) = message.split_once("with an explicit deny in ") {
            // The policy's own ARN may follow.
            let kind = kind.split([':', ';', '.', ',']).next().unwrap_or(kind);
            let article = ["a ", "an ", "the "];
            let bare = article
                .iter()
                .find_map(|article| kind.strip_prefix(article));
            return Self::Denied(bare.unwrap_or(kind).trim());
        }
        let kind = message
            .split_once("because no ")
            .and_then(|(_, rest)| rest.split_once(" allows"));
        kind.map_or(Self::Silent, |(kind, _)| Self::NotAllowed(kind))
    }
}

/// Whether a kind of policy, as AWS calls it, is the trust policy of a role.
fn is_trust(kind: &str) -> bool {
    kind.contains("resource-based") || kind.contains("trust")
}

impl Subject<'_> {
    /// What to check when STS answered AccessDenied with this message.
    pub(crate) fn advice(&self, message: &str) -> Advice {
        if self.existence == Existence::Missing {
            return Advice::hint("check its name; `stsx list` shows the profiles");
        }
        if message.contains("assumed by root accounts") {
            return Advice::hint(
                "the root user cannot assume roles: start from an IAM user or a role (--profile)",
            );
        }
        if let (Some(serial), true) = (&self.role.mfa_serial, message.contains("MultiFactor")) {
            return Advice::hint(if message.contains("serial number is valid") {
                format!(
                    "check mfa_serial: {serial} is not a device of {}; --mfa finds the user's own",
                    self.caller()
                )
            } else {
                WRONG_CODE.to_owned()
            });
        }
        if self.caller().contains(":federated-user/") {
            return Advice::hint(
                "a federated user cannot assume roles: start from the user's own keys (--profile)",
            );
        }
        match action(message) {
            Some("sts:TagSession") => self.of_extra(message, "sts:TagSession", self.tags()),
            Some("sts:SetSourceIdentity") => {
                self.of_extra(message, "sts:SetSourceIdentity", self.source_identity())
            }
            _ => self.of_assuming(message),
        }
    }

    /// Assuming would be allowed, but not with what was sent along or came along.
    fn of_extra(&self, message: &str, action: &str, check: Option<String>) -> Advice {
        if let Verdict::Denied(kind) = Verdict::of(message) {
            return self.denied(kind, action);
        }
        Advice {
            checks: check.into_iter().collect(),
            hint: Some(format!(
                "allow {action} beside sts:AssumeRole, in the trust policy of {} and in the caller's own policies",
                self.arn.name()
            )),
        }
    }

    fn of_assuming(&self, message: &str) -> Advice {
        let action = "sts:AssumeRole";
        match Verdict::of(message) {
            Verdict::Denied(kind) => self.denied(kind, action),
            Verdict::NotAllowed(kind) if is_trust(kind) => Advice {
                checks: self.trust(format!(
                    "the trust policy of {} must name {}",
                    self.arn.name(),
                    self.principal()
                )),
                hint: Some(self.look_at_trust()),
            },
            Verdict::NotAllowed(kind) => self.not_allowed(kind, action),
            Verdict::Silent => {
                let mut checks = self.trust(self.both_sides());
                if self.existence == Existence::Unknown {
                    let text = format!(
                        "there must be a role {}: AWS denies it the same way if there is none",
                        self.arn.name()
                    );
                    checks.push(text);
                }
                Advice {
                    checks,
                    hint: Some(self.likely()),
                }
            }
        }
    }

    /// A Deny of one kind of policy applies.
    fn denied(&self, kind: &str, action: &str) -> Advice {
        let whose = self.whose(kind);
        let mut checks = vec![format!(
            "a Deny of {action} in {whose} applies, which beats every Allow"
        )];
        if matches!(self.shown, Shown::Nothing | Shown::Session(YOUNG..)) {
            checks.extend(self.mfa());
        }
        if self.principal().starts_with("role ") && kind.contains("identity") {
            checks.push(
                "sessions of the caller's role may have been revoked (aws:TokenIssueTime)"
                    .to_owned(),
            );
        }
        let hint = if kind.contains("service control") || kind.contains("resource control") {
            format!("only who runs the organisation can change a {kind}")
        } else {
            format!("look for the Deny in {whose}, and at its conditions")
        };
        Advice {
            checks,
            hint: Some(hint),
        }
    }

    /// No policy of one kind, which is not the trust policy, allows the call.
    fn not_allowed(&self, kind: &str, action: &str) -> Advice {
        let whose = self.whose(kind);
        let mut checks = vec![format!("{whose} must allow {action} on {}", self.arn)];
        let limiting = self.before.last().filter(|role| {
            kind.contains("session")
                && (role.scope.policy.is_some() || !role.scope.policy_arns.is_empty())
        });
        if let Some(role) = limiting {
            checks.push(format!(
                "the session of {} was limited on the way here (policy, policy_arns, --read-only)",
                name_of(role)
            ));
        }
        if self.shown == Shown::Nothing {
            checks.extend(self.mfa());
        }
        Advice {
            checks,
            hint: Some(format!("allow {action} in {whose}")),
        }
    }

    /// A kind of policy, and whose it is.
    fn whose(&self, kind: &str) -> String {
        if is_trust(kind) {
            format!("the trust policy of {}", self.arn.name())
        } else if kind.contains("identity-based") {
            format!("the policies of {}", self.principal())
        } else if kind.contains("boundary") || kind.contains("session") {
            format!("the {kind} of {}", self.principal())
        } else {
            format!("the {kind}")
        }
    }
}

/// What to check when STS denied a call that only a user's own keys can make.
pub(crate) fn advice_for_user(message: &str, source: &Source, serial: Option<&str>) -> Advice {
    let whose = match Verdict::of(message) {
        Verdict::Denied(kind) => format!("look for a Deny in the {kind}, and at its conditions"),
        Verdict::NotAllowed(kind) => match action(message) {
            Some(action) => format!("allow {action} in the {kind}"),
            None => format!("look at the {kind}"),
        },
        Verdict::Silent => match serial {
            Some(_) if message.contains("one time pass code") => WRONG_CODE.to_owned(),
            Some(serial) => format!("check that {serial} is the device of {}", source.spoken()),
            None => return Advice::default(),
        },
    };
    Advice::hint(whose)
}

/// The action that a message says is denied.
fn action(message: &str) -> Option<&str> {
    let (_, rest) = message.split_once("not authorized to perform: ")?;
    rest.split(' ').next()
}
