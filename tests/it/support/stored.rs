//! What stands in the files of the cache: `{"sum":"SHA-256 in hex","entry":…}`.

use std::fmt::Write;
use std::fs;
use std::path::Path;

use jiff::{SignedDuration, Timestamp};
use sha2::{Digest, Sha256};

/// Changes the entry in a file.
#[track_caller]
pub(super) fn edit(path: &Path, change: impl FnOnce(&str) -> String) {
    let text = fs::read_to_string(path).expect("the file is ours");
    let (_, entry) = text.split_once(r#","entry":"#).expect("it is sealed");
    let entry = entry.strip_suffix('}').expect("it is sealed");
    fs::write(path, sealed(&change(entry))).expect("the file is ours");
}

/// The JSON text with the time of this member moved; all else stays as it was written, byte for byte.
pub(super) fn earlier(json: &str, member: &str, seconds: i64) -> String {
    let (before, rest) = json
        .split_once(&format!("\"{member}\":\""))
        .expect("the entry has this member");
    let (time, after) = rest
        .split_once('"')
        .expect("a text ends with a quotation mark");
    let time: Timestamp = time.parse().expect("a time in RFC 3339");
    format!(
        "{before}\"{member}\":\"{}\"{after}",
        time - SignedDuration::from_secs(seconds)
    )
}

/// The content of a file for this entry, as stsx itself would write it.
fn sealed(entry: &str) -> String {
    let mut sum = String::new();
    for byte in Sha256::digest(entry) {
        write!(sum, "{byte:02x}").expect("a string takes every text");
    }
    format!(r#"{{"sum":"{sum}","entry":{entry}}}"#)
}
