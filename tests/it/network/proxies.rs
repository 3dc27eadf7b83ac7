//! Forward proxies: tinyproxy, with and without a password, and a proxy that writes down what goes through it.

use std::net::TcpListener;
use std::time::{Duration, Instant};

use super::peer::{Manner, Peer};
use super::prod;
use crate::aws::Sandbox;
use crate::support::{Home, Running, installed};

/// What the proxy wants, and the same as it may stand in a URL. (tinyproxy takes no other characters.)
const PASSWORD: &str = "pass-word.1";
const ENCODED: &str = "pass%2Dword%2E1";

/// What cannot stand in a URL.
const UNENCODED: &str = "p@ss:w/rd#1";

/// James and his role behind TLS; the proxy's password may not be shown.
fn home() -> Home {
    let sandbox = Sandbox::builder().tls().start().expect("a free port");
    watched(Home::new().config(&prod("")).sandboxed(sandbox)).aws(|a| a.role("deploy"))
}

fn watched(home: Home) -> Home {
    let secret = |word: &str| format!("aws_session_token = {word}\n");
    home.file(
        "secrets",
        &[PASSWORD, ENCODED, UNENCODED].map(secret).concat(),
    )
    .env("AWS_MAX_ATTEMPTS", "1")
    .env("STSX_NETWORK_TIMEOUT", "5s")
}

/// A tinyproxy that runs as long as this lives; its log is a file of the home.
struct Tinyproxy<'home> {
    home: &'home Home,
    running: Option<Running<'home>>,
    port: u16,
}

impl<'home> Tinyproxy<'home> {
    fn start(home: &'home Home, rules: &str) -> Tinyproxy<'home> {
        let free = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr());
        let port = free.expect("a free loopback port").port();
        let configuration =
            format!("Port {port}\nListen 127.0.0.1\nTimeout 30\nLogLevel Connect\n{rules}\n");
        std::fs::write(home.path("tinyproxy.conf"), configuration).expect("HOME is writable");
        let running = home.spawn_sh("exec tinyproxy -d -c tinyproxy.conf");
        let end = Instant::now() + Duration::from_secs(10);
        while std::net::TcpStream::connect(("127.0.0.1", port)).is_err() {
            assert!(Instant::now() < end, "tinyproxy does not start");
            std::thread::sleep(Duration::from_millis(10));
        }
        Tinyproxy {
            home,
            running: Some(running),
            port,
        }
    }

    /// Ends it, and gives what it wrote down.
    fn log(mut self) -> String {
        self.end()
    }

    fn end(&mut self) -> String {
        let Some(running) = self.running.take() else {
            return String::new();
        };
        self.home.sh(&format!("kill {}", running.id())).status(0);
        let run = running.wait().stderr_has("").stdout_has("").status(0);
        run.out.clone()
    }
}

impl Drop for Tinyproxy<'_> {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            self.end();
        } else if let Some(running) = &self.running {
            self.home.sh(&format!("kill {}", running.id())).status(0);
        }
    }
}

#[test]
fn a_proxy_with_a_password_leads_to_aws() {
    if !installed("tinyproxy") {
        return;
    }
    let home = home();
    let proxy = Tinyproxy::start(&home, &format!("BasicAuth james {PASSWORD}"));
    let address = format!("127.0.0.1:{}", proxy.port);
    let call = "stsx -vv process prod --no-cache";
    for variable in ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"] {
        for scheme in ["http://", ""] {
            home.sh(&format!(
                "{variable}={scheme}james:{ENCODED}@{address} {call}"
            ))
            .stdout_has("ASIA")
            .stderr_has("asking ")
            .calls(["AssumeRole"])
            .status(0);
        }
    }
    let named = format!("cannot reach [AWS] through the proxy http://{address} ($HTTPS_PROXY): ");
    // Without a user tinyproxy asks for one (407); a wrong one it refuses (401).
    for (user, words, hint) in [
        (
            "",
            "proxy authorization required",
            "write it as http://USER:PASSWORD@HOST:PORT, with %40 for @",
        ),
        (
            "james:wrong@",
            "it opens no way there",
            "its user and password must be right",
        ),
        (
            "james@",
            "it opens no way there",
            "its user and password must be right",
        ),
        (
            "jim:p%40ss@",
            "it opens no way there",
            "its user and password must be right",
        ),
    ] {
        home.sh(&format!("HTTPS_PROXY=http://{user}{address} {call}"))
            .stdout("")
            .stderr_has(&format!("{named}{words}"))
            .stderr_has(hint)
            .calls([])
            .status(1);
    }
    let port = home.sandbox().address().port();
    let log = proxy.log();
    assert!(log.contains(&format!("CONNECT localhost:{port}")), "{log}");
}

#[test]
fn a_proxy_that_says_no_is_named() {
    if !installed("tinyproxy") {
        return;
    }
    let home = home();
    // It opens tunnels to port 443 only.
    let proxy = Tinyproxy::start(&home, "ConnectPort 443");
    let url = format!("http://127.0.0.1:{}", proxy.port);
    let named =
        format!("cannot reach [AWS] through the proxy {url} ($HTTPS_PROXY): it opens no way there");
    home.sh(&format!(
        "HTTPS_PROXY=http://james:{ENCODED}@127.0.0.1:{} stsx -vv process prod",
        proxy.port
    ))
    .stdout("")
    .stderr_has(&named)
    .stderr_has("its rules must allow CONNECT to that host")
    .status(1);
    drop(proxy);
    home.sh(&format!("HTTPS_PROXY={url} stsx process prod"))
        .stdout("")
        .stderr_has(&format!("through the proxy {url} ($HTTPS_PROXY): "))
        .stderr_has("Connection refused")
        .stderr_has("check its address")
        .status(1);
    home.sh("HTTPS_PROXY=http://no-such-proxy.invalid:3128 stsx process prod")
        .stdout("")
        .stderr_has("through the proxy http://no-such-proxy.invalid:3128 ($HTTPS_PROXY): ")
        .status(1);
}

#[test]
fn a_proxy_stands_before_endpoints_without_tls_too() {
    if !installed("tinyproxy") {
        return;
    }
    let home = watched(Home::new().config(&prod("")).aws(|a| a.role("deploy")));
    let proxy = Tinyproxy::start(&home, &format!("BasicAuth james {PASSWORD}"));
    let address = format!("127.0.0.1:{}", proxy.port);
    for variable in ["HTTP_PROXY", "http_proxy"] {
        home.sh(&format!(
            "{variable}=http://james:{ENCODED}@{address} stsx process prod --no-cache"
        ))
        .stdout_has("ASIA")
        .calls(["AssumeRole"])
        .status(0);
    }
    home.sh(&format!("HTTP_PROXY=http://{address} stsx process prod"))
        .stdout("")
        .stderr_has(&format!("cannot reach [AWS] through the proxy http://{address} ($HTTP_PROXY): proxy authorization required"))
        .calls([])
        .status(1);
    let log = proxy.log();
    assert!(log.contains("POST [AWS]/ HTTP/1.1"), "{log}");
}

#[test]
fn no_proxy_names_hosts_suffixes_addresses_and_networks() {
    let home = home();
    let proxy = Peer::start(Manner::Tunnel(home.sandbox().address()));
    let port = home.sandbox().address().port();
    let mut ways = 0;
    // NO_PROXY, host of the endpoint, whether the proxy is asked.
    for (no, host, is_proxied) in [
        ("", "localhost", true),
        ("localhost", "localhost", false),
        ("LOCALHOST", "localhost", false),
        ("other.example, localhost", "localhost", false),
        ("*", "localhost", false),
        ("127.0.0.1", "127.0.0.1", false),
        ("127.0.0.0/8", "127.0.0.1", false),
        ("10.0.0.0/8", "127.0.0.1", true),
        ("127.0.0.1", "localhost", true),
        ("ocalhost", "localhost", true),
        ("*.localhost", "localhost", true),
        // A port is not understood.
        (&format!("localhost:{port}"), "localhost", true),
    ] {
        for variable in ["NO_PROXY", "no_proxy"] {
            home.sh(&format!(
                "{variable}='{no}' HTTPS_PROXY={} AWS_ENDPOINT_URL=https://{host}:{port} stsx process prod --no-cache",
                proxy.url()
            ))
            .stdout_has("ASIA")
            .calls(["AssumeRole"])
            .status(0);
            ways += usize::from(is_proxied);
            assert_eq!(proxy.seen().len(), ways, "{no} {host}");
        }
    }
}

#[test]
fn a_suffix_in_no_proxy_holds_for_what_is_below_it() {
    let proxy = Peer::start(Manner::Say("HTTP/1.1 403 Forbidden\r\n\r\n"));
    let home = home()
        .env("HTTPS_PROXY", &proxy.url())
        .env("AWS_ENDPOINT_URL", "https://sts.corp.invalid");
    for (no, words) in [
        (".corp.invalid", "dns error"),
        ("corp.invalid", "dns error"),
        ("invalid", "dns error"),
        ("sts.corp.invalid", "dns error"),
        ("orp.invalid", "through the proxy"),
        ("*.corp.invalid", "through the proxy"),
        (".sts.corp.invalid.example", "through the proxy"),
    ] {
        home.sh(&format!("NO_PROXY={no} stsx process prod"))
            .stdout("")
            .stderr_has(words)
            .status(1);
    }
}

#[test]
fn a_proxy_that_would_be_passed_over_is_refused_without_its_password() {
    let home = home();
    for url in [
        format!("http://james:{UNENCODED}@127.0.0.1:3128"),
        "socks5://127.0.0.1:1080".to_owned(),
        "http://127.0.0.1:port".to_owned(),
        "http://".to_owned(),
    ] {
        home.sh(&format!("HTTPS_PROXY='{url}' stsx -vv process prod"))
            .stdout("")
            .stderr_has(": $HTTPS_PROXY: the proxy is not written like http://HOST:PORT")
            .calls([])
            .status(2);
    }
    // It is of no use where nothing goes by TLS.
    let plain = Home::new().config(&prod("")).aws(|a| a.role("deploy"));
    plain
        .env("HTTPS_PROXY", "socks5://127.0.0.1:1080")
        .run(["process", "prod"])
        .stdout_has("ASIA")
        .status(0);
}
