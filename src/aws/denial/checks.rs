//! The single checks: what the call had, what it lacked, and who the caller is to a policy.

use crate::aws::account_of;
use crate::aws::denial::{Shown, Subject, YOUNG};
use crate::plan::Role;
use crate::time;

impl Subject<'_> {
    /// Who must allow what: the trust policy, and the caller's own ones unless it names the caller.
    /// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic-cross-account.html>
    pub(super) fn both_sides(&self) -> String {
        let (name, principal) = (self.arn.name(), self.principal());
        if self.is_foreign() {
            format!(
                "the trust policy of {name} must name {principal} or its account, whose own policies must allow sts:AssumeRole on the role too"
            )
        } else {
            format!(
                "the trust policy of {name} must name {principal}, whose own policies must allow sts:AssumeRole if it names the account only"
            )
        }
    }

    /// What the trust policy may ask for, after `first`.
    pub(super) fn trust(&self, first: String) -> Vec<String> {
        let name = format!(
            "a condition on sts:RoleSessionName must accept `{}`",
            self.session_name
        );
        let external_id = match &self.role.external_id {
            None => "no external id was sent (--external-id)",
            Some(_) => "the external id must be the one in the trust policy",
        };
        [
            Some(first),
            Some(external_id.to_owned()),
            self.mfa(),
            self.tags(),
            self.source_identity(),
            Some(name),
        ]
        .into_iter()
        .flatten()
        .collect()
    }

    pub(super) fn mfa(&self) -> Option<String> {
        match self.shown {
            Shown::Code => None,
            Shown::Session(age) if age < YOUNG => None,
            Shown::Session(age) => Some(format!(
                "the MFA code is {} old; aws:MultiFactorAuthAge may require a newer one (--mfa-max-age 15m)",
                time::spoken(age)
            )),
            Shown::Nothing => Some("no MFA code was sent (--mfa, or --mfa-serial)".to_owned()),
            Shown::Role => {
                Some("a role's session shows no MFA, so the trust policy may not ask for it".to_owned())
            }
            Shown::Unknown => Some(
                "aws:MultiFactorAuthPresent holds only if the session before was opened with a code"
                    .to_owned(),
            ),
        }
    }

    /// Tags that were sent or came along:
    /// <https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html#id_session-tags_permissions-required>
    pub(super) fn tags(&self) -> Option<String> {
        let sent: Vec<&str> = self.role.scope.tags.keys().map(String::as_str).collect();
        let came: Vec<String> = self
            .before
            .iter()
            .flat_map(|role| role.transitive_tags.iter().map(move |key| (key, role)))
            .map(|(key, role)| format!("{key} from {}", name_of(role)))
            .collect();
        let what = match (sent.is_empty(), came.is_empty()) {
            (true, true) => return None,
            (false, true) => format!("tags were sent ({})", sent.join(", ")),
            (true, false) => format!("transitive tags came along ({})", came.join(", ")),
            (false, false) => format!(
                "tags were sent ({}) and came along ({})",
                sent.join(", "),
                came.join(", ")
            ),
        };
        Some(format!(
            "{what}: what allows sts:AssumeRole must allow sts:TagSession too, and conditions on aws:RequestTag and aws:TagKeys must accept them"
        ))
    }

    /// A source identity that was sent or came along:
    /// <https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_control-access_monitor.html>
    pub(super) fn source_identity(&self) -> Option<String> {
        let came = self
            .before
            .iter()
            .find_map(|role| Some((role.source_identity.as_deref()?, name_of(role))));
        let what = match (self.role.source_identity.as_deref(), came) {
            (None, None) => return None,
            (Some(own), Some((first, role))) if own != first => {
                return Some(format!(
                    "the source identity is `{first}` since {role}, and cannot become `{own}`"
                ));
            }
            (Some(own), _) => format!("the source identity `{own}` was sent"),
            (None, Some((first, role))) => {
                format!("the source identity `{first}` came along from {role}")
            }
        };
        Some(format!(
            "{what}: what allows sts:AssumeRole must allow sts:SetSourceIdentity too"
        ))
    }

    /// The most likely cause where AWS does not tell.
    pub(super) fn likely(&self) -> String {
        if self.tags().is_some() || self.source_identity().is_some() {
            return self.look_at_trust();
        }
        if self.is_foreign() && self.role.external_id.is_none() {
            return format!(
                "if account {} gave you an external id, send it: --external-id ID",
                self.arn.account()
            );
        }
        match self.shown {
            Shown::Nothing => "if the role requires MFA, send a code: --mfa".to_owned(),
            Shown::Session(YOUNG..) => {
                "if the role requires a recent MFA code: --mfa-max-age 15m".to_owned()
            }
            _ => self.look_at_trust(),
        }
    }

    pub(super) fn look_at_trust(&self) -> String {
        if self.is_foreign() {
            return format!(
                "ask account {} what the trust policy of {} says",
                self.arn.account(),
                self.arn.name()
            );
        }
        format!(
            "look at the trust policy: aws iam get-role --role-name {}",
            self.arn.name()
        )
    }

    /// The role is in another account than the caller.
    pub(super) fn is_foreign(&self) -> bool {
        self.caller
            .is_some_and(|caller| account_of(caller) != self.arn.account())
    }

    pub(super) fn caller(&self) -> &str {
        self.caller.unwrap_or("the caller")
    }

    /// The caller as a policy names it: a session stands for its role.
    pub(super) fn principal(&self) -> String {
        let caller = self.caller();
        match caller.split_once(":assumed-role/") {
            None => caller.to_owned(),
            Some((_, session)) => format!(
                "role {} of account {}",
                session.split('/').next().unwrap_or(session),
                account_of(caller)
            ),
        }
    }
}

/// What a role is called.
pub(super) fn name_of(role: &Role) -> String {
    match role.reference.arn() {
        Some(arn) => arn.name().to_owned(),
        None => role.reference.to_string(),
    }
}
