//! Memory: no core dump is written, nobody else looks, and what is not needed any more is not there any more.

use std::fs::{self, File};
use std::io::Write;
use std::os::unix::fs::FileExt;
use std::time::{Duration, Instant};

use super::{are_root, home, profile};
use crate::support::{ACCOUNT, DEVICE, Home, installed, keys, profile_of};

const UNLIMITED: &str = "ulimit -c unlimited 2>/dev/null || exit 99; ";

/// Whether a crash leaves a file here.
fn dumps(home: &Home) -> bool {
    let run = home.sh(&format!(
        "{UNLIMITED} sh -c 'kill -QUIT $$'; ls core*; rm -f core*"
    ));
    let is_dumped = run.out.contains("core");
    if !is_dumped {
        // Not `eprintln!`, which is captured: `tests/run` gathers these lines.
        let _ = std::io::stderr().write_all(b"skipped: this system writes no core dumps here\n");
    }
    drop(run.stdout_has("").stderr_has("").status(0));
    is_dumped
}

#[test]
fn a_crash_leaves_no_core_and_the_command_of_exec_keeps_its_own() {
    let home = home();
    if !dumps(&home) {
        return;
    }
    // The command is stopped by nobody: it ends the stsx that waits for it.
    let home = home
        .config(&format!(
            "{}[profile tool]\ncredential_process = sh end.sh\n",
            profile("")
        ))
        .file("end.sh", "kill -QUIT $PPID");
    home.sh(&format!("{UNLIMITED} stsx process tool; echo $?; ls"))
        .stdout("131\nend.sh\ntmp\n")
        .stderr_has("")
        .status(0);
    // On the cached path, too: between the read of the entry and the answer.
    home.run(["process", "prod"]).stdout_has("ASIA").status(0);
    if installed("strace") {
        let stop =
            "strace -qq -o trace -e inject=write:signal=QUIT:when=1 stsx process prod >/dev/null";
        home.sh(&format!("{UNLIMITED} {stop}; echo $?; ls"))
            .stdout("131\nend.sh\ntmp\ntrace\n")
            .stderr_has("")
            .status(0);
    }
    let inner = "ulimit -c; kill -QUIT $$";
    home.sh(&format!(
        "{UNLIMITED} stsx exec prod -- sh -c '{inner}'; ls core*"
    ))
    .stdout_has("unlimited\ncore")
    .stderr_has("")
    .status(0);
}

#[test]
fn others_of_the_same_user_do_not_look() {
    if !are_root() {
        return;
    }
    // As root nothing is shut.
    let look = "cat /proc/$$/environ >/dev/null && echo mine >looked\ncat /proc/$PPID/environ >/dev/null && echo stsx >>looked";
    let home = Home::new()
        .config("[profile tool]\ncredential_process = sh look.sh\n")
        .file("look.sh", look);
    let nobody = "setpriv --reuid 65534 --regid 65534 --clear-groups --no-new-privs";
    home.sh(&format!(
        "cp $(command -v stsx) me; chown -R 65534:65534 $HOME; exec {nobody} ./me process tool"
    ))
    .stdout("")
    .stderr_has("Permission denied")
    .status(5);
    let looked = fs::read_to_string(home.path("looked")).expect("it looked");
    assert_eq!(looked, "mine\n");
}

#[test]
fn a_sandbox_that_refuses_the_guard_is_no_obstacle() {
    if !installed("strace") {
        return;
    }
    let refuse = "strace -f -qq -o trace -e inject=prctl:error=EPERM";
    let home = home();
    for _ in ["fresh", "cached"] {
        home.sh(&format!("{refuse} stsx process prod"))
            .stdout_has("ASIA")
            .status(0);
        let trace = fs::read_to_string(home.path("trace")).expect("strace wrote it");
        assert!(trace.contains("PR_SET_DUMPABLE"), "{trace}");
    }
}

/// Whether the memory of a process has this text in it, as far as it can be written to.
fn holds(process: u32, text: &str) -> bool {
    let maps = fs::read_to_string(format!("/proc/{process}/maps")).expect("root may read it");
    let memory = File::open(format!("/proc/{process}/mem")).expect("root may read it");
    maps.lines().any(|line| {
        let (range, rest) = line.split_once(' ').expect("a line of maps");
        if !rest.starts_with("rw") {
            return false;
        }
        let (start, end) = range.split_once('-').expect("a range");
        let [start, end] = [start, end].map(|hex| u64::from_str_radix(hex, 16).expect("hex"));
        let mut bytes = vec![0; usize::try_from(end - start).expect("it fits")];
        // A page that cannot be read holds nothing.
        let read = memory.read_at(&mut bytes, start).unwrap_or(0);
        memchr::memmem::find(&bytes[..read], text.as_bytes()).is_some()
    })
}

/// Waits until AWS was asked this.
fn until_called(home: &Home, operation: &str) {
    let end = Instant::now() + Duration::from_secs(20);
    while !home
        .requests()
        .iter()
        .any(|call| call.operation == operation)
    {
        assert!(Instant::now() < end, "nobody called {operation}");
        std::thread::sleep(Duration::from_millis(5));
    }
}

#[test]
fn what_a_plan_does_not_need_is_gone_before_anybody_is_asked() {
    if !are_root() {
        return;
    }
    let home = Home::new()
        .config(&format!(
            "{}[profile other]\nrole_arn = arn:aws:iam::{ACCOUNT}:role/other\nsource_profile = default\n\
             [profile inline]\naws_access_key_id = AKIAINLINE\nAWS_Secret_Access_Key = in/the+config+file\n",
            profile(&format!("mfa_serial = {DEVICE}"))
        ))
        .aws(|a| a.user("Mary").role("deploy").mfa().role("other"));
    let home = home.credentials(&(profile_of("default", "James") + &profile_of("mary", "Mary")));
    let other = home.run(["process", "other"]).status(0).json();
    let terminal = home.pty(["process", "prod"]).shows("MFA code of");
    let process = terminal.id();
    let own = keys("James").1;
    assert!(holds(process, &own), "what signs is there, and is found");
    let cached = other["SecretAccessKey"].as_str().expect("a secret");
    for (whose, secret) in [
        ("another profile", &*keys("Mary").1),
        ("another profile of the config file", "in/the+config+file"),
        ("the cached credentials of another role", cached),
    ] {
        assert!(!holds(process, secret), "the secret of {whose} is there");
    }
    let code = home.code();
    terminal
        .types(&code)
        .wait()
        .stdout_has("ASIA")
        .screen_has("MFA code")
        .status(0);
}

#[test]
fn a_code_and_a_token_are_gone_once_they_were_used() {
    if !are_root() {
        return;
    }
    let slow = Duration::from_secs(1);
    let home = Home::new()
        .config(&profile(&format!("mfa_serial = {DEVICE}")))
        .aws(|a| a.role("deploy").mfa());
    home.sandbox().on("GetSessionToken").slow(slow);
    home.sandbox().on("AssumeRole").slow(slow);
    let code = home.code();
    let terminal = home.pty(["process", "prod"]).shows("MFA code of");
    let process = terminal.id();
    let terminal = terminal.types(&code);
    until_called(&home, "GetSessionToken");
    assert!(holds(process, &code), "the code is sent, and found");
    until_called(&home, "AssumeRole");
    assert!(!holds(process, &code), "the code is there");
    terminal.wait().stdout_has("ASIA").screen_has("").status(0);

    let home = Home::new()
        .credentials("")
        .aws(|a| a.role("web").web_identity().role("deploy"));
    let token = home.web_token();
    let (_, signature) = token.rsplit_once('.').expect("a JWT");
    let home = home.file("token", &token).config(&format!(
        "[profile web]\nrole_arn = arn:aws:iam::{ACCOUNT}:role/web\nweb_identity_token_process = cat token\n\
         [profile prod]\nrole_arn = arn:aws:iam::{ACCOUNT}:role/deploy\nsource_profile = web\n"
    ));
    home.sandbox().on("AssumeRoleWithWebIdentity").slow(slow);
    home.sandbox().on("AssumeRole").slow(slow);
    let running = home.spawn(["process", "prod"]);
    until_called(&home, "AssumeRoleWithWebIdentity");
    assert!(
        holds(running.id(), signature),
        "the token is sent, and found"
    );
    until_called(&home, "AssumeRole");
    assert!(!holds(running.id(), signature), "the token is there");
    running.wait().stdout_has("ASIA").status(0);
}
