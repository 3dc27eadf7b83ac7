//! The targets by name. One binary holds all of them, since the modules of stsx would be built anew for each;
//! `STSX_FUZZ` names the one that runs.

use std::borrow::Cow;
use std::sync::OnceLock;

mod cache;
mod denial;
mod forms;
mod output;
mod plan;
mod process;
mod profiles;
mod saml;
mod settings;
mod shell;
mod terminal;
mod token;

type Target = fn(&[u8]);

const TARGETS: [(&str, Target); 12] = [
    ("cache", cache::run),
    ("denial", denial::run),
    ("forms", forms::run),
    ("output", output::run),
    ("plan", plan::run),
    ("process", process::run),
    ("profiles", profiles::run),
    ("saml", saml::run),
    ("settings", settings::run),
    ("shell", shell::run),
    ("terminal", terminal::run),
    ("token", token::run),
];

/// Runs the chosen target once.
pub(crate) fn run(data: &[u8]) {
    static CHOSEN: OnceLock<Target> = OnceLock::new();
    CHOSEN.get_or_init(chosen)(data);
}

fn chosen() -> Target {
    let names = || TARGETS.map(|(name, _)| name).join(", ");
    let wanted = std::env::var("STSX_FUZZ").unwrap_or_default();
    TARGETS
        .into_iter()
        .find(|(name, _)| *name == wanted)
        .unwrap_or_else(|| panic!("STSX_FUZZ is to be one of {}", names()))
        .1
}

/// The bytes as a text, whatever they are.
fn text(data: &[u8]) -> Cow<'_, str> {
    String::from_utf8_lossy(data)
}

/// The text in pieces, cut at lines of `%%`; the last one has the rest, those that are missing are empty.
fn pieces<const N: usize>(text: &str) -> [&str; N] {
    let mut rest = text.splitn(N, "\n%%\n");
    [(); N].map(|()| rest.next().unwrap_or_default())
}

/// The numbers of the lines of a text. (One more than it has: an error may be that nothing follows.)
fn lines(text: &str) -> std::ops::RangeInclusive<usize> {
    1..=text.split('\n').count()
}
