//! SAML responses in every wrapping: no panic, no long quotation in an error, and the same statement whether the XML
//! comes bare or in base64.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::error::{Failure, Kind};
use crate::saml::{Assertion, listed};
use crate::targets::text;
use crate::time::Timestamp;

const WHOSE: &str = "the assertion";

pub(super) fn run(data: &[u8]) {
    let text = text(data);
    let read = Assertion::read(&text, WHOSE, Kind::Usage);
    match &read {
        Ok(assertion) => {
            check(assertion);
            assert!(STANDARD.decode(assertion.response.expose()).is_ok());
            let again = Assertion::read(assertion.response.expose(), WHOSE, Kind::Usage);
            assert_eq!(
                format!("{assertion:?}"),
                format!("{:?}", again.expect("it was read before"))
            );
        }
        Err(failure) => check_failure(failure),
    }
    let trimmed = text.trim_start_matches('\u{feff}').trim();
    if trimmed.starts_with('<') {
        let form = format!("RelayState=x&SAMLResponse={}", STANDARD.encode(trimmed));
        let other = Assertion::read(&form, WHOSE, Kind::Usage);
        assert_eq!(format!("{read:?}"), format!("{other:?}"));
    }
}

fn check(assertion: &Assertion) {
    for seconds in [0, 1_700_000_000, i64::MAX, i64::MIN] {
        if let Err(failure) = assertion.check(Timestamp::from_seconds(seconds), WHOSE) {
            check_failure(&failure);
        }
    }
    let seconds = assertion.session_seconds();
    assert!(seconds.is_none_or(|seconds| (900..=43_200).contains(&seconds)));
    let _ = assertion.condition_keys();
    match assertion.grants(WHOSE) {
        Ok(grants) => {
            assert_eq!(listed(grants).len(), grants.len());
            for grant in grants {
                let chosen = assertion.grant(&grant.role, Some(&grant.provider), WHOSE);
                assert_eq!(chosen.expect("it opens this role"), *grant);
            }
        }
        Err(failure) => check_failure(&failure),
    }
}

/// A response is a secret, and may be of any length.
fn check_failure(failure: &Failure) {
    for line in failure.details.iter().chain([&failure.what]) {
        assert!(line.chars().count() < 400, "{line}");
    }
}
