//! Questions of `stsx doctor`: who credentials are and what time it is there, and since when a user has
//! had a key.

use crate::aws::{Identity, Refusal, Session};
use crate::credentials::Credentials;
use crate::time::Timestamp;

impl Session {
    /// As `identity`; and the seconds that this machine's clock is behind, which is then not warned of.
    pub(crate) fn check_up(&self, credentials: &Credentials) -> (Result<Identity, Refusal>, i64) {
        self.watch.mute();
        let identity = self.identity(credentials);
        (identity, self.watch.behind())
    }

    /// Since when a user has had the key that asks. Nothing where IAM does not say, or may not:
    /// <https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListAccessKeys.html>
    pub(crate) fn key_created(&self, with: &Credentials) -> Option<Timestamp> {
        let call = self.iam(with).list_access_keys();
        let answer = self
            .ask("IAM since when the key is there", call.send())
            .ok()?;
        let mut keys = answer.access_key_metadata().iter();
        let own = keys.find(|key| key.access_key_id() == Some(&with.access_key_id))?;
        own.create_date()
            .map(|date| Timestamp::from_seconds(date.secs()))
    }
}
