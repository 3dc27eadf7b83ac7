//! The document of a `credential_process`: no panic, and not a word of it in an error.

use crate::process::read;
use crate::targets::text;
use crate::time::Timestamp;

pub(super) fn run(data: &[u8]) {
    let text = text(data);
    for seconds in [0, 1_700_000_000] {
        match read("a command", &text, Timestamp::from_seconds(seconds)) {
            Ok(credentials) => {
                assert!(!credentials.access_key_id.is_empty());
                assert!(credentials.outlives(Timestamp::from_seconds(seconds), 0));
            }
            Err(error) => assert!(format!("{error:#}").len() < 120, "{error:#}"),
        }
    }
}
