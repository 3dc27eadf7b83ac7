//! Keeps the memory of this process to itself: no core dump, and nothing of what was freed.
//!
//! What is freed is wiped, whoever had it: texts of files, answers of AWS, buffers that grew, copies that the SDK, serde
//! and clap made. Not wiped, since nobody can from here: the environment and the arguments that the system laid into the
//! process, what a function left on the stack, and what is alive (credentials until they are handed over). Beyond reach
//! are also the buffers of the kernel (pipes, sockets, the terminal), and a page that was swapped out while it was in use.

use std::alloc::System;

use zeroizing_alloc::ZeroAlloc;

#[global_allocator]
static ALLOCATOR: ZeroAlloc<System> = ZeroAlloc(System);

/// Memory that nobody else looks at.
#[derive(Debug)]
pub(crate) struct Guard {
    /// The limit of core dumps that was found.
    #[cfg(all(unix, not(target_os = "linux")))]
    limit: rustix::process::Rlimit,
}

impl Guard {
    /// Forbids core dumps, and with them debuggers and readers of `/proc/PID/mem` and `/proc/PID/environ` of the same
    /// user. Where a sandbox refuses that, work goes on without.
    #[cfg(target_os = "linux")]
    pub(crate) fn raise() -> Self {
        use rustix::process::{DumpableBehavior, set_dumpable_behavior};
        // Nobody could do anything about it: it is the second line of defence.
        let _ = set_dumpable_behavior(DumpableBehavior::NotDumpable);
        Self {}
    }

    /// Gives a command that takes the place of this process what was found: `execve` does.
    #[cfg(target_os = "linux")]
    #[expect(clippy::unused_self, reason = "other systems need what was found")]
    pub(crate) fn lift(&self) {}

    /// Forbids core dumps. Where a sandbox refuses that, work goes on without.
    #[cfg(all(unix, not(target_os = "linux")))]
    pub(crate) fn raise() -> Self {
        use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
        let limit = getrlimit(Resource::Core);
        let none = Rlimit {
            current: Some(0),
            maximum: limit.maximum,
        };
        // Nobody could do anything about it: it is the second line of defence.
        let _ = setrlimit(Resource::Core, none);
        Self { limit }
    }

    /// Gives a command that takes the place of this process what was found.
    #[cfg(all(unix, not(target_os = "linux")))]
    pub(crate) fn lift(&self) {
        use rustix::process::{Resource, setrlimit};
        // Then the command has no core dumps.
        let _ = setrlimit(Resource::Core, self.limit.clone());
    }

    /// Windows writes no dump of a process unasked.
    #[cfg(not(unix))]
    pub(crate) fn raise() -> Self {
        Self {}
    }

    #[cfg(not(unix))]
    pub(crate) fn lift(&self) {}
}
