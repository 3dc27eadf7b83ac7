//! stsx: become the AWS role you need.
//!
//! The house: `cli` names every command and flag; `cmd` dispatches to one file a command. A
//! command settles its `settings`, reads the `profiles`, resolves a `plan`, and lets `assume` turn
//! it into `credentials` through `cache`, `mfa`, `saml` and `aws`; `output` hands them over. Dependencies
//! point that way only.
//!
//! Eight words, used alike everywhere: a *profile* is a section of ~/.aws/config; a *source* is
//! where credentials start; a *hop* leads from credentials to others, most often into a *role*; a
//! *plan* is a source and its hops; a *key* names what a plan's prefix gives; a *session* is what
//! STS grants for a time; *credentials* are the keys that sign.

use std::process::ExitCode;

mod assume;
mod aws;
mod cache;
mod cli;
mod cmd;
mod credentials;
mod env;
mod error;
mod guard;
mod log;
mod looks;
mod mfa;
mod near;
mod output;
mod plan;
mod platform;
mod process;
mod profiles;
mod saml;
mod settings;
mod terminal;
mod time;
mod web_identity;

fn main() -> ExitCode {
    let guard = guard::Guard::raise();
    let env = env::Env::read();
    ExitCode::from(cmd::run(&env, &guard))
}
