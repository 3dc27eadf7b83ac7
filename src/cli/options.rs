//! The options that commands share: where a run starts, the role, MFA, limits and tags, the cache.
//! (No doc comments on the groups: clap would take them for the help of a command.)

use std::path::PathBuf;

use clap::Args;

use crate::cli::forms::{
    account, any_span, external_id, mfa_code, mfa_serial, policy_arn, region, session_duration,
    session_name, source_identity, tag, tag_key, user_session_duration,
};
use crate::credentials::Secret;

// Options of every command that obtains a role's credentials.
#[derive(Args, Clone, Debug, Default)]
pub(crate) struct RoleOptions {
    #[command(flatten)]
    pub(crate) run: RunOptions,

    /// External id that the role's trust policy asks for
    #[arg(long, value_name = "ID", value_parser = external_id)]
    pub(crate) external_id: Option<String>,

    /// Duration of the role's session, 15m to 12h: 3600, 1h30m or PT1H [default: 1h]
    #[arg(long, value_name = "DURATION", value_parser = session_duration)]
    pub(crate) duration: Option<u32>,

    /// Name of the session, as CloudTrail shows it [default: the user's name]
    #[arg(long, value_name = "NAME", value_parser = session_name)]
    pub(crate) session_name: Option<String>,

    /// Source identity: stays with the session and with all roles assumed from it
    #[arg(long, value_name = "NAME", value_parser = source_identity)]
    pub(crate) source_identity: Option<String>,

    /// Start from the web identity token in this file; `-` for standard input
    #[arg(long, value_name = "FILE", conflicts_with = "profile")]
    pub(crate) web_identity_token_file: Option<PathBuf>,

    #[command(flatten)]
    pub(crate) scope: ScopeOptions,

    /// Key of a session tag that goes on to the next role of a chain; repeat for more
    #[arg(long, value_name = "KEY", value_parser = tag_key, help_heading = "Limits and tags")]
    pub(crate) transitive_tag: Vec<String>,

    #[command(flatten)]
    pub(crate) mfa: MfaOptions,

    /// Start from the role that this shell has, not from the identity before it
    #[arg(long)]
    pub(crate) chain: bool,
}

// Where a run starts, and how it uses the cache.
#[derive(Args, Clone, Debug, Default)]
pub(crate) struct RunOptions {
    /// Profile to start from
    #[arg(long, value_name = "PROFILE")]
    pub(crate) profile: Option<String>,

    /// Region of the STS call and of the exported credentials
    #[arg(long, value_name = "REGION", value_parser = region)]
    pub(crate) region: Option<String>,

    /// Refuse credentials of any other account than this one
    #[arg(long, value_name = "ACCOUNT", value_parser = account)]
    pub(crate) expect_account: Option<String>,

    /// Neither read nor write cached credentials
    #[arg(long, conflicts_with = "refresh", help_heading = "Cache")]
    pub(crate) no_cache: bool,

    /// Get new credentials even if the cached ones are fresh
    #[arg(long, help_heading = "Cache")]
    pub(crate) refresh: bool,

    /// Renew credentials that have less than this left
    #[arg(long, value_name = "DURATION", value_parser = any_span, help_heading = "Cache")]
    pub(crate) min_ttl: Option<u32>,

    /// How long to wait for another stsx that is getting the same credentials [default: 60s]
    #[arg(long, value_name = "DURATION", value_parser = any_span, help_heading = "Cache")]
    pub(crate) lock_timeout: Option<u32>,
}

// Which MFA device is used, and how.
#[derive(Args, Clone, Debug, Default)]
pub(crate) struct MfaOptions {
    /// Serial number or ARN of the MFA device
    #[arg(long, value_name = "SERIAL", value_parser = mfa_serial, help_heading = "MFA")]
    pub(crate) mfa_serial: Option<String>,

    /// Use the user's MFA device, found by iam:ListMFADevices if no serial is configured
    #[arg(long, help_heading = "MFA")]
    pub(crate) mfa: bool,

    /// MFA code [default: `$STSX_MFA_CODE`, `mfa_process`, or a question on the terminal]
    #[arg(long, value_name = "CODE", value_parser = mfa_code, help_heading = "MFA")]
    pub(crate) mfa_code: Option<Secret>,

    /// Ask for an MFA code again when the session's is older than this; 0: for each role
    #[arg(long, value_name = "DURATION", value_parser = any_span, help_heading = "MFA")]
    pub(crate) mfa_max_age: Option<u32>,

    /// Duration of the session that one MFA code opens for all roles, 15m to 36h [default: 12h]
    #[arg(long, value_name = "DURATION", value_parser = user_session_duration, help_heading = "MFA")]
    pub(crate) session_duration: Option<u32>,
}

// What a session may do at most, and what it is marked with.
#[derive(Args, Clone, Debug, Default)]
pub(crate) struct ScopeOptions {
    /// Session policy that limits the session: a file, or JSON
    #[arg(long, value_name = "FILE|JSON", help_heading = "Limits and tags")]
    pub(crate) policy: Option<String>,

    /// ARN of a managed policy that limits the session; repeat for more
    #[arg(long, value_name = "ARN", value_parser = policy_arn, help_heading = "Limits and tags")]
    pub(crate) policy_arn: Vec<String>,

    /// Limit the session to what the managed policy `ReadOnlyAccess` allows
    #[arg(long, help_heading = "Limits and tags")]
    pub(crate) read_only: bool,

    /// Session tag; repeat for more
    #[arg(long, value_name = "KEY=VALUE", value_parser = tag, help_heading = "Limits and tags")]
    pub(crate) tag: Vec<(String, String)>,
}
