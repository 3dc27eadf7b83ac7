//! File systems without locks, and locks that cannot be had, cost a call more and nothing else.

use std::fs;

use super::{calls, home, locks};
use crate::support::{Home, installed};

/// The system calls of these names fail, on these files only.
fn failing(home: &Home, calls: &str, error: &str, path: &str) {
    let script = format!(
        "strace -f -o trace {path} -e inject={calls}:error={error} stsx process prod --refresh"
    );
    home.sh(&script)
        .stdout_has("ASIA")
        .stderr("")
        .calls(["AssumeRole"])
        .status(0);
    let trace = fs::read_to_string(home.path("trace")).expect("strace wrote it");
    assert!(trace.contains("(INJECTED)"), "{calls} {error}\n{trace}");
}

#[test]
fn without_locks_it_costs_a_call_more() {
    if !installed("strace") {
        return;
    }
    let home = home();
    home.run(["process", "prod"]).stdout_has("ASIA").status(0);
    let lock = format!("-P {}", locks(&home)[0].display());
    for error in ["ENOLCK", "EOPNOTSUPP", "EIO", "ESTALE", "EINTR", "ENOSYS"] {
        failing(&home, "flock", error, "");
    }
    for error in [
        "EACCES", "ENOLCK", "EROFS", "EIO", "ESTALE", "ENOSPC", "EMFILE",
    ] {
        failing(&home, "openat", error, &lock);
    }
    for error in ["EIO", "ESTALE", "ENOSPC"] {
        failing(&home, "read,write,lseek,ftruncate", error, &lock);
    }
}

#[test]
fn who_waits_goes_on_when_the_locks_are_gone() {
    if !installed("strace") {
        return;
    }
    let home = home();
    home.sandbox()
        .on("AssumeRole")
        .slow(super::PATIENCE)
        .times(1);
    let holder = home.spawn(["process", "prod"]);
    super::until_called(&home);
    home.sh("strace -f -o trace -e inject=flock:error=ESTALE:when=3+ stsx process prod")
        .stdout_has("ASIA")
        .stderr("")
        .calls(["AssumeRole"])
        .status(0);
    super::signal(&home, "KILL", holder.id());
    holder.wait().stdout("").signal(9);
    assert_eq!(calls(&home).len(), 2);
}

#[test]
fn something_else_in_the_place_of_the_lock_is_no_lock() {
    let home = home();
    home.run(["process", "prod"]).stdout_has("ASIA").status(0);
    let lock = locks(&home)[0].display().to_string();
    for make in ["mkdir", "mkfifo", "ln -s /dev/zero", "ln -s nowhere"] {
        home.sh(&format!("rm -rf {lock}; {make} {lock}")).status(0);
        home.run(["process", "prod", "--refresh"])
            .stdout_has("ASIA")
            .stderr("")
            .calls(["AssumeRole"])
            .status(0);
    }
}
