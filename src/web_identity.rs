//! Web identity tokens: what a JSON web token says of itself. Its signature is STS's part.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value};

use crate::error::{Failure, Kind};
use crate::time::{Timestamp, spoken};

/// What a token says.
#[derive(Debug)]
pub(crate) struct Claims {
    all: Map<String, Value>,
}

impl Claims {
    /// Reads a token; nothing of it is trusted. `whose` names it in messages.
    ///
    /// # Errors
    /// It is no JWT: a failure of the kind `malformed`.
    pub(crate) fn read(token: &str, whose: &str, malformed: Kind) -> Result<Self, Failure> {
        let parts: Vec<&str> = token.split('.').collect();
        let claims = match parts[..] {
            [header, claims, signature] if !signature.is_empty() => {
                object(header).and(object(claims))
            }
            _ => None,
        };
        claims.map(|all| Self { all }).ok_or_else(|| {
            Failure::new(malformed, format!("{whose} is not a JSON web token (JWT)")).hint(
                "a JWT is three parts in base64url with dots between; an opaque access token is not one: ask the provider for an ID token",
            )
        })
    }

    /// Checks that it has not ended.
    ///
    /// # Errors
    /// It has (exit status 5).
    pub(crate) fn check(&self, now: Timestamp, whose: &str) -> Result<(), Failure> {
        match self.end().filter(|end| *end <= now) {
            None => Ok(()),
            Some(end) => {
                let ago = spoken(now.seconds_since(end));
                let what = format!("{whose} expired at {end}, {ago} ago");
                Err(Failure::new(Kind::Source, what))
            }
        }
    }

    /// Who made it.
    pub(crate) fn issuer(&self) -> Option<&str> {
        self.text("iss")
    }

    /// Whom it was made for, as STS sees it: `azp` comes before `aud`.
    /// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html#condition-keys-wif>
    pub(crate) fn audience(&self) -> Option<&str> {
        self.text("azp").or_else(|| match self.all.get("aud")? {
            Value::Array(several) => several.first()?.as_str(),
            one => one.as_str(),
        })
    }

    /// Whom it speaks of.
    pub(crate) fn subject(&self) -> Option<&str> {
        self.text("sub")
    }

    fn end(&self) -> Option<Timestamp> {
        let end = self.all.get("exp")?;
        #[expect(
            clippy::cast_possible_truncation,
            reason = "a fraction of a second does not count, and too much is the most"
        )]
        let seconds = end.as_i64().or_else(|| Some(end.as_f64()? as i64))?;
        Some(Timestamp::from_seconds(seconds))
    }

    fn text(&self, claim: &str) -> Option<&str> {
        self.all.get(claim)?.as_str()
    }
}

fn object(part: &str) -> Option<Map<String, Value>> {
    let bytes = URL_SAFE_NO_PAD.decode(part.trim_end_matches('=')).ok()?;
    serde_json::from_slice(&bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn token(claims: &str) -> String {
        let part = |text: &str| URL_SAFE_NO_PAD.encode(text);
        format!("{}.{}.c2ln", part("{\"alg\":\"none\"}"), part(claims))
    }

    fn read(token: &str) -> Result<Claims, Failure> {
        Claims::read(token, "the token", Kind::Source)
    }

    #[test]
    fn claims_of_every_shape() {
        let claims = |text: &str| read(&token(text)).unwrap();
        let one = claims(r#"{"iss":"https://i","sub":"s","aud":"a","exp":1700000000}"#);
        assert_eq!(one.issuer(), Some("https://i"));
        assert_eq!((one.subject(), one.audience()), (Some("s"), Some("a")));
        assert_eq!(
            claims(r#"{"aud":["a","b"]}"#).audience(),
            Some("a"),
            "several"
        );
        assert_eq!(claims(r#"{"aud":"a","azp":"z"}"#).audience(), Some("z"));
        let odd = claims(r#"{"aud":[],"sub":7,"exp":"soon"}"#);
        assert_eq!((odd.audience(), odd.subject()), (None, None));
        assert!(odd.check(Timestamp::from_seconds(0), "").is_ok());
    }

    #[test]
    fn a_token_ends() {
        let at = |seconds| Timestamp::from_seconds(seconds);
        for (end, now, is_good) in [
            ("100", 99, true),
            ("100", 100, false),
            ("100.9", 100, false),
            ("1e300", 100, true),
            ("-1e300", 100, false),
            ("null", 100, true),
        ] {
            let claims = read(&token(&format!("{{\"exp\":{end}}}"))).unwrap();
            assert_eq!(claims.check(at(now), "").is_ok(), is_good, "{end} at {now}");
        }
        let claims = read(&token("{\"exp\":1700000000}")).unwrap();
        let error = claims.check(at(1_700_000_090), "the token").unwrap_err();
        assert_eq!(
            error.what,
            "the token expired at 2023-11-14T22:13:20Z, 1m ago"
        );
    }

    #[test]
    fn what_is_no_token_is_told() {
        let good = token("{}");
        for text in [
            "",
            "x",
            "a.b.c",
            "...",
            good.trim_end_matches("c2ln"),
            &format!("{good}.more.parts"),
            &token("[]"),
            &token("{"),
            &good.replace('.', "\n"),
        ] {
            let error = read(text).unwrap_err();
            assert_eq!(
                error.what, "the token is not a JSON web token (JWT)",
                "{text}"
            );
        }
    }
}
