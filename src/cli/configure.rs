//! The arguments of the commands that write AWS files: `configure` and `import`.
//! (No doc comments on the groups: clap would take them for the help of a command.)

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use crate::cli::forms::{
    command, external_id, mfa_serial, profile_key, profile_name, region, role_arn,
    session_duration, session_name,
};

pub(super) const CONFIGURE_EXAMPLES: &str = "\
Examples:
  stsx configure                                ask for everything
  stsx configure prod --role arn:aws:iam::111122223333:role/deploy --source-profile default
  stsx configure prod --region eu-central-1 --force --dry-run
  stsx configure prod --remove external_id
  stsx configure --process prod                 prod-sdk, for the AWS CLI and every SDK";

pub(super) const IMPORT_EXAMPLES: &str = "\
Examples:
  stsx import ~/Downloads/james_accessKeys.csv --as james
  stsx import credentials.csv --user James --dry-run";

// `stsx configure`
#[derive(Args, Debug)]
pub(crate) struct ConfigureArgs {
    /// Profile to add or to change
    #[arg(value_name = "PROFILE", value_parser = profile_name)]
    pub(crate) name: Option<String>,

    #[command(flatten)]
    pub(crate) keys: ProfileKeys,

    /// Remove a key from the profile; repeat for more
    #[arg(long, value_name = "KEY", value_parser = profile_key)]
    pub(crate) remove: Vec<String>,

    /// Write a profile whose `credential_process` is TARGET: for the AWS CLI and every SDK
    #[arg(long, value_name = "TARGET", conflicts_with_all = ["name", "remove"], help_heading = "For every SDK")]
    pub(crate) process: Option<String>,

    /// Name of that profile [default: TARGET-sdk]
    #[arg(long = "as", value_name = "NAME", value_parser = profile_name, requires = "process", help_heading = "For every SDK")]
    pub(crate) name_as: Option<String>,

    /// Profile that TARGET starts from, where it names none itself
    #[arg(long, value_name = "PROFILE", value_parser = profile_name, requires = "process", help_heading = "For every SDK")]
    pub(crate) profile: Option<String>,

    #[command(flatten)]
    pub(crate) writing: WritingOptions,
}

// The keys of a profile.
#[derive(Args, Debug)]
pub(crate) struct ProfileKeys {
    /// Role to assume (`role_arn`)
    #[arg(long, value_name = "ARN", value_parser = role_arn, conflicts_with = "process")]
    pub(crate) role: Option<String>,

    /// Profile that the role is assumed from
    #[arg(long, value_name = "PROFILE", value_parser = profile_name, conflicts_with = "process")]
    pub(crate) source_profile: Option<String>,

    /// What the role is assumed from, if not from a profile
    #[arg(long, value_name = "SOURCE", ignore_case = true, conflicts_with_all = ["process", "source_profile"])]
    pub(crate) credential_source: Option<CredentialSource>,

    /// Serial number or ARN of the MFA device
    #[arg(long, value_name = "SERIAL", value_parser = mfa_serial, conflicts_with = "process")]
    pub(crate) mfa_serial: Option<String>,

    /// External id that the role's trust policy asks for
    #[arg(long, value_name = "ID", value_parser = external_id, conflicts_with = "process")]
    pub(crate) external_id: Option<String>,

    /// Region
    #[arg(long, value_name = "REGION", value_parser = region)]
    pub(crate) region: Option<String>,

    /// Duration of the role's session, 15m to 12h: 3600, 1h30m or PT1H (`duration_seconds`)
    #[arg(long, value_name = "DURATION", value_parser = session_duration, conflicts_with = "process")]
    pub(crate) duration: Option<u32>,

    /// Name of the session, as CloudTrail shows it (`role_session_name`)
    #[arg(long, value_name = "NAME", value_parser = session_name, conflicts_with = "process")]
    pub(crate) session_name: Option<String>,

    /// Command that prints credentials, run without a shell
    #[arg(long, value_name = "COMMAND", value_parser = command, conflicts_with = "process")]
    pub(crate) credential_process: Option<String>,
}

/// Where a role starts that no profile is the source of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum CredentialSource {
    /// Keys of the environment
    #[value(name = "Environment")]
    Environment,
    /// The role of the EC2 instance
    #[value(name = "Ec2InstanceMetadata")]
    Ec2InstanceMetadata,
    /// The role of the container
    #[value(name = "EcsContainer")]
    EcsContainer,
}

// How a file is written.
#[derive(Args, Clone, Copy, Debug)]
pub(crate) struct WritingOptions {
    /// Replace values that are there already
    #[arg(long, help_heading = "Writing")]
    pub(crate) force: bool,

    /// Print what would change (secrets redacted), and write nothing
    #[arg(long, help_heading = "Writing")]
    pub(crate) dry_run: bool,
}

// `stsx import`
#[derive(Args, Debug)]
pub(crate) struct ImportArgs {
    /// The CSV file
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,

    /// Profile to put the key into [default: the user that the file names, else `default`]
    #[arg(long = "as", value_name = "NAME", value_parser = profile_name)]
    pub(crate) name_as: Option<String>,

    /// User whose access key to take, if the file has several
    #[arg(long, value_name = "USER")]
    pub(crate) user: Option<String>,

    #[command(flatten)]
    pub(crate) writing: WritingOptions,
}
