//! Runs tests/judge.py on a sandbox with every client at hand, and starts the sandboxes that it asks for: checks of
//! clocks, faults and records have one of their own. A line `control [VERB, …]` of the judge is answered with a line
//! of JSON.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use serde_json::{Value, json};

use super::aws::{Keys, On, Request, Sandbox};
use crate::servers;

#[test]
fn it_answers_as_aws_does() {
    let Some(mut judge) = judge() else {
        return;
    };
    let sandbox = Sandbox::start();
    let here = sandbox.administrator();
    let other = sandbox.account("444455556666");
    judge
        .args([&sandbox.endpoint(), &sandbox.region()])
        .args([&here.account, &here.access_key_id, &here.secret])
        .arg("--other")
        .args([&other.account, &other.access_key_id, &other.secret]);
    let mut started = vec![sandbox];
    let (words, errors, success) = converse(&mut judge, &mut started);
    let (held, failed): (Vec<&String>, Vec<&String>) =
        words.iter().partition(|line| line.starts_with("ok "));
    assert!(success, "{failed:#?}\n{errors}");
    assert!(held.len() > 260, "only {} rules were judged", held.len());
    for secret in started.iter().flat_map(Sandbox::secrets) {
        let shown = words.iter().any(|line| line.contains(&secret));
        assert!(!shown, "the judge shows a secret");
    }
}

/// The judge with the AWS CLIs of this machine, in an empty environment.
fn judge() -> Option<Command> {
    let mut judge = Command::new(servers::tool("venv/bin/python")?);
    judge
        .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/judge.py"))
        .arg("--control")
        .env_clear()
        .env("PATH", servers::path());
    let clients = [
        servers::tool("venv/bin/aws"),
        servers::program("aws", "aws-cli/2"),
    ];
    for client in clients.iter().flatten() {
        judge.arg("--aws").arg(client);
    }
    Some(judge)
}

/// Does what the judge asks for until it ends. Its verdicts, what it had to say on stderr, and whether it was pleased.
fn converse(judge: &mut Command, started: &mut Vec<Sandbox>) -> (Vec<String>, String, bool) {
    let mut judge = judge
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("python can be run");
    let mut answers = judge.stdin.take().expect("it is piped");
    let out = judge.stdout.take().expect("it is piped");
    let mut verdicts = Vec::new();
    for line in BufReader::new(out).lines() {
        let line = line.expect("the judge writes text");
        match line.strip_prefix("control ") {
            None => verdicts.push(line),
            Some(words) => {
                let words: Vec<Value> = serde_json::from_str(words).expect("a list");
                writeln!(answers, "{}", obey(started, &words)).expect("the judge waits for it");
            }
        }
    }
    let end = judge.wait_with_output().expect("it was started");
    let errors = String::from_utf8_lossy(&end.stderr).into_owned();
    (verdicts, errors, end.status.success())
}

/// `["start", REGION, TLS]`, or a verb, the number of a sandbox that was started, and what else the verb wants.
fn obey(started: &mut Vec<Sandbox>, words: &[Value]) -> Value {
    let (verb, rest) = (text(&words[0]), &words[1..]);
    if verb == "start" {
        started.push(start(text(&rest[0]), rest[1] == true));
        return described(started);
    }
    let sandbox = &started[usize::try_from(number(&rest[0])).expect("a small number")];
    let rest = &rest[1..];
    match verb {
        "clock" => sandbox.clock().advance(number(&rest[0])),
        "skew" => sandbox.clock().skew(number(&rest[0])),
        "fault" => fault(&sandbox.on(text(&rest[0])), &rest[1..]),
        "healthy" => match rest {
            [operation] => drop(sandbox.on(text(operation)).healthy()),
            _ => sandbox.healthy(),
        },
        "root" => return keys(&sandbox.root(text(&rest[0]))),
        "account" => return keys(&sandbox.account(text(&rest[0]))),
        "requests" => return sandbox.requests().iter().map(record).collect(),
        other => panic!("the judge asks for {other}"),
    }
    Value::Null
}

fn start(region: &str, tls: bool) -> Sandbox {
    let builder = Sandbox::builder().region(region);
    let builder = if tls { builder.tls() } else { builder };
    builder.start().expect("a free port")
}

/// The sandbox started last.
fn described(started: &[Sandbox]) -> Value {
    let sandbox = started.last().expect("just started");
    json!({
        "number": started.len() - 1,
        "endpoint": sandbox.endpoint(),
        "region": sandbox.region(),
        "ca": sandbox.ca_pem(),
        "administrator": keys(&sandbox.administrator()),
    })
}

fn keys(keys: &Keys) -> Value {
    json!([keys.account, keys.access_key_id, keys.secret])
}

/// `[TIMES, KIND, …]`
fn fault(on: &On<'_>, words: &[Value]) {
    let (times, kind, rest) = (&words[0], text(&words[1]), &words[2..]);
    let status = || u16::try_from(number(&rest[0])).expect("a status");
    let fault = match kind {
        "throttle" => on.throttle(usize::MAX),
        "fail" => on.fail(status(), text(&rest[1])),
        "refuse" => on.refuse(status(), text(&rest[1]), text(&rest[2])),
        "html" => on.html(status()),
        "truncate" => on.truncate(),
        "slow" => on.slow(Duration::from_millis(number(&rest[0]).unsigned_abs())),
        "reset" => on.reset(),
        "wrong_date" => on.wrong_date(number(&rest[0])),
        other => panic!("the judge asks for {other}"),
    };
    if let Some(times) = times.as_u64() {
        fault.times(usize::try_from(times).expect("a small number"));
    }
}

fn record(request: &Request) -> Value {
    json!({
        "service": request.service,
        "region": request.region,
        "operation": request.operation,
        "parameters": request.parameters,
        "caller": request.caller,
        "access_key_id": request.access_key_id,
        "session_token": request.session_token,
        "time": request.time.as_second(),
        "status": request.status,
    })
}

#[track_caller]
fn text(value: &Value) -> &str {
    value.as_str().expect("the judge sends a text")
}

#[track_caller]
fn number(value: &Value) -> i64 {
    value.as_i64().expect("the judge sends a number")
}
