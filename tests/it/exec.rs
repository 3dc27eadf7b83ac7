//! `stsx exec`: the command is as good as alone. Its status, its signals, its arguments, its streams; and an
//! environment in which nothing competes with the role.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;

use crate::support::{ACCOUNT, Home, keys};

fn home() -> Home {
    let config = format!(
        "[profile prod]\nrole_arn = arn:aws:iam::{ACCOUNT}:role/deploy\nsource_profile = default\n"
    );
    Home::new().config(&config).aws(|a| a.role("deploy"))
}

#[test]
fn the_exit_status_is_the_commands() {
    let home = home();
    for status in [0, 1, 2, 7, 125, 255] {
        home.run(["exec", "prod", "--", "sh", "-c", &format!("exit {status}")])
            .status(status);
    }
    for signal in [1, 2, 9, 15] {
        home.run([
            "exec",
            "prod",
            "--",
            "sh",
            "-c",
            &format!("kill -{signal} $$"),
        ])
        .signal(signal);
    }
}

#[test]
fn signals_reach_the_command_because_stsx_has_become_it() {
    let home = home();
    let script = "stsx exec prod -- sh -c 'trap \"echo caught; exit 9\" TERM; echo up; while :; do sleep 0.05; done' >out & \
                  until grep -q up out; do sleep 0.05; done; kill -TERM $!; wait $!; echo $?; cat out";
    home.sh(script).stdout("9\nup\ncaught\n").status(0);
}

#[test]
fn what_cannot_run_is_126_and_what_is_not_there_127() {
    let home = home().file("plain.txt", "no program");
    fs::create_dir(home.path("directory")).expect("HOME is writable");
    fs::write(home.path("odd"), "#!/no/such/interpreter\n").expect("HOME is writable");
    fs::set_permissions(home.path("odd"), Permissions::from_mode(0o700)).expect("ours");
    let cases = [
        ("no-such-command", 127),
        ("./nowhere", 127),
        ("./plain.txt", 126),
        ("./directory", 126),
        ("./odd", 127),
    ];
    for (command, status) in cases {
        let run = home
            .run(["exec", "prod", "--", command])
            .stdout("")
            .stderr_has("stsx: ");
        run.stderr_has(command).status(status);
    }
}

#[test]
fn what_competes_with_the_role_is_removed() {
    let (id, secret) = keys("James");
    let home = home()
        .env("AWS_ACCESS_KEY_ID", &id)
        .env("AWS_SECRET_ACCESS_KEY", &secret)
        .env("AWS_PROFILE", "default")
        .env("AWS_DEFAULT_PROFILE", "default")
        .env("AWS_ROLE_ARN", "arn:aws:iam::111122223333:role/other")
        .env("AWS_ROLE_SESSION_NAME", "james")
        .env("AWS_WEB_IDENTITY_TOKEN_FILE", "/nowhere")
        .env("AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://127.0.0.1:1/")
        .env("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "/x")
        .env("AWS_CONTAINER_AUTHORIZATION_TOKEN", "token")
        .env("AWS_SECURITY_TOKEN", "old")
        .env("AWS_CREDENTIAL_EXPIRATION", "2001-01-01T00:00:00Z")
        .env("STSX_MFA_CODE", "123456")
        .env("EDITOR", "ed");
    let run = home
        .run(["exec", "prod", "--region", "eu-west-1", "--", "env"])
        .stdout_has("EDITOR=ed\n")
        .stderr_has("");
    let names: Vec<_> = run
        .out
        .lines()
        .filter_map(|line| line.split_once('='))
        .map(|(name, _)| name)
        .collect();
    let count = |name: &str| names.iter().filter(|one| **one == name).count();
    for gone in [
        "AWS_PROFILE",
        "AWS_DEFAULT_PROFILE",
        "AWS_ROLE_ARN",
        "AWS_WEB_IDENTITY_TOKEN_FILE",
        "AWS_CONTAINER_CREDENTIALS_FULL_URI",
        "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
        "AWS_CONTAINER_AUTHORIZATION_TOKEN",
        "STSX_MFA_CODE",
    ] {
        assert_eq!(count(gone), 0, "{gone}\n{run}");
    }
    for there in [
        "AWS_ACCESS_KEY_ID",
        "AWS_SECRET_ACCESS_KEY",
        "AWS_SESSION_TOKEN",
        "AWS_SECURITY_TOKEN",
        "AWS_CREDENTIAL_EXPIRATION",
        "AWS_REGION",
        "AWS_DEFAULT_REGION",
        "AWS_ENDPOINT_URL",
        "STSX_TARGET",
        "STSX_SOURCE",
        "HOME",
        "PATH",
    ] {
        assert_eq!(count(there), 1, "{there}\n{run}");
    }
    for lacks in ["AWS_SECURITY_TOKEN=old", "2001-01-01", &id, &secret] {
        assert!(!run.out.contains(lacks), "{lacks}\n{run}");
    }
    run.stdout_has("STSX_TARGET=prod\n")
        .stdout_has("AWS_REGION=eu-west-1\n")
        .status(0);
}

#[test]
fn arguments_and_streams_are_passed_on_untouched() {
    let home = home();
    let odd = ["a b", "", "--profile", "-v", "'\"$x\\", "--", "ü\n"];
    let mut words = vec!["exec", "prod", "--", "printf", "<%s>"];
    words.extend(odd);
    let words: [&str; 12] = words.try_into().expect("as many as counted");
    home.run(words)
        .stdout("<a b><><--profile><-v><'\"$x\\><--><ü\n>")
        .status(0);
    home.sh("printf 'in\\n' | stsx exec prod -- cat")
        .stdout("in\n")
        .status(0);
    home.run(["exec", "prod", "--", "sh", "-c", "echo out; echo err >&2"])
        .stdout("out\n")
        .stderr("err\n")
        .status(0);
    home.sh("stsx exec prod -- printf '<%s>' \"$(printf '\\377')\" | od -An -tx1")
        .stdout(" 3c ff 3e\n")
        .status(0);
}

#[test]
fn without_the_role_the_command_does_not_run() {
    let home = home().aws(|a| a.role("deploy").denied());
    let run = home
        .run(["exec", "prod", "--", "echo", "ran"])
        .stdout("")
        .stderr_has("AccessDenied");
    run.status(4);
}

#[test]
fn a_command_is_needed() {
    let home = home();
    home.run(["exec", "prod"])
        .stdout("")
        .stderr_has("")
        .calls([])
        .status(2);
    home.run(["exec", "prod", "--"])
        .stdout("")
        .stderr_has("")
        .calls([])
        .status(2);
    home.run(["exec", "prod", "ls"])
        .stdout("")
        .stderr_has("--")
        .calls([])
        .status(2);
}

#[test]
fn nested_it_starts_from_the_original_identity_unless_chained() {
    let home = home().aws(|a| a.role("ops"));
    let ops = format!("arn:aws:iam::{ACCOUNT}:role/ops");
    let inner = |chain: &str| format!("stsx exec prod -- stsx exec {ops} {chain} -- true");
    let run = home.sh(&inner("")).calls(["AssumeRole", "AssumeRole"]);
    assert_eq!(run.requests[1].access_key_id, Some(keys("James").0));
    run.status(0);
    let run = home
        .sh(&inner("--chain"))
        .stderr_has("")
        .calls(["AssumeRole"]);
    assert_eq!(run.requests[0].access_key_id, Some(home.issued(1)));
    run.status(0);
}

/// Whether AWS is asked or the cache answers, the same is said.
#[test]
fn a_chain_that_is_not_used_is_told_each_time() {
    let home = home();
    let words = "stsx: --chain is not used: `prod` starts from the keys of profile `default`\n";
    for calls in [1, 0] {
        let run = home.run(["process", "prod", "--chain"]);
        assert_eq!(run.requests.len(), calls);
        run.stdout_has("ASIA").stderr(words).status(0);
    }
    home.run(["explain", "prod", "--chain"])
        .stdout_has("--chain is not used: `prod` starts from")
        .stderr("")
        .status(0);
}
