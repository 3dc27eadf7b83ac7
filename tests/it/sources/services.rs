//! The services that sources ask, on one loopback port: the SSO portal, SSO-OIDC, AWS Sign-In, the instance metadata
//! service and a container's credentials. Each checks what it is sent and hands out the same session; a fault comes
//! before all of them. The requests are recorded as `METHOD /path`.

use std::net::{SocketAddr, TcpStream};
use std::sync::{Arc, Mutex, MutexGuard};
use std::{io, thread};

use http_body_util::{BodyExt, Full};
use hyper::body::{Bytes, Incoming};
use hyper::header::CONTENT_TYPE;
use hyper::{HeaderMap, Request, Response};
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};
use tokio::net::TcpListener;

use super::{ACCOUNT, Session};

/// The token of `aws sso login`, and the one that it is renewed to.
pub(crate) const SSO_TOKENS: [&str; 2] = ["sso-access-token-1", "sso-access-token-2"];
pub(crate) const SSO_REFRESH: [&str; 2] = ["sso-refresh-token-1", "sso-refresh-token-2"];
pub(crate) const SSO_CLIENT_SECRET: &str = "sso-client-secret";
pub(crate) const LOGIN_REFRESH: [&str; 2] = ["login-refresh-token-1", "login-refresh-token-2"];
/// What a container shows at /container.
pub(crate) const CONTAINER_TOKEN: &str = "container-authorization-token";
const METADATA_TOKEN: &str = "instance-metadata-token";

/// Every secret that is sent or handed out here, besides the session's.
pub(crate) fn secrets() -> impl Iterator<Item = &'static str> {
    SSO_TOKENS
        .into_iter()
        .chain(SSO_REFRESH)
        .chain(LOGIN_REFRESH)
        .chain([SSO_CLIENT_SECRET, CONTAINER_TOKEN, METADATA_TOKEN])
}

/// An answer: status, error type (for JSON of AWS) or content type, body.
type Answer = (u16, &'static str, String);

#[derive(Debug)]
struct State {
    session: Session,
    url: String,
    /// How often each of the two logins was renewed.
    renewed: usize,
    fault: Option<Answer>,
    seen: Vec<String>,
    stopped: bool,
}

/// The running services.
#[derive(Debug)]
pub(crate) struct Services {
    address: SocketAddr,
    state: Arc<Mutex<State>>,
}

impl Services {
    /// Starts them on a free port.
    pub(crate) fn start(session: &Session) -> Services {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a free loopback port");
        listener
            .set_nonblocking(true)
            .expect("a socket can be made non-blocking");
        let address = listener
            .local_addr()
            .expect("a bound socket has an address");
        let state = Arc::new(Mutex::new(State {
            session: session.clone(),
            url: format!("http://{address}"),
            renewed: 0,
            fault: None,
            seen: Vec::new(),
            stopped: false,
        }));
        let served = Arc::clone(&state);
        thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build();
            runtime
                .expect("a runtime")
                .block_on(serve(listener, served));
        });
        Services { address, state }
    }

    /// `http://127.0.0.1:PORT`
    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Every request gets this answer from now on.
    pub(crate) fn answer(&self, status: u16, kind: &'static str, body: &str) {
        lock(&self.state).fault = Some((status, kind, body.to_owned()));
    }

    /// The requests since the last time this was asked.
    pub(crate) fn seen(&self) -> Vec<String> {
        std::mem::take(&mut lock(&self.state).seen)
    }
}

impl Drop for Services {
    fn drop(&mut self) {
        lock(&self.state).stopped = true;
        // The accept loop looks at `stopped` once per connection.
        drop(TcpStream::connect(self.address));
    }
}

fn lock(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().expect("no request panicked")
}

async fn serve(listener: std::net::TcpListener, state: Arc<Mutex<State>>) {
    let listener = TcpListener::from_std(listener).expect("a non-blocking socket");
    while let Ok((stream, _)) = listener.accept().await {
        if lock(&state).stopped {
            return;
        }
        let state = Arc::clone(&state);
        tokio::spawn(async move {
            let service = hyper::service::service_fn(|request| respond(&state, request));
            // An error here is a client that went away.
            let _ = hyper::server::conn::http1::Builder::new()
                .serve_connection(TokioIo::new(stream), service)
                .await;
        });
    }
}

async fn respond(
    state: &Mutex<State>,
    request: Request<Incoming>,
) -> io::Result<Response<Full<Bytes>>> {
    let (head, body) = request.into_parts();
    let body = body.collect().await.map_err(io::Error::other)?.to_bytes();
    let mut state = lock(state);
    // A proxy is asked for an authority.
    let path = head
        .uri
        .authority()
        .map_or(head.uri.path(), |authority| authority.as_str());
    let route = format!("{} {path}", head.method);
    state.seen.push(route.clone());
    let query = head.uri.query().unwrap_or_default();
    let (status, kind, body) = match &state.fault {
        Some(fault) => fault.clone(),
        None => state.answer(&route, query, &head.headers, &body),
    };
    let response = if kind.contains('/') {
        Response::builder().header(CONTENT_TYPE, kind)
    } else {
        Response::builder()
            .header(CONTENT_TYPE, "application/json")
            .header("x-amzn-errortype", kind)
    };
    let response = response
        .status(status)
        .header("x-aws-ec2-metadata-token-ttl-seconds", "21600");
    Ok(response
        .body(Full::new(Bytes::from(body)))
        .expect("status and headers are valid"))
}

impl State {
    fn answer(&mut self, route: &str, query: &str, headers: &HeaderMap, body: &[u8]) -> Answer {
        let header = |name: &str| {
            headers
                .get(name)
                .and_then(|value| value.to_str().ok())
                .unwrap_or_default()
        };
        let is_instance = header("x-aws-ec2-metadata-token") == METADATA_TOKEN;
        match route {
            "GET /federation/credentials" => self.portal(query, header("x-amz-sso_bearer_token")),
            "POST /token" => self.oidc(body),
            "POST /v1/token" => self.signin(body, header("dpop")),
            "PUT /latest/api/token" => (200, "text/plain", METADATA_TOKEN.to_owned()),
            "GET /latest/meta-data/iam/security-credentials/" if is_instance => {
                (200, "text/plain", "hub".to_owned())
            }
            "GET /latest/meta-data/iam/security-credentials/hub" if is_instance => {
                (200, "text/plain", self.session.document().to_string())
            }
            "GET /container" if header("authorization") == CONTAINER_TOKEN => {
                (200, "application/json", self.session.document().to_string())
            }
            _ => (401, "text/html", "<html>who are you?</html>".to_owned()),
        }
    }

    /// <https://docs.aws.amazon.com/singlesignon/latest/PortalAPIReference/API_GetRoleCredentials.html>
    fn portal(&self, query: &str, token: &str) -> Answer {
        let words: Vec<_> = query.split('&').collect();
        if token != SSO_TOKENS[self.renewed] {
            let message = "Session token not found or invalid";
            return (
                401,
                "UnauthorizedException",
                json!({"message": message}).to_string(),
            );
        }
        if !words.contains(&"role_name=Reader")
            || !words.contains(&&*format!("account_id={ACCOUNT}"))
        {
            return (
                403,
                "ForbiddenException",
                json!({"message": "No access"}).to_string(),
            );
        }
        let session = &self.session;
        let credentials = json!({
            "accessKeyId": session.id, "secretAccessKey": session.secret, "sessionToken": session.token,
            "expiration": session.end().as_millisecond(),
        });
        (
            200,
            "application/json",
            json!({"roleCredentials": credentials}).to_string(),
        )
    }

    /// <https://docs.aws.amazon.com/singlesignon/latest/OIDCAPIReference/API_CreateToken.html>
    fn oidc(&mut self, body: &[u8]) -> Answer {
        let sent: Value = serde_json::from_slice(body).unwrap_or_default();
        let wanted = json!({
            "clientId": "sso-client", "clientSecret": SSO_CLIENT_SECRET, "grantType": "refresh_token",
            "refreshToken": SSO_REFRESH[0],
        });
        if sent != wanted || self.renewed > 0 {
            let body = json!({"error": "invalid_grant", "error_description": "Invalid refresh token provided"});
            return (400, "InvalidGrantException", body.to_string());
        }
        self.renewed = 1;
        let body = json!({
            "accessToken": SSO_TOKENS[1], "refreshToken": SSO_REFRESH[1], "tokenType": "Bearer", "expiresIn": 28800,
        });
        (200, "application/json", body.to_string())
    }

    /// <https://docs.aws.amazon.com/signin/latest/APIReference/API_CreateOAuth2Token.html>
    fn signin(&mut self, body: &[u8], proof: &str) -> Answer {
        let sent: Value = serde_json::from_slice(body).unwrap_or_default();
        let wanted = json!({
            "clientId": "arn:aws:signin:::devtools/same-device", "grantType": "refresh_token",
            "refreshToken": LOGIN_REFRESH[self.renewed],
        });
        let proof = payload(proof);
        let is_proven = proof["htm"] == "POST" && proof["htu"] == format!("{}/v1/token", self.url);
        if sent != wanted || !is_proven || self.renewed > 0 {
            let body =
                json!({"error": "TOKEN_EXPIRED", "message": "The refresh token has expired"});
            return (401, "AccessDeniedException", body.to_string());
        }
        self.renewed = 1;
        let session = &self.session;
        let body = json!({
            "accessToken": {
                "accessKeyId": session.id, "secretAccessKey": session.secret, "sessionToken": session.token,
            },
            "tokenType": "aws_sigv4", "expiresIn": 900, "refreshToken": LOGIN_REFRESH[1],
        });
        (200, "application/json", body.to_string())
    }
}

/// What a proof of possession says: <https://datatracker.ietf.org/doc/html/rfc9449#section-4.2>
fn payload(proof: &str) -> Value {
    let part = proof.split('.').nth(1).unwrap_or_default();
    let mut part = part.replace('-', "+").replace('_', "/");
    part.extend(std::iter::repeat_n('=', (4 - part.len() % 4) % 4));
    let bytes = aws_smithy_types::base64::decode(part).unwrap_or_default();
    serde_json::from_slice(&bytes).unwrap_or_default()
}
