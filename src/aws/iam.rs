//! IAM, asked only when STS refused, when nobody has written it down, or for a list of roles: the path of a role,
//! how long its sessions may be, the devices of a user.

use aws_sdk_iam::Client;
use aws_sdk_iam::config::{SharedCredentialsProvider, SharedInterceptor};

use crate::aws::failure::garbage_of;
use crate::aws::{Refusal, Session, sdk_credentials};
use crate::credentials::Credentials;
use crate::plan::RoleArn;
use crate::plan::connection::without_password;

/// A role as IAM lists it.
#[derive(Debug)]
pub(crate) struct ListedRole {
    pub(crate) arn: RoleArn,
    /// MaxSessionDuration, in seconds.
    pub(crate) maximum: Option<u32>,
    /// The trust policy, percent-encoded.
    pub(crate) trust: String,
}

impl Session {
    /// All roles in the account of `with`, page by page:
    /// <https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListRoles.html>
    ///
    /// # Errors
    /// What IAM or the network said; the pages do not end.
    pub(crate) fn roles(&self, with: &Credentials) -> Result<Vec<ListedRole>, Refusal> {
        let (iam, mut roles) = (self.iam(with), Vec::new());
        let mut marker: Option<String> = None;
        loop {
            let call = iam.list_roles().max_items(1000).set_marker(marker.clone());
            let answer = self
                .ask("IAM for the roles of the account", call.send())
                .map_err(|error| self.opened(self.refusal_of(&self.iam_place(), &error), with))?;
            roles.extend(answer.roles().iter().filter_map(|role| self.listed(role)));
            if !answer.is_truncated() {
                return Ok(roles);
            }
            let next = answer.marker.filter(|next| Some(next) != marker.as_ref());
            let endless = || garbage_of(&self.iam_place(), "a list that does not go on");
            marker = Some(next.ok_or_else(endless)?);
        }
    }

    /// A role, unless its ARN is one that stsx could not assume either.
    fn listed(&self, role: &aws_sdk_iam::types::Role) -> Option<ListedRole> {
        let maximum = role.max_session_duration();
        match RoleArn::parse(role.arn()) {
            Ok(arn) => Some(ListedRole {
                arn,
                maximum: maximum.and_then(|seconds| u32::try_from(seconds).ok()),
                trust: role
                    .assume_role_policy_document()
                    .unwrap_or_default()
                    .to_owned(),
            }),
            Err(reason) => {
                self.log.step(|| format!("left out: {reason}"));
                None
            }
        }
    }

    /// The ARN, with its path, and MaxSessionDuration in seconds of a role in the account of `with`:
    /// <https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetRole.html>
    ///
    /// # Errors
    /// What IAM or the network said.
    pub(crate) fn role(
        &self,
        name: &str,
        with: &Credentials,
    ) -> Result<(RoleArn, Option<u32>), Refusal> {
        let call = self.iam(with).get_role().role_name(name);
        let answer = self
            .ask(format_args!("IAM about the role {name}"), call.send())
            .map_err(|error| self.opened(self.refusal_of(&self.iam_place(), &error), with))?;
        let role = answer.role();
        let arn = role.map(aws_sdk_iam::types::Role::arn).unwrap_or_default();
        let maximum = role.and_then(aws_sdk_iam::types::Role::max_session_duration);
        let arn = RoleArn::parse(arn).map_err(|reason| garbage_of(&self.iam_place(), &reason))?;
        Ok((arn, maximum.and_then(|seconds| u32::try_from(seconds).ok())))
    }

    /// The serial numbers of the MFA devices of the user whose keys these are:
    /// <https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListMFADevices.html>
    ///
    /// # Errors
    /// What IAM or the network said.
    pub(crate) fn devices(&self, with: &Credentials) -> Result<Vec<String>, Refusal> {
        // A user has eight at most, so one page holds them.
        let call = self.iam(with).list_mfa_devices();
        let answer = self
            .ask("IAM for the MFA devices of the user", call.send())
            .map_err(|error| self.opened(self.refusal_of(&self.iam_place(), &error), with))?;
        let serials = answer.mfa_devices().iter();
        Ok(serials
            .map(|device| device.serial_number().to_owned())
            .collect())
    }

    /// Who is asked, as an error names it.
    fn iam_place(&self) -> String {
        let url = self.connection.iam_url.as_ref();
        url.map_or_else(|| "IAM".to_owned(), |url| without_password(&url.value))
    }

    pub(super) fn iam(&self, with: &Credentials) -> Client {
        let mut config = aws_sdk_iam::config::Builder::from(&self.config);
        let url = self.connection.iam_url.as_ref();
        config.set_endpoint_url(url.map(|url| url.value.clone()));
        config.push_interceptor(SharedInterceptor::new(self.watch.clone()));
        config.set_time_source(Some(self.watch.time()));
        config
            .set_credentials_provider(Some(SharedCredentialsProvider::new(sdk_credentials(with))));
        Client::from_conf(config.build())
    }
}
