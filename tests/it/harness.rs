//! The harness is tested on programs that are not stsx: a check that cannot fail is none.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

use crate::support::{ACCOUNT, Aws, DEVICE, Home, Run, installed, keys};

const WHOAMI: &str = "aws --endpoint-url $AWS_ENDPOINT_URL --region eu-west-1 sts get-caller-identity --output text --query Arn";

/// `aws sts assume-role` with these further words, answering with the session token and the expiry.
fn assume(words: &str) -> String {
    format!(
        "aws --endpoint-url $AWS_ENDPOINT_URL --region eu-west-1 sts assume-role --role-session-name me {words} \
         --output text --query Credentials.[AccessKeyId,SecretAccessKey,SessionToken]"
    )
}

#[track_caller]
fn panics(run: impl FnOnce() -> Run) {
    assert!(
        catch_unwind(AssertUnwindSafe(|| drop(run()))).is_err(),
        "the harness did not notice"
    );
}

#[test]
fn what_nobody_asserted_is_noticed() {
    let home = Home::new();
    panics(|| home.sh("true"));
    panics(|| home.sh("echo word").status(0));
    panics(|| home.sh("echo word >&2").status(0));
    panics(|| home.sh("exit 3").status(4));
    panics(|| home.sh("echo a").stdout("b\n").status(0));
    panics(|| home.sh("kill -9 $$").status(9));
    home.sh("kill -9 $$").signal(9);
    home.sh("echo a; echo b >&2; exit 3")
        .stdout("a\n")
        .stderr("b\n")
        .status(3);
}

#[test]
fn a_secret_on_stderr_is_noticed_configured_or_issued() {
    let home = Home::new().aws(|a| a.role("deploy"));
    let (_, secret) = keys("James");
    panics(|| {
        home.sh(&format!("echo {secret} >&2"))
            .stderr_has("")
            .status(0)
    });
    let role = format!("arn:aws:iam::{ACCOUNT}:role/deploy");
    panics(|| {
        home.sh(&format!("{} >&2", assume(&format!("--role-arn {role}"))))
            .stderr_has("")
            .status(0)
    });
    let home = Home::new().config("[profile x]\nAWS_SESSION_TOKEN = token-of-old\n");
    panics(|| home.sh("echo token-of-old >&2").stderr_has("").status(0));
    let home = Home::new().env("AWS_SECRET_ACCESS_KEY", "from-outside");
    panics(|| home.sh("echo from-outside >&2").stderr_has("").status(0));
}

#[test]
fn a_proof_on_stderr_is_noticed_and_so_are_its_parts() {
    let home = Home::new().aws(|a| a);
    let token = home.web_token();
    let (_, signature) = token.rsplit_once('.').unwrap();
    let assertion = home.assertion(&["web"]);
    let home = home
        .file("signature", signature)
        .file("token", &token)
        .file("assertion", &assertion);
    for script in [
        "cat token",
        "cat signature",
        "cat assertion",
        "base64 -d assertion",
        "base64 -d assertion | grep -o 'SignatureValue>[^<]*'",
    ] {
        panics(|| home.sh(&format!("{script} >&2")).stderr_has("").status(0));
    }
}

#[test]
fn a_run_inherits_nothing() {
    let run = Home::new().env("STSX_TARGET", "x").program("env", []);
    let mut names: Vec<_> = run
        .out
        .lines()
        .filter_map(|line| line.split('=').next())
        .collect();
    names.sort_unstable();
    let expected = [
        "AWS_EC2_METADATA_DISABLED",
        "AWS_ROLE_SESSION_NAME",
        "HOME",
        "LANG",
        "PATH",
        "STSX_TARGET",
        "TMPDIR",
        "XDG_CACHE_HOME",
        "XDG_CONFIG_HOME",
    ];
    assert_eq!(names, expected);
    run.stdout_has("HOME=[HOME]\n").status(0);
}

#[test]
fn only_a_person_at_the_terminal_is_asked() {
    let ask = "printf 'code? ' >/dev/tty; read code </dev/tty; echo out $code; echo err >&2";
    let home = Home::new();
    home.sh("exec 2>/dev/null; : >/dev/tty").status(2);
    let run = home
        .pty_program("sh", ["-c", ask])
        .shows("code? ")
        .types("123456")
        .wait();
    run.stdout("out 123456\n")
        .stderr("err\n")
        .screen_has("code? ")
        .status(0);
    home.pty_program("sh", ["-c", "test -t 1 || test -t 2"])
        .wait()
        .status(1);
    home.pty_program("sleep", ["30"])
        .presses_ctrl('c')
        .wait()
        .signal(2);
}

#[test]
fn what_was_said_of_aws_is_so() {
    if !installed("aws") {
        return;
    }
    let home = Home::new().aws(|a| {
        a.role("team/deploy")
            .external_id("42")
            .user("444455556666:Mary")
    });
    home.sh(WHOAMI)
        .stdout(&format!("arn:aws:iam::{ACCOUNT}:user/James\n"))
        .calls(["GetCallerIdentity"])
        .status(0);
    let arn = format!("arn:aws:iam::{ACCOUNT}:role/team/deploy");
    let get_role = "aws --endpoint-url $AWS_ENDPOINT_URL --region us-east-1 iam get-role --role-name deploy --output text --query Role.[Arn,Path]";
    home.sh(get_role)
        .stdout(&format!("{arn}\t/team/\n"))
        .calls(["GetRole"])
        .status(0);
    let take = assume(&format!(
        "--role-arn {arn} --external-id 42 --duration-seconds 900"
    ));
    let take = home
        .sh(&format!("{take} >credentials"))
        .calls(["AssumeRole"]);
    assert_eq!(&take.requests[0]["DurationSeconds"], "900");
    assert_eq!(take.requests[0].region, "eu-west-1");
    take.status(0);
    let become_role = "set -- $(cat credentials); export AWS_ACCESS_KEY_ID=$1 AWS_SECRET_ACCESS_KEY=$2 AWS_SESSION_TOKEN=$3";
    home.sh(&format!("{become_role}; {WHOAMI}; echo $1"))
        .stdout(&format!(
            "arn:aws:sts::{ACCOUNT}:assumed-role/deploy/me\n{}\n",
            home.issued(1)
        ))
        .calls(["GetCallerIdentity"])
        .status(0);
    let token_of_another = "AWS_SESSION_TOKEN=odd";
    home.sh(&format!("{become_role} {token_of_another}; {WHOAMI}"))
        .stderr_has("(InvalidClientTokenId)")
        .status(254);
    home.age(900);
    home.sh(&format!("{become_role}; {WHOAMI}"))
        .stderr_has("(ExpiredToken)")
        .status(254);
}

#[test]
fn what_aws_was_told_to_refuse_is_refused() {
    if !installed("aws") {
        return;
    }
    let home = Home::new().aws(|a| {
        a.role("plain")
            .role("mfa")
            .mfa()
            .role("no")
            .denied()
            .role("external")
            .external_id("42")
            .role("gone")
            .without_role("gone")
    });
    let role = |name: &str| format!("--role-arn arn:aws:iam::{ACCOUNT}:role/{name}");
    let denied = format!(
        "(AccessDenied) when calling the AssumeRole operation: User: arn:aws:iam::{ACCOUNT}:user/James \
                          is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::{ACCOUNT}:role/"
    );
    let with_code = format!("--serial-number {DEVICE} --token-code");
    let cases = [
        (role("gone"), format!("{denied}gone")),
        (role("no"), format!("{denied}no")),
        (
            format!("{} --external-id 43", role("external")),
            format!("{denied}external"),
        ),
        (role("mfa"), format!("{denied}mfa")),
        (
            format!("{} {with_code} {}", role("mfa"), home.wrong_code()),
            "invalid MFA one time pass code".to_owned(),
        ),
        (
            format!("{} --duration-seconds 7200", role("plain")),
            "exceeds the MaxSessionDuration".to_owned(),
        ),
    ];
    for (words, expected) in cases {
        home.sh(&assume(&words)).stderr_has(&expected).status(254);
    }
    let once = assume(&format!("{} {with_code} {}", role("mfa"), home.code()));
    home.sh(&once).stdout_has("ASIA").status(0);
    home.sh(&once).stderr_has("invalid MFA").status(254);
    let home = home.aws(Aws::without_get_role);
    home.sh(
        "aws --endpoint-url $AWS_ENDPOINT_URL --region us-east-1 iam get-role --role-name plain",
    )
    .stderr_has("(AccessDenied)")
    .status(254);
    home.aws(|a| a.without_keys("James"))
        .sh(WHOAMI)
        .stderr_has("(InvalidClientTokenId)")
        .status(254);
}

#[test]
fn aws_fails_on_demand() {
    if !installed("aws") {
        return;
    }
    let home = Home::new()
        .env("AWS_MAX_ATTEMPTS", "1")
        .aws(|a| a.page(500, "<html>oops</html>"));
    home.sh(WHOAMI).stderr_has("(500)").status(254);
    let home = home.aws(|a| a.throttle().times(1).on("AssumeRole").hang_up());
    home.sh(WHOAMI).stderr_has("(Throttling)").status(254);
    home.sh(WHOAMI).stdout_has("user/James").status(0);
    let home = home.aws(Aws::hang_up);
    home.sh(WHOAMI)
        .stderr_has("Connection was closed")
        .status(255);
    let home = home.aws(|a| a.healthy().delay(Duration::from_millis(300)));
    let start = std::time::Instant::now();
    home.sh(WHOAMI).stdout_has("user/James").status(0);
    assert!(start.elapsed() > Duration::from_millis(300));
}

#[test]
fn what_a_run_of_stsx_leaves_behind_is_noticed() {
    let (_, secret) = keys("James");
    let says = |script: &str| {
        Home::new()
            .james()
            .config("[profile tool]\ncredential_process = sh do.sh\n")
            .file("do.sh", script)
    };
    for script in [
        format!("echo {secret} >leaked"),
        format!("mkdir -p .cache/stsx; echo {secret} >.cache/stsx/a.limit"),
        "mkdir -p .cache/stsx; umask 0; echo x >.cache/stsx/a.json".to_owned(),
        "mktemp".to_owned(),
        "printf '\\033[2J' >&2".to_owned(),
        "printf '\\342\\200\\256' >&2".to_owned(),
        "echo \"thread 'main' panicked at\" >&2".to_owned(),
    ] {
        panics(|| {
            says(&script)
                .run(["process", "tool"])
                .stderr_has("")
                .status(5)
        });
    }
    says("umask 77; mkdir -p .cache/stsx; echo x >.cache/stsx/a.json; echo y >other")
        .run(["process", "tool"])
        .stderr_has("")
        .status(5);
}
