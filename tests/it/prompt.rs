//! `stsx prompt`: from the environment alone, harmless in every prompt.

use std::fs;

use crate::support::{Home, installed};

/// A shell that has a role for so many seconds more.
#[expect(clippy::disallowed_methods, reason = "the prompt reads the clock")]
fn home(seconds: i64) -> Home {
    let end = jiff::Timestamp::now() + jiff::SignedDuration::from_secs(seconds);
    let end = jiff::Timestamp::from_second(end.as_second()).expect("a time of today");
    Home::new()
        .env("AWS_ACCESS_KEY_ID", "ASIAEXAMPLE")
        .env("AWS_CREDENTIAL_EXPIRATION", &end.to_string())
        .env("AWS_REGION", "eu-west-1")
        .env("STSX_TARGET", "prod")
        .env("STSX_ACCOUNT", "111122223333")
        .env("STSX_ROLE", "deploy")
        .env("STSX_RESTORE", "key=ASIAEXAMPLE")
}

#[test]
fn target_account_and_what_is_left() {
    for (seconds, left) in [
        (2550, "42m"),
        (5430, "1h30m"),
        (-5, "expired"),
        (36_000, "9h59m"),
    ] {
        home(seconds - i64::from(seconds == 36_000))
            .run(["prompt"])
            .stdout(&format!("prod 111122223333 {left}\n"))
            .status(0);
    }
    home(2550)
        .run([
            "prompt",
            "--format",
            "[{role}@{account}/{region} {left}|{target}] ",
        ])
        .stdout("[deploy@111122223333/eu-west-1 42m|prod] \n")
        .status(0);
    home(2550)
        .without_env("STSX_ACCOUNT")
        .without_env("AWS_CREDENTIAL_EXPIRATION")
        .run(["prompt"])
        .stdout("prod\n")
        .status(0);
}

#[test]
fn nothing_where_no_role_of_stsx_is_on() {
    Home::new().run(["prompt"]).stdout("").status(0);
    // Keys that the person has set since.
    home(600)
        .env("AWS_ACCESS_KEY_ID", "AKIAOTHER")
        .run(["prompt"])
        .stdout("")
        .status(0);
}

/// (Through a shell, since the codes are meant for a terminal.)
#[test]
fn colours_say_how_soon_it_ends() {
    let shows = |home: Home, options: &str, text: &str| {
        home.sh(&format!("stsx prompt --format x {options}"))
            .stdout(&format!("{text}\n"))
            .status(0);
    };
    for (seconds, colour) in [(3600, 32), (800, 33), (200, 31), (-1, 31)] {
        let text = format!("\u{1b}[{colour}mx\u{1b}[0m");
        shows(home(seconds), "--shell fish", &text);
    }
    let (zsh, bash) = (
        "%{\u{1b}[33m%}x%{\u{1b}[0m%}",
        "\u{1}\u{1b}[32m\u{2}x\u{1}\u{1b}[0m\u{2}",
    );
    shows(home(3600), "--shell zsh --warn 2h --critical 1s", zsh);
    shows(home(3600), "--shell bash", bash);
    shows(home(3600).env("NO_COLOR", "1"), "--shell bash", "x");
    home(3600)
        .run(["prompt", "--format", "{targt}"])
        .stderr_has("`{` starts one of {target}, {role}")
        .status(2);
}

/// Whatever the name, in a prompt that is expanded again.
#[test]
fn no_name_is_code() {
    let hostile = "$(touch pwned)`touch pwned`${x}%n\\w%(1u.b)!!\u{1b}]\u{7}";
    let shown = "?(touch pwned)?touch pwned???x??n?w?(1u.b)???]?";
    let home = home(2550).env("STSX_TARGET", hostile);
    home.run(["prompt"])
        .stdout(&format!("{shown} 111122223333 42m\n"))
        .status(0);
    let bash = "PS1='$(stsx prompt --shell bash)'; echo \"${PS1@P}\"; PS1=\"$(stsx prompt)\"; echo \"${PS1@P}\"";
    home.program("bash", ["-c", bash])
        .stdout_has(shown)
        .status(0);
    if installed("zsh") {
        let zsh = "setopt promptsubst promptbang; PS1='$(stsx prompt --shell zsh)'; print -P $PS1; PS1=\"$(stsx prompt)\"; print -P $PS1";
        home.program("zsh", ["-fc", zsh])
            .stdout_has(shown)
            .status(0);
    }
    if installed("tcsh") {
        let tcsh = "set prompt = \"`stsx prompt --shell tcsh`\"; echo \"$prompt\"";
        home.program("tcsh", ["-fc", tcsh])
            .stdout_has(shown)
            .status(0);
    }
    assert!(!home.path("pwned").exists());
}

/// Neither the profiles nor the settings nor the cache are opened.
#[test]
fn no_file_is_read() {
    if !installed("strace") {
        return;
    }
    let home = home(600).config("[profile x\n").settings("nonsense\n");
    home.sh(
        "exec strace -f -qq -e trace=openat,open,connect,socket -o trace stsx prompt --shell zsh",
    )
    .stdout_has("prod")
    .status(0);
    let trace = fs::read_to_string(home.path("trace")).expect("strace wrote");
    for opened in trace.lines() {
        let is_system = ["/lib", "/etc/ld.so", "/proc/", "/sys/", "+++"];
        assert!(
            is_system.iter().any(|place| opened.contains(place)),
            "{opened}"
        );
    }
}
