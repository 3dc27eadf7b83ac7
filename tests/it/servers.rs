//! Servers that others wrote, as judges of the wire format: ministack (AUTH=true: signatures, both sides' policies) and
//! moto (the widest API). Each runs once per test binary, on a free loopback port, and knows the world of James that
//! tests/james.py builds through its own API. What `tests/setup` has not installed is skipped visibly, and fatal in CI.
//! A static is never dropped, so each server has a keeper that waits for the end of a pipe from this process.

use std::ffi::OsString;
use std::fs;
use std::io::{self, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::LazyLock;
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;

/// A server that has not answered by then will not.
const PATIENCE: Duration = Duration::from_mins(1);

/// Starts its arguments in a directory of their own and ends them when stdin ends. Ctrl-C reaches the whole process
/// group: the keeper has to outlive it.
const KEEPER: &str = r#"
trap '' INT TERM HUP
directory=$1; shift
mkdir "$directory" && cd "$directory" || exit 1
"$@" >log 2>&1 </dev/null &
cat >/dev/null
kill -KILL $!
wait
cd / && rm -rf "$directory"
"#;

/// James on one server, and what surrounds him there.
#[derive(Debug)]
pub(crate) struct World {
    pub(crate) endpoint: String,
    pub(crate) account: String,
    pub(crate) access_key_id: String,
    pub(crate) secret_access_key: String,
    pub(crate) buckets: Vec<String>,
    roles: Value,
}

impl World {
    /// The ARN of one of the roles that tests/james.py names: s3, external, path, chain, forbidden.
    #[track_caller]
    pub(crate) fn role(&self, key: &str) -> &str {
        text(&self.roles[key]["arn"])
    }

    /// What the role `external` wants to hear.
    pub(crate) fn external_id(&self) -> &str {
        text(&self.roles["external"]["external_id"])
    }
}

/// The world of James on ministack.
pub(crate) fn ministack() -> Option<&'static World> {
    static SHARED: LazyLock<Option<(Server, World)>> =
        LazyLock::new(|| inhabited(Server::ministack()?));
    SHARED.as_ref().map(|(_, world)| world)
}

/// The world of James on moto.
pub(crate) fn moto() -> Option<&'static World> {
    static SHARED: LazyLock<Option<(Server, World)>> = LazyLock::new(|| inhabited(Server::moto()?));
    SHARED.as_ref().map(|(_, world)| world)
}

fn inhabited(server: Server) -> Option<(Server, World)> {
    let world = james(&server)?;
    Some((server, world))
}

/// A server, alive as long as this value.
#[derive(Debug)]
pub(crate) struct Server {
    keeper: Child,
    directory: PathBuf,
    endpoint: String,
}

impl Server {
    fn ministack() -> Option<Server> {
        let port = free_port();
        let settings = [
            ("BIND_HOST", "127.0.0.1"),
            ("GATEWAY_PORT", &port.to_string()),
            ("AUTH", "true"),
        ];
        let server = Server::start(port, "venv/bin/ministack", &[], &settings)?;
        server.wait_for(port, "/_ministack/health");
        Some(server)
    }

    fn moto() -> Option<Server> {
        let port = free_port();
        let server = Server::start(
            port,
            "venv/bin/moto_server",
            &["-H", "127.0.0.1", "-p", &port.to_string()],
            &[],
        )?;
        server.wait_for(port, "/moto-api/data.json");
        Some(server)
    }

    /// Starts a program of the testbed.
    fn start(
        port: u16,
        program: &str,
        arguments: &[&str],
        settings: &[(&str, &str)],
    ) -> Option<Server> {
        let program = tool(program)?;
        let directory =
            std::env::temp_dir().join(format!("stsx-server-{}-{port}", std::process::id()));
        let keeper = Command::new("sh")
            .args(["-c", KEEPER, "keeper"])
            .args([&directory, &program])
            .args(arguments)
            .env_clear()
            .envs([
                ("PATH", path()),
                ("HOME", directory.clone().into()),
                ("TMPDIR", directory.clone().into()),
            ])
            .envs(settings.iter().copied())
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("sh can be run");
        Some(Server {
            keeper,
            directory,
            endpoint: format!("http://127.0.0.1:{port}"),
        })
    }

    /// Waits until `health` answers 200.
    fn wait_for(&self, port: u16, health: &str) {
        let end = Instant::now() + PATIENCE;
        while !answers(port, health).unwrap_or(false) {
            let log = || fs::read_to_string(self.directory.join("log")).unwrap_or_default();
            assert!(
                Instant::now() < end,
                "no server on {} after {PATIENCE:?}:\n{}",
                self.endpoint,
                log()
            );
            thread::sleep(Duration::from_millis(50));
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.keeper.stdin.take());
        let _ = self.keeper.wait();
    }
}

/// Builds the world of James on a server that has none.
fn james(server: &Server) -> Option<World> {
    world_of(&server.endpoint, &[]).map(|made| world(&made))
}

/// Runs tests/james.py: `--user`, `--trust-later` build another world, `--edit-trust` lets its role trust its user.
pub(crate) fn another_james(beside: &World, arguments: &[&str]) -> Option<World> {
    world_of(&beside.endpoint, arguments).map(|made| world(&made))
}

/// Edits the policies of a user who was made with `--trust-later`.
pub(crate) fn edit_trust(beside: &World, user: &str) {
    world_of(&beside.endpoint, &["--user", user, "--edit-trust"]);
}

fn world_of(endpoint: &str, arguments: &[&str]) -> Option<Value> {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/james.py");
    let output = Command::new(tool("venv/bin/python")?)
        .arg(script)
        .arg(endpoint)
        .args(arguments)
        .env_clear()
        .env("PATH", path())
        .stdin(Stdio::null())
        .output()
        .expect("python can be run");
    let words = String::from_utf8_lossy(&output.stderr);
    assert!(
        output.status.success(),
        "tests/james.py {endpoint} {arguments:?}:\n{words}"
    );
    Some(serde_json::from_slice(&output.stdout).expect("tests/james.py prints JSON"))
}

fn world(made: &Value) -> World {
    let buckets = made["buckets"].as_array().into_iter().flatten();
    World {
        endpoint: text(&made["endpoint"]).to_owned(),
        account: text(&made["account"]).to_owned(),
        access_key_id: text(&made["user"]["access_key_id"]).to_owned(),
        secret_access_key: text(&made["user"]["secret_access_key"]).to_owned(),
        buckets: buckets.map(|bucket| text(bucket).to_owned()).collect(),
        roles: made["roles"].clone(),
    }
}

/// A file of the testbed (`venv/bin/aws`, `node_modules/.bin/nu`), or a skip.
pub(crate) fn tool(relative: &str) -> Option<PathBuf> {
    let default = || {
        Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("target/testbed")
            .into()
    };
    let path = PathBuf::from(variable("STSX_TESTBED").unwrap_or_else(default)).join(relative);
    if path.exists() {
        return Some(path);
    }
    skip(&format!(
        "{relative} is not in the testbed; tests/setup installs it"
    ));
    None
}

/// A program on the PATH that answers `--version` with these words, or a skip.
pub(crate) fn program(name: &str, version: &str) -> Option<PathBuf> {
    let says = |candidate: &PathBuf| {
        let output = Command::new(candidate)
            .arg("--version")
            .stdin(Stdio::null())
            .output();
        output.is_ok_and(|output| String::from_utf8_lossy(&output.stdout).starts_with(version))
    };
    let found = std::env::split_paths(&path())
        .map(|directory| directory.join(name))
        .find(says);
    if found.is_none() {
        skip(&format!(
            "no {name} on the PATH that says {version}; tests/setup installs it"
        ));
    }
    found
}

/// Says what is not tested here, past the capture of test output; with CI=true nothing may be left out.
pub(crate) fn skip(what: &str) {
    assert!(variable("CI").is_none_or(|value| value != "true"), "{what}");
    let _ = io::stderr().write_all(format!("skipped: {what}\n").as_bytes());
}

/// The PATH of whoever runs the tests.
pub(crate) fn path() -> OsString {
    variable("PATH").unwrap_or_default()
}

#[expect(
    clippy::disallowed_methods,
    reason = "env.rs is the binary's; tests have a surrounding of their own"
)]
fn variable(name: &str) -> Option<OsString> {
    std::env::var_os(name)
}

#[track_caller]
fn text(value: &Value) -> &str {
    value.as_str().expect("tests/james.py prints this text")
}

fn free_port() -> u16 {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
    listener.local_addr().expect("it is bound").port()
}

fn answers(port: u16, path: &str) -> io::Result<bool> {
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    let mut stream = TcpStream::connect_timeout(&address, Duration::from_secs(1))?;
    stream.set_read_timeout(Some(Duration::from_secs(5)))?;
    write!(
        stream,
        "GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n\r\n"
    )?;
    let mut line = [0; 12];
    stream.read_exact(&mut line)?;
    Ok(line.ends_with(b" 200"))
}
