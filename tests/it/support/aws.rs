//! A stand-in for STS and IAM on a loopback port, one per test, described in the words of the domain:
//! `Home::new().aws(|a| a.role("deploy").external_id("42"))`. James is always there; a role trusts every caller
//! unless it says otherwise. It knows which keys and tokens it gave out and to whom, but does not verify signatures.
//! Every request is recorded. Answers are in `answers`, HTTP is in `server`.

mod answers;
mod server;

use std::collections::BTreeMap;
use std::ops::Index;
use std::time::Duration;

use jiff::Timestamp;

pub(crate) use server::Server;

/// The account of James and of every role that is named without one.
pub(crate) const ACCOUNT: &str = "111122223333";

/// The access key id and the secret of the IAM user `name`.
pub(crate) fn keys(name: &str) -> (String, String) {
    let id = format!("AKIA{:0<16}", name.to_uppercase());
    (id, format!("{name}/is+secret/{:0>24}", name.len()))
}

/// Who and what exists, and how the service feels today.
#[derive(Debug)]
pub(crate) struct Aws {
    partition: String,
    users: Vec<User>,
    roles: Vec<Role>,
    web_tokens: Vec<String>,
    issued: Vec<Issued>,
    requests: Vec<Request>,
    fault: Option<Fault>,
    delay: Duration,
    life: Option<i64>,
}

#[derive(Debug)]
struct User {
    account: String,
    name: String,
}

#[derive(Debug)]
struct Role {
    arn: String,
    external_id: Option<String>,
    mfa: Option<(String, Vec<String>)>,
    max_session: i64,
    denied: bool,
    hidden: bool,
}

#[derive(Debug)]
struct Issued {
    access_key_id: String,
    secret: String,
    token: String,
    expires_at: Timestamp,
    role_arn: String,
    session_name: String,
}

#[derive(Clone, Debug)]
struct Fault {
    kind: FaultKind,
    operation: Option<String>,
    left: usize,
}

#[derive(Clone, Debug)]
enum FaultKind {
    Page(u16, String),
    Refuse(u16, String, String),
    HangUp,
}

/// One call, as it came over the wire: `request["RoleArn"]`, empty when the parameter was not sent.
#[derive(Clone, Debug)]
pub(crate) struct Request {
    pub(crate) operation: String,
    pub(crate) parameters: BTreeMap<String, String>,
    pub(crate) access_key_id: Option<String>,
    pub(crate) token: Option<String>,
    /// Region and service of the signature's scope.
    pub(crate) region: String,
    pub(crate) service: String,
}

impl Index<&str> for Request {
    type Output = str;

    fn index(&self, parameter: &str) -> &str {
        self.parameters.get(parameter).map_or("", String::as_str)
    }
}

impl Aws {
    /// An account with James in it, and nobody else.
    pub(crate) fn new() -> Aws {
        Aws {
            partition: "aws".to_owned(),
            users: Vec::new(),
            roles: Vec::new(),
            web_tokens: Vec::new(),
            issued: Vec::new(),
            requests: Vec::new(),
            fault: None,
            delay: Duration::ZERO,
            life: None,
        }
        .user("James")
    }

    /// Moves James, and the roles named from here on, to another partition: `aws-cn`.
    pub(crate) fn partition(mut self, partition: &str) -> Aws {
        partition.clone_into(&mut self.partition);
        self
    }

    /// An IAM user, `Mary` or `444455556666:Mary`; [`keys`] tells her keys.
    pub(crate) fn user(mut self, name: &str) -> Aws {
        let (account, name) = name.split_once(':').unwrap_or((ACCOUNT, name));
        self.users.push(User {
            account: account.to_owned(),
            name: name.to_owned(),
        });
        self
    }

    /// Deletes a user's keys: they are invalid from now on.
    pub(crate) fn without_user(mut self, name: &str) -> Aws {
        self.users.retain(|user| user.name != name);
        self
    }

    /// A role: `deploy`, `team/deploy` (path and name) or a whole ARN. What follows speaks of this role.
    pub(crate) fn role(mut self, name: &str) -> Aws {
        let arn = if name.starts_with("arn:") {
            name.to_owned()
        } else {
            format!("arn:{}:iam::{ACCOUNT}:role/{name}", self.partition)
        };
        self.roles.retain(|role| role.arn != arn);
        self.roles.push(Role {
            arn,
            external_id: None,
            mfa: None,
            max_session: 43_200,
            denied: false,
            hidden: false,
        });
        self
    }

    /// The role is gone.
    pub(crate) fn without_role(mut self, name: &str) -> Aws {
        self.roles
            .retain(|role| !role.arn.ends_with(&format!(":role/{name}")));
        self
    }

    /// The role trusts only those who know this external id.
    pub(crate) fn external_id(mut self, id: &str) -> Aws {
        self.last_role().external_id = Some(id.to_owned());
        self
    }

    /// The role trusts only those with this device; each code is good once.
    pub(crate) fn mfa<const N: usize>(mut self, serial: &str, codes: [&str; N]) -> Aws {
        self.last_role().mfa = Some((serial.to_owned(), codes.map(str::to_owned).to_vec()));
        self
    }

    /// The role's MaxSessionDuration, in seconds (12 hours unless said).
    pub(crate) fn max_session(mut self, seconds: i64) -> Aws {
        self.last_role().max_session = seconds;
        self
    }

    /// Nobody may assume the role.
    pub(crate) fn denied(mut self) -> Aws {
        self.last_role().denied = true;
        self
    }

    /// Nobody may look the role up with iam:GetRole.
    pub(crate) fn hidden(mut self) -> Aws {
        self.last_role().hidden = true;
        self
    }

    /// A web identity token that every role accepts.
    pub(crate) fn web_token(mut self, token: &str) -> Aws {
        self.web_tokens.push(token.to_owned());
        self
    }

    /// What is issued from here on lives this many seconds, whatever was asked for.
    pub(crate) fn life(mut self, seconds: i64) -> Aws {
        self.life = Some(seconds);
        self
    }

    /// Every answer takes this long.
    pub(crate) fn delay(mut self, delay: Duration) -> Aws {
        self.delay = delay;
        self
    }

    /// Answers with a page that is not AWS's, as a proxy in between does.
    pub(crate) fn page(self, status: u16, body: &str) -> Aws {
        self.fault(FaultKind::Page(status, body.to_owned()))
    }

    /// Refuses in AWS's own form: `refuse(400, "Throttling", "Rate exceeded")`.
    pub(crate) fn refuse(self, status: u16, code: &str, message: &str) -> Aws {
        self.fault(FaultKind::Refuse(
            status,
            code.to_owned(),
            message.to_owned(),
        ))
    }

    /// Closes the connection without an answer.
    pub(crate) fn hang_up(self) -> Aws {
        self.fault(FaultKind::HangUp)
    }

    /// The fault just described befalls this operation only.
    pub(crate) fn on(mut self, operation: &str) -> Aws {
        self.last_fault().operation = Some(operation.to_owned());
        self
    }

    /// The fault just described passes after this many requests.
    pub(crate) fn times(mut self, times: usize) -> Aws {
        self.last_fault().left = times;
        self
    }

    /// No fault, no delay, ordinary lives.
    pub(crate) fn healthy(mut self) -> Aws {
        self.fault = None;
        self.delay = Duration::ZERO;
        self.life = None;
        self
    }

    /// Every secret that exists here: users' secret keys, issued secrets and tokens.
    pub(crate) fn secrets(&self) -> Vec<String> {
        let users = self.users.iter().map(|user| keys(&user.name).1);
        let issued = self
            .issued
            .iter()
            .flat_map(|one| [one.secret.clone(), one.token.clone()]);
        users
            .chain(issued)
            .chain(self.web_tokens.iter().cloned())
            .collect()
    }

    /// Every request so far, oldest first.
    pub(crate) fn requests(&self) -> &[Request] {
        &self.requests
    }

    fn fault(mut self, kind: FaultKind) -> Aws {
        self.fault = Some(Fault {
            kind,
            operation: None,
            left: usize::MAX,
        });
        self
    }

    fn last_fault(&mut self) -> &mut Fault {
        self.fault
            .as_mut()
            .expect("describe the fault first: .page(…).times(2)")
    }

    fn last_role(&mut self) -> &mut Role {
        self.roles
            .last_mut()
            .expect("name the role first: .role(…).external_id(…)")
    }

    /// The fault that befalls this operation now, counted down.
    fn take_fault(&mut self, operation: &str) -> Option<FaultKind> {
        let fault = self.fault.as_mut()?;
        if fault
            .operation
            .as_deref()
            .is_some_and(|only| only != operation)
            || fault.left == 0
        {
            return None;
        }
        fault.left -= 1;
        Some(fault.kind.clone())
    }
}
