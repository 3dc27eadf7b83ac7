//! An AWS of its own for each test: a sandbox, described in the words of the domain:
//! `Home::new().aws(|a| a.role("deploy").external_id("42"))`. James is always there, and a second account. Whoever is
//! named may assume roles and look them up, by a policy of their own; a role trusts both accounts, unless it is said
//! otherwise, and may do the same. What the words do not say, [`Aws::sandbox`] does.

use std::time::Duration;

use serde_json::{Map, Value, json};

use super::Home;
pub(crate) use crate::aws::{ACCOUNT, Request};
use crate::aws::{Keys, On, Sandbox};

/// The other account.
const OTHER: &str = "444455556666";

/// The device of James, once a role wants it.
pub(crate) const DEVICE: &str = "arn:aws:iam::111122223333:mfa/James";

/// Who makes the web identity tokens.
const ISSUER: &str = "https://idp.example.com";

const NO_ROLE: &str = "name the role first: .role(…).external_id(…)";

/// How long a device shows a code, in seconds.
const WINDOW: i64 = 30;

/// The access key id and the secret of the IAM user `name`.
pub(crate) fn keys(name: &str) -> (String, String) {
    let id = format!("AKIA{:0<16}", name.to_uppercase());
    (id, format!("{name}/is+secret/{:0>24}", name.len()))
}

/// Who and what exists, and how the service feels today.
#[derive(Debug)]
pub(crate) struct Aws {
    sandbox: Sandbox,
    role: Option<Role>,
    has_device: bool,
    /// What the next fault befalls.
    operation: String,
}

/// The role that the words speak of.
#[derive(Debug)]
struct Role {
    account: String,
    name: String,
    /// Of its trust policy.
    conditions: Map<String, Value>,
}

impl Aws {
    /// Two accounts with James in the first of them, and nobody else.
    pub(super) fn start(partition: &'static str) -> Aws {
        let sandbox = Sandbox::start();
        sandbox.partition(partition);
        Aws::of(sandbox)
    }

    /// The same in a sandbox that was told more.
    pub(super) fn of(sandbox: Sandbox) -> Aws {
        sandbox.account(OTHER);
        let aws = Aws {
            sandbox,
            role: None,
            has_device: false,
            operation: String::new(),
        };
        aws.user("James")
    }

    /// The sandbox itself, with its own words.
    pub(crate) fn sandbox(&self) -> &Sandbox {
        &self.sandbox
    }

    /// An IAM user, `Mary` or `444455556666:Mary`; [`keys`] tells her keys.
    pub(crate) fn user(self, name: &str) -> Aws {
        let (account, name) = name.split_once(':').unwrap_or((ACCOUNT, name));
        let (access_key_id, secret) = keys(name);
        let keys = Keys {
            account: account.to_owned(),
            access_key_id,
            secret,
        };
        self.sandbox.user_with(&keys, name);
        let user = format!("user/{name}");
        let policy = allow(&["sts:AssumeRole", "iam:GetRole"]);
        self.sandbox.policy(account, &user, &policy);
        self
    }

    /// Deletes the keys of a user of the first account.
    pub(crate) fn without_keys(self, name: &str) -> Aws {
        let (id, _) = keys(name);
        let key = [("UserName", name), ("AccessKeyId", &id)];
        self.sandbox.must(ACCOUNT, "DeleteAccessKey", &key);
        self
    }

    /// A user of the first account may do nothing but what trust policies alone allow.
    pub(crate) fn without_policy(self, user: &str) -> Aws {
        let policy = [("UserName", user), ("PolicyName", "policy")];
        self.sandbox.must(ACCOUNT, "DeleteUserPolicy", &policy);
        self
    }

    /// James may not look roles up: he has no `iam:GetRole`.
    pub(crate) fn without_get_role(self) -> Aws {
        let policy = allow(&["sts:AssumeRole"]);
        self.sandbox.policy(ACCOUNT, "user/James", &policy);
        self
    }

    /// A role: `deploy`, `team/deploy` (path and name) or a whole ARN. What follows speaks of this role; if it is there
    /// already, it is trusting as a new one.
    pub(crate) fn role(mut self, name: &str) -> Aws {
        let (account, name) = match name.splitn(6, ':').collect::<Vec<_>>()[..] {
            [_, _, _, _, account, role] => (account, role.trim_start_matches("role/")),
            _ => (ACCOUNT, name),
        };
        let bare = name.rsplit('/').next().unwrap_or_default();
        let known = self.sandbox.iam(account, "GetRole", &[("RoleName", bare)]);
        if known.is_err() {
            let role = format!("role/{bare}");
            let policy = allow(&["sts:AssumeRole", "iam:GetRole"]);
            self.sandbox
                .role(account, name, &trust_accounts(&Map::new()));
            self.sandbox.policy(account, &role, &policy);
        }
        self.role = Some(Role {
            account: account.to_owned(),
            name: bare.to_owned(),
            conditions: Map::new(),
        });
        self.trusting_accounts()
    }

    /// A role of the first account is gone.
    pub(crate) fn without_role(self, name: &str) -> Aws {
        let role = ("RoleName", name.rsplit('/').next().unwrap_or_default());
        let policy = [role, ("PolicyName", "policy")];
        self.sandbox.must(ACCOUNT, "DeleteRolePolicy", &policy);
        self.sandbox.must(ACCOUNT, "DeleteRole", &[role]);
        self
    }

    /// The role trusts only those who know this external id.
    pub(crate) fn external_id(self, id: &str) -> Aws {
        self.on_condition("StringEquals", "sts:ExternalId", id)
    }

    /// The role trusts only those who show a code of their device; James gets one.
    pub(crate) fn mfa(mut self) -> Aws {
        if !self.has_device {
            self.sandbox.device(ACCOUNT, "James");
            self.has_device = true;
        }
        self.on_condition("Bool", "aws:MultiFactorAuthPresent", "true")
    }

    /// The role's MaxSessionDuration, in seconds (an hour unless said).
    pub(crate) fn max_session(self, seconds: i64) -> Aws {
        let role = self.the_role();
        let parameters = [
            ("RoleName", &*role.name),
            ("MaxSessionDuration", &seconds.to_string()),
        ];
        self.sandbox.must(&role.account, "UpdateRole", &parameters);
        self
    }

    /// The role trusts nobody but a service.
    pub(crate) fn denied(self) -> Aws {
        let service = json!({"Service": "ec2.amazonaws.com"});
        self.trusting(&trust("sts:AssumeRole", &service, &Map::new()))
    }

    /// The role trusts only those who show a token of the identity provider.
    pub(crate) fn web_identity(self) -> Aws {
        let host = ISSUER.trim_start_matches("https://");
        let provider = format!("arn:aws:iam::{ACCOUNT}:oidc-provider/{host}");
        let action = "sts:AssumeRoleWithWebIdentity";
        let principals = json!({"Federated": provider});
        self.trusting(&trust(action, &principals, &Map::new()))
    }

    /// The next fault befalls this operation only.
    pub(crate) fn on(mut self, operation: &str) -> Aws {
        operation.clone_into(&mut self.operation);
        self
    }

    /// Every answer takes this long.
    pub(crate) fn delay(mut self, delay: Duration) -> Aws {
        self.befalling().slow(delay);
        self
    }

    /// Answers with a page that is not AWS's, as a proxy in between does.
    pub(crate) fn page(mut self, status: u16, body: &str) -> Aws {
        self.befalling().page(status, "text/html", body);
        self
    }

    /// Answers with this document, as if it were an operation's.
    pub(crate) fn answer(mut self, body: &str) -> Aws {
        self.befalling().page(200, "text/xml", body);
        self
    }

    /// Refuses in AWS's own form: `refuse(403, "AccessDenied", "no")`.
    pub(crate) fn refuse(mut self, status: u16, code: &str, message: &str) -> Aws {
        self.befalling().refuse(status, code, message);
        self
    }

    /// Refuses because there were too many requests.
    pub(crate) fn throttle(mut self) -> Aws {
        self.befalling().throttle(usize::MAX);
        self
    }

    /// Closes the connection without an answer.
    pub(crate) fn hang_up(mut self) -> Aws {
        self.befalling().reset();
        self
    }

    /// The fault just described passes after this many requests.
    pub(crate) fn times(self, times: usize) -> Aws {
        self.sandbox.on("*").times(times);
        self
    }

    /// No fault, no delay.
    pub(crate) fn healthy(self) -> Aws {
        self.sandbox.healthy();
        self
    }

    /// Where the next fault goes. There is one at a time for each operation: a new one takes the place of the old.
    fn befalling(&mut self) -> On<'_> {
        let operation = std::mem::take(&mut self.operation);
        let operation = if operation.is_empty() {
            "*"
        } else {
            &operation
        };
        let on = self.sandbox.on(operation);
        on.healthy();
        on
    }

    fn on_condition(mut self, operator: &str, key: &str, value: &str) -> Aws {
        let role = self.role.as_mut().expect(NO_ROLE);
        role.conditions
            .insert(operator.to_owned(), json!({key: value}));
        self.trusting_accounts()
    }

    /// Gives the role a trust policy with its conditions.
    fn trusting_accounts(self) -> Aws {
        let policy = trust_accounts(&self.the_role().conditions);
        self.trusting(&policy)
    }

    fn trusting(self, policy: &str) -> Aws {
        let role = self.the_role();
        let parameters = [("RoleName", &*role.name), ("PolicyDocument", policy)];
        let operation = "UpdateAssumeRolePolicy";
        self.sandbox.must(&role.account, operation, &parameters);
        self
    }

    fn the_role(&self) -> &Role {
        self.role.as_ref().expect(NO_ROLE)
    }
}

/// What a test asks of its AWS.
impl Home {
    /// Takes this sandbox for AWS, with James in it, and trusts its certificate.
    pub(crate) fn sandboxed(mut self, sandbox: Sandbox) -> Home {
        if let Some(pem) = sandbox.ca_pem() {
            self = self.file("ca.pem", pem);
            let path = self.path("ca.pem").display().to_string();
            self = self.env("AWS_CA_BUNDLE", &path);
        }
        self = self.env("AWS_ENDPOINT_URL", &sandbox.endpoint());
        self.aws = Some(Aws::of(sandbox));
        self.james()
    }

    /// The sandbox that is AWS here.
    #[track_caller]
    pub(crate) fn sandbox(&self) -> &Sandbox {
        let aws = self.aws.as_ref();
        aws.expect("start it first: .aws(|a| …)").sandbox()
    }

    /// The access key id that AWS issued first (1), second (2) …
    #[track_caller]
    pub(crate) fn issued(&self, number: usize) -> String {
        self.sandbox().issued()[number - 1].clone()
    }

    /// The code that James's device shows next: half a minute passes on AWS's clock, so no code comes twice.
    #[track_caller]
    pub(crate) fn code(&self) -> String {
        self.sandbox().clock().advance(WINDOW);
        self.sandbox().code(DEVICE)
    }

    /// Six digits that James's device does not show these minutes.
    #[track_caller]
    pub(crate) fn wrong_code(&self) -> String {
        let shown: Vec<_> = (-5..=5)
            .map(|windows| self.sandbox().code_at(DEVICE, windows))
            .collect();
        (0..=shown.len())
            .map(|number| format!("{number:06}"))
            .find(|code| !shown.contains(code))
            .expect("there are more numbers than codes shown")
    }

    /// A token of the identity provider, which the first account trusts from now on.
    #[track_caller]
    pub(crate) fn web_token(&self) -> String {
        self.sandbox().web_token(ACCOUNT, ISSUER, &json!({}))
    }
}

fn trust_accounts(conditions: &Map<String, Value>) -> String {
    let accounts = json!({"AWS": [ACCOUNT, OTHER]});
    trust("sts:AssumeRole", &accounts, conditions)
}

fn trust(action: &str, principals: &Value, conditions: &Map<String, Value>) -> String {
    let mut statement = json!({"Effect": "Allow", "Action": action, "Principal": principals});
    if !conditions.is_empty() {
        statement["Condition"] = conditions.clone().into();
    }
    json!({"Version": "2012-10-17", "Statement": [statement]}).to_string()
}

fn allow(actions: &[&str]) -> String {
    let statement = json!({"Effect": "Allow", "Action": actions, "Resource": "*"});
    json!({"Version": "2012-10-17", "Statement": [statement]}).to_string()
}
