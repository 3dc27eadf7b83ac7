//! What is remembered beside credentials: who keys belong to, which device their user has, how long
//! a role's sessions may be, which roles IAM listed, and which code of a device was the last. None of it is a secret.

use std::path::PathBuf;

use anyhow::{Context, Result};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::aws::Identity;
use crate::cache::{Cache, Turn, Wait, private, seal};
use crate::plan::{Hop, MAX_DURATION, MIN_MAXIMUM, Plan, hex};
use crate::time::Timestamp;

/// Seconds that a device shows one code.
const WINDOW: i64 = 30;
/// AWS takes a code for some windows around its own: after this, equal digits are another code.
const MEMORY: i64 = 3 * WINDOW;

/// The roles of an account, as IAM listed them once.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct RoleNames {
    pub(crate) account: String,
    pub(crate) at: Timestamp,
    /// With their paths: `team/deploy`.
    pub(crate) names: Vec<String>,
}

/// The code of a device that STS took last; each is good once.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Spent {
    /// A hash: what was typed is nobody's business, even when it is worth nothing any more.
    code: String,
    at: Timestamp,
}

impl Spent {
    fn new(serial: &str, code: &str, at: Timestamp) -> Self {
        Self {
            code: digest(&format!("{serial} {code}")),
            at,
        }
    }

    /// Whether it was this code.
    pub(crate) fn is(&self, serial: &str, code: &str) -> bool {
        self.code == digest(&format!("{serial} {code}"))
    }

    /// Seconds until the device shows another code, if it still shows this one.
    pub(crate) fn left(&self, now: Timestamp) -> Option<i64> {
        let window = |at: Timestamp| at.seconds().div_euclid(WINDOW);
        (window(self.at) == window(now)).then(|| WINDOW - now.seconds().rem_euclid(WINDOW))
    }
}

impl Cache {
    /// The identity behind an access key id, if it was ever asked for: it never changes.
    pub(crate) fn identity(&self, access_key_id: &str, endpoint: Option<&str>) -> Option<Identity> {
        let identity: Identity = self.recall("identity", &asked_at(access_key_id, endpoint))?;
        crate::cli::account(&identity.account)
            .is_ok()
            .then_some(identity)
    }

    /// Remembers the identity behind an access key id.
    pub(crate) fn put_identity(
        &self,
        access_key_id: &str,
        endpoint: Option<&str>,
        identity: &Identity,
    ) {
        self.remember("identity", &asked_at(access_key_id, endpoint), identity);
    }

    /// The serial number of the device of the user with these keys, if it was ever looked up.
    pub(crate) fn device(&self, access_key_id: &str, endpoint: Option<&str>) -> Option<String> {
        let serial: String = self.recall("device", &asked_at(access_key_id, endpoint))?;
        crate::cli::mfa_serial(&serial).ok()
    }

    /// Remembers the device of the user with these keys.
    pub(crate) fn put_device(&self, access_key_id: &str, endpoint: Option<&str>, serial: &str) {
        self.remember("device", &asked_at(access_key_id, endpoint), &serial);
    }

    /// Forgets the device of the user with these keys: STS does not know it as theirs.
    pub(crate) fn forget_device(&self, access_key_id: &str, endpoint: Option<&str>) {
        self.dismiss("device", &asked_at(access_key_id, endpoint));
    }

    /// The longest session in seconds that a role gives, if that was ever learnt.
    pub(crate) fn limit(&self, role_arn: &str, endpoint: Option<&str>) -> Option<u32> {
        let seconds: u32 = self.recall("limit", &asked_at(role_arn, endpoint))?;
        (MIN_MAXIMUM..=MAX_DURATION)
            .contains(&seconds)
            .then_some(seconds)
    }

    /// Remembers the longest session that a role gives.
    pub(crate) fn put_limit(&self, role_arn: &str, endpoint: Option<&str>, seconds: u32) {
        self.remember("limit", &asked_at(role_arn, endpoint), &seconds);
    }

    /// Forgets the longest session of a role: it may be longer now.
    pub(crate) fn forget_limit(&self, role_arn: &str, endpoint: Option<&str>) {
        self.dismiss("limit", &asked_at(role_arn, endpoint));
    }

    /// The roles that were listed from where this plan ends.
    pub(crate) fn role_names(&self, plan: &Plan) -> Option<RoleNames> {
        self.recall("roles", &end_of(plan))
    }

    /// Remembers the roles that were listed from where this plan ends.
    pub(crate) fn put_role_names(&self, plan: &Plan, names: &RoleNames) {
        self.remember("roles", &end_of(plan), names);
    }

    /// The code that STS took last from this device, while it matters.
    pub(crate) fn spent(&self, serial: &str, now: Timestamp) -> Option<Spent> {
        let spent: Spent = self.recall("code", serial)?;
        (0..MEMORY)
            .contains(&now.seconds_since(spent.at))
            .then_some(spent)
    }

    /// Remembers that STS took this code. Should that be lost, STS refuses the code when it comes
    /// again, and another is asked for.
    pub(crate) fn put_spent(&self, serial: &str, code: &str, now: Timestamp) {
        self.remember("code", serial, &Spent::new(serial, code, now));
    }

    /// Waits for the lock of a device: its codes are spent one after the other.
    ///
    /// # Errors
    /// The wait is over; the holder's process id is named.
    pub(crate) fn lock_device(&self, serial: &str, wait: &mut Wait<'_>) -> Result<Turn> {
        let wanted = format!("a code of {serial}");
        self.lock_file(&digest(&format!("device {serial}")), &wanted, wait)
    }

    fn recall<T: DeserializeOwned>(&self, kind: &str, name: &str) -> Option<T> {
        let bytes = private::read(&self.memory(kind, name)).ok()??;
        serde_json::from_slice(seal::open(&bytes).ok()?).ok()
    }

    fn remember<T: Serialize>(&self, kind: &str, name: &str, value: &T) {
        let bytes = serde_json::to_vec(value).context("cache");
        self.tell(bytes.and_then(|bytes| self.write(&self.memory(kind, name), &bytes)));
    }

    fn dismiss(&self, kind: &str, name: &str) {
        self.tell(super::remove(&self.memory(kind, name)));
    }

    fn memory(&self, kind: &str, name: &str) -> PathBuf {
        self.file(&digest(name), kind)
    }

    /// What cannot be remembered is asked for again: that is said with `-v`.
    pub(super) fn tell(&self, result: Result<()>) {
        if let Err(error) = result {
            self.log.step(|| format!("cache: {error:#}"));
        }
    }
}

/// Who a plan ends in, whatever the length or the name of the session.
fn end_of(plan: &Plan) -> String {
    let role = plan.hops.last().map(Hop::spoken).unwrap_or_default();
    format!("{} {role}", plan.key(0).text)
}

/// The same key or role means somebody else at another endpoint.
fn asked_at(name: &str, endpoint: Option<&str>) -> String {
    format!("{name} {}", endpoint.unwrap_or_default())
}

fn digest(text: &str) -> String {
    hex(&Sha256::digest(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_spent_until_the_next_shows() {
        let at = Timestamp::from_seconds(1_000_000_020);
        let spent = Spent::new("serial", "123456", at);
        assert!(spent.is("serial", "123456") && !spent.is("serial", "123457"));
        assert!(!spent.is("other", "123456"));
        let left = |seconds| spent.left(Timestamp::from_seconds(seconds));
        assert_eq!(left(1_000_000_021), Some(29));
        assert_eq!(left(1_000_000_049), Some(1));
        assert_eq!(left(1_000_000_050), None);
        assert_eq!(left(1_000_000_019), None);
    }
}
