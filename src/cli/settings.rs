//! The arguments of `stsx settings`.

use clap::Args;

use crate::cli::Report;

// `stsx settings`
#[derive(Args, Debug)]
pub(crate) struct SettingsArgs {
    /// For people, or for programs
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub(crate) format: Report,
}

/// Examples at the end of its help.
pub(crate) const SETTINGS_EXAMPLES: &str = "\
Examples:
  stsx settings                        what is in effect, and where it was set
  stsx settings --format json | jq -r '.settings[] | select(.name == \"region\").value'";
