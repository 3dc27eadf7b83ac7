//! HTTP for the sandbox: hyper on a loopback port, on a thread of its own, with TLS when asked for. Reads a request,
//! records it, lets faults befall it, asks who calls and hands it to its service.

use std::convert::Infallible;
use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};

use http_body_util::BodyExt;
use hyper::Response;
use hyper::body::{Body, Bytes, Frame, Incoming, SizeHint};
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio_rustls::TlsAcceptor;

use super::faults::FaultKind;
use super::signature::{Signature, authenticate};
use super::wire::{Answer, Call, Refusal, refuse};
use super::world::{BASE64, HEX, World, random};
use super::{Request, ec2, iam, lock, s3, sts};

/// Serves until the other end of `stop` is gone.
pub(crate) async fn serve(
    listener: std::net::TcpListener,
    tls: Option<TlsAcceptor>,
    world: Arc<Mutex<World>>,
    mut stop: oneshot::Receiver<Infallible>,
) {
    let listener = TcpListener::from_std(listener).expect("a non-blocking socket");
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            _ = &mut stop => return,
        };
        let Ok((stream, peer)) = accepted else {
            continue;
        };
        let (world, tls) = (Arc::clone(&world), tls.clone());
        let ip = peer.ip().to_string();
        tokio::spawn(async move {
            // An error here is a client that went away, that distrusts the CA, or a reset on purpose.
            match tls {
                Some(tls) => {
                    if let Ok(stream) = tls.accept(stream).await {
                        converse(stream, ip, world).await;
                    }
                }
                None => converse(stream, ip, world).await,
            }
        });
    }
}

async fn converse(
    stream: impl AsyncRead + AsyncWrite + Unpin,
    ip: String,
    world: Arc<Mutex<World>>,
) {
    let service = service_fn(|request| respond(&world, &ip, request));
    let _ = hyper::server::conn::http1::Builder::new()
        .serve_connection(TokioIo::new(stream), service)
        .await;
}

/// The answer to one HTTP request; an error makes hyper close the connection without one.
async fn respond(
    world: &Mutex<World>,
    ip: &str,
    http: hyper::Request<Incoming>,
) -> io::Result<Response<Page>> {
    let (head, body) = http.into_parts();
    let body = body.collect().await.map_err(io::Error::other)?.to_bytes();
    let call = read(&head, body, ip);
    let id = request_id();
    let (number, faults) = {
        let mut world = lock(world);
        let record = record(&world, &call);
        world.requests.push(record);
        (world.requests.len() - 1, world.take_faults(&call.operation))
    };
    let (mut answer, mut cut, mut ahead) = (None, false, 0);
    for fault in faults {
        match fault {
            FaultKind::Slow(duration) => tokio::time::sleep(duration).await,
            FaultKind::Reset => return Err(io::ErrorKind::ConnectionReset.into()),
            FaultKind::Truncate => cut = true,
            FaultKind::WrongDate(seconds) => ahead = seconds,
            other => answer = Some(faulty(&call, &id, other)),
        }
    }
    let mut world = lock(world);
    let answer = answer.unwrap_or_else(|| decide(&mut world, &call, &id, number));
    if let Some(request) = world.requests.get_mut(number) {
        request.status = answer.status;
    }
    let date = world.signing_time() + jiff::SignedDuration::from_secs(ahead);
    let date = date.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string();
    Ok(response(answer, &call, &id, &date, cut))
}

/// What is sent instead of an answer.
fn faulty(call: &Call, id: &str, fault: FaultKind) -> Answer {
    match fault {
        FaultKind::Refuse(status, code, message) => {
            Answer::refusal(call, id, &refuse(status, &code, message))
        }
        FaultKind::Page(status, kind, body) => Answer {
            status,
            headers: vec![("content-type", kind.to_owned())],
            body: body.into_bytes(),
        },
        _ => Answer::refusal(call, id, &throttled(call)),
    }
}

/// Who calls, and what their service says.
fn decide(world: &mut World, call: &Call, id: &str, number: usize) -> Answer {
    if let Some(answer) = sts::answer_unsigned(world, call) {
        return answer.map_or_else(
            |refusal| Answer::refusal(call, id, &refusal),
            |xml| Answer::query(call, id, &xml),
        );
    }
    let answer = authenticate(world, call).and_then(|caller| {
        if let Some(request) = world.requests.get_mut(number) {
            request.caller = Some(caller.arn.clone());
        }
        match call.service.as_str() {
            "sts" => sts::answer(world, &caller, call).map(|xml| Answer::query(call, id, &xml)),
            "iam" => iam::answer(world, &caller, call).map(|xml| Answer::query(call, id, &xml)),
            "ec2" => ec2::answer(world, &caller, call, id),
            "s3" => s3::answer(world, &caller, call),
            other => {
                let message = format!(
                    "Credential should be scoped to correct service: '{other}' is none here. "
                );
                Err(refuse(403, "SignatureDoesNotMatch", message))
            }
        }
    });
    answer.unwrap_or_else(|refusal| Answer::refusal(call, id, &refusal))
}

fn throttled(call: &Call) -> Refusal {
    match call.service.as_str() {
        "s3" => refuse(503, "SlowDown", "Please reduce your request rate."),
        "ec2" => refuse(503, "RequestLimitExceeded", "Request limit exceeded."),
        _ => refuse(400, "Throttling", "Rate exceeded"),
    }
}

/// The request as its service and the record see it. The service is that of the signature's scope.
fn read(head: &hyper::http::request::Parts, body: Bytes, ip: &str) -> Call {
    let query = head.uri.query().unwrap_or_default();
    let signature = Signature::read(&head.headers, query).unwrap_or_default();
    let form = head.headers.get("content-type").is_some_and(|kind| {
        kind.as_bytes()
            .starts_with(b"application/x-www-form-urlencoded")
    });
    let (service, region) = match signature.service.as_str() {
        "" if form || query.contains("Action=") => ("sts", "us-east-1"),
        "" => ("s3", "us-east-1"),
        service => (service, &*signature.region),
    };
    let mut parameters: std::collections::BTreeMap<String, String> =
        form_urlencoded::parse(query.as_bytes())
            .into_owned()
            .collect();
    let operation = if service == "s3" {
        s3::operation(&head.method, head.uri.path(), query).to_owned()
    } else {
        parameters.extend(form_urlencoded::parse(&body).into_owned());
        parameters.remove("Version");
        parameters.remove("Action").unwrap_or_default()
    };
    Call {
        method: head.method.to_string(),
        path: head.uri.path().to_owned(),
        query: query.to_owned(),
        headers: head.headers.clone(),
        source_ip: ip.to_owned(),
        service: service.to_owned(),
        region: region.to_owned(),
        operation,
        parameters,
        body,
    }
}

fn record(world: &World, call: &Call) -> Request {
    let signature = Signature::read(&call.headers, &call.query).unwrap_or_default();
    let key = Some(signature.access_key_id).filter(|id| !id.is_empty());
    Request {
        service: call.service.clone(),
        region: call.region.clone(),
        operation: call.operation.clone(),
        parameters: call.parameters.clone(),
        caller: None,
        access_key_id: key,
        session_token: signature.token.is_some(),
        time: world.now(),
        status: 0,
    }
}

fn request_id() -> String {
    let part = |length| random(length, HEX);
    format!(
        "{}-{}-4{}-8{}-{}",
        part(8),
        part(4),
        part(3),
        part(3),
        part(12)
    )
}

fn response(answer: Answer, call: &Call, id: &str, date: &str, cut: bool) -> Response<Page> {
    let name = if call.service == "s3" {
        "x-amz-request-id"
    } else {
        "x-amzn-requestid"
    };
    let mut response = Response::builder()
        .status(answer.status)
        .header(name, id)
        .header("date", date);
    if call.service == "s3" {
        response = response.header("x-amz-id-2", format!("{}=", random(75, BASE64)));
    }
    for (name, value) in &answer.headers {
        response = response.header(*name, value);
    }
    let whole = answer.body.len();
    let mut body = answer.body;
    // What a HEAD or 204 must not have is left away by hyper.
    if cut {
        body.truncate(whole / 2);
    }
    let page = Page {
        rest: Some(Bytes::from(body)),
        whole: whole as u64,
        cut,
    };
    response.body(page).expect("status and headers are valid")
}

/// A body that may break off before its announced length.
#[derive(Debug)]
pub(crate) struct Page {
    rest: Option<Bytes>,
    whole: u64,
    cut: bool,
}

impl Body for Page {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        let frame = match self.rest.take() {
            Some(bytes) => Some(Ok(Frame::data(bytes))),
            None if self.cut => Some(Err(io::ErrorKind::ConnectionReset.into())),
            None => None,
        };
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        self.rest.is_none() && !self.cut
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(if self.rest.is_some() { self.whole } else { 0 })
    }
}
