//! The arguments of `stsx man`. (No doc comment on them: clap would take it for the help of the command.)

use std::path::PathBuf;

use clap::Args;

// `stsx man`
#[derive(Args, Debug)]
pub(crate) struct ManArgs {
    /// Command to show the page of [default: stsx itself]
    #[arg(value_name = "COMMAND", conflicts_with = "install")]
    pub(crate) command: Vec<String>,

    /// Write all pages into this directory [default: ~/.local/share/man/man1]
    #[arg(long, value_name = "DIRECTORY", num_args = 0..=1)]
    #[expect(clippy::option_option, reason = "the flag may stand alone")]
    pub(crate) install: Option<Option<PathBuf>>,
}
