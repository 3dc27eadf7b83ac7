//! OIDC: identity providers somewhere out there, and whether a token is one of theirs. AWS fetches their keys;
//! here they are given. What a provider that makes its tokens here needs is here too.
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_create_oidc.html>

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::errors::Error;
use jsonwebtoken::jwk::{Jwk, JwkSet};
use jsonwebtoken::{Algorithm, DecodingKey, DecodingKeyKind};
use ring::rand::SystemRandom;
use ring::signature::{self, EcdsaKeyPair, KeyPair, RsaPublicKeyComponents, UnparsedPublicKey};
use serde_json::{Map, Value, json};

/// What an identity provider publishes, and the key that it signs with if it is one of the sandbox's own.
#[derive(Clone, Debug, Default)]
pub(crate) struct Issuer {
    keys: JwkSet,
    own: Option<Vec<u8>>,
}

/// What a token says; nothing of it is proven yet.
#[derive(Debug)]
pub(crate) struct Token<'a> {
    text: &'a str,
    claims: Map<String, Value>,
}

impl Issuer {
    /// A provider that publishes these keys (JSON Web Key Set, RFC 7517).
    pub(crate) fn publishing(keys: &str) -> Result<Issuer, serde_json::Error> {
        let keys = serde_json::from_str(keys)?;
        Ok(Issuer { keys, own: None })
    }

    /// A provider with a new key of its own (P-256).
    pub(crate) fn with_own_key() -> Issuer {
        let key = EcdsaKeyPair::generate_pkcs8(
            &signature::ECDSA_P256_SHA256_FIXED_SIGNING,
            &SystemRandom::new(),
        )
        .expect("the system has random numbers");
        let pair = pair(key.as_ref());
        let (x, y) = pair.public_key().as_ref()[1..].split_at(32);
        let jwk = json!({"kty": "EC", "crv": "P-256", "alg": "ES256", "use": "sig", "kid": "own",
            "x": URL_SAFE_NO_PAD.encode(x), "y": URL_SAFE_NO_PAD.encode(y)});
        let jwk: Jwk = serde_json::from_value(jwk).expect("a key of RFC 7517");
        Issuer {
            keys: JwkSet { keys: vec![jwk] },
            own: Some(key.as_ref().to_vec()),
        }
    }

    /// The private key of a provider of the sandbox's own (PKCS #8), which signs ES256 with the key id `own`.
    pub(crate) fn own_key(&self) -> Option<&[u8]> {
        self.own.as_deref()
    }

    /// A token with these claims, if the key is here.
    pub(crate) fn sign(&self, claims: &Value) -> Option<String> {
        let header = json!({"alg": "ES256", "kid": "own", "typ": "JWT"});
        let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let message = format!("{}.{}", part(&header), part(claims));
        let signature = pair(self.own.as_ref()?).sign(&SystemRandom::new(), message.as_bytes());
        let signature = signature.expect("the system has random numbers");
        Some(format!("{message}.{}", URL_SAFE_NO_PAD.encode(signature)))
    }
}

impl<'a> Token<'a> {
    /// Takes a token apart.
    pub(crate) fn read(text: &'a str) -> Result<Token<'a>, Error> {
        jsonwebtoken::decode_header(text)?;
        let claims = jsonwebtoken::dangerous::insecure_decode_claims(text)?;
        Ok(Token { text, claims })
    }

    /// A claim's text.
    pub(crate) fn text(&self, claim: &str) -> Option<&str> {
        self.claims.get(claim)?.as_str()
    }

    /// A claim's time, in seconds since 1970.
    pub(crate) fn time(&self, claim: &str) -> Option<i64> {
        let time = self.claims.get(claim)?;
        #[expect(
            clippy::cast_possible_truncation,
            reason = "RFC 7519 allows fractions of seconds, which do not matter here"
        )]
        let cut = |seconds: f64| seconds as i64;
        time.as_i64().or_else(|| time.as_f64().map(cut))
    }

    /// A claim's texts: one, or a list.
    pub(crate) fn texts(&self, claim: &str) -> Vec<String> {
        self.claims.get(claim).map(texts).unwrap_or_default()
    }

    /// All claims.
    pub(crate) fn claims(&self) -> &Map<String, Value> {
        &self.claims
    }

    /// Was it signed with a key that the issuer publishes? Nothing if it publishes no such key.
    pub(crate) fn signed_by(&self, issuer: &Issuer) -> Option<bool> {
        let header = jsonwebtoken::decode_header(self.text).ok()?;
        let key = match &header.kid {
            Some(id) => issuer.keys.find(id),
            None => issuer.keys.keys.first(),
        };
        let key = DecodingKey::from_jwk(key?).ok()?;
        let (message, signature) = self.text.rsplit_once('.')?;
        let Ok(signature) = URL_SAFE_NO_PAD.decode(signature) else {
            return Some(false);
        };
        Some(verifies(header.alg, &key, message.as_bytes(), &signature))
    }
}

/// A text, or the texts of a list.
pub(crate) fn texts(value: &Value) -> Vec<String> {
    let text = |value: &Value| value.as_str().map(str::to_owned);
    match value {
        Value::Array(many) => many.iter().filter_map(text).collect(),
        one => text(one).into_iter().collect(),
    }
}

/// The six algorithms that IAM takes.
fn verifies(algorithm: Algorithm, key: &DecodingKey, message: &[u8], signature: &[u8]) -> bool {
    match key.kind() {
        DecodingKeyKind::RsaModulusExponent { n, e } => {
            let parameters = match algorithm {
                Algorithm::RS256 => &signature::RSA_PKCS1_2048_8192_SHA256,
                Algorithm::RS384 => &signature::RSA_PKCS1_2048_8192_SHA384,
                Algorithm::RS512 => &signature::RSA_PKCS1_2048_8192_SHA512,
                _ => return false,
            };
            let key = RsaPublicKeyComponents { n, e };
            key.verify(parameters, message, signature).is_ok()
        }
        DecodingKeyKind::SecretOrDer(point) => {
            let parameters = match algorithm {
                Algorithm::ES256 => &signature::ECDSA_P256_SHA256_FIXED,
                Algorithm::ES384 => &signature::ECDSA_P384_SHA384_FIXED,
                _ => return false,
            };
            let key = UnparsedPublicKey::new(parameters, point);
            key.verify(message, signature).is_ok()
        }
    }
}

fn pair(key: &[u8]) -> EcdsaKeyPair {
    let algorithm = &signature::ECDSA_P256_SHA256_FIXED_SIGNING;
    EcdsaKeyPair::from_pkcs8(algorithm, key, &SystemRandom::new()).expect("made here")
}
