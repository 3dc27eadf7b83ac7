//! Identity providers of the tests' own: somebody out there whose tokens AWS is asked to believe.

use serde_json::{Value, json};

use super::Sandbox;
use super::oidc::Issuer;

impl Sandbox {
    /// Makes an OIDC provider in this account for an issuer (`https://idp.example.com/tenant`), which is from
    /// now on known to publish these keys (a JSON Web Key Set). Returns the provider's ARN.
    pub(crate) fn oidc(
        &self,
        account: &str,
        issuer: &str,
        audiences: &[&str],
        jwks: &str,
    ) -> String {
        let keys = Issuer::publishing(jwks).expect("a JSON Web Key Set");
        self.lock().issuers.insert(issuer.to_owned(), keys);
        self.trust_issuer(account, issuer, audiences)
    }

    /// A signed token of an issuer that the sandbox plays itself, trusted by this account as of now. What the claims
    /// leave out is filled in: `iss`, `aud` (`stsx`), `sub` (`James`), `iat` (now), `exp` (in an hour); `null` leaves a
    /// claim away.
    pub(crate) fn web_token(&self, account: &str, issuer: &str, claims: &Value) -> String {
        let now = self.clock().now().as_second();
        let mut all = json!({
            "iss": issuer, "aud": "stsx", "sub": "James", "iat": now, "exp": now + 3600,
        });
        let filled = all.as_object_mut().expect("just made");
        for (claim, value) in claims.as_object().expect("claims are an object") {
            filled.insert(claim.clone(), value.clone());
        }
        filled.retain(|_, value| !value.is_null());
        self.issuer_key(issuer);
        self.trust_issuer(account, issuer, &["stsx"]);
        let mut world = self.lock();
        let token = world.issuers[issuer].sign(&all);
        let token = token.expect("an issuer that the sandbox plays");
        world.secrets.push(token.clone());
        token
    }

    /// The private key (PKCS #8, P-256) of an issuer that the sandbox plays from now on, for tokens that are signed
    /// elsewhere: ES256, key id `own`.
    pub(crate) fn issuer_key(&self, issuer: &str) -> Vec<u8> {
        let mut world = self.lock();
        let known = world.issuers.entry(issuer.to_owned());
        let key = known.or_insert_with(Issuer::with_own_key).own_key();
        key.expect("an issuer that the sandbox plays").to_vec()
    }

    fn trust_issuer(&self, account: &str, issuer: &str, audiences: &[&str]) -> String {
        let host = issuer.trim_start_matches("https://");
        let arn = self
            .lock()
            .arn("iam", account, &format!("oidc-provider/{host}"));
        self.account(account);
        if self.lock().accounts[account].oidc.contains_key(&arn) {
            return arn;
        }
        let numbered = |at| format!("ClientIDList.member.{}", at + 1);
        let names: Vec<String> = (0..audiences.len()).map(numbered).collect();
        let mut parameters = vec![("Url", issuer)];
        parameters.extend(
            names
                .iter()
                .map(String::as_str)
                .zip(audiences.iter().copied()),
        );
        let made = self.iam(account, "CreateOpenIDConnectProvider", &parameters);
        made.expect("an issuer's URL starts with https://");
        arn
    }
}
