//! Web identity tokens: the text as a token, and as the claims of one.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::error::Kind;
use crate::targets::text;
use crate::time::Timestamp;
use crate::web_identity::Claims;

pub(super) fn run(data: &[u8]) {
    let claims = format!("e30.{}.c2ln", URL_SAFE_NO_PAD.encode(data));
    for token in [&*text(data), &claims] {
        let Ok(claims) = Claims::read(token, "the token", Kind::Source) else {
            continue;
        };
        let _ = (claims.issuer(), claims.audience(), claims.subject());
        for seconds in [0, 1_700_000_000, i64::MIN, i64::MAX] {
            let _ = claims.check(Timestamp::from_seconds(seconds), "the token");
        }
    }
}
