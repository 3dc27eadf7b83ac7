//! Certificates: which are trusted, and what is said of those that are not.

use super::peer::{Manner, Peer};
use super::prod;
use crate::aws::Sandbox;
use crate::support::Home;

/// James and his role behind TLS.
fn home(sandbox: Sandbox) -> Home {
    let home = Home::new().config(&prod("")).sandboxed(sandbox);
    home.aws(|a| a.role("deploy"))
        .env("STSX_NETWORK_TIMEOUT", "2s")
        .env("AWS_MAX_ATTEMPTS", "1")
}

fn with_tls() -> Sandbox {
    Sandbox::builder().tls().start().expect("a free port")
}

/// Another CA's certificate.
fn stranger() -> String {
    let sandbox = Sandbox::builder().tls_for(&["stranger.example"]).start();
    let sandbox = sandbox.expect("a free port");
    sandbox.ca_pem().expect("it speaks TLS").to_owned()
}

/// The home with its trusted certificates in this file instead.
fn trusting(home: Home, pem: &str) -> Home {
    home.file("ca.pem", pem)
}

#[test]
fn what_is_wrong_with_tls_is_told_apart() {
    const ALERT: &str = "\x15\x03\x03\x00\x02\x02\x28";
    let over = Sandbox::builder().tls_over().start().expect("a free port");
    let other = Sandbox::builder()
        .tls_for(&["other.example"])
        .start()
        .expect("a free port");
    let at = |home: Home, url: &str| home.env("AWS_ENDPOINT_URL", url);
    let [alert, gone, silent] =
        [Manner::Say(ALERT), Manner::Say(""), Manner::Silent].map(Peer::start);
    let https = |peer: &Peer| peer.url().replace("http:", "https:");
    let plain = Sandbox::start();
    let plain_url = plain.endpoint().replace("http:", "https:");
    let tls = with_tls();
    let tls_url = tls.endpoint().replace("https:", "http:");
    let trusts = "if the network inspects TLS, name its certificates with AWS_CA_BUNDLE";
    let cases = [
        (
            trusting(home(with_tls()), &stranger()),
            "UnknownIssuer",
            trusts,
        ),
        (
            home(over),
            "certificate expired",
            "check this machine's clock",
        ),
        (
            home(other),
            "not valid for name",
            "another server answers there",
        ),
        (
            at(home(with_tls()), &plain_url),
            "InvalidContentType",
            "speaks no TLS",
        ),
        (at(home(tls), &tls_url), "cannot reach", "check the network"),
        (
            at(home(with_tls()), &https(&alert)),
            "HandshakeFailure",
            "check the network",
        ),
        (
            at(home(with_tls()), &https(&gone)),
            "cannot reach",
            "check the network",
        ),
        (
            at(home(with_tls()), &https(&silent)),
            "no answer in time",
            "check the network",
        ),
    ];
    let runs: Vec<_> = cases
        .iter()
        .map(|(home, words, hint)| (home.spawn(["process", "prod"]), words, hint))
        .collect();
    for (run, words, hint) in runs {
        let run = run.wait().stdout("").stderr_lines(1);
        run.stderr_has(words).stderr_has(hint).calls([]).status(1);
    }
}

#[test]
fn a_certificate_that_fails_leaves_the_cached_credentials() {
    let home = home(with_tls());
    home.run(["process", "prod"]).stdout_has("ASIA").status(0);
    home.age(3600 - 120);
    trusting(home, &stranger())
        .run(["process", "prod"])
        .stdout_has("ASIA")
        .stderr_has("cannot renew, so the cached credentials are used")
        .stderr_has("UnknownIssuer")
        .status(0);
}

#[test]
fn the_bundle_of_variable_or_profile_or_the_systems_store_is_trusted() {
    let home = home(with_tls());
    home.run(["process", "prod", "--no-cache"])
        .stdout_has("ASIA")
        .status(0);
    let path = home.path("ca.pem").display().to_string();
    let home = home
        .without_env("AWS_CA_BUNDLE")
        .env("SSL_CERT_FILE", &path);
    home.run(["process", "prod", "--no-cache"])
        .stdout_has("ASIA")
        .status(0);
    let home = home
        .without_env("SSL_CERT_FILE")
        .config(&prod(&format!("ca_bundle = {path}")));
    home.run(["process", "prod", "--no-cache"])
        .stdout_has("ASIA")
        .status(0);
    // The bundle is trusted alone, whatever the system's store says.
    let home = home
        .file("other.pem", &stranger())
        .env("SSL_CERT_FILE", &path);
    let other = home.path("other.pem").display().to_string();
    home.env("AWS_CA_BUNDLE", &other)
        .run(["process", "prod", "--no-cache"])
        .stdout("")
        .stderr_has("UnknownIssuer")
        .status(1);
}
