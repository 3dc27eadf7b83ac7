//! Sessions that do not begin with a TARGET: of the user, of a federated user, by a SAML response.

use std::path::PathBuf;

use clap::Args;

use crate::cli::{
    MfaOptions, OutputOptions, RunOptions, ScopeOptions, federated_name, saml_provider,
    session_duration, user_session_duration,
};

// `stsx session`
#[derive(Args, Debug)]
pub(crate) struct SessionArgs {
    /// Profile with the user's keys [default: who the AWS CLI would be]
    #[arg(value_name = "PROFILE", conflicts_with = "profile")]
    pub(crate) from: Option<String>,

    /// Duration of the session, 15m to 36h; the session is then not shared with others
    #[arg(long, value_name = "DURATION", value_parser = user_session_duration, conflicts_with = "session_duration")]
    pub(crate) duration: Option<u32>,

    #[command(flatten)]
    pub(crate) run: RunOptions,

    #[command(flatten)]
    pub(crate) mfa: MfaOptions,

    #[command(flatten)]
    pub(crate) output: OutputOptions,
}

// `stsx federate`
#[derive(Args, Debug)]
pub(crate) struct FederateArgs {
    /// Name of the federated user, 2 to 32 characters
    #[arg(value_name = "NAME", value_parser = federated_name)]
    pub(crate) name: String,

    /// Duration of the session, 15m to 36h [default: 12h]
    #[arg(long, value_name = "DURATION", value_parser = user_session_duration)]
    pub(crate) duration: Option<u32>,

    #[command(flatten)]
    pub(crate) run: RunOptions,

    #[command(flatten)]
    pub(crate) scope: ScopeOptions,

    #[command(flatten)]
    pub(crate) output: OutputOptions,
}

// `stsx saml`
#[derive(Args, Debug)]
#[command(mut_arg("profile", |arg| arg.hide(true)), mut_arg("tag", |arg| arg.hide(true)))]
pub(crate) struct SamlArgs {
    /// Response of the SAML provider (base64 or XML): a file, or `-` for standard input
    #[arg(long, value_name = "FILE", conflicts_with = "profile")]
    pub(crate) assertion: PathBuf,

    /// Which of its roles, if there are several: role ARN, ACCOUNT:ROLE, or role name
    #[arg(long, value_name = "ROLE")]
    pub(crate) role: Option<String>,

    /// The role's SAML provider in IAM, if there are several, or the response is encrypted
    #[arg(long, value_name = "ARN", value_parser = saml_provider)]
    pub(crate) provider: Option<String>,

    /// Print the roles that it opens, and call nothing
    #[arg(long, conflicts_with_all = ["role", "provider"])]
    pub(crate) list: bool,

    /// Duration of the session, 15m to 12h [default: what the response says, else 1h]
    #[arg(long, value_name = "DURATION", value_parser = session_duration)]
    pub(crate) duration: Option<u32>,

    #[command(flatten)]
    pub(crate) run: RunOptions,

    #[command(flatten)]
    pub(crate) scope: ScopeOptions,

    #[command(flatten)]
    pub(crate) output: OutputOptions,
}
