//! A run that has not ended yet: both its streams are read while it runs, and it has a time limit.

use std::io::Read;
use std::process::Child;
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::Duration;

use super::leaks::{Files, Program};
use super::{Home, Run};

/// No run of these tests takes longer.
const LIMIT: Duration = Duration::from_mins(1);

/// A running process in a home.
#[derive(Debug)]
pub(crate) struct Running<'home> {
    home: &'home Home,
    child: Child,
    out: Receiver<Vec<u8>>,
    err: Receiver<Vec<u8>>,
    whose: Program,
    before: Files,
    requests_before: usize,
}

impl<'home> Running<'home> {
    /// Starts a process; what AWS has seen is counted before, since a process may be quick.
    pub(super) fn start(
        home: &'home Home,
        whose: Program,
        spawn: impl FnOnce() -> Child,
    ) -> Running<'home> {
        let requests_before = home.requests().len();
        let before = home.files();
        let mut child = spawn();
        let out = collect(child.stdout.take());
        let err = collect(child.stderr.take());
        Running {
            home,
            child,
            out,
            err,
            whose,
            before,
            requests_before,
        }
    }

    /// The process id.
    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// What it is.
    pub(super) fn whose(&self) -> Program {
        self.whose
    }

    /// Waits for the end. Panics when it takes too long, or when a secret is where none may be.
    #[track_caller]
    pub(crate) fn wait(mut self) -> Run {
        let (Ok(out), Ok(err)) = (self.out.recv_timeout(LIMIT), self.err.recv_timeout(LIMIT))
        else {
            self.child.kill().expect("the child is ours");
            panic!("no end after {LIMIT:?}");
        };
        let status = self.child.wait().expect("the child is ours");
        let (out, err) = (text(out), text(err));
        for secret in self.home.secrets() {
            assert!(
                !err.contains(&secret),
                "the secret {secret} is on stderr:\n{err}"
            );
            assert!(
                self.whose.delivers() || !out.contains(&secret),
                "the secret {secret} is on stdout:\n{out}"
            );
        }
        self.whose.refuse_obeyed("stderr", &err);
        self.whose.refuse_obeyed_answer(&out);
        Program::refuse_defects(&err);
        self.whose.refuse_leaks(self.home, &self.before);
        let requests = self.home.requests().split_off(self.requests_before);
        Run::new(
            status,
            self.home.fixed_names(&out),
            self.home.fixed_names(&err),
            requests,
        )
    }
}

/// Reads a stream to its end on a thread of its own; nothing when the process has no such pipe.
fn collect(stream: Option<impl Read + Send + 'static>) -> Receiver<Vec<u8>> {
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        let mut bytes = Vec::new();
        if let Some(mut stream) = stream {
            stream.read_to_end(&mut bytes).expect("a pipe can be read");
        }
        // Nobody listens any more when the run took too long.
        let _ = sender.send(bytes);
    });
    receiver
}

fn text(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).expect("stsx writes UTF-8")
}
