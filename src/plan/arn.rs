//! Role ARNs: `arn:PARTITION:iam::ACCOUNT:role/PATH/NAME`.
//!
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-arns>

use std::fmt;

use serde::{Serialize, Serializer};

use crate::cli;

/// A well-formed ARN of a role.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct RoleArn {
    text: String,
    partition: usize,
    account: usize,
}

const ACCOUNT_DIGITS: usize = 12;

impl RoleArn {
    /// Puts an ARN together; `name` may have a path before it (`team/deploy`).
    pub(crate) fn new(partition: &str, account: &str, name: &str) -> Self {
        let text = format!("arn:{partition}:iam::{account}:role/{name}");
        let account = "arn:".len() + partition.len() + ":iam::".len();
        Self {
            text,
            partition: partition.len(),
            account,
        }
    }

    /// Reads an ARN.
    ///
    /// # Errors
    /// Says which part is wrong.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        const FORM: &str = "arn:PARTITION:iam::ACCOUNT:role/NAME";
        let mut parts = text.splitn(6, ':');
        let mut part = || parts.next().unwrap_or_default();
        let (arn, partition, service, region, account, resource) =
            (part(), part(), part(), part(), part(), part());
        if arn != "arn" || resource.is_empty() {
            return Err(format!(
                "`{text}` is not the ARN of a role: that is written {FORM}"
            ));
        }
        if service == "sts" && resource.starts_with("assumed-role/") {
            return Err(format!(
                "`{text}` is the ARN of a session, not of a role: that is written {FORM}"
            ));
        }
        let Some(name) = resource
            .strip_prefix("role/")
            .filter(|_| service == "iam" && region.is_empty())
        else {
            return Err(format!(
                "`{text}` is not the ARN of a role: that is written {FORM}"
            ));
        };
        if !is_partition(partition) {
            return Err(format!(
                "`{partition}` in `{text}` is not a partition (aws, aws-cn, aws-us-gov …)"
            ));
        }
        cli::account(account).map_err(|reason| format!("`{account}` in `{text}`: {reason}"))?;
        role_name(name).map_err(|reason| format!("`{text}`: {reason}"))?;
        Ok(Self::new(partition, account, name))
    }

    /// The partition: `aws`, `aws-cn` …
    pub(crate) fn partition(&self) -> &str {
        &self.text["arn:".len()..][..self.partition]
    }

    /// The account id.
    pub(crate) fn account(&self) -> &str {
        &self.text[self.account..self.account + ACCOUNT_DIGITS]
    }

    /// The role's name with its path: `team/deploy`.
    pub(crate) fn path_and_name(&self) -> &str {
        &self.text[self.account + ACCOUNT_DIGITS + ":role/".len()..]
    }

    /// The role's name alone.
    pub(crate) fn name(&self) -> &str {
        let full = self.path_and_name();
        full.rsplit('/').next().unwrap_or(full)
    }

    /// The whole ARN.
    pub(crate) fn as_str(&self) -> &str {
        &self.text
    }
}

impl fmt::Display for RoleArn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl Serialize for RoleArn {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.text)
    }
}

fn is_partition(text: &str) -> bool {
    text.starts_with("aws")
        && text
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte == b'-')
}

/// A role name with or without path, of the characters that IAM allows.
///
/// # Errors
/// Says what a role name is made of.
pub(crate) fn role_name(text: &str) -> Result<&str, String> {
    let name = text.rsplit('/').next().unwrap_or(text);
    let allowed = |byte: u8| cli::is_session_name_byte(byte) || byte == b'/';
    if (1..=64).contains(&name.len())
        && text.len() <= 512
        && text.bytes().all(allowed)
        && !text.starts_with('/')
    {
        Ok(text)
    } else {
        Err("a role name has 1 to 64 letters, digits or any of _+=,.@-".to_owned())
    }
}

/// The partition that a region lies in.
pub(crate) fn partition_of(region: &str) -> &'static str {
    const PREFIXES: [(&str, &str); 7] = [
        ("cn-", "aws-cn"),
        ("us-gov-", "aws-us-gov"),
        ("eusc-", "aws-eusc"),
        ("us-isof-", "aws-iso-f"),
        ("us-isob-", "aws-iso-b"),
        ("eu-isoe-", "aws-iso-e"),
        ("us-iso-", "aws-iso"),
    ];
    PREFIXES
        .iter()
        .find(|(prefix, _)| region.starts_with(prefix))
        .map_or("aws", |(_, partition)| partition)
}

/// Where STS is asked when no region is configured.
pub(crate) fn first_region(partition: &str) -> &'static str {
    match partition {
        "aws-cn" => "cn-north-1",
        "aws-us-gov" => "us-gov-west-1",
        "aws-eusc" => "eusc-de-east-1",
        "aws-iso" => "us-iso-east-1",
        "aws-iso-b" => "us-isob-east-1",
        "aws-iso-e" => "eu-isoe-west-1",
        "aws-iso-f" => "us-isof-south-1",
        _ => "us-east-1",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_of_an_arn() {
        let arn = RoleArn::parse("arn:aws-us-gov:iam::111122223333:role/team/a/deploy").unwrap();
        assert_eq!(arn.partition(), "aws-us-gov");
        assert_eq!(arn.account(), "111122223333");
        assert_eq!(arn.path_and_name(), "team/a/deploy");
        assert_eq!(arn.name(), "deploy");
        assert_eq!(
            arn,
            RoleArn::new("aws-us-gov", "111122223333", "team/a/deploy")
        );
    }

    #[test]
    fn malformed_arns_say_what_is_wrong() {
        for (text, reason) in [
            ("arn:aws:iam::1111:role/x", "twelve digits"),
            ("arn:aws:iam::111122223333:user/x", "not the ARN of a role"),
            (
                "arn:aws:sts::111122223333:assumed-role/x/y",
                "of a session, not of a role",
            ),
            ("arn:aws:iam::111122223333:role/", "1 to 64"),
            ("arn:aws:iam::111122223333:role/a b", "1 to 64"),
            ("arn:azure:iam::111122223333:role/a", "not a partition"),
            ("arn:aws:iam", "not the ARN of a role"),
        ] {
            let error = RoleArn::parse(text).unwrap_err();
            assert!(error.contains(reason), "{text}: {error}");
        }
    }

    #[test]
    fn regions_have_partitions_and_back() {
        for region in [
            "us-east-1",
            "cn-north-1",
            "us-gov-west-1",
            "eusc-de-east-1",
            "us-iso-east-1",
            "us-isob-east-1",
            "eu-isoe-west-1",
            "us-isof-south-1",
        ] {
            assert_eq!(first_region(partition_of(region)), region);
        }
    }
}
