//! A small AWS on a loopback port: STS, IAM, a little S3 and EC2, many accounts, one process. Build its world over the
//! wire (boto3, the AWS CLI) or with the methods of [`Sandbox`], which go the same way.
//!
//! # How the sandbox decides
//!
//! * **Who calls.** Every request is signed again and compared, in its headers or its URL
//!   (<https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv.html>). Keys can be inactive, a user has at most
//!   two (<https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html>). A session token belongs to its
//!   key and expires on the sandbox's clock. A date too far off is refused: 5 minutes for STS and IAM, 15 for S3, EC2
//!   (<https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-troubleshooting.html>). Each service says so in
//!   its own words (the pages are in `rejections`).
//! * **The root user** may everything but assume a role, and gets sessions of an hour at most
//!   (<https://docs.aws.amazon.com/STS/latest/APIReference/API_GetSessionToken.html>).
//! * **Identity policies**: inline, attached, of groups; a Deny wins; a permissions boundary and session policies limit
//!   (<https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html>).
//! * **Trust policies**: a user, role, session or `*` named by a role of the same account needs nothing else (a role's
//!   sessions stay within boundary and session policies); `:root` and other accounts need a permission too
//!   (<https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic-cross-account.html>).
//!   A principal's ARN means the user or role it meant when the policy was stored
//!   (<https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html>). `NotPrincipal` is
//!   refused (<https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html>).
//! * **Conditions**: all operators, set operators, `IfExists`
//!   (<https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html>), and
//!   variables, in resources too
//!   (<https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html>), on sts:ExternalId,
//!   sts:RoleSessionName, sts:SourceIdentity, sts:TransitiveTagKeys, aws:MultiFactorAuthPresent and Age,
//!   aws:PrincipalTag, aws:RequestTag, aws:ResourceTag, aws:TagKeys, aws:SourceIp, aws:TokenIssueTime, aws:CurrentTime,
//!   aws:EpochTime, aws:PrincipalArn, aws:PrincipalAccount, aws:PrincipalType, aws:userid, aws:username,
//!   aws:UserAgent, aws:SecureTransport, aws:RequestedRegion, aws:SourceIdentity, aws:ResourceAccount (of roles),
//!   aws:PrincipalIsAWSService and aws:ViaAWSService (always false)
//!   (<https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html>), iam:ResourceTag,
//!   iam:PolicyARN, iam:PermissionsBoundary
//!   (<https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html>).
//! * **Sessions**: tags want sts:TagSession, transitive ones go on
//!   (<https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html>); a source identity wants
//!   sts:SetSourceIdentity, also at each later hop, and stays
//!   (<https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_control-access_monitor.html>).
//! * **Bounds**: 900 s to MaxSessionDuration; from temporary credentials an hour at most
//!   (<https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html>); patterns, packed policy size;
//!   GetSessionToken is for long-term keys, and without MFA its sessions may not call IAM
//!   (<https://docs.aws.amazon.com/STS/latest/APIReference/API_GetSessionToken.html>).
//! * **Federated users** may what their user and the session policies both allow; no IAM, of STS only GetCallerIdentity
//!   (<https://docs.aws.amazon.com/STS/latest/APIReference/API_GetFederationToken.html>).
//! * **Web identities**: signed with a key of the issuer (given to the sandbox, not fetched), of now, for a client id of
//!   the provider, trusted; `HOST/PATH:sub`, `aud`, `amr`, `email`, `oaud`; tags and a source identity
//!   (<https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html>).
//! * **SAML**: signed (RSA or P-256, no SHA-1) with a key of the provider's metadata, five minutes old at most, for AWS,
//!   trusted; `saml:aud`, `doc`, `iss`, `namequalifier`, `sub`, `sub_type`. Nothing is encrypted
//!   (<https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_create_saml_assertions.html>).
//! * **Early ends**: a session dies with its user, not with the key or the device that got it
//!   (<https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_control-access_disable-perms.html>).
//! * **Decoding** of EC2's refusals: <https://docs.aws.amazon.com/STS/latest/APIReference/API_DecodeAuthorizationMessage.html>
//! * **MFA**: two codes that follow each other enable a device; a code is good in its window and the ones beside it,
//!   once (<https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_mfa_enable_virtual.html>).
//! * **What IAM stores** is validated (`MalformedPolicyDocument`), as are names and what must be deleted first; lists
//!   come in pages (<https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListUsers.html>). Quotas: two keys and
//!   eight MFA devices of a user, ten attached policies, five versions of a policy, the sizes of policies
//!   (<https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html>).
//! * **S3 and EC2** do what the tutorials call, by the caller's own policies; an operation that is not there is refused
//!   (<https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html>).
//!
//! Not enforced: organizations (SCPs, RCPs), resource policies other than trust policies, service-linked roles,
//! eventual consistency, quotas other than those named, rates, which session tokens a region accepts, AWS's own way
//! of packing policies (here 2048 characters are 100 %). Lists of S3 come whole.
//!
//! `tests/judge.py` judges each of these rules, with AWS's own clients.

#[path = "sandbox/clock.rs"]
mod clock;
#[path = "sandbox/conditions.rs"]
mod conditions;
#[path = "sandbox/decide.rs"]
mod decide;
#[path = "sandbox/direct.rs"]
mod direct;
#[path = "sandbox/ec2.rs"]
mod ec2;
#[path = "sandbox/faults.rs"]
mod faults;
#[path = "sandbox/iam.rs"]
mod iam;
#[path = "sandbox/identity_provider.rs"]
mod identity_provider;
#[path = "sandbox/managed.rs"]
mod managed;
#[path = "sandbox/mfa.rs"]
mod mfa;
#[path = "sandbox/oidc.rs"]
mod oidc;
#[path = "sandbox/pattern.rs"]
mod pattern;
#[path = "sandbox/policy.rs"]
mod policy;
#[path = "sandbox/record.rs"]
mod record;
#[path = "sandbox/rejections.rs"]
mod rejections;
#[path = "sandbox/s3.rs"]
mod s3;
#[path = "sandbox/saml.rs"]
mod saml;
#[path = "sandbox/server.rs"]
mod server;
#[path = "sandbox/session.rs"]
mod session;
#[path = "sandbox/signature.rs"]
mod signature;
#[path = "sandbox/sts.rs"]
mod sts;
#[path = "sandbox/tls.rs"]
mod tls;
#[path = "sandbox/wire.rs"]
mod wire;
#[path = "sandbox/world.rs"]
mod world;
#[path = "sandbox/xml_signature.rs"]
mod xml_signature;

use std::convert::Infallible;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, MutexGuard};
use std::thread::JoinHandle;

use tokio::sync::oneshot;

pub(crate) use clock::Clock;
pub(crate) use faults::On;
pub(crate) use record::Request;
use tls::Certificate;
use world::{Account, World};

/// The first account, which is always there.
pub(crate) const ACCOUNT: &str = "111122223333";

/// A running sandbox. It stops when dropped.
#[derive(Debug)]
pub(crate) struct Sandbox {
    world: Arc<Mutex<World>>,
    address: SocketAddr,
    ca: Option<String>,
    administrator: Keys,
    stop: Option<oneshot::Sender<Infallible>>,
    thread: Option<JoinHandle<()>>,
}

/// How a sandbox is to start.
#[derive(Debug)]
pub(crate) struct Builder {
    port: u16,
    tls: Option<Certificate>,
    region: String,
}

/// Long-term keys and the account that they are of.
#[derive(Clone, Debug)]
pub(crate) struct Keys {
    pub(crate) account: String,
    pub(crate) access_key_id: String,
    pub(crate) secret: String,
}

impl Builder {
    /// Listens on this port of 127.0.0.1 instead of a free one.
    pub(crate) fn port(mut self, port: u16) -> Builder {
        self.port = port;
        self
    }

    /// Speaks TLS only, with a certificate of a private CA.
    pub(crate) fn tls(mut self) -> Builder {
        self.tls.get_or_insert_default();
        self
    }

    /// Speaks TLS for these hosts instead of `localhost` and 127.0.0.1.
    pub(crate) fn tls_for(mut self, hosts: &[&str]) -> Builder {
        let names = hosts.iter().map(|host| (*host).to_owned()).collect();
        self.tls.get_or_insert_default().names = names;
        self
    }

    /// Speaks TLS with a certificate that has ended.
    pub(crate) fn tls_over(mut self) -> Builder {
        self.tls.get_or_insert_default().is_over = true;
        self
    }

    /// The region that the sandbox is in (us-east-1 unless said); it decides the partition of all ARNs.
    pub(crate) fn region(mut self, region: &str) -> Builder {
        region.clone_into(&mut self.region);
        self
    }

    /// Starts it. Fails if the port is taken.
    pub(crate) fn start(self) -> io::Result<Sandbox> {
        let listener = std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, self.port))?;
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        let mut world = World::new(&self.region, self.tls.is_some());
        let administrator = open_account(&mut world, ACCOUNT);
        let world = Arc::new(Mutex::new(world));
        let (tls, ca) = self.tls.as_ref().map(tls::private).unzip();
        let (stop, stopped) = oneshot::channel();
        let served = Arc::clone(&world);
        let thread = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .expect("a runtime");
            runtime.block_on(server::serve(listener, tls, served, stopped));
        });
        Ok(Sandbox {
            world,
            address,
            ca,
            administrator,
            stop: Some(stop),
            thread: Some(thread),
        })
    }
}

impl Sandbox {
    /// A sandbox on a free port, with one account.
    pub(crate) fn start() -> Sandbox {
        Sandbox::builder().start().expect("a free loopback port")
    }

    /// A sandbox that is told more.
    pub(crate) fn builder() -> Builder {
        Builder {
            port: 0,
            tls: None,
            region: "us-east-1".to_owned(),
        }
    }

    /// Where it listens.
    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// `http://127.0.0.1:PORT`, or `https://localhost:PORT` with TLS.
    pub(crate) fn endpoint(&self) -> String {
        match self.ca {
            Some(_) => format!("https://localhost:{}", self.address.port()),
            None => format!("http://{}", self.address),
        }
    }

    /// The certificate that clients have to trust, if there is TLS.
    pub(crate) fn ca_pem(&self) -> Option<&str> {
        self.ca.as_deref()
    }

    /// The region that the sandbox is in.
    pub(crate) fn region(&self) -> String {
        self.lock().region.clone()
    }

    /// User `admin` of the first account, who may do everything.
    pub(crate) fn administrator(&self) -> Keys {
        self.administrator.clone()
    }

    /// Another account, opened now if it is not there, and new keys of its user `admin` then. Opened twice, it is the
    /// same account and the same keys.
    pub(crate) fn account(&self, id: &str) -> Keys {
        let mut world = self.lock();
        if !world.accounts.contains_key(id) {
            return open_account(&mut world, id);
        }
        let account = &world.accounts[id];
        let admin = account.entity(world::Kind::User, "admin");
        let key = admin.and_then(|user| user.keys.first());
        let key = key.expect("nobody deletes the administrator");
        keys(id, key)
    }

    /// New keys of the root user of an account.
    pub(crate) fn root(&self, account: &str) -> Keys {
        self.account(account);
        let mut world = self.lock();
        let key = world.new_key();
        let keys = keys(account, &key);
        let account = world.accounts.get_mut(account).expect("just opened");
        account.root_keys.push(key);
        keys
    }

    /// The clock that expiry, MFA codes and conditions go by.
    pub(crate) fn clock(&self) -> Clock<'_> {
        Clock(self)
    }

    /// Every request so far, oldest first.
    pub(crate) fn requests(&self) -> Vec<Request> {
        self.lock().requests.clone()
    }

    /// Every secret key, session token and MFA seed that was given out.
    pub(crate) fn secrets(&self) -> Vec<String> {
        self.lock().secrets.clone()
    }

    /// What shall befall an operation; `*` is every operation.
    pub(crate) fn on(&self, operation: &str) -> On<'_> {
        On {
            world: &self.world,
            operation: operation.to_owned(),
        }
    }

    /// Takes all faults away.
    pub(crate) fn healthy(&self) {
        self.lock().faults.clear();
    }

    /// What the device shows now.
    pub(crate) fn code(&self, serial: &str) -> String {
        self.code_at(serial, 0)
    }

    /// What the device shows this many windows of 30 seconds from now.
    pub(crate) fn code_at(&self, serial: &str, windows: i64) -> String {
        let world = self.lock();
        held(&world, serial).code(world.now(), windows)
    }

    /// What the device showed in the two windows before this one, of one moment: the present code stays good.
    pub(crate) fn last_codes(&self, serial: &str) -> (String, String) {
        let world = self.lock();
        let (device, now) = (held(&world, serial), world.now());
        (device.code(now, -2), device.code(now, -1))
    }

    fn lock(&self) -> MutexGuard<'_, World> {
        lock(&self.world)
    }
}

fn held<'a>(world: &'a World, serial: &str) -> &'a mfa::Device {
    let mut accounts = world.accounts.values();
    let device = accounts.find_map(|account| account.devices.get(serial));
    device.unwrap_or_else(|| panic!("no device {serial}"))
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            // A panic of the server was printed where it happened.
            let _ = thread.join();
        }
    }
}

/// Opens an account with its administrator.
fn open_account(world: &mut World, id: &str) -> Keys {
    let account = Account {
        id: id.to_owned(),
        ..Account::default()
    };
    world.accounts.insert(id.to_owned(), account);
    let mut admin = world.entity(id, world::Kind::User, "/", "admin");
    let policy = format!(
        "arn:{}:iam::aws:policy/AdministratorAccess",
        world.partition
    );
    admin.attached.insert(policy);
    let key = world.new_key();
    let keys = keys(id, &key);
    admin.keys.push(key);
    let account = world.accounts.get_mut(id).expect("just opened");
    account.insert(world::Kind::User, admin);
    keys
}

fn keys(account: &str, key: &world::Key) -> Keys {
    Keys {
        account: account.to_owned(),
        access_key_id: key.id.clone(),
        secret: key.secret.clone(),
    }
}

/// The world, whatever a panic elsewhere left of it.
fn lock(world: &Mutex<World>) -> MutexGuard<'_, World> {
    world
        .lock()
        .unwrap_or_else(std::sync::PoisonError::into_inner)
}
