//! The two clocks of the sandbox: the one that its world goes by, and the one that signatures are judged by.

use jiff::{SignedDuration, Timestamp};

use super::Sandbox;

/// The sandbox's clock. It runs with the machine's, as far ahead of it as it was moved.
#[derive(Debug)]
pub(crate) struct Clock<'a>(pub(super) &'a Sandbox);

impl Clock<'_> {
    /// The sandbox's time.
    pub(crate) fn now(&self) -> Timestamp {
        self.0.lock().now()
    }

    /// Moves the clock forward (or back). Signatures are still held against the machine's clock.
    pub(crate) fn advance(&self, seconds: i64) {
        self.0.lock().shift += SignedDuration::from_secs(seconds);
    }

    /// Sets the clock to a time, from which it goes on.
    pub(crate) fn set(&self, time: Timestamp) {
        let mut world = self.0.lock();
        let now = world.now();
        world.shift += time.duration_since(now);
    }

    /// Puts the clock that dates of signatures are held against, and that `Date` headers tell, ahead of the machine's:
    /// the clients' clocks are that much behind.
    pub(crate) fn skew(&self, seconds: i64) {
        self.0.lock().skew = SignedDuration::from_secs(seconds);
    }
}
