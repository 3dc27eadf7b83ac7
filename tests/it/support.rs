//! The sentence that every test speaks:
//! `Home::new().config("…").aws(|a| a.role("deploy")).run(["assume", "deploy"]).stdout("…").stderr("…").status(0)`.
//! A home is a fresh HOME and an environment that holds nothing but what the test put there. Every run is watched:
//! no secret that was configured or issued may appear on stderr, nor on stdout unless delivering it is the command's job.
//! Files and AWS may be changed between runs: `let home = home.config("…").aws(|a| a.page(500, "…"));`.

pub(crate) mod aws;
mod leaks;
mod proofs;
mod run;
mod running;
mod stored;
mod terminal;

use std::collections::BTreeMap;
use std::fs::{self, Permissions};
use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use tempfile::TempDir;

pub(crate) use aws::{ACCOUNT, Aws, DEVICE, Request, keys};
use leaks::Program;
pub(crate) use proofs::{SAML_PROVIDER, pair};
pub(crate) use run::Run;
pub(crate) use running::Running;
pub(crate) use terminal::Terminal;

/// The binary under test.
const STSX: &str = env!("CARGO_BIN_EXE_stsx");

/// A person's home directory, environment and AWS, for the length of one test.
#[derive(Debug)]
pub(crate) struct Home {
    directory: TempDir,
    environment: BTreeMap<String, String>,
    secrets: Vec<String>,
    partition: &'static str,
    aws: Option<Aws>,
}

impl Home {
    /// An empty home (0700) and an environment of HOME, PATH, LANG, and of the XDG and temporary directories below HOME.
    /// No instance metadata: no test leaves the loopback.
    pub(crate) fn new() -> Home {
        let directory = tempfile::Builder::new()
            .prefix("stsx-home-")
            .tempdir()
            .expect("a temporary directory");
        let path = |name: &str| directory.path().join(name).display().to_string();
        let environment = [
            ("HOME", directory.path().display().to_string()),
            ("PATH", "/usr/bin:/bin".to_owned()),
            ("LANG", "C.UTF-8".to_owned()),
            ("XDG_CONFIG_HOME", path(".config")),
            ("XDG_CACHE_HOME", path(".cache")),
            ("TMPDIR", path("tmp")),
            ("AWS_EC2_METADATA_DISABLED", "true".to_owned()),
            // Named sessions ask nobody who the user is; `without_env` lets them.
            ("AWS_ROLE_SESSION_NAME", "james".to_owned()),
        ];
        let environment = environment
            .map(|(name, value)| (name.to_owned(), value))
            .into();
        fs::create_dir(directory.path().join("tmp")).expect("HOME is writable");
        Home {
            directory,
            environment,
            secrets: Vec::new(),
            partition: "aws",
            aws: None,
        }
    }

    /// Writes ~/.aws/config.
    pub(crate) fn config(self, text: &str) -> Home {
        self.file(".aws/config", text)
    }

    /// Writes ~/.aws/credentials.
    pub(crate) fn credentials(self, text: &str) -> Home {
        self.file(".aws/credentials", text)
    }

    /// Writes stsx's own settings file.
    pub(crate) fn settings(self, text: &str) -> Home {
        self.file(".config/stsx/config", text)
    }

    /// Writes any file below HOME (0600), and learns the secrets in it.
    pub(crate) fn file(mut self, path: &str, text: &str) -> Home {
        let values = text.lines().filter_map(|line| line.split_once('='));
        let secret = |name: &str| ["aws_secret_access_key", "aws_session_token"].contains(&name);
        let found = values.filter(|(name, _)| secret(&name.trim().to_lowercase()));
        self.secrets
            .extend(found.map(|(_, value)| value.trim().to_owned()));
        let path = self.path(path);
        let parent = path.parent().expect("a file below HOME has a parent");
        fs::create_dir_all(parent).expect("HOME is writable");
        fs::write(&path, text).expect("HOME is writable");
        fs::set_permissions(&path, Permissions::from_mode(0o600)).expect("the file is ours");
        self
    }

    /// Sets a variable for the runs.
    pub(crate) fn env(mut self, name: &str, value: &str) -> Home {
        if ["AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"].contains(&name) {
            self.secrets.push(value.to_owned());
        }
        self.environment.insert(name.to_owned(), value.to_owned());
        self
    }

    /// Removes a variable again.
    pub(crate) fn without_env(mut self, name: &str) -> Home {
        self.environment.remove(name);
        self
    }

    /// The partition that AWS will be in, if not `aws`.
    pub(crate) fn partition(mut self, partition: &'static str) -> Home {
        self.partition = partition;
        self
    }

    /// Starts an AWS in which James lives, and points the runs at it; or changes the one that runs already.
    /// Without a credentials file James's keys become its [default] profile.
    pub(crate) fn aws(mut self, describe: impl FnOnce(Aws) -> Aws) -> Home {
        if let Some(aws) = self.aws.take() {
            self.aws = Some(describe(aws));
            return self;
        }
        let aws = describe(Aws::start(self.partition));
        self.environment
            .insert("AWS_ENDPOINT_URL".to_owned(), aws.sandbox().endpoint());
        self.aws = Some(aws);
        if self.path(".aws/credentials").exists() {
            self
        } else {
            self.james()
        }
    }

    /// James's keys as the [default] profile of ~/.aws/credentials.
    pub(crate) fn james(self) -> Home {
        self.credentials(&profile_of("default", "James"))
    }

    /// A path below HOME.
    pub(crate) fn path(&self, path: &str) -> PathBuf {
        self.directory.path().join(path)
    }

    /// Every request that AWS has seen, oldest first.
    pub(crate) fn requests(&self) -> Vec<Request> {
        self.aws
            .as_ref()
            .map(|aws| aws.sandbox().requests())
            .unwrap_or_default()
    }

    /// The last request that AWS has seen.
    #[track_caller]
    pub(crate) fn last_request(&self) -> Request {
        self.requests().pop().expect("no request was made")
    }

    /// Files of credentials in the cache: its JSON documents, sorted by name.
    pub(crate) fn cached(&self) -> Vec<PathBuf> {
        let entries = fs::read_dir(self.path(".cache/stsx"))
            .into_iter()
            .flatten()
            .flatten();
        let mut files: Vec<_> = entries
            .map(|entry| entry.path())
            .filter(|path| is_entry(path))
            .collect();
        files.sort();
        files
    }

    /// Lets time pass for what was issued, in AWS and in the cache: it was obtained, and ends, this much earlier.
    #[track_caller]
    pub(crate) fn age(&self, seconds: i64) {
        self.sandbox().age(seconds);
        for path in self.cached() {
            stored::edit(&path, |entry| {
                let entry = stored::earlier(entry, "obtained_at", seconds);
                stored::earlier(&entry, "expires_at", seconds)
            });
        }
    }

    /// Lets time pass for what stsx remembers with a time: codes that were used, roles that were listed.
    pub(crate) fn age_facts(&self, seconds: i64) {
        let files = fs::read_dir(self.path(".cache/stsx")).expect("something is cached");
        for path in files.flatten().map(|file| file.path()) {
            let kind = path.extension().unwrap_or_default();
            if kind == "code" || kind == "roles" {
                stored::edit(&path, |fact| stored::earlier(fact, "at", seconds));
            }
        }
    }

    /// Runs stsx to its end: stdin is empty, there is no terminal.
    #[track_caller]
    pub(crate) fn run<const N: usize>(&self, arguments: [&str; N]) -> Run {
        self.spawn(arguments).wait()
    }

    /// Starts stsx and returns at once.
    #[track_caller]
    pub(crate) fn spawn<const N: usize>(&self, arguments: [&str; N]) -> Running<'_> {
        self.start(STSX, &arguments, Program::stsx(&arguments))
    }

    /// Runs another program in this home, with stsx on its PATH: a shell, the AWS CLI, strace.
    #[track_caller]
    pub(crate) fn program<const N: usize>(&self, program: &str, arguments: [&str; N]) -> Run {
        self.spawn_program(program, arguments).wait()
    }

    /// Starts another program in the same way and returns at once.
    #[track_caller]
    pub(crate) fn spawn_program<const N: usize>(
        &self,
        program: &str,
        arguments: [&str; N],
    ) -> Running<'_> {
        self.start(program, &arguments, Program::Other)
    }

    /// Runs a script in `sh`, with stsx on its PATH.
    #[track_caller]
    pub(crate) fn sh(&self, script: &str) -> Run {
        self.program("sh", ["-c", script])
    }

    /// Starts such a script and returns at once; after `exec` the process id is that of the program.
    #[track_caller]
    pub(crate) fn spawn_sh(&self, script: &str) -> Running<'_> {
        self.start("sh", &["-c", script], Program::Other)
    }

    /// Starts stsx with a person at its terminal device, while stdin, stdout and stderr are those of a program.
    #[track_caller]
    pub(crate) fn pty<const N: usize>(&self, arguments: [&str; N]) -> Terminal<'_> {
        Terminal::open(
            self,
            self.command(STSX, &arguments),
            Program::stsx(&arguments),
            false,
        )
    }

    /// The same for another program that runs stsx: an SDK's command with a `credential_process`.
    #[track_caller]
    pub(crate) fn pty_program<const N: usize>(
        &self,
        program: &str,
        arguments: [&str; N],
    ) -> Terminal<'_> {
        Terminal::open(
            self,
            self.command(program, &arguments),
            Program::Other,
            false,
        )
    }

    /// Starts stsx in a terminal: stdin, stdout and stderr are the terminal too.
    #[track_caller]
    pub(crate) fn console<const N: usize>(&self, arguments: [&str; N]) -> Terminal<'_> {
        Terminal::open(
            self,
            self.command(STSX, &arguments),
            Program::Answering,
            true,
        )
    }

    #[track_caller]
    fn start(&self, program: &str, arguments: &[&str], whose: Program) -> Running<'_> {
        // A test run may have a terminal; stsx must not find it. `setsid` replaces itself, so the process id is stsx's.
        let mut command = if Path::new("/dev/tty").exists() && fs::File::open("/dev/tty").is_ok() {
            let mut words = vec![program];
            words.extend(arguments);
            self.command("setsid", &words)
        } else {
            self.command(program, arguments)
        };
        command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        Running::start(self, whose, || {
            command
                .spawn()
                .unwrap_or_else(|error| panic!("cannot run {program}: {error}"))
        })
    }

    fn command(&self, program: &str, arguments: &[&str]) -> Command {
        let mut command = Command::new(program);
        command
            .args(arguments)
            .env_clear()
            .envs(&self.environment)
            .current_dir(self.directory.path());
        if program != STSX {
            let binaries = Path::new(STSX)
                .parent()
                .expect("the binary lies in a directory");
            command.env(
                "PATH",
                format!("{}:{}", binaries.display(), self.environment["PATH"]),
            );
        }
        command
    }

    /// Every secret there is: configured ones and issued ones.
    fn secrets(&self) -> Vec<String> {
        let issued = self
            .aws
            .as_ref()
            .map(|aws| aws.sandbox().secrets())
            .unwrap_or_default();
        self.secrets
            .iter()
            .cloned()
            .chain(issued)
            .flat_map(proofs::parts)
            .filter(|secret| secret.len() > 3)
            .collect()
    }

    /// What differs from run to run, by a fixed name: `[HOME]`, `[AWS]`.
    fn fixed_names(&self, text: &str) -> String {
        let text = text.replace(&self.directory.path().display().to_string(), "[HOME]");
        match &self.aws {
            Some(aws) => text.replace(&aws.sandbox().endpoint(), "[AWS]"),
            None => text,
        }
    }
}

/// A section of ~/.aws/credentials with the keys of the IAM user `user`.
pub(crate) fn profile_of(profile: &str, user: &str) -> String {
    let (id, secret) = keys(user);
    format!("[{profile}]\naws_access_key_id = {id}\naws_secret_access_key = {secret}\n")
}

/// Whether a program that a test needs is there. A missing one is reported, and on CI it is an error.
#[track_caller]
pub(crate) fn installed(program: &str) -> bool {
    let there = ["/usr/bin", "/bin"]
        .iter()
        .any(|directory| Path::new(directory).join(program).exists());
    assert!(there || !on_ci(), "{program} is not installed");
    if !there {
        // Not `eprintln!`, which is captured: `tests/run` gathers these lines.
        let _ = writeln!(std::io::stderr(), "skipped: {program} is not installed");
    }
    there
}

/// Whether every case is wanted of tests that otherwise try a spread of them, however long it takes.
pub(crate) fn everything() -> bool {
    surroundings_say("STSX_TEST_ALL", "1")
}

/// Whether nothing may be skipped.
pub(crate) fn on_ci() -> bool {
    surroundings_say("CI", "true")
}

/// Whether files that tests hold the binary against are to be written anew.
pub(crate) fn is_blessing() -> bool {
    surroundings_say("STSX_BLESS", "1")
}

#[expect(
    clippy::disallowed_methods,
    reason = "the one question that a test asks its surroundings"
)]
fn surroundings_say(name: &str, value: &str) -> bool {
    std::env::var_os(name).is_some_and(|found| found == value)
}

fn is_entry(path: &Path) -> bool {
    fs::read_to_string(path)
        .is_ok_and(|text| text.contains("\"expires_at\":\"") && text.ends_with('}'))
}
