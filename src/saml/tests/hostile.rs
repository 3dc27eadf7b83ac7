//! Documents that were made to hurt, and mutations of a good one: an error or an answer, in bounded time.

use std::time::{Duration, Instant};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use proptest::prelude::*;

use super::{USUAL, WHOSE, at, read};

#[test]
fn bombs_do_not_go_off() {
    let dtd = "has a document type (DTD), which no SAML response has, so it is refused";
    let laughs = "<!DOCTYPE r [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;\"><!ENTITY c \"&b;&b;&b;&b;&b;&b;\">]><r>&c;</r>";
    let file = "<!DOCTYPE r [<!ENTITY x SYSTEM \"file:///etc/hostname\">]><r>&x;</r>";
    let url = "<!DOCTYPE r SYSTEM \"http://127.0.0.1:1/r.dtd\"><r/>";
    let quadratic = format!(
        "<!DOCTYPE r [<!ENTITY a \"{}\">]><r>{}</r>",
        "x".repeat(30_000),
        "&a;".repeat(10_000)
    );
    let deep = |open: &str, close: &str, times: usize| open.repeat(times) + &close.repeat(times);
    let attributes = (0..6000).fold(String::new(), |text, number| {
        text + &format!(" a{number}=''")
    });
    let nested = |most: usize| {
        (0..most).fold(String::new(), |text, number| {
            text + &format!("<a xmlns:n{number}='{number}'>")
        })
    };
    let start = Instant::now();
    for (what, text, said) in [
        ("billion laughs", laughs.to_owned(), dtd),
        ("a file", file.to_owned(), dtd),
        ("a server", url.to_owned(), dtd),
        ("quadratic", quadratic, dtd),
        ("deep", deep("<a>", "</a>", 10_000), "its root is `a`"),
        ("deeper", deep("<a>", "</a>", 25_000), "STS takes 100000"),
        (
            "many",
            format!("<a>{}</a>", "<b/>".repeat(18_000)),
            "its root is `a`",
        ),
        (
            "more",
            format!("<a>{}</a>", "<b/>a".repeat(14_900)),
            "has more than 20000 parts",
        ),
        ("attributes", format!("<a{attributes}/>"), "its root is `a`"),
        (
            "namespaces",
            nested(1001),
            "declares more than 1000 namespaces",
        ),
        ("fewer", nested(1000), "is XML that was cut off"),
    ] {
        let error = read(&text).unwrap_err();
        assert!(error.what.contains(said), "{what}: {error}");
        let packed = STANDARD.encode(text);
        assert!(read(&packed).unwrap_err().what.contains(said), "{what}");
    }
    // Each is a matter of milliseconds; a bomb would be one of hours.
    assert!(start.elapsed() < Duration::from_mins(1));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    /// Bytes of a good response changed, left out and doubled: an answer or an error, and none of it quoted at length.
    #[test]
    fn no_mutation_is_fatal(
        edits in prop::collection::vec((any::<prop::sample::Index>(), 0..4_u8, any::<u8>()), 1..12),
        is_packed in any::<bool>(),
    ) {
        let mut bytes = if is_packed { STANDARD.encode(USUAL).into_bytes() } else { USUAL.as_bytes().to_vec() };
        for (place, kind, byte) in edits {
            let place = place.index(bytes.len());
            match kind {
                0 => bytes[place] = byte,
                1 => { bytes.remove(place); }
                2 => { bytes.insert(place, b"<>&\"'/![]-%= "[usize::from(byte) % 13]); }
                _ => {
                    let tail: Vec<u8> = bytes[place..].iter().take(usize::from(byte) * 4).copied().collect();
                    bytes.splice(place..place, tail);
                }
            }
        }
        let text = String::from_utf8_lossy(&bytes);
        match read(&text) {
            Ok(assertion) => {
                let _ = assertion.check(at(1_700_000_000), WHOSE);
                if let Err(failure) = assertion.grants(WHOSE) {
                    prop_assert!(failure.what.len() < 300);
                }
            }
            Err(failure) => prop_assert!(failure.what.len() < 300, "{failure}"),
        }
    }

    /// The same for any text at all.
    #[test]
    fn no_text_is_fatal(text in any::<String>()) {
        let _ = read(&text);
        let _ = read(&format!("<{text}"));
    }
}
