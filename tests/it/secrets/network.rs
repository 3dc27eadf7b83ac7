//! The network: AWS is asked by TLS unless the user names a plain address, and an answer leads nowhere else.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::mpsc::{self, Receiver};
use std::thread;

use super::profile;
use crate::support::{Home, Run};

/// A server that answers every connection with this, for as long as the test runs; the first lines that it got.
fn server(answer: String) -> (u16, Receiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let port = listener.local_addr().expect("it is bound").port();
    let (sender, lines) = mpsc::channel();
    thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let line = first_line(&stream);
            // Told before the answer, so that it is known when the run has ended. Whoever has gone has seen enough.
            let _ = sender.send(line);
            let _ = stream.write_all(answer.as_bytes());
        }
    });
    (port, lines)
}

/// The first line of a request, which is read with its body.
fn first_line(stream: &TcpStream) -> String {
    let mut reader = BufReader::new(stream);
    let (mut first, mut length) = (String::new(), 0);
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).unwrap_or(0) == 0 || line == "\r\n" {
            break;
        }
        if let Some(value) = line.to_lowercase().strip_prefix("content-length:") {
            length = value.trim().parse().unwrap_or(0);
        }
        if first.is_empty() {
            line.trim_end().clone_into(&mut first);
        }
    }
    let mut body = vec![0; length];
    let _ = reader.read_exact(&mut body);
    first
}

fn failed(run: Run) {
    let run = run.stdout("").stderr_has("stsx: ");
    let code = run.code().expect("no signal");
    assert_ne!(code, 0);
    run.status(code);
}

#[test]
fn without_an_address_of_the_user_all_calls_are_by_tls() {
    let refused = "HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";
    let (port, lines) = server(refused.to_owned());
    let proxy = format!("http://127.0.0.1:{port}");
    let mut home = Home::new()
        .james()
        .config(&profile(""))
        .env("HTTP_PROXY", &proxy)
        .env("HTTPS_PROXY", &proxy)
        .env("ALL_PROXY", &proxy);
    for (name, value, host) in [
        ("AWS_REGION", "us-west-2", "sts.us-west-2.amazonaws.com"),
        ("AWS_USE_FIPS_ENDPOINT", "true", "sts-fips.us-west-2."),
        (
            "AWS_USE_DUALSTACK_ENDPOINT",
            "true",
            "sts-fips.us-west-2.api.aws",
        ),
    ] {
        home = home.env(name, value);
        failed(home.run(["process", "prod"]));
        let seen: Vec<_> = lines.try_iter().collect();
        assert!(!seen.is_empty(), "{name}: the proxy was not asked");
        for line in seen {
            let is_tls = line.starts_with(&format!("CONNECT {host}")) && line.contains(":443 ");
            assert!(is_tls, "{name}: {line}");
        }
    }
}

#[test]
fn an_answer_that_leads_elsewhere_is_not_followed() {
    let (elsewhere, visits) = server(String::new());
    let direct = Home::new().james().config(&profile(""));
    let address = format!("http://127.0.0.1:{elsewhere}/");
    failed(
        direct
            .env("AWS_ENDPOINT_URL", &address)
            .run(["process", "prod"]),
    );
    assert!(visits.try_iter().count() > 0, "a visit would be noticed");
    for status in [301, 302, 303, 307, 308] {
        let answer = format!(
            "HTTP/1.1 {status} Moved\r\nlocation: http://127.0.0.1:{elsewhere}/\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
        );
        let (port, lines) = server(answer);
        let address = format!("http://127.0.0.1:{port}/");
        let home = Home::new().james().config(&profile(""));
        failed(
            home.env("AWS_ENDPOINT_URL", &address)
                .run(["process", "prod"]),
        );
        let container = Home::new()
            .env("AWS_CONTAINER_CREDENTIALS_FULL_URI", &address)
            .env(
                "AWS_CONTAINER_AUTHORIZATION_TOKEN",
                "for the container alone",
            );
        failed(container.run(["whoami"]));
        let first: Vec<_> = lines.try_iter().collect();
        assert!(first.len() >= 2, "{status}: {first:?}");
        assert_eq!(visits.try_iter().next(), None, "{status}");
    }
}
