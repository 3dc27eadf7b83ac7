//! Nobody answered, or only a proxy did: what stood in the way, in words.

use std::error::Error;
use std::fmt;

use crate::aws::{Refusal, Session, hint};

impl Session {
    /// Nobody answered.
    pub(super) fn network(&self, place: &str, error: &(dyn Error + 'static)) -> Refusal {
        const TUNNEL: &str = "tunnel error: ";
        let cause = root_cause(error);
        let (what, hint) = match self.connection.proxies.https() {
            Some(proxy) if is_said(error, TUNNEL) => {
                let cause = cause.rsplit(TUNNEL).next().unwrap_or_default();
                let said = match cause {
                    "unsuccessful" => "it opens no way there",
                    cause => cause,
                };
                let what = format!("cannot reach {place} through {proxy}: {said}");
                (what, hint::of_proxy(cause))
            }
            _ => (
                format!("cannot reach {place}: {cause}"),
                hint::of_network(&cause),
            ),
        };
        Refusal::unreached(what, hint)
    }

    /// The proxy for `http://` wants another user, or one at all.
    pub(super) fn shut_out(&self, place: &str) -> Refusal {
        const CAUSE: &str = "proxy authorization required";
        let proxy = self.connection.proxies.http();
        let proxy = proxy.map_or_else(|| "a proxy".to_owned(), ToString::to_string);
        let what = format!("cannot reach {place} through {proxy}: {CAUSE}");
        Refusal::unreached(what, hint::of_proxy(CAUSE))
    }
}

/// No answer came while there was time.
#[derive(Debug)]
pub(super) struct Late;

impl fmt::Display for Late {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("no answer in time")
    }
}

impl Error for Late {}

/// Whether an error, or one of its causes, begins with these words.
fn is_said(error: &(dyn Error + 'static), words: &str) -> bool {
    error.to_string().starts_with(words)
        || error.source().is_some_and(|cause| is_said(cause, words))
}

/// The innermost words of an error, which say what really happened.
pub(super) fn root_cause(error: &(dyn Error + 'static)) -> String {
    let mut texts = vec![error.to_string()];
    let mut next = error.source();
    while let Some(cause) = next {
        texts.push(cause.to_string());
        next = cause.source();
    }
    texts.dedup();
    let last = texts.pop().unwrap_or_default();
    match texts.pop() {
        // The layer above often names the step: "tcp connect error", "dns error".
        Some(step) if step.len() < 40 && !step.contains(&last) => format!("{step}: {last}"),
        _ => last,
    }
}
