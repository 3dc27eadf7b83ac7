//! A person at a terminal: the process leads a session whose controlling terminal is a fresh pseudo-terminal.
//! What the person sees is apart from what the program behind the pipes gets, as when an SDK runs a `credential_process`.

use std::io::{Read, Write};
use std::os::fd::{AsFd, OwnedFd};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::{Duration, Instant};

use pty_process::blocking::{self, Pty};

use super::leaks::Program;
use super::{Home, Run, Running};

/// The longest that a person waits for words to appear.
const PATIENCE: Duration = Duration::from_secs(20);

/// A run with a terminal, while it runs.
pub(crate) struct Terminal<'home> {
    home: &'home Home,
    running: Running<'home>,
    pty: Arc<Pty>,
    /// Kept open until the end: a terminal that nobody has open reads as closed.
    device: OwnedFd,
    pieces: Receiver<Vec<u8>>,
    screen: Vec<u8>,
}

impl<'home> Terminal<'home> {
    /// `console`: the terminal is stdin, stdout and stderr as well.
    #[track_caller]
    pub(super) fn open(
        home: &'home Home,
        command: Command,
        whose: Program,
        console: bool,
    ) -> Terminal<'home> {
        let (pty, device) = blocking::open().expect("a pseudo-terminal");
        let mut command = blocking::Command::from(command);
        if !console {
            command = command
                .stdin(Stdio::null())
                .stdout(Stdio::piped())
                .stderr(Stdio::piped());
        }
        let device_copy = device
            .as_fd()
            .try_clone_to_owned()
            .expect("a descriptor can be copied");
        let running = Running::start(home, whose, || command.spawn(device).expect("stsx starts"));
        let pty = Arc::new(pty);
        let pieces = watch(Arc::clone(&pty));
        Terminal {
            home,
            running,
            pty,
            device: device_copy,
            pieces,
            screen: Vec::new(),
        }
    }

    /// The process id.
    pub(crate) fn id(&self) -> u32 {
        self.running.id()
    }

    /// Waits until the terminal has shown these words.
    #[track_caller]
    pub(crate) fn shows(self, words: &str) -> Terminal<'home> {
        self.shows_times(words, 1)
    }

    /// Waits until the terminal has shown these words so many times.
    #[track_caller]
    pub(crate) fn shows_times(mut self, words: &str, times: usize) -> Terminal<'home> {
        let end = Instant::now() + PATIENCE;
        while self.text().matches(words).count() < times {
            match self
                .pieces
                .recv_timeout(end.saturating_duration_since(Instant::now()))
            {
                Ok(piece) => self.screen.extend(piece),
                Err(end) => panic!(
                    "{end}: the terminal does not show {words:?} but {:?}",
                    self.text()
                ),
            }
        }
        self
    }

    /// Types a line, and Return.
    #[track_caller]
    pub(crate) fn types(self, line: &str) -> Terminal<'home> {
        (&*self.pty)
            .write_all(format!("{line}\r").as_bytes())
            .expect("somebody reads the terminal");
        self
    }

    /// Presses keys as they are: letters, escape sequences, no Return.
    #[track_caller]
    pub(crate) fn presses(self, keys: &str) -> Terminal<'home> {
        (&*self.pty)
            .write_all(keys.as_bytes())
            .expect("somebody reads the terminal");
        self
    }

    /// Makes the window so big; the program is told.
    #[track_caller]
    pub(crate) fn resized(self, columns: u16, rows: u16) -> Terminal<'home> {
        self.pty
            .resize(pty_process::Size::new(rows, columns))
            .expect("the terminal has a size");
        self
    }

    /// Presses Ctrl and a letter.
    #[track_caller]
    pub(crate) fn presses_ctrl(self, letter: char) -> Terminal<'home> {
        let code = u8::try_from(letter.to_ascii_uppercase()).expect("a letter") - b'@';
        (&*self.pty)
            .write_all(&[code])
            .expect("somebody reads the terminal");
        self
    }

    /// Waits for the end. The terminal may not show a secret either.
    #[track_caller]
    pub(crate) fn wait(mut self) -> Run {
        let whose = self.running.whose();
        let mut run = self.running.wait();
        drop(self.device);
        self.screen.extend(self.pieces.iter().flatten());
        let screen = String::from_utf8_lossy(&self.screen).replace("\r\n", "\n");
        for secret in self.home.secrets() {
            assert!(
                !screen.contains(&secret),
                "the secret {secret} is on the terminal:\n{screen}"
            );
        }
        whose.refuse_obeyed("the terminal", &undrawn(&without_looks(&screen)));
        run.screen = self.home.fixed_names(&screen);
        run
    }

    fn text(&self) -> String {
        String::from_utf8_lossy(&self.screen).into_owned()
    }
}

/// The text without what draws a list: the other screen, lines that do not wrap, places, erasing, and the chosen row.
fn undrawn(screen: &str) -> String {
    const MARKS: [&str; 8] = ["?1049h", "?1049l", "?7l", "?7h", "K", "J", "7m", "0m"];
    let place = |mark: &str| {
        let digits = mark.strip_suffix('H').and_then(|mark| mark.split_once(';'));
        let is_number = |text: &str| !text.is_empty() && text.bytes().all(|c| c.is_ascii_digit());
        digits.is_some_and(|(line, column)| is_number(line) && is_number(column))
    };
    let mut pieces = screen.split("\u{1b}[");
    let mut text = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let end = piece.find(char::is_alphabetic).map_or(0, |at| at + 1);
        let (mark, rest) = piece.split_at(end);
        if !MARKS.contains(&mark) && !place(mark) {
            text.push('\u{1b}');
        }
        text.push_str(rest);
    }
    text
}

/// Sends on what appears, until the process has closed the terminal (which reads as an error).
fn watch(pty: Arc<Pty>) -> Receiver<Vec<u8>> {
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        let mut buffer = [0; 1024];
        while let Ok(count @ 1..) = (&*pty).read(&mut buffer) {
            if sender.send(buffer[..count].to_vec()).is_err() {
                return;
            }
        }
    });
    receiver
}

/// The screen without stsx's own colours, and what removes a line. (What others have a say in cannot be among them: its
/// escape characters are made visible.)
fn without_looks(screen: &str) -> String {
    let own = [
        "\u{1b}[0m",
        "\u{1b}[1m",
        "\u{1b}[2m",
        "\u{1b}[31m",
        "\u{1b}[33m",
        "\u{1b}[36m",
        "\u{1b}[K",
        "\r",
    ];
    own.iter()
        .fold(screen.to_owned(), |screen, code| screen.replace(code, ""))
}
