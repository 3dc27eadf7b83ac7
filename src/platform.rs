//! What differs between systems, under the same names for all of them: the one place that asks which system it is.
//!
//! `unix` is Linux, macOS and the BSDs, with what only Linux has in `unix/linux` and what the others do instead in
//! `unix/bsd`. `windows` keeps to the standard library and to the libraries that are linked anyway. In both, `files`
//! is what a system says of a file. `bash tests/platforms` checks the code for Windows and macOS.

#[cfg(unix)]
mod unix;
#[cfg(windows)]
mod windows;

#[cfg(unix)]
use unix as system;
#[cfg(windows)]
use windows as system;

pub(crate) use system::files::{
    close_to_others, is_writable, keep_access, links, list, lock_directory, mode, new_dir,
    open_lock, open_own, open_unwaiting, owner, readable_file, user,
};
pub(crate) use system::{
    CLOCK_SYNC, Dumps, PROGRAM_ENDINGS, before_end_by_signal, columns, command_line, edit,
    edit_by_script, exchange, host, is_able_without_term, open_terminal, parents, process_word,
    process_words, removal, run_instead, usual_shell,
};
