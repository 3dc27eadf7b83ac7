//! The system calls of a run, and what `strace` can do to each of them.

use std::collections::BTreeMap;
use std::fs;

use super::Scene;
use crate::support::{Home, Run};

/// System calls on files, and on what else is open.
const FILES: [&str; 31] = [
    "access",
    "chmod",
    "close",
    "dup",
    "faccessat",
    "faccessat2",
    "fchmod",
    "fchmodat",
    "fcntl",
    "fdatasync",
    "flock",
    "fstat",
    "fsync",
    "ftruncate",
    "getdents64",
    "lseek",
    "lstat",
    "mkdir",
    "mkdirat",
    "newfstatat",
    "open",
    "openat",
    "pread64",
    "read",
    "readlink",
    "rename",
    "renameat2",
    "statx",
    "unlink",
    "unlinkat",
    "write",
];

/// One system call of a run: its name, and the how manieth of that name it is in its thread.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Call {
    pub(super) name: String,
    pub(super) number: usize,
    /// It is about a file, a directory or a pipe, or opens one.
    pub(super) is_on_file: bool,
}

impl Scene {
    /// The system calls of `process prod`, from the first that looks for a file of the user: those before are
    /// the system's, which starts the program.
    #[track_caller]
    pub(super) fn calls(&self) -> Vec<Call> {
        let run = self.home.sh(&strace("-y -e trace=all"));
        drop(run.stdout_has("ASIA").stderr("").status(0));
        let trace = fs::read_to_string(self.home.path("trace")).expect("strace wrote it");
        let users = self.home.path(".config").display().to_string();
        let mut numbers: BTreeMap<(&str, &str), usize> = BTreeMap::new();
        let mut calls = Vec::new();
        let mut is_started = false;
        for line in trace.lines() {
            let (thread, rest) = line.split_once(' ').expect("a line starts with its thread");
            let Some((name, rest)) = rest.trim_start().split_once('(') else {
                continue;
            };
            if !name
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
            {
                continue;
            }
            let number = numbers.entry((thread, name)).or_default();
            *number += 1;
            is_started |= rest.contains(&users);
            if is_started {
                let is_of_network = ["<anon_inode:", "<socket:", "<TCP", "<UDP"]
                    .iter()
                    .any(|kind| rest.contains(kind));
                calls.push(Call {
                    name: name.to_owned(),
                    number: *number,
                    is_on_file: FILES.contains(&name) && !is_of_network,
                });
            }
        }
        assert!(calls.len() > 10, "{trace}");
        calls.dedup();
        calls
    }
}

impl Call {
    /// `process prod` with this done at one of its system calls: `error=EIO`, `signal=KILL`.
    #[track_caller]
    pub(super) fn injured(&self, home: &Home, injury: &str) -> Run {
        home.sh(&self.script(injury))
    }

    /// The same, to be run by `sh`.
    pub(super) fn script(&self, injury: &str) -> String {
        let Call { name, number, .. } = self;
        strace(&format!(
            "-e trace={name} -e inject={name}:{injury}:when={number}"
        ))
    }
}

fn strace(options: &str) -> String {
    format!("exec strace -f -q -o trace {options} stsx process prod")
}
