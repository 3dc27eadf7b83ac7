//! The forward proxies that variables name. The SDK's HTTP client reads the same variables, and `NO_PROXY`; it passes
//! over a URL that it cannot read, and would go past the proxy then. Here that is an error, and proxies get a name.

use std::fmt;

use anyhow::Result;

use crate::env::{self, Env};
use crate::error::Failure;

/// The proxies for `https://` and for `http://`.
#[derive(Clone, Debug, Default)]
pub(crate) struct Proxies {
    https: Option<Proxy>,
    http: Option<Proxy>,
}

/// One proxy, without the user and password that its URL may hold.
#[derive(Clone, Debug)]
pub(crate) struct Proxy {
    variable: &'static str,
    /// Nothing where the URL cannot be read.
    url: Option<String>,
}

impl Proxies {
    /// Reads the variables, in the order of the SDK's HTTP client.
    pub(crate) fn settle(env: &Env) -> Self {
        Self {
            https: Proxy::first(&env::HTTPS_PROXIES, env),
            http: Proxy::first(&env::HTTP_PROXIES, env),
        }
    }

    /// The proxy that leads to AWS's own endpoints.
    pub(crate) fn https(&self) -> Option<&Proxy> {
        self.https.as_ref()
    }

    /// The proxy that leads to endpoints without TLS.
    pub(crate) fn http(&self) -> Option<&Proxy> {
        self.http.as_ref()
    }

    /// Refuses a URL that would not be used; `is_plain` says that no call uses TLS.
    ///
    /// # Errors
    /// Names the variable, not what it holds.
    pub(crate) fn check(&self, is_plain: bool) -> Result<()> {
        let used = if is_plain { &self.http } else { &self.https };
        match used {
            Some(Proxy {
                variable,
                url: None,
            }) => Err(Failure::usage(format!(
                "${variable}: the proxy is not written like http://HOST:PORT or http://USER:PASSWORD@HOST:PORT"
            ))
            .hint("in a user or password, write %40 for @, %3A for :, %2F for / and %23 for #")
            .into()),
            _ => Ok(()),
        }
    }
}

impl Proxy {
    fn first(variables: &[&'static str], env: &Env) -> Option<Self> {
        let named = |variable: &&'static str| Some((*variable, env.value(variable)?));
        let (variable, text) = variables.iter().find_map(named)?;
        Some(Self {
            variable,
            url: shown(text),
        })
    }
}

impl fmt::Display for Proxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.url {
            Some(url) => write!(f, "the proxy {url} (${})", self.variable),
            None => write!(f, "the proxy of ${}", self.variable),
        }
    }
}

/// A proxy's URL without user and password; nothing where the HTTP client cannot use it.
fn shown(text: &str) -> Option<String> {
    let (scheme, rest) = text.split_once("://").unwrap_or(("http", text));
    let is_http = scheme.eq_ignore_ascii_case("http") || scheme.eq_ignore_ascii_case("https");
    let authority = rest.split(['/', '?', '#']).next()?;
    let (user, host) = authority.rsplit_once('@').unwrap_or(("", authority));
    let is_user = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~%!$&'()*+,;=:".contains(&byte);
    let is_host = |byte: u8| byte.is_ascii_alphanumeric() || b"-._[]:".contains(&byte);
    let port = match host.rsplit_once(':') {
        Some((_, port)) if !port.contains(']') => port,
        _ => "80",
    };
    let is_good = is_http
        && user.bytes().all(is_user)
        && host.bytes().all(is_host)
        && !host.starts_with(':')
        && !host.is_empty()
        && port.parse::<u16>().is_ok();
    is_good.then(|| format!("{}://{host}", scheme.to_ascii_lowercase()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn proxies_are_shown_without_their_password() {
        for (text, url) in [
            ("http://proxy:3128", Some("http://proxy:3128")),
            ("proxy:3128", Some("http://proxy:3128")),
            ("http://proxy", Some("http://proxy")),
            (
                "HTTPS://u:p%40%23@proxy.example:8443/",
                Some("https://proxy.example:8443"),
            ),
            ("http://[::1]:3128", Some("http://[::1]:3128")),
            ("http://[::1]", Some("http://[::1]")),
            ("http://u:p@ss@proxy:3128", None),
            ("http://u:p/ss@proxy:3128", None),
            ("http://u:p#ss@proxy:3128", None),
            ("socks5://proxy:1080", None),
            ("http://proxy:port", None),
            ("http://:3128", None),
            ("http://", None),
            ("a proxy", None),
        ] {
            assert_eq!(shown(text).as_deref(), url, "{text}");
        }
    }
}
