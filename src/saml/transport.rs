//! What browsers, forms and tools hand over as a SAML response, turned into its XML.

use base64::Engine;
use base64::alphabet::STANDARD as ALPHABET;
use base64::engine::general_purpose::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use percent_encoding::percent_decode_str;
use zeroize::Zeroizing;

use crate::credentials::Secret;

/// Characters of base64 that STS takes:
/// <https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithSAML.html>
const MOST: usize = 100_000;

/// Padding gets lost when people copy.
const LENIENT: GeneralPurpose = GeneralPurpose::new(
    &ALPHABET,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// The XML, and its base64 in one line.
///
/// # Errors
/// Says what it is not, to be put after its name.
pub(super) fn unpacked(text: &str) -> Result<(Zeroizing<String>, Secret), String> {
    let text = text.trim_start_matches('\u{feff}').trim();
    let xml = if text.starts_with('<') {
        Zeroizing::new(text.to_owned())
    } else {
        decoded(form_value(text))?
    };
    let response = Zeroizing::new(STANDARD.encode(xml.as_bytes()));
    if response.len() > MOST {
        return Err(format!(
            "has {} characters in base64; STS takes {MOST}",
            response.len()
        ));
    }
    Ok((xml, Secret::new(response.as_str())))
}

/// The value of `SAMLResponse` in a form's body; any other text is it already.
fn form_value(text: &str) -> &str {
    text.split('&')
        .find_map(|part| part.trim_start().strip_prefix("SAMLResponse="))
        .unwrap_or(text)
}

fn decoded(text: &str) -> Result<Zeroizing<String>, String> {
    // A plus sign is one here: nobody sends a space in base64, so nobody means one.
    let unescaped = percent_decode_str(text);
    let dense: Zeroizing<Vec<u8>> = Zeroizing::new(
        unescaped
            .filter(|byte| !byte.is_ascii_whitespace())
            .collect(),
    );
    let bytes = LENIENT
        .decode(dense.as_slice())
        .map(Zeroizing::new)
        .map_err(|_| "is neither base64 nor XML".to_owned())?;
    let xml = std::str::from_utf8(&bytes)
        .map(|text| text.trim_start_matches('\u{feff}'))
        .ok()
        .filter(|text| text.trim_start().starts_with('<'))
        .ok_or_else(|| "is base64, but not of XML".to_owned())?;
    Ok(Zeroizing::new(xml.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_way_to_hand_it_over_gives_the_same() {
        let xml = "<a>ÿÿ?>~~?</a>";
        let plain = STANDARD.encode(xml);
        assert!(plain.contains('+') && plain.contains('/') && plain.ends_with('='));
        let escaped = plain
            .replace('+', "%2B")
            .replace('/', "%2f")
            .replace('=', "%3D");
        let wrapped = format!("{}\r\n  {}\n", &plain[..7], &plain[7..]);
        for text in [
            xml.to_owned(),
            format!("\u{feff}  {xml}\n"),
            plain.clone(),
            plain.trim_end_matches('=').to_owned(),
            wrapped.replace("\r\n", "%0D%0A"),
            wrapped,
            format!("SAMLResponse={escaped}"),
            format!("RelayState=a%26b&SAMLResponse={escaped}&x=y"),
            escaped,
        ] {
            let (read, response) = unpacked(&text).unwrap();
            assert_eq!(*read, xml, "{text}");
            assert_eq!(response.expose(), plain, "{text}");
        }
    }

    #[test]
    fn what_is_none_is_told_apart() {
        let big = format!("<a>{}</a>", "x".repeat(75_000));
        for (text, reason) in [
            ("", "is base64, but not of XML"),
            ("no base64!", "is neither base64 nor XML"),
            ("AAAA", "is base64, but not of XML"),
            ("//79/A==", "is base64, but not of XML"),
            (&big, "has 100012 characters in base64; STS takes 100000"),
        ] {
            assert_eq!(unpacked(text).unwrap_err(), reason);
        }
    }
}
