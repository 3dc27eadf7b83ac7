//! Every subcommand, flag and help text.
//!
//! Values are checked for their form here, so that a malformed one is refused before anything is
//! read or called; nothing in this file touches the world. (Comments on the arguments of a command
//! are no doc comments: clap would take these for its help.)

use std::ffi::OsString;

use clap::builder::Styles;
use clap::{Arg, ArgAction, Args, Parser, Subcommand, ValueEnum};

use crate::output::shell::Shell;

mod configure;
mod doctor;
pub(crate) mod examples;
mod forms;
mod man;
mod options;
mod sessions;
mod settings;
mod shell;

pub(crate) use doctor::DoctorArgs;
pub(crate) use sessions::{FederateArgs, SamlArgs, SessionArgs};
pub(crate) use settings::{SETTINGS_EXAMPLES, SettingsArgs};

pub(crate) use configure::{ConfigureArgs, CredentialSource, ImportArgs, WritingOptions};
pub(crate) use man::ManArgs;
pub(crate) use options::{MfaOptions, RoleOptions, RunOptions, ScopeOptions};
pub(crate) use shell::{
    CompleteArgs, CompletionsArgs, HomeShell, InitArgs, PLACEHOLDERS, PromptArgs,
};

pub(crate) use forms::{
    account, any_span, command, external_id, federated_name, is_session_name_byte, mfa_code,
    mfa_serial, policy_arns, profile_name, region, role_arn, saml_provider, session_duration,
    session_name, some_span, source_identity, tag_keys, tag_set, tags, user_session_duration,
};

/// Become the AWS role you need.
///
/// Assumes a role, keeps the temporary credentials until they expire, and hands them to a shell,
/// to one command, or to every SDK.
#[derive(Debug, Parser)]
#[command(
    name = "stsx",
    version,
    propagate_version = false,
    max_term_width = 100,
    styles = Styles::plain(),
    after_help = examples::STSX
)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,

    /// Say what is done; -vv with details (never secrets)
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

/// What stsx can be asked to do. (The options of a command are made when it is the one that runs.)
#[derive(Debug, Subcommand)]
#[command(defer = true)]
pub(crate) enum Command {
    /// Print the code that makes this shell the role: eval $(stsx assume TARGET)
    #[command(after_help = examples::ASSUME)]
    Assume(AssumeArgs),
    /// Print credentials for the AWS CLI and SDKs: a `credential_process` of ~/.aws/config
    #[command(alias = "process", after_help = examples::CREDENTIAL_PROCESS)]
    CredentialProcess(RoleArgs),
    /// Run one command as the role: stsx exec TARGET -- aws s3 ls
    #[command(after_help = examples::EXEC)]
    Exec(ExecArgs),
    /// Get the MFA session and the given roles now, for programs that cannot ask for a code
    #[command(after_help = examples::LOGIN)]
    Login(LoginArgs),
    /// Remove cached sessions and roles
    #[command(after_help = examples::LOGOUT)]
    Logout(LogoutArgs),
    /// Print a session of the user (sts:GetSessionToken) for this shell
    #[command(after_help = examples::SESSION)]
    Session(SessionArgs),
    /// Print a federated user's credentials (sts:GetFederationToken) for this shell
    #[command(after_help = examples::FEDERATE)]
    Federate(FederateArgs),
    /// Print a role's credentials for a SAML response (sts:AssumeRoleWithSAML)
    #[command(after_help = examples::SAML)]
    Saml(SamlArgs),
    /// Print the code that undoes assume in this shell: eval $(stsx unset)
    #[command(after_help = examples::UNSET)]
    Unset(UnsetArgs),
    /// Ask AWS who you are, or who TARGET is (sts:GetCallerIdentity)
    #[command(after_help = examples::WHOAMI)]
    Whoami(WhoamiArgs),
    /// Show how TARGET would be reached and where each value comes from; calls nothing
    #[command(after_help = examples::EXPLAIN)]
    Explain(ExplainArgs),
    /// List the profiles and what each leads to
    #[command(after_help = examples::LIST)]
    List(ListArgs),
    /// Check files, variables and logins, and show how to fix what is wrong
    #[command(after_help = doctor::EXAMPLES)]
    Doctor(DoctorArgs),
    /// Show the settings in effect, and where each comes from
    #[command(after_help = SETTINGS_EXAMPLES)]
    Settings(SettingsArgs),
    /// Look at the cached credentials, or remove them
    #[command(after_help = examples::CACHE)]
    Cache(CacheArgs),
    /// Print the code for a shell's startup file that defines `assume` and `unassume`
    #[command(after_help = shell::INIT_EXAMPLES)]
    Init(InitArgs),
    /// Print role, account and time left for the prompt of a shell, from the environment alone
    #[command(after_help = shell::PROMPT_EXAMPLES)]
    Prompt(PromptArgs),
    /// Add or change a profile in ~/.aws/config, and leave everything else as it is
    #[command(after_help = configure::CONFIGURE_EXAMPLES)]
    Configure(ConfigureArgs),
    /// Put the access key of a CSV file from the console into ~/.aws/credentials
    #[command(after_help = configure::IMPORT_EXAMPLES)]
    Import(ImportArgs),
    /// Print the completion script of a shell
    #[command(after_help = shell::COMPLETIONS_EXAMPLES)]
    Completions(CompletionsArgs),
    /// Tell a completion script what may stand at the cursor
    #[command(hide = true)]
    Complete(CompleteArgs),
    /// Show a manual page, or install them all: `stsx man --install`
    #[command(after_help = examples::MAN)]
    Man(ManArgs),
}

// What a role is wanted for, and how.
#[derive(Args, Clone, Debug)]
pub(crate) struct RoleArgs {
    /// Profile, role name, ACCOUNT:ROLE, role ARN, or alias
    #[arg(value_name = "TARGET")]
    pub(crate) target: String,

    #[command(flatten)]
    pub(crate) options: RoleOptions,
}

// How credentials are written.
#[derive(Args, Clone, Debug, Default)]
pub(crate) struct OutputOptions {
    /// Shell to write for [default: the shell that runs stsx]
    #[arg(long, value_name = "SHELL", conflicts_with = "format")]
    pub(crate) shell: Option<Shell>,

    /// Write a document instead of shell code
    #[arg(long, value_name = "FORMAT")]
    pub(crate) format: Option<Document>,
}

// `stsx assume`
#[derive(Args, Debug)]
pub(crate) struct AssumeArgs {
    /// Profile, role name, ACCOUNT:ROLE, role ARN, or alias [default: chosen from a list on the terminal]
    #[arg(value_name = "TARGET")]
    pub(crate) target: Option<String>,

    #[command(flatten)]
    pub(crate) options: RoleOptions,

    #[command(flatten)]
    pub(crate) output: OutputOptions,

    /// Only renew the role that this shell has, when it lives shorter than this (`stsx init --refresh`)
    #[arg(long, value_name = "DURATION", value_parser = any_span, hide = true)]
    pub(crate) renew: Option<u32>,
}

// `stsx login`
#[derive(Args, Debug)]
pub(crate) struct LoginArgs {
    /// Profiles, roles or aliases [default: the MFA session of the current user]
    #[arg(value_name = "TARGET")]
    pub(crate) targets: Vec<String>,

    #[command(flatten)]
    pub(crate) options: RoleOptions,
}

// `stsx logout`
#[derive(Args, Debug)]
pub(crate) struct LogoutArgs {
    /// Only what leads to these targets [default: everything that is cached]
    #[arg(value_name = "TARGET")]
    pub(crate) targets: Vec<String>,
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

// `stsx exec`
#[derive(Args, Debug)]
pub(crate) struct ExecArgs {
    #[command(flatten)]
    pub(crate) role: RoleArgs,

    /// Command to run, and its arguments
    #[arg(last = true, required = true, value_name = "COMMAND")]
    pub(crate) command: Vec<OsString>,
}

// `stsx unset`
#[derive(Args, Debug)]
pub(crate) struct UnsetArgs {
    /// Shell to write for [default: the shell that runs stsx]
    #[arg(long, value_name = "SHELL")]
    pub(crate) shell: Option<Shell>,
}

// `stsx whoami`
#[derive(Args, Debug)]
pub(crate) struct WhoamiArgs {
    /// Profile, role name, ACCOUNT:ROLE, role ARN, or alias [default: who the AWS CLI would be]
    #[arg(value_name = "TARGET")]
    pub(crate) target: Option<String>,

    #[command(flatten)]
    pub(crate) options: RoleOptions,

    /// For people, or with the AWS CLI's keys
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub(crate) format: Report,
}

// `stsx explain`
#[derive(Args, Debug)]
pub(crate) struct ExplainArgs {
    #[command(flatten)]
    pub(crate) role: RoleArgs,

    /// For people, for programs, or as a picture of the chain
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub(crate) format: Explanation,
}

/// How `explain` writes its answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Explanation {
    /// For people
    Text,
    /// For programs
    Json,
    /// A picture for Graphviz
    Dot,
    /// A picture for Markdown pages
    Mermaid,
}

// `stsx list`
#[derive(Args, Debug)]
#[command(mut_args(only_for_roles))]
pub(crate) struct ListArgs {
    /// Draw a tree: sources, and below them the roles that are assumed from them
    #[arg(long, conflicts_with = "format")]
    pub(crate) tree: bool,

    /// Ask IAM for the roles of the account (iam:ListRoles), and offer them in completions from now on
    #[arg(long, conflicts_with = "tree")]
    pub(crate) roles: bool,

    /// For people, or for programs
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub(crate) format: Report,

    #[command(flatten)]
    pub(crate) run: RunOptions,
}

/// Where a run starts is a matter of `--roles` alone: nothing else here starts anywhere.
fn only_for_roles(arg: Arg) -> Arg {
    match arg.get_id().as_str() {
        "tree" | "roles" | "format" => arg,
        _ => arg.requires("roles").conflicts_with("tree"),
    }
}

/// How a command that informs writes its answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Report {
    /// For people
    Text,
    /// For programs
    Json,
}

// `stsx cache`
#[derive(Args, Debug)]
pub(crate) struct CacheArgs {
    #[command(subcommand)]
    pub(crate) command: CacheCommand,
}

// What can be done with the cache.
#[derive(Debug, Subcommand)]
pub(crate) enum CacheCommand {
    /// List the cached credentials: whose they are and how long they last
    #[command(after_help = examples::CACHE_LIST)]
    List {
        /// For people, or for programs
        #[arg(long, value_name = "FORMAT", default_value = "text")]
        format: Report,
    },
    /// Remove cached credentials: all of them, those of TARGET, or the expired ones
    #[command(after_help = examples::CACHE_CLEAR)]
    Clear {
        /// Only the credentials of this target
        #[arg(value_name = "TARGET", conflicts_with = "expired")]
        target: Option<String>,

        /// Only those that have expired
        #[arg(long)]
        expired: bool,
    },
}

#[cfg(test)]
mod tests;
