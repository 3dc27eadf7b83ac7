//! Files of the cache with any content: as an entry, as something remembered, as a lock. Nothing panics, nothing but
//! what was put is found under a key, and what was put is found whole.

use std::fs::{self, File, OpenOptions};
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::time::Duration;

use crate::aws::Identity;
use crate::cache::{Cache, Entry, Margin, Turn, Wait};
use crate::credentials::{Credentials, Secret};
use crate::error::Failure;
use crate::log::Log;
use crate::plan::Key;
use crate::targets::text;
use crate::time::Timestamp;

const NAME: &str = "AKIAFUZZ";

pub(super) fn run(data: &[u8]) {
    let cache = Cache::open(Log::silent()).expect("tests/fuzz/run sets HOME");
    let key = Key {
        text: r#"{"version":1,"hops":[]}"#.to_owned(),
        hash: "0".repeat(64),
    };
    let now = Timestamp::from_seconds(1_700_000_000);
    static FACTS: OnceLock<Vec<PathBuf>> = OnceLock::new();
    let facts = FACTS.get_or_init(|| prepare(&cache, &key, now));

    check_entry(&cache, &key, data, now);
    for file in facts {
        write(file, data);
    }
    check_facts(&cache, now);
    check_lock(&cache, &key, data);
    check_round_trip(&cache, &key, &text(data), now);
}

/// Remembers one fact of each kind, and gives the files in which they stand.
fn prepare(cache: &Cache, key: &Key, now: Timestamp) -> Vec<PathBuf> {
    let identity = Identity {
        user_id: "AIDA".to_owned(),
        account: "111122223333".to_owned(),
        arn: "arn:aws:iam::111122223333:user/James".to_owned(),
    };
    cache.put_identity(NAME, None, &identity);
    cache.put_device(NAME, None, "GAHT12345678");
    cache.put_limit(NAME, None, 3600);
    cache.put_spent(NAME, "123456", now);
    let path = cache.path(key);
    let dir = path.parent().expect("a file in a directory");
    fs::read_dir(dir)
        .expect("the directory of the cache")
        .map(|file| file.expect("a file of the cache").path())
        .filter(|file| {
            file.extension()
                .is_some_and(|kind| kind != "json" && kind != "lock")
        })
        .collect()
}

fn write(path: &Path, data: &[u8]) {
    OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(path)
        .and_then(|mut file| file.write_all(data))
        .expect("a file of its own");
}

fn check_entry(cache: &Cache, key: &Key, data: &[u8], now: Timestamp) {
    write(&cache.path(key), data);
    let found = cache.find(key);
    if let Some(entry) = &found {
        let _ = entry.life(now);
        for margin in [
            Margin::Usual(300),
            Margin::AtLeast(300),
            Margin::AtLeast(i64::MAX),
        ] {
            assert!(!entry.is_fresh(now, margin) || entry.life(now) > 0);
        }
    }
    let listed = cache.entries();
    assert!(found.is_none() || listed.len() == 1);
    assert!(found.is_none() || cache.below(key).contains(&cache.path(key)));
}

fn check_facts(cache: &Cache, now: Timestamp) {
    let limit = cache.limit(NAME, None);
    assert!(limit.is_none_or(|seconds| (3600..=43_200).contains(&seconds)));
    let _ = cache.device(NAME, None);
    if let Some(identity) = cache.identity(NAME, None) {
        let _ = identity.partition();
    }
    if let Some(spent) = cache.spent(NAME, now) {
        assert!(spent.left(now).is_none_or(|left| (1..=30).contains(&left)));
    }
}

/// Whatever a lock file says, it can be taken; while it is held, the wait ends in one printable line.
fn check_lock(cache: &Cache, key: &Key, data: &[u8]) {
    let path = cache.path(key).with_file_name(format!("{}.lock", key.hash));
    write(&path, data);
    let Ok(Turn::Mine(mut lock)) = wait(cache, key) else {
        panic!("nobody holds it");
    };
    lock.tell_person(true);
    lock.tell_failure("fuzz", &Failure::usage("no"));
    lock.tell_success();
    drop(lock);
    let other = File::options()
        .write(true)
        .open(&path)
        .expect("a lock file");
    other.lock().expect("nobody holds it");
    write(&path, data);
    let error = wait(cache, key).expect_err("it is held").to_string();
    assert!(error.starts_with("another stsx "), "{error:?}");
    assert!(
        error.len() < 120 && !error.contains(char::is_control),
        "{error:?}"
    );
}

fn wait(cache: &Cache, key: &Key) -> anyhow::Result<Turn> {
    let mut wait = Wait {
        timeout: Some(Duration::ZERO),
        circumstances: Some("fuzz"),
        on_person: &mut |_| {},
    };
    cache.lock(key, &mut wait)
}

fn check_round_trip(cache: &Cache, key: &Key, text: &str, now: Timestamp) {
    let mut parts = text.split('\n');
    let mut part = || parts.next().map(str::to_owned);
    let entry = Entry {
        target: part().unwrap_or_default(),
        credentials: Credentials {
            access_key_id: part().unwrap_or_default(),
            secret_access_key: Secret::new(part().unwrap_or_default()),
            session_token: part().map(Secret::new),
            expires_at: Some(Timestamp::from_seconds(1_700_003_600)),
            account_id: part(),
        },
        obtained_at: now,
        arn: part(),
        role_arn: part(),
    };
    cache.put(key, &entry).expect("the cache can be written");
    let found = cache.find(key).expect("what was put is found");
    assert_eq!(found.target, entry.target);
    assert_eq!(found.credentials, entry.credentials);
    assert_eq!((&found.arn, &found.role_arn), (&entry.arn, &entry.role_arn));
    check_damage(cache, key, text.as_bytes(), &entry);
}

/// One bit of an entry that changes makes it a miss, or changes nothing.
fn check_damage(cache: &Cache, key: &Key, data: &[u8], entry: &Entry) {
    let path = cache.path(key);
    let mut bytes = fs::read(&path).expect("a file of its own");
    let nth = data.iter().fold(0, |sum: usize, byte| {
        sum.wrapping_mul(31).wrapping_add(usize::from(*byte))
    });
    let place = nth / 8 % bytes.len();
    bytes[place] ^= 1 << (nth % 8);
    write(&path, &bytes);
    if let Some(found) = cache.find(key) {
        assert_eq!(found.target, entry.target);
        assert_eq!(found.credentials, entry.credentials);
        assert_eq!((&found.arn, &found.role_arn), (&entry.arn, &entry.role_arn));
    }
}
