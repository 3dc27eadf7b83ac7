//! One manual page, in the language of roff.

use anyhow::{Context, Result};
use clap::Command;
use clap_mangen::Man;
use clap_mangen::roff::{Roff, bold, roman};

use crate::cli::examples;

/// The section of commands of users.
const SECTION: &str = "1";

const EXIT_STATUSES: [(&str, &str); 9] = [
    ("0", "It is done."),
    ("1", "AWS or the network said no."),
    ("2", "The command line or a file is wrong."),
    (
        "3",
        "A person is needed, and there is no terminal to ask one.",
    ),
    ("4", "AWS answered AccessDenied."),
    ("5", "The source credentials are expired or not valid."),
    ("126", "The command of stsx exec cannot be run."),
    ("127", "The command of stsx exec does not exist."),
    (
        "130",
        "It was interrupted, or nothing was chosen from a list.",
    ),
];

/// The page of a command that was built.
///
/// # Errors
/// None that can be named: it is written to memory.
pub(super) fn of(command: &Command) -> Result<String> {
    let man = Man::new(command.clone());
    let mut page = Vec::new();
    man.render_name_section(&mut page)
        .and_then(|()| synopsis(command).to_writer(&mut page))
        .and_then(|()| man.render_description_section(&mut page))
        .and_then(|()| man.render_options_section(&mut page))
        .and_then(|()| {
            if command.has_subcommands() {
                man.render_subcommands_section(&mut page)?;
            }
            Ok(())
        })
        .and_then(|()| further(command).to_writer(&mut page))
        .context("the page")?;
    let page = String::from_utf8(page).context("the page")?;
    // Each piece begins with the same definitions.
    let definitions = Roff::new().render();
    let page = page.replace(&definitions, "");
    // A paragraph before possible values; `clap_mangen` writes what mandoc warns of.
    let page = page.replace("\n.br\n\n.br\n", "\n.sp\n");
    Ok(in_ascii(&format!("{definitions}{}{page}", title(command))))
}

/// Other characters by their numbers: not every roff reads UTF-8.
fn in_ascii(page: &str) -> String {
    let written = page.chars().map(|char| {
        if char.is_ascii() {
            char.to_string()
        } else {
            format!("\\[u{:04X}]", u32::from(char))
        }
    });
    written.collect()
}

/// The first line. (The page has no date: it is that of the binary. `roff` leaves out what is empty.)
fn title(command: &Command) -> String {
    let (name, version) = (page_name(command).to_uppercase(), env!("CARGO_PKG_VERSION"));
    format!(".TH \"{name}\" \"{SECTION}\" \"\" \"stsx {version}\" \"Manual of stsx\"\n")
}

fn synopsis(command: &Command) -> Roff {
    let usage = command.clone().render_usage().to_string();
    let mut page = Roff::new();
    page.control("SH", ["SYNOPSIS"]);
    for (index, line) in usage.trim_start_matches("Usage:").lines().enumerate() {
        if index > 0 {
            page.control("br", []);
        }
        page.text([roman(line.trim())]);
    }
    page
}

/// What the file of a command's page is called: `stsx-cache-list.1`.
pub(super) fn file_name(command: &Command) -> String {
    format!("{}.{SECTION}", page_name(command))
}

fn page_name(command: &Command) -> &str {
    command.get_display_name().unwrap_or(command.get_name())
}

/// The sections after those of the options.
fn further(command: &Command) -> Roff {
    let mut page = Roff::new();
    let help = command.get_after_help().map(ToString::to_string);
    let lines = help
        .as_deref()
        .and_then(|help| help.strip_prefix(examples::HEADING));
    let lines = lines
        .unwrap_or_default()
        .lines()
        .filter(|line| !line.trim().is_empty());
    section(&mut page, "EXAMPLES", lines.map(examples::parts));
    if command.get_name() == "stsx" {
        section(&mut page, "EXIT STATUS", EXIT_STATUSES.into_iter());
    } else {
        page.control("SH", ["SEE ALSO"]);
        page.text([bold("stsx"), roman("(1)")]);
    }
    page
}

fn section<'a>(page: &mut Roff, name: &str, rows: impl Iterator<Item = (&'a str, &'a str)>) {
    let mut rows = rows.peekable();
    if rows.peek().is_some() {
        page.control("SH", [name]);
    }
    for (head, words) in rows {
        page.control("TP", []);
        page.text([bold(head)]);
        page.text([roman(words)]);
    }
}
