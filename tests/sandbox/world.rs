//! Everything that exists in the sandbox: accounts with their users, groups, roles and policies, the sessions that STS
//! issued, buckets, the clock. Rules live elsewhere; this is what they look at.

use std::collections::{BTreeMap, BTreeSet};
use std::hash::{BuildHasher, RandomState};

use jiff::{SignedDuration, Timestamp};

use super::Request;
use super::faults::Fault;
use super::identity_provider::Idp;
use super::managed;
use super::mfa::Device;
use super::oidc::Issuer;
use super::policy::{Document, Tags};
use super::saml::Metadata;

/// The whole cloud.
#[derive(Debug)]
pub(crate) struct World {
    pub(crate) region: String,
    pub(crate) partition: &'static str,
    pub(crate) secure: bool,
    /// How far the sandbox's clock is ahead of the machine's.
    pub(crate) shift: SignedDuration,
    /// How far the clock that judges the date of signatures is ahead of the machine's.
    pub(crate) skew: SignedDuration,
    pub(crate) accounts: BTreeMap<String, Account>,
    pub(crate) sessions: Vec<Session>,
    pub(crate) buckets: BTreeMap<String, Bucket>,
    /// What identity providers out there have published, by the issuer that tokens name.
    pub(crate) issuers: BTreeMap<String, Issuer>,
    /// The SAML identity provider that the sandbox plays.
    pub(crate) idp: Option<Idp>,
    pub(crate) aws_managed: BTreeMap<String, Managed>,
    /// What EC2 said in refusals, by how it was encoded.
    pub(crate) denials: BTreeMap<String, String>,
    pub(crate) requests: Vec<Request>,
    pub(crate) faults: Vec<Fault>,
    pub(crate) secrets: Vec<String>,
}

/// One account.
#[derive(Debug, Default)]
pub(crate) struct Account {
    pub(crate) id: String,
    pub(crate) root_keys: Vec<Key>,
    /// Users, groups and roles; names differ by more than case, as IAM wants it.
    pub(crate) entities: BTreeMap<(Kind, String), Entity>,
    pub(crate) policies: BTreeMap<String, Managed>,
    pub(crate) devices: BTreeMap<String, Device>,
    /// OIDC providers, by ARN.
    pub(crate) oidc: BTreeMap<String, OidcProvider>,
    /// SAML providers, by ARN.
    pub(crate) saml: BTreeMap<String, SamlProvider>,
}

/// An OIDC provider that an account trusts.
#[derive(Clone, Debug)]
pub(crate) struct OidcProvider {
    /// Without `https://`, as IAM shows it.
    pub(crate) url: String,
    pub(crate) audiences: BTreeSet<String>,
    pub(crate) thumbprints: Vec<String>,
    pub(crate) created: Timestamp,
    pub(crate) tags: Tags,
}

/// A SAML provider that an account trusts.
#[derive(Clone, Debug)]
pub(crate) struct SamlProvider {
    pub(crate) name: String,
    pub(crate) uuid: String,
    /// The metadata as it was sent, and what it means.
    pub(crate) document: String,
    pub(crate) metadata: Metadata,
    pub(crate) created: Timestamp,
    pub(crate) tags: Tags,
}

/// What can carry policies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    User,
    Group,
    Role,
}

/// A user, group or role.
#[derive(Clone, Debug)]
pub(crate) struct Entity {
    pub(crate) name: String,
    pub(crate) path: String,
    pub(crate) id: String,
    pub(crate) arn: String,
    pub(crate) created: Timestamp,
    pub(crate) tags: Tags,
    pub(crate) inline: BTreeMap<String, Document>,
    pub(crate) attached: BTreeSet<String>,
    pub(crate) boundary: Option<String>,
    /// Of users.
    pub(crate) keys: Vec<Key>,
    pub(crate) groups: BTreeSet<String>,
    /// Of roles.
    pub(crate) trust: Option<Trust>,
    pub(crate) description: String,
    pub(crate) max_session: i64,
}

/// A trust policy, and the ids of the users and roles that its ARNs meant when it was stored.
#[derive(Clone, Debug)]
pub(crate) struct Trust {
    pub(crate) document: Document,
    pub(crate) ids: BTreeMap<String, String>,
}

/// A long-term access key.
#[derive(Clone, Debug)]
pub(crate) struct Key {
    pub(crate) id: String,
    pub(crate) secret: String,
    pub(crate) active: bool,
    pub(crate) created: Timestamp,
    pub(crate) used: Option<(Timestamp, String, String)>,
}

/// Whose the credentials are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Who {
    Root,
    User(String),
    Role(String),
    /// Whom a user (or root) vouches for.
    Federated(Option<String>),
}

/// Temporary credentials, and what they remember.
#[derive(Clone, Debug)]
pub(crate) struct Session {
    pub(crate) access_key_id: String,
    pub(crate) secret: String,
    pub(crate) token: String,
    pub(crate) account: String,
    pub(crate) who: Who,
    /// The ARN of the caller that the session is.
    pub(crate) arn: String,
    pub(crate) user_id: String,
    pub(crate) issued: Timestamp,
    pub(crate) expires: Timestamp,
    pub(crate) policies: Vec<Document>,
    pub(crate) tags: Tags,
    pub(crate) transitive: BTreeSet<String>,
    pub(crate) source_identity: Option<String>,
    pub(crate) claims: Claims,
    pub(crate) mfa: Option<Timestamp>,
}

/// What an identity provider said of the session's owner: condition keys and their values.
pub(crate) type Claims = BTreeMap<String, Vec<String>>;

/// A managed policy; its versions count from 1.
#[derive(Clone, Debug)]
pub(crate) struct Managed {
    pub(crate) arn: String,
    pub(crate) name: String,
    pub(crate) path: String,
    pub(crate) id: String,
    pub(crate) description: String,
    pub(crate) created: Timestamp,
    pub(crate) versions: BTreeMap<u32, (Document, Timestamp)>,
    pub(crate) default: u32,
    pub(crate) tags: Tags,
}

/// A bucket of S3.
#[derive(Debug)]
pub(crate) struct Bucket {
    pub(crate) account: String,
    pub(crate) region: String,
    pub(crate) created: Timestamp,
    pub(crate) objects: BTreeMap<String, Object>,
}

/// What was put into a bucket.
#[derive(Clone, Debug)]
pub(crate) struct Object {
    pub(crate) body: Vec<u8>,
    pub(crate) kind: String,
    pub(crate) modified: Timestamp,
}

impl Kind {
    /// `User`, as in the names of operations.
    pub(crate) fn title(self) -> &'static str {
        match self {
            Kind::User => "User",
            Kind::Group => "Group",
            Kind::Role => "Role",
        }
    }

    /// `user`, as in ARNs and messages.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Kind::User => "user",
            Kind::Group => "group",
            Kind::Role => "role",
        }
    }

    fn prefix(self) -> &'static str {
        match self {
            Kind::User => "AIDA",
            Kind::Group => "AGPA",
            Kind::Role => "AROA",
        }
    }
}

impl Managed {
    /// The document in force.
    pub(crate) fn document(&self) -> &Document {
        &self.versions[&self.default].0
    }
}

impl World {
    /// An empty cloud.
    pub(crate) fn new(region: &str, secure: bool) -> World {
        let partition = match region {
            china if china.starts_with("cn-") => "aws-cn",
            government if government.starts_with("us-gov-") => "aws-us-gov",
            europe if europe.starts_with("eusc-") => "aws-eusc",
            _ => "aws",
        };
        World {
            region: region.to_owned(),
            partition,
            secure,
            shift: SignedDuration::ZERO,
            skew: SignedDuration::ZERO,
            accounts: BTreeMap::new(),
            sessions: Vec::new(),
            buckets: BTreeMap::new(),
            issuers: BTreeMap::new(),
            idp: None,
            aws_managed: managed::all(partition),
            denials: BTreeMap::new(),
            requests: Vec::new(),
            faults: Vec::new(),
            secrets: Vec::new(),
        }
    }

    /// The sandbox's time, in whole seconds as AWS tells it.
    pub(crate) fn now(&self) -> Timestamp {
        seconds(machine_time() + self.shift)
    }

    /// The time that dates of signatures are held against.
    pub(crate) fn signing_time(&self) -> Timestamp {
        seconds(machine_time() + self.skew)
    }

    /// A new user, group or role. It is not in the account yet.
    pub(crate) fn entity(&self, account: &str, kind: Kind, path: &str, name: &str) -> Entity {
        Entity {
            name: name.to_owned(),
            path: path.to_owned(),
            id: format!("{}{}", kind.prefix(), random(17, UPPER)),
            arn: self.arn("iam", account, &format!("{}{path}{name}", kind.word())),
            created: self.now(),
            tags: Tags::new(),
            inline: BTreeMap::new(),
            attached: BTreeSet::new(),
            boundary: None,
            keys: Vec::new(),
            groups: BTreeSet::new(),
            trust: None,
            description: String::new(),
            max_session: 3600,
        }
    }

    /// `arn:aws:SERVICE::ACCOUNT:RESOURCE`
    pub(crate) fn arn(&self, service: &str, account: &str, resource: &str) -> String {
        format!("arn:{}:{service}::{account}:{resource}", self.partition)
    }

    /// A new long-term key, remembered as a secret.
    pub(crate) fn new_key(&mut self) -> Key {
        let key = Key {
            id: format!("AKIA{}", random(16, UPPER)),
            secret: random(40, BASE64),
            active: true,
            created: self.now(),
            used: None,
        };
        self.secrets.push(key.secret.clone());
        key
    }

    /// The policy that an ARN names, seen from this account.
    pub(crate) fn managed(&self, account: &str, arn: &str) -> Option<&Managed> {
        let own = self.accounts.get(account)?.policies.get(arn);
        own.or_else(|| self.aws_managed.get(arn))
    }
}

impl Account {
    /// The user, group or role of this name, whatever the case of its letters.
    pub(crate) fn entity(&self, kind: Kind, name: &str) -> Option<&Entity> {
        self.entities.get(&(kind, name.to_lowercase()))
    }

    /// The same, to change it.
    pub(crate) fn entity_mut(&mut self, kind: Kind, name: &str) -> Option<&mut Entity> {
        self.entities.get_mut(&(kind, name.to_lowercase()))
    }

    /// All of one kind, by name.
    pub(crate) fn all(&self, kind: Kind) -> impl Iterator<Item = &Entity> {
        let of_kind = move |((this, _), entity): ((Kind, _), _)| (this == kind).then_some(entity);
        self.entities
            .iter()
            .filter_map(move |((this, name), entity)| of_kind(((*this, name), entity)))
    }

    /// Puts an entity where its name belongs.
    pub(crate) fn insert(&mut self, kind: Kind, entity: Entity) {
        self.entities
            .insert((kind, entity.name.to_lowercase()), entity);
    }
}

/// Capital letters and digits, as ids have them.
pub(crate) const UPPER: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
/// What secrets and tokens are written in.
pub(crate) const BASE64: &[u8] =
    b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
/// What request ids are written in.
pub(crate) const HEX: &[u8] = b"0123456789abcdef";

/// This many random characters. The keys of the standard library's hash maps are random, which is random enough here.
pub(crate) fn random(length: usize, alphabet: &[u8]) -> String {
    let source = RandomState::new();
    let pick = |at| source.hash_one(at) % (alphabet.len() as u64);
    (0..length)
        .map(|at| {
            char::from(alphabet[usize::try_from(pick(at)).expect("an index of the alphabet")])
        })
        .collect()
}

fn seconds(time: Timestamp) -> Timestamp {
    Timestamp::from_second(time.as_second()).expect("a time cut to seconds is in range")
}

#[expect(
    clippy::disallowed_methods,
    reason = "the sandbox's only reader of the machine's clock"
)]
fn machine_time() -> Timestamp {
    Timestamp::now()
}
