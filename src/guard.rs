//! Keeps the memory of this process to itself: no core dump, and nothing of what was freed.
//!
//! What is freed is wiped, whoever had it: texts of files, answers of AWS, buffers that grew, copies that the SDK, serde
//! and clap made. Not wiped, since nobody can from here: the environment and the arguments that the system laid into the
//! process, what a function left on the stack, and what is alive (credentials until they are handed over). Beyond reach
//! are also the buffers of the kernel (pipes, sockets, the terminal), and a page that was swapped out while it was in use.

use std::alloc::System;

use zeroizing_alloc::ZeroAlloc;

use crate::platform::Dumps;

#[global_allocator]
static ALLOCATOR: ZeroAlloc<System> = ZeroAlloc(System);

/// Memory that nobody else looks at.
#[derive(Debug)]
pub(crate) struct Guard(Dumps);

impl Guard {
    /// Closes the memory of this process, as far as the system can.
    pub(crate) fn raise() -> Self {
        Self(Dumps::forbid())
    }

    /// Gives a command that takes the place of this process what was found.
    pub(crate) fn lift(&self) {
        self.0.allow();
    }
}
