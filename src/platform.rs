//! What differs between systems, under the same names for all of them.
//!
//! `unix` is Linux, macOS and the BSDs; `windows` is every other system, and keeps to what the
//! standard library has on all of them, so that its tests run everywhere.

#[cfg(unix)]
mod unix;
#[cfg(any(not(unix), test))]
mod windows;

#[cfg(unix)]
pub(crate) use unix::{
    columns, host, is_able_without_term, open_terminal, parents, readable_file, run_instead,
    usual_shell,
};
#[cfg(not(unix))]
pub(crate) use windows::{
    columns, host, is_able_without_term, open_terminal, parents, readable_file, run_instead,
    usual_shell,
};
