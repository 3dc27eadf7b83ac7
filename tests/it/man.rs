//! The manual pages: whole, clean for those who set them, and where `man` looks.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use crate::support::{Home, installed};

const PLACE: &str = ".local/share/man/man1";

/// The names of the installed pages.
fn pages(home: &Home) -> Vec<String> {
    let files = fs::read_dir(home.path(PLACE)).expect("pages were installed");
    let names = files.map(|file| file.expect("a file").file_name().into_string());
    let mut names: Vec<String> = names.map(|name| name.expect("UTF-8")).collect();
    names.sort();
    names
}

#[test]
fn every_command_has_a_page_that_all_may_read() {
    let home = Home::new();
    for _ in 0..2 {
        home.run(["man", "--install"])
            .stdout_has(&format!(" pages in [HOME]/{PLACE}\n"))
            .status(0);
    }
    let pages = pages(&home);
    for page in [
        "stsx.1",
        "stsx-assume.1",
        "stsx-cache.1",
        "stsx-cache-list.1",
    ] {
        assert!(pages.iter().any(|name| name == page), "{page}: {pages:?}");
        let file = home.path(PLACE).join(page);
        let mode = fs::metadata(&file)
            .expect("it is there")
            .permissions()
            .mode();
        assert_eq!(mode & 0o777, 0o644, "{page}");
        let text = fs::read_to_string(&file).expect("text");
        for section in ["NAME", "SYNOPSIS", "DESCRIPTION", "EXAMPLES"] {
            assert!(
                text.contains(&format!("\n.SH {section}\n")),
                "{page}: {section}"
            );
        }
    }
    assert!(!pages.iter().any(|name| name.contains("help")), "{pages:?}");
}

#[test]
fn a_page_is_printed_as_it_is_installed() {
    let home = Home::new();
    home.run(["man", "--install", "pages"])
        .stdout_has("")
        .status(0);
    let page = fs::read_to_string(home.path("pages/stsx-cache-list.1")).expect("a page");
    home.run(["man", "cache", "list"]).stdout(&page).status(0);
    home.run(["man", "process"])
        .stdout_has(".TH \"STSX-CREDENTIAL-PROCESS\" \"1\"")
        .status(0);
}

#[test]
fn those_who_set_pages_have_nothing_to_say() {
    let home = Home::new();
    home.run(["man", "--install"]).stdout_has("").status(0);
    for page in pages(&home) {
        let page = format!("{PLACE}/{page}");
        if installed("groff") {
            home.program("groff", ["-man", "-Tutf8", "-ww", "-z", &page])
                .stdout("")
                .status(0);
        }
        if installed("mandoc") {
            // A page has no date: it is as old as its binary.
            home.sh(&format!(
                "mandoc -Tlint -W warning {page} | grep -v 'missing date'"
            ))
            .stdout("")
            .status(1);
        }
    }
}

#[test]
fn man_finds_them() {
    if !installed("man") {
        return;
    }
    let home = Home::new().env("MANPAGER", "col -bx").env("MANWIDTH", "80");
    home.run(["man", "--install"]).stdout_has("").status(0);
    home.sh("MANPATH=$HOME/.local/share/man man stsx-whoami")
        .stdout_has("sts:GetCallerIdentity")
        .stdout_has("stsx whoami --format json")
        .status(0);
    home.console(["man", "whoami"])
        .wait()
        .screen_has("STSX-WHOAMI(1)")
        .status(0);
}

#[test]
fn without_man_the_page_itself_is_the_answer() {
    let home = Home::new().env("PATH", "/nowhere");
    home.console(["man", "whoami"])
        .wait()
        .screen_has(".SH EXAMPLES")
        .status(0);
}

#[test]
fn what_cannot_be_is_an_error() {
    let home = Home::new().file("file", "");
    home.run(["man", "asume"])
        .stdout("")
        .stderr_has("stsx: `asume` is not a command of `stsx`\nhint: its commands are assume, ")
        .status(2);
    home.run(["man", "cache", "list", "x"])
        .stdout("")
        .stderr("stsx: `x` is not a command of `stsx cache list`\n")
        .status(2);
    home.run(["man", "--install", "file"])
        .stdout("")
        .stderr_has("stsx: cannot write the pages to file: ")
        .status(1);
}
