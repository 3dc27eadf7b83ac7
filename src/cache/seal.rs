//! What stands in a file of the cache, under a checksum: `{"sum":"SHA-256 in hex","entry":…}`.
//!
//! What was altered, cut short or never reached the disk does not pass for credentials. The layout
//! is fixed to the byte, so that a reader looks for nothing; it is JSON for whoever looks at it.

use anyhow::{Context, Result, ensure};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use crate::plan::hex;

const HEAD: &[u8] = br#"{"sum":""#;
const MIDDLE: &[u8] = br#"","entry":"#;
const END: &[u8] = b"}";
const SUM: usize = 64;

/// The content of a file for this entry.
pub(super) fn seal(entry: &[u8]) -> Zeroizing<Vec<u8>> {
    let sum = sum(entry);
    Zeroizing::new([HEAD, sum.as_bytes(), MIDDLE, entry, END].concat())
}

/// The entry in the content of a file.
///
/// # Errors
/// It is not as `seal` made it.
pub(super) fn open(content: &[u8]) -> Result<&[u8]> {
    let (found, entry) = parts(content).context("damaged")?;
    ensure!(
        found == sum(entry).as_bytes(),
        "damaged: its checksum differs"
    );
    Ok(entry)
}

fn parts(content: &[u8]) -> Option<(&[u8], &[u8])> {
    let (sum, rest) = content.strip_prefix(HEAD)?.split_at_checked(SUM)?;
    Some((sum, rest.strip_prefix(MIDDLE)?.strip_suffix(END)?))
}

fn sum(entry: &[u8]) -> String {
    hex(&Sha256::digest(entry))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_sealed_opens() {
        for entry in [&b""[..], b"3600", br#""}""#, br#"{"a":"\u00e9"}"#] {
            assert_eq!(open(&seal(entry)).unwrap(), entry);
        }
    }

    #[test]
    fn nothing_else_opens() {
        let whole = seal(br#"{"access_key_id":"ASIA","arn":null}"#);
        for at in 0..whole.len() {
            assert!(open(&whole[..at]).is_err(), "cut at {at}");
            for bit in 0..8 {
                let mut altered = whole.clone();
                altered[at] ^= 1 << bit;
                assert!(open(&altered).is_err(), "bit {bit} of byte {at}");
            }
        }
        let longer = [&whole[..], b"}"].concat();
        assert!(open(&longer).is_err() && open(&[&whole[..], &whole].concat()).is_err());
    }
}
