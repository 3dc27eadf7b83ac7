//! The arguments of `stsx doctor`.

use clap::Args;

use crate::cli::Report;

/// What stands below the help of the command.
pub(crate) const EXAMPLES: &str = "\
Examples:
  stsx doctor                   check files, variables and the cache; calls nothing
  stsx doctor --online          ask AWS, too, who each source is
  stsx doctor --format json     for programs: exit status 1 when there are problems";

// `stsx doctor`
#[derive(Args, Debug)]
pub(crate) struct DoctorArgs {
    /// Ask AWS, too: who each source is, how old its keys are, what time it is
    #[arg(long)]
    pub(crate) online: bool,

    /// For people, or for programs
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub(crate) format: Report,
}
