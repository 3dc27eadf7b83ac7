//! HTTP for the stand-in: a hyper server on `127.0.0.1:0`, on a thread of its own, until it is dropped.
//! Reads the query protocol, records the request, lets a fault pass before the rules.

use std::net::{SocketAddr, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;
use std::{io, thread};

use http_body_util::{BodyExt, Full};
use hyper::body::{Bytes, Incoming};
use hyper::header::{AUTHORIZATION, CONTENT_TYPE};
use hyper::{HeaderMap, Response};
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;

use super::answers::{self, Refusal};
use super::{Aws, FaultKind, Request};

/// A running stand-in.
#[derive(Debug)]
pub(crate) struct Server {
    address: SocketAddr,
    world: Arc<Mutex<Aws>>,
    stopped: Arc<AtomicBool>,
}

impl Server {
    /// Starts serving this world on a free port.
    pub(crate) fn start(aws: Aws) -> Server {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a free loopback port");
        listener
            .set_nonblocking(true)
            .expect("a socket can be made non-blocking");
        let address = listener
            .local_addr()
            .expect("a bound socket has an address");
        let world = Arc::new(Mutex::new(aws));
        let stopped = Arc::new(AtomicBool::new(false));
        let (served, stop) = (Arc::clone(&world), Arc::clone(&stopped));
        thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .expect("a runtime");
            runtime.block_on(serve(listener, served, &stop));
        });
        Server {
            address,
            world,
            stopped,
        }
    }

    /// `http://127.0.0.1:PORT`
    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The world as it is now.
    pub(crate) fn world(&self) -> MutexGuard<'_, Aws> {
        self.world.lock().expect("no request panicked")
    }

    /// Changes the world under the running server.
    pub(crate) fn change(&self, change: impl FnOnce(Aws) -> Aws) {
        let mut world = self.world();
        let before = std::mem::replace(&mut *world, Aws::new());
        *world = change(before);
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stopped.store(true, Ordering::SeqCst);
        // The accept loop looks at `stopped` once per connection.
        drop(TcpStream::connect(self.address));
    }
}

async fn serve(listener: std::net::TcpListener, world: Arc<Mutex<Aws>>, stopped: &AtomicBool) {
    let listener = TcpListener::from_std(listener).expect("a non-blocking socket");
    while let Ok((stream, _)) = listener.accept().await {
        if stopped.load(Ordering::SeqCst) {
            return;
        }
        let world = Arc::clone(&world);
        tokio::spawn(async move {
            let service = hyper::service::service_fn(|request| respond(&world, request));
            // An error here is a client that went away, or a connection that was dropped on purpose.
            let _ = hyper::server::conn::http1::Builder::new()
                .serve_connection(TokioIo::new(stream), service)
                .await;
        });
    }
}

/// The answer to one HTTP request; an error makes hyper close the connection without one.
async fn respond(
    world: &Mutex<Aws>,
    http: hyper::Request<Incoming>,
) -> io::Result<Response<Full<Bytes>>> {
    let (head, body) = http.into_parts();
    let body = body.collect().await.map_err(io::Error::other)?.to_bytes();
    let request = read(&head.headers, &body);
    let delay = {
        let mut aws = lock(world);
        aws.requests.push(request.clone());
        aws.delay
    };
    if delay > Duration::ZERO {
        tokio::time::sleep(delay).await;
    }
    let mut aws = lock(world);
    let id = format!("00000000-0000-4000-8000-{:012}", aws.requests.len());
    let answer = match aws.take_fault(&request.operation) {
        Some(FaultKind::HangUp) => return Err(io::ErrorKind::ConnectionReset.into()),
        Some(FaultKind::Page(status, body)) => return Ok(response(status, "text/html", &id, body)),
        Some(FaultKind::Refuse(status, code, message)) => Err(Refusal(status, code, message)),
        None => answers::answer(&mut aws, &request),
    };
    Ok(match answer {
        Ok(result) => response(
            200,
            "text/xml",
            &id,
            answers::success(&request, &id, &result),
        ),
        Err(refusal) => response(
            refusal.0,
            "text/xml",
            &id,
            answers::refusal(&request, &id, &refusal),
        ),
    })
}

fn lock(world: &Mutex<Aws>) -> MutexGuard<'_, Aws> {
    world.lock().expect("no request panicked")
}

/// The request as the record keeps it. The signature's scope is `Credential=KEY/DATE/REGION/SERVICE/aws4_request`.
fn read(headers: &HeaderMap, body: &[u8]) -> Request {
    let header = |name: &str| {
        headers
            .get(name)
            .and_then(|value| value.to_str().ok())
            .map(str::to_owned)
    };
    let authorization = header(AUTHORIZATION.as_str()).unwrap_or_default();
    let scope = authorization
        .split_once("Credential=")
        .map_or("", |(_, rest)| rest);
    let mut scope = scope.split(',').next().unwrap_or_default().split('/');
    let access_key_id = scope.next().filter(|id| !id.is_empty()).map(str::to_owned);
    let mut parameters: std::collections::BTreeMap<String, String> =
        form_urlencoded::parse(body).into_owned().collect();
    Request {
        operation: parameters.remove("Action").unwrap_or_default(),
        parameters,
        access_key_id,
        token: header("x-amz-security-token"),
        region: scope.nth(1).unwrap_or_default().to_owned(),
        service: scope.next().unwrap_or_default().to_owned(),
    }
}

fn response(status: u16, kind: &str, id: &str, body: String) -> Response<Full<Bytes>> {
    Response::builder()
        .status(status)
        .header(CONTENT_TYPE, kind)
        .header("x-amzn-requestid", id)
        .body(Full::new(Bytes::from(body)))
        .expect("status and headers are valid")
}
