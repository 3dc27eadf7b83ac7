//! What can go wrong on demand: throttling, errors, pages of a proxy, cut or slow answers, closed connections, a wrong
//! `Date`. `sandbox.on("AssumeRole").throttle(2)` befalls the next two AssumeRole; `on("*")` befalls every operation.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use super::world::World;

/// Something that befalls an operation.
#[derive(Clone, Debug)]
pub(crate) struct Fault {
    operation: String,
    pub(crate) kind: FaultKind,
    left: usize,
}

/// How it goes wrong.
#[derive(Clone, Debug)]
pub(crate) enum FaultKind {
    /// The service's own words for "too many requests".
    Throttle,
    /// Status, code and message, in the service's own form.
    Refuse(u16, String, String),
    /// Status, content type and body.
    Page(u16, &'static str, String),
    /// Half of the real answer, then the connection is closed.
    Truncate,
    /// The real answer, later.
    Slow(Duration),
    /// No answer; the connection is closed.
    Reset,
    /// The real answer with a `Date` that is this many seconds ahead.
    WrongDate(i64),
}

/// The faults of one operation. Each call adds one, which lasts until [`On::healthy`] unless [`On::times`] is said.
pub(crate) struct On<'a> {
    pub(super) world: &'a Arc<Mutex<World>>,
    pub(super) operation: String,
}

impl On<'_> {
    /// Throttles this many requests.
    pub(crate) fn throttle(&self, times: usize) -> &Self {
        self.add(FaultKind::Throttle).times(times)
    }

    /// Answers with this status and body, whatever it is.
    pub(crate) fn fail(&self, status: u16, body: &str) -> &Self {
        self.add(FaultKind::Page(status, "text/xml", body.to_owned()))
    }

    /// Refuses in AWS's own form: `refuse(403, "AccessDenied", "…")`.
    pub(crate) fn refuse(&self, status: u16, code: &str, message: &str) -> &Self {
        self.add(FaultKind::Refuse(
            status,
            code.to_owned(),
            message.to_owned(),
        ))
    }

    /// Answers with a web page, as proxies do.
    pub(crate) fn html(&self, status: u16) -> &Self {
        let page =
            format!("<!DOCTYPE html>\n<html><body><h1>{status} from a proxy</h1></body></html>\n");
        self.add(FaultKind::Page(status, "text/html", page))
    }

    /// Answers with this status, content type and body.
    pub(crate) fn page(&self, status: u16, kind: &'static str, body: &str) -> &Self {
        self.add(FaultKind::Page(status, kind, body.to_owned()))
    }

    /// Sends half of the real answer and closes the connection.
    pub(crate) fn truncate(&self) -> &Self {
        self.add(FaultKind::Truncate)
    }

    /// Answers rightly, after this long.
    pub(crate) fn slow(&self, duration: Duration) -> &Self {
        self.add(FaultKind::Slow(duration))
    }

    /// Closes the connection without an answer.
    pub(crate) fn reset(&self) -> &Self {
        self.add(FaultKind::Reset)
    }

    /// Answers rightly, with a `Date` that is this many seconds ahead.
    pub(crate) fn wrong_date(&self, seconds: i64) -> &Self {
        self.add(FaultKind::WrongDate(seconds))
    }

    /// The fault added last befalls only this many requests.
    pub(crate) fn times(&self, times: usize) -> &Self {
        if let Some(fault) = super::lock(self.world).faults.last_mut() {
            fault.left = times;
        }
        self
    }

    /// Takes all faults of this operation away.
    pub(crate) fn healthy(&self) -> &Self {
        let keep = |fault: &Fault| fault.operation != self.operation;
        super::lock(self.world).faults.retain(keep);
        self
    }

    fn add(&self, kind: FaultKind) -> &Self {
        super::lock(self.world).faults.push(Fault {
            operation: self.operation.clone(),
            kind,
            left: usize::MAX,
        });
        self
    }
}

impl World {
    /// The faults that befall this operation now, oldest first and counted down. One that replaces the answer hides
    /// those of its kind that come after it, which are kept for the next requests.
    pub(crate) fn take_faults(&mut self, operation: &str) -> Vec<FaultKind> {
        let mut taken = Vec::new();
        let mut replaced = false;
        for fault in &mut self.faults {
            let is_answer = !matches!(fault.kind, FaultKind::Slow(_) | FaultKind::WrongDate(_));
            let befalls = fault.operation == "*" || fault.operation == operation;
            if fault.left == 0 || !befalls || (is_answer && replaced) {
                continue;
            }
            fault.left -= 1;
            replaced |= is_answer;
            taken.push(fault.kind.clone());
        }
        taken
    }
}
