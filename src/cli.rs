//! Every subcommand, flag and help text.
//!
//! Values are checked for their form here, so that a malformed one is refused before anything is
//! read or called; nothing in this file touches the world.

use std::ffi::OsString;

use clap::{ArgAction, Args, Parser, Subcommand, ValueEnum};

use crate::output::shell::Shell;
use crate::plan::{MAX_DURATION, MIN_DURATION};
use crate::time;

/// Become the AWS role you need.
///
/// Assumes a role, keeps the temporary credentials until they expire, and hands them to a shell,
/// to one command, or to every SDK.
#[derive(Debug, Parser)]
#[command(
    name = "stsx",
    version,
    propagate_version = false,
    max_term_width = 100
)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,

    /// Say what is done; twice, with details (never secrets)
    #[arg(short, long, action = ArgAction::Count, global = true, help_heading = "Messages")]
    pub(crate) verbose: u8,

    /// How errors are written to standard error
    #[arg(
        long,
        value_name = "FORMAT",
        global = true,
        default_value = "text",
        help_heading = "Messages"
    )]
    pub(crate) error_format: ErrorFormat,
}

/// How errors are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ErrorFormat {
    /// Lines for people
    Text,
    /// One JSON object for wrappers
    Json,
}

/// What stsx can be asked to do.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Print what makes this shell the role: eval $(stsx assume TARGET)
    Assume(AssumeArgs),
    /// Answer as a `credential_process` of ~/.aws/config
    #[command(alias = "process")]
    CredentialProcess(RoleArgs),
    /// Run one command as the role: stsx exec TARGET -- aws s3 ls
    Exec(ExecArgs),
    /// Print what makes this shell the original identity again: eval $(stsx unset)
    Unset(UnsetArgs),
    /// Ask AWS who the current identity, or TARGET, is (sts:GetCallerIdentity)
    Whoami(WhoamiArgs),
    /// Show, without any call, how TARGET would be reached and where each value comes from
    Explain(ExplainArgs),
    /// List the profiles and what each leads to
    List(ListArgs),
    /// Look at the cached credentials, or remove them
    Cache(CacheArgs),
    /// Print the completion script of a shell
    Completions(CompletionsArgs),
}

/// What a role is wanted for, and how.
#[derive(Args, Clone, Debug)]
pub(crate) struct RoleArgs {
    /// Profile, role name, ACCOUNT:ROLE, role ARN, or alias
    #[arg(value_name = "TARGET")]
    pub(crate) target: String,

    #[command(flatten)]
    pub(crate) options: RoleOptions,
}

/// Options of every command that obtains credentials.
#[derive(Args, Clone, Debug, Default)]
pub(crate) struct RoleOptions {
    /// Profile whose identity assumes the role
    #[arg(long, value_name = "PROFILE")]
    pub(crate) profile: Option<String>,

    /// External id that the role's trust policy asks for
    #[arg(long, value_name = "ID", value_parser = external_id)]
    pub(crate) external_id: Option<String>,

    /// Length of the session, 15m to 12h: 3600, 1h30m or PT1H [default: 1h]
    #[arg(long, value_name = "DURATION", value_parser = session_duration)]
    pub(crate) duration: Option<u32>,

    /// Name of the session, as CloudTrail shows it
    #[arg(long, value_name = "NAME", value_parser = session_name)]
    pub(crate) session_name: Option<String>,

    /// Serial number or ARN of the MFA device
    #[arg(long, value_name = "SERIAL", value_parser = mfa_serial)]
    pub(crate) mfa_serial: Option<String>,

    /// Code of the MFA device; else `$STSX_MFA_CODE`, `mfa_process`, or a question on the terminal
    #[arg(long, value_name = "CODE", value_parser = mfa_code)]
    pub(crate) mfa_code: Option<String>,

    /// Region of the STS call and of the exported credentials
    #[arg(long, value_name = "REGION", value_parser = region)]
    pub(crate) region: Option<String>,

    /// Refuse to end in any other account than this one
    #[arg(long, value_name = "ACCOUNT", value_parser = account)]
    pub(crate) expect_account: Option<String>,

    /// Neither read nor write cached credentials
    #[arg(long, conflicts_with = "refresh")]
    pub(crate) no_cache: bool,

    /// Get new credentials even if the cached ones are fresh
    #[arg(long)]
    pub(crate) refresh: bool,

    /// Renew credentials that live shorter than this
    #[arg(long, value_name = "DURATION", value_parser = any_span)]
    pub(crate) min_ttl: Option<u32>,

    /// How long to wait for another stsx that gets the same credentials [default: 60s]
    #[arg(long, value_name = "DURATION", value_parser = any_span)]
    pub(crate) lock_timeout: Option<u32>,

    /// Start from the role this shell has assumed, not from the identity before it
    #[arg(long)]
    pub(crate) chain: bool,
}

/// `stsx assume`
#[derive(Args, Debug)]
pub(crate) struct AssumeArgs {
    #[command(flatten)]
    pub(crate) role: RoleArgs,

    /// Shell to write for [default: the shell that runs stsx]
    #[arg(long, value_name = "SHELL", conflicts_with = "format")]
    pub(crate) shell: Option<Shell>,

    /// Write a document instead of shell code
    #[arg(long, value_name = "FORMAT")]
    pub(crate) format: Option<Document>,
}

/// Documents that credentials can be written as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Document {
    /// One JSON object of environment variables
    Json,
    /// NAME=value lines (dotenv)
    Env,
    /// A section for ~/.aws/credentials
    Ini,
    /// The answer of a `credential_process`
    Process,
}

/// `stsx exec`
#[derive(Args, Debug)]
pub(crate) struct ExecArgs {
    #[command(flatten)]
    pub(crate) role: RoleArgs,

    /// Command to run, and its arguments
    #[arg(last = true, required = true, value_name = "COMMAND")]
    pub(crate) command: Vec<OsString>,
}

/// `stsx unset`
#[derive(Args, Debug)]
pub(crate) struct UnsetArgs {
    /// Shell to write for [default: the shell that runs stsx]
    #[arg(long, value_name = "SHELL")]
    pub(crate) shell: Option<Shell>,
}

/// `stsx whoami`
#[derive(Args, Debug)]
pub(crate) struct WhoamiArgs {
    /// Who to be first [default: the current identity, as the AWS CLI sees it]
    #[arg(value_name = "TARGET")]
    pub(crate) target: Option<String>,

    #[command(flatten)]
    pub(crate) options: RoleOptions,

    /// For people, or with the AWS CLI's keys
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub(crate) format: Report,
}

/// `stsx explain`
#[derive(Args, Debug)]
pub(crate) struct ExplainArgs {
    #[command(flatten)]
    pub(crate) role: RoleArgs,

    /// For people, or for programs
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub(crate) format: Report,
}

/// `stsx list`
#[derive(Args, Debug)]
pub(crate) struct ListArgs {
    /// For people, or for programs
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub(crate) format: Report,
}

/// How a command that informs writes its answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Report {
    /// For people
    Text,
    /// For programs
    Json,
}

/// `stsx cache`
#[derive(Args, Debug)]
pub(crate) struct CacheArgs {
    #[command(subcommand)]
    pub(crate) command: CacheCommand,
}

/// What can be done with the cache.
#[derive(Debug, Subcommand)]
pub(crate) enum CacheCommand {
    /// List the cached credentials: whose they are and how long they live
    List {
        /// For people, or for programs
        #[arg(long, value_name = "FORMAT", default_value = "text")]
        format: Report,
    },
    /// Remove cached credentials: all of them, those of TARGET, or the expired ones
    Clear {
        /// Only the credentials of this target
        #[arg(value_name = "TARGET", conflicts_with = "expired")]
        target: Option<String>,

        /// Only what has expired
        #[arg(long)]
        expired: bool,
    },
}

/// `stsx completions`
#[derive(Args, Debug)]
pub(crate) struct CompletionsArgs {
    /// Shell to complete in
    #[arg(value_name = "SHELL")]
    pub(crate) shell: CompletionShell,
}

/// Shells that completions exist for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum CompletionShell {
    Bash,
    Elvish,
    Fish,
    #[value(alias = "nu")]
    Nushell,
    #[value(alias = "pwsh")]
    Powershell,
    Zsh,
}

/// DurationSeconds: <https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html>
pub(crate) fn session_duration(text: &str) -> Result<u32, String> {
    let seconds = any_span(text)?;
    if (MIN_DURATION..=MAX_DURATION).contains(&seconds) {
        Ok(seconds)
    } else {
        Err(format!(
            "`{text}` is out of bounds: STS takes 15m (900) to 12h (43200)"
        ))
    }
}

/// A span without bounds.
pub(crate) fn any_span(text: &str) -> Result<u32, String> {
    time::span_seconds(text).map_err(|error| error.to_string())
}

/// `RoleSessionName`: 2 to 64 of `[\w+=,.@-]`.
pub(crate) fn session_name(text: &str) -> Result<String, String> {
    if (2..=64).contains(&text.len()) && text.bytes().all(is_session_name_byte) {
        Ok(text.to_owned())
    } else {
        Err("a session name has 2 to 64 letters, digits or any of _+=,.@-".to_owned())
    }
}

/// Whether STS takes this byte in a session name.
pub(crate) fn is_session_name_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"_+=,.@-".contains(&byte)
}

/// `ExternalId`: 2 to 1224 of `[\w+=,.@:/-]`.
pub(crate) fn external_id(text: &str) -> Result<String, String> {
    let allowed = |byte: u8| is_session_name_byte(byte) || byte == b':' || byte == b'/';
    if (2..=1224).contains(&text.len()) && text.bytes().all(allowed) {
        Ok(text.to_owned())
    } else {
        Err("an external id has 2 to 1224 letters, digits or any of _+=,.@:/-".to_owned())
    }
}

/// SerialNumber: 9 to 256 of `[\w+=/:,.@-]`.
pub(crate) fn mfa_serial(text: &str) -> Result<String, String> {
    let allowed = |byte: u8| is_session_name_byte(byte) || byte == b':' || byte == b'/';
    if (9..=256).contains(&text.len()) && text.bytes().all(allowed) {
        Ok(text.to_owned())
    } else {
        Err("a serial is the ARN of a virtual device (arn:aws:iam::ACCOUNT:mfa/NAME) or the number on a hardware one".to_owned())
    }
}

/// TokenCode: six digits.
pub(crate) fn mfa_code(text: &str) -> Result<String, String> {
    let code = text.trim();
    if code.len() == 6 && code.bytes().all(|byte| byte.is_ascii_digit()) {
        Ok(code.to_owned())
    } else {
        Err("an MFA code has six digits".to_owned())
    }
}

/// A region's name, such as eu-central-1.
pub(crate) fn region(text: &str) -> Result<String, String> {
    let allowed = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    if (1..=63).contains(&text.len())
        && text.bytes().all(allowed)
        && !text.starts_with('-')
        && !text.ends_with('-')
    {
        Ok(text.to_owned())
    } else {
        Err("a region is written like eu-central-1".to_owned())
    }
}

/// An account id: twelve digits.
pub(crate) fn account(text: &str) -> Result<String, String> {
    if text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit()) {
        Ok(text.to_owned())
    } else {
        Err("an account id has twelve digits".to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_definition_is_sound() {
        Cli::command().debug_assert();
    }

    #[test]
    fn forms_are_checked() {
        assert!(session_duration("15m").is_ok() && session_duration("12h").is_ok());
        assert!(session_duration("899").is_err() && session_duration("12h1s").is_err());
        assert!(
            session_name("a").is_err()
                && session_name("ab c").is_err()
                && session_name("james@x").is_ok()
        );
        assert!(
            external_id("a:/b").is_ok() && external_id("a b").is_err() && external_id("x").is_err()
        );
        assert!(
            mfa_code("123456").is_ok() && mfa_code("12345").is_err() && mfa_code("12345x").is_err()
        );
        assert!(account("111122223333").is_ok() && account("1111-2222-3333").is_err());
        assert!(region("eu-west-1").is_ok() && region("eu west").is_err() && region("EU").is_err());
        assert!(mfa_serial("GAHT12345678").is_ok() && mfa_serial("mfa").is_err());
    }
}
