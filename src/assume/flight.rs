//! Single flight: of many processes that want the same credentials one gets them, and the others
//! take its answer, or fail as it did.
//!
//! A failure is shared with those who waited for it, and only if it would be theirs: what AWS or the
//! network said, to the same question asked in the same way. It is never kept for later runs.

use anyhow::Result;
use sha2::{Digest, Sha256};

use crate::assume::{PASSING_MARGIN, Run};
use crate::cache::{Cache, Entry, Margin, Turn, Wait};
use crate::env::Env;
use crate::error::{Failure, Kind};
use crate::mfa::Mfa;
use crate::plan::{Connection, Hop, Key, hex};
use crate::terminal;
use crate::time::Timestamp;

impl Run<'_> {
    /// The credentials after `hops` hops: from the cache if another process was faster, else by
    /// taking the last of these hops.
    ///
    /// # Errors
    /// What AWS, the network, a person or the lock said, to this process or to the one it waited for.
    pub(super) fn obtain(&mut self, hops: usize) -> Result<Entry> {
        let key = self.plan.key(hops);
        let circumstances = self.circumstances(&key, hops);
        let turn = self.turn(Some(&circumstances), |cache, wait| cache.lock(&key, wait));
        match turn {
            Ok(Turn::Mine(lock)) => {
                self.locks.push(lock);
                let obtained = self.obtain_alone(&key, &circumstances, hops);
                self.locks.pop();
                obtained
            }
            Ok(Turn::Unlocked) => {
                let old = self.cached(hops);
                let taken = self.taken(&key, hops, old.as_ref());
                taken.or_else(|error| self.fall_back(error, old, hops))
            }
            Ok(Turn::Failed(failure)) => match self.cached(hops) {
                Some(entry) if self.is_answer(&entry, hops) => Ok(entry),
                old => self.fall_back(failure.into(), old, hops),
            },
            Err(error) => self.fall_back(error, self.cached(hops), hops),
        }
    }

    /// The same while the lock of these credentials is held, which is the last of `locks`.
    fn obtain_alone(&mut self, key: &Key, circumstances: &str, hops: usize) -> Result<Entry> {
        let old = self.cached(hops);
        if let Some(entry) = old.as_ref().filter(|entry| self.is_answer(entry, hops)) {
            return Ok(entry.clone());
        }
        let taken = self.taken(key, hops, old.as_ref());
        let shared = match &taken {
            Ok(_) => None,
            Err(error) => self.shared(error),
        };
        if let Some(lock) = self.locks.last_mut() {
            match (&taken, shared) {
                (Ok(_), _) => lock.tell_success(),
                (Err(_), Some(failure)) => lock.tell_failure(circumstances, &failure),
                (Err(_), None) => {}
            }
        }
        taken.or_else(|error| self.fall_back(error, old, hops))
    }

    /// Takes the last of `hops` hops, and stores what it gives.
    fn taken(&mut self, key: &Key, hops: usize, old: Option<&Entry>) -> Result<Entry> {
        let entry = self.step(hops, old)?;
        self.put(key, &entry);
        // The next plan will know the role's maximum, and ask by another key.
        if !self.found.is_empty() {
            let mut plan = self.plan.clone();
            for (arn, seconds) in &self.found {
                plan.limit(arn, *seconds);
            }
            let hops = plan.hops.len() - (self.plan.hops.len() - hops);
            self.put(&plan.key(hops), &entry);
        }
        Ok(entry)
    }

    /// Whether another process has just got what this one waited for. A session that is shorter
    /// than `--min-ttl` is the best there is when it is new.
    fn is_answer(&self, entry: &Entry, hops: usize) -> bool {
        if hops < self.plan.hops.len() {
            return self.is_fresh(entry, hops);
        }
        let is_new = self.seen.as_ref() != Some(&entry.credentials.access_key_id);
        if self.options.refresh || matches!(self.options.margin, Margin::AtLeast(_)) {
            return is_new && entry.is_fresh(Timestamp::now(), PASSING_MARGIN);
        }
        self.is_fresh(entry, hops)
    }

    /// Waits for a lock; where nothing is cached, there is none. While its holder waits for a person, so
    /// does everybody who waits for this process.
    pub(super) fn turn(
        &mut self,
        circumstances: Option<&str>,
        lock: impl Fn(&Cache, &mut Wait<'_>) -> Result<Turn>,
    ) -> Result<Turn> {
        let Some(cache) = self.cache else {
            return Ok(Turn::Unlocked);
        };
        let timeout = self.options.lock_timeout;
        let on_person = &mut |is_at_person| self.tell_person(is_at_person);
        let mut wait = Wait {
            timeout,
            circumstances,
            on_person,
        };
        lock(cache, &mut wait)
    }

    /// Does what may need a person, whose time does not count for those who wait.
    pub(super) fn with_person<T>(&mut self, ask: impl FnOnce() -> T) -> T {
        self.tell_person(true);
        let answer = ask();
        self.tell_person(false);
        answer
    }

    fn tell_person(&mut self, is_at_person: bool) {
        for lock in &mut self.locks {
            lock.tell_person(is_at_person);
        }
    }

    /// The failure as others get it, if it is theirs too: whoever has a terminal, another code, or
    /// another idea of the account must try for themselves.
    pub(super) fn shared(&self, error: &anyhow::Error) -> Option<Failure> {
        let failure = error.downcast_ref::<Failure>()?;
        let is_of_all = matches!(failure.kind, Kind::Failed | Kind::Denied | Kind::Source);
        (is_of_all && !self.is_own_fault).then(|| Failure {
            what: format!("{error:#}"),
            ..failure.clone()
        })
    }

    /// What decides, beside the key, how the first `hops` hops fail and in which words, as a hash. What
    /// names roles further on is left out: all roles behind one session share its failure.
    fn circumstances(&self, key: &Key, hops: usize) -> String {
        let (plan, options) = (self.plan, self.options);
        let hops = &plan.hops[..hops];
        let mut hash = Sha256::new();
        let mut add = |text: &str| {
            hash.update(text.len().to_le_bytes());
            hash.update(text);
        };
        add(env!("CARGO_PKG_VERSION"));
        add(&key.text);
        add(&plan.source.spoken());
        match plan.source.held() {
            // The same key id with a secret that was mistyped.
            Some(keys) => add(keys.secret_access_key.expose()),
            None => add(&format!("{:?}", plan.source_origins)),
        }
        add(&asked(&plan.connection));
        for hop in hops {
            match hop {
                // Its origins differ from role to role, and nothing is said of them.
                Hop::Session(session) => add(&session.duration_seconds.to_string()),
                Hop::Federation(federation) => add(&format!("{federation:?}")),
                Hop::Role(role) => add(&format!("{role:?} of {}", plan.roles().count())),
            }
        }
        add(&format!("{:?} {}", plan.person, options.refresh));
        if hops.iter().any(|hop| hop.mfa_serial().is_some()) {
            add(&way_to_code(&options.mfa));
        }
        hex(&hash.finalize())
    }
}

/// Who is asked, on which way.
fn asked(connection: &Connection) -> String {
    let urls = [
        &connection.iam_url,
        &connection.sso_url,
        &connection.sso_oidc_url,
        &connection.signin_url,
    ];
    let urls = urls.map(|url| url.as_ref().map(|url| &url.value));
    let bundle = connection.ca_bundle.as_ref().map(|bundle| &bundle.value);
    format!(
        "{} {} {urls:?} {bundle:?} {} {} {:?}",
        connection.spoken(),
        connection.sts_region(),
        connection.fips,
        connection.dual_stack,
        Env::proxies()
    )
}

/// How codes are had. A command may need the terminal that one process has and another has not.
fn way_to_code(mfa: &Mfa) -> String {
    match mfa {
        Mfa::Code(_) => "given".to_owned(),
        Mfa::Ask => "asked for".to_owned(),
        Mfa::Command(command) => format!("{} {}", command.expose(), terminal::open().is_ok()),
    }
}
