//! From a word to a role: which of the five kinds of target it is, and with how few calls its ARN is known.

mod aliases;

use crate::support::{ACCOUNT, Aws, Home, keys, profile_of};

const OTHER: &str = "444455556666";

/// What becomes of AWS.
type Change = fn(Aws) -> Aws;

/// James with a profile `prod` for the role `deploy`.
fn home() -> Home {
    let config = format!(
        "[profile prod]\nrole_arn = arn:aws:iam::{ACCOUNT}:role/deploy\nsource_profile = default\n"
    );
    Home::new().config(&config).aws(|a| {
        a.role("deploy")
            .role("ops")
            .role(&format!("arn:aws:iam::{OTHER}:role/hub"))
    })
}

/// Asking for `target` assumes this role after these calls, and nothing is said on stderr.
#[track_caller]
fn becomes<const N: usize>(home: &Home, words: &str, role: &str, calls: [&str; N]) {
    let run = home
        .sh(&format!("stsx process --refresh {words}"))
        .stdout_has("ASIA")
        .stderr("")
        .calls(calls);
    assert_eq!(&run.requests.last().expect("a call")["RoleArn"], role);
    run.status(0);
}

fn arn(role: &str) -> String {
    format!("arn:aws:iam::{ACCOUNT}:role/{role}")
}

#[test]
fn the_five_kinds_of_target_in_their_order() {
    let home = home().settings(&format!(
        "[alias]\nprod = {}\nshort = {OTHER}:hub\nother = ops\n",
        arn("ops")
    ));
    let prod = format!(
        "[profile prod]\nrole_arn = {}\nsource_profile = default\n",
        arn("deploy")
    );
    let home = home.config(&format!(
        "{prod}[profile ops]\nrole_arn = {}\nsource_profile = default\n",
        arn("deploy")
    ));
    becomes(&home, "prod", &arn("ops"), ["AssumeRole"]); // alias before profile
    becomes(
        &home,
        "short",
        &format!("arn:aws:iam::{OTHER}:role/hub"),
        ["AssumeRole"],
    );
    becomes(&home, "ops", &arn("deploy"), ["AssumeRole"]); // profile before role name
    becomes(&home, &arn("ops"), &arn("ops"), ["AssumeRole"]);
    becomes(
        &home,
        &format!("{ACCOUNT}:ops"),
        &arn("ops"),
        ["AssumeRole"],
    ); // never the profile of that name
    becomes(
        &home,
        "deploy",
        &arn("deploy"),
        ["GetCallerIdentity", "AssumeRole"],
    ); // a bare name
}

#[test]
fn an_account_and_a_role_with_or_without_its_path() {
    let home = home().aws(|a| a.role("team/a/build"));
    becomes(
        &home,
        &format!("{ACCOUNT}:role/team/a/build"),
        &arn("team/a/build"),
        ["AssumeRole"],
    );
    becomes(
        &home,
        &format!("{ACCOUNT}:role/ops"),
        &arn("ops"),
        ["AssumeRole"],
    );
    becomes(
        &home,
        &format!("{OTHER}:hub"),
        &format!("arn:aws:iam::{OTHER}:role/hub"),
        ["AssumeRole"],
    );
}

#[test]
fn the_account_of_a_bare_name_is_asked_for_once_per_access_key() {
    let home = home().aws(|a| a.user("444455556666:Mary"));
    becomes(
        &home,
        "ops",
        &arn("ops"),
        ["GetCallerIdentity", "AssumeRole"],
    );
    becomes(&home, "ops", &arn("ops"), ["AssumeRole"]);
    becomes(&home, "deploy", &arn("deploy"), ["AssumeRole"]);
    let home = home.credentials(&profile_of("default", "Mary"));
    becomes(
        &home,
        "hub",
        &format!("arn:aws:iam::{OTHER}:role/hub"),
        ["GetCallerIdentity", "AssumeRole"],
    );
}

#[test]
fn the_account_of_a_bare_name_is_not_asked_for_when_a_file_tells_it() {
    let home = home().config(&format!("[default]\naws_account_id = {ACCOUNT}\n"));
    becomes(&home, "ops", &arn("ops"), ["AssumeRole"]);
    let config = format!(
        "[profile hub]\nrole_arn = arn:aws:iam::{OTHER}:role/hub\nsource_profile = default\n"
    );
    let home = home
        .config(&config)
        .aws(|a| a.role(&format!("arn:aws:iam::{OTHER}:role/spoke")));
    becomes(
        &home,
        "spoke --profile hub",
        &format!("arn:aws:iam::{OTHER}:role/spoke"),
        ["AssumeRole", "AssumeRole"],
    );
}

#[test]
fn iam_is_asked_for_the_path_only_after_a_refusal_and_once() {
    let home = home().aws(|a| a.role("team/build"));
    becomes(
        &home,
        "build",
        &arn("team/build"),
        ["GetCallerIdentity", "AssumeRole", "GetRole", "AssumeRole"],
    );
    assert_eq!(&home.requests()[1]["RoleArn"], arn("build"));
    home.run(["process", "build"])
        .stdout_has("ASIA")
        .calls([])
        .status(0);
}

#[test]
fn a_role_that_has_moved_is_found_again() {
    let home = home().aws(|a| a.role("team/build"));
    home.run(["process", "build"]).stdout_has("ASIA").status(0);
    home.age(3600);
    let home = home.aws(|a| a.without_role("team/build").role("other/build"));
    becomes(
        &home,
        "build",
        &arn("other/build"),
        ["AssumeRole", "GetRole", "AssumeRole"],
    );
}

#[test]
fn a_refused_name_shows_the_first_error_whatever_iam_says() {
    let cases: [(&str, Change); 3] = [
        ("ops", |a| a.role("ops").denied().without_get_role()),
        ("ops", |a| a.role("ops").denied()),
        ("nobody", |a| a),
    ];
    for (name, change) in cases {
        let home = home().aws(change);
        let run = home.run(["process", name]).stdout("").calls([
            "GetCallerIdentity",
            "AssumeRole",
            "GetRole",
        ]);
        let run = run
            .stderr_has("AccessDenied")
            .stderr_has(&arn(name))
            .stderr_lacks("GetRole")
            .stderr_lacks("NoSuchEntity");
        run.stderr_has(&format!("arn:aws:iam::{ACCOUNT}:user/James"))
            .status(4);
    }
}

#[test]
fn a_mistyped_name_is_shown_what_is_near() {
    let home =
        home().config("[profile production]\nregion = eu-west-1\n[profile staging]\n[profile x]\n");
    let run = home
        .run(["assume", "prodction"])
        .stdout_has("false")
        .stderr_has("production")
        .stderr_lacks("staging");
    run.status(4);
    let run = home
        .run(["process", "ops", "--profile", "stagin"])
        .stdout("")
        .stderr_has("staging")
        .stderr_lines(1);
    run.calls([]).status(2);
    let home = home.env("AWS_PROFILE", "Staging");
    home.run(["whoami"])
        .stdout("")
        .stderr_has("staging")
        .stderr_has("AWS_PROFILE")
        .calls([])
        .status(2);
}

#[test]
fn an_unknown_name_never_means_the_default_profile() {
    let home = home().config(
        "[profile chained]\nrole_arn = arn:aws:iam::111122223333:role/ops\nsource_profile = gone\n",
    );
    home.run(["process", "chained"])
        .stdout("")
        .stderr_has("gone")
        .calls([])
        .status(2);
    home.run(["process", "ops", "--profile", "gone"])
        .stdout("")
        .stderr_has("gone")
        .calls([])
        .status(2);
    home.run(["whoami", "gone!"])
        .stdout("")
        .stderr_has("gone!")
        .calls([])
        .status(2);
    let calls = ["GetCallerIdentity", "AssumeRole", "GetRole"];
    home.run(["whoami", "gone"])
        .stdout("")
        .stderr_has("gone")
        .calls(calls)
        .status(4);
}

#[test]
fn the_wrong_account_is_refused_before_any_call() {
    let home = home();
    let hub = format!("arn:aws:iam::{OTHER}:role/hub");
    for target in ["prod", &arn("ops"), &format!("{ACCOUNT}:ops")] {
        let run = home
            .run(["process", target, "--expect-account", OTHER])
            .stdout("")
            .stderr_has(OTHER)
            .stderr_has(ACCOUNT);
        run.calls([]).status(2);
        home.run(["process", target, "--expect-account", ACCOUNT])
            .stdout_has("ASIA")
            .status(0);
    }
    home.run(["process", &hub, "--expect-account", ACCOUNT])
        .stdout("")
        .stderr_has(OTHER)
        .calls([])
        .status(2);
    // A cached role is no way around it, and a bare name is looked up but not assumed.
    home.run(["process", "prod", "--expect-account", OTHER])
        .stdout("")
        .stderr_has(ACCOUNT)
        .calls([])
        .status(2);
    let run = home
        .run(["process", "ops", "--expect-account", OTHER])
        .stdout("")
        .stderr_has(ACCOUNT);
    run.calls(["GetCallerIdentity"]).status(2);
}

#[test]
fn the_partition_follows_the_caller_or_the_region() {
    for (partition, region) in [
        ("aws-cn", "cn-north-1"),
        ("aws-us-gov", "us-gov-west-1"),
        ("aws-eusc", "eusc-de-east-1"),
    ] {
        let role = format!("arn:{partition}:iam::{ACCOUNT}:role/ops");
        let home = Home::new().partition(partition).aws(|a| a.role("ops"));
        becomes(&home, "ops", &role, ["GetCallerIdentity", "AssumeRole"]);
        becomes(
            &home,
            &format!("{ACCOUNT}:ops --region {region}"),
            &role,
            ["AssumeRole"],
        );
        becomes(&home, &role, &role, ["AssumeRole"]);
        assert_eq!(
            home.last_request().region,
            region,
            "where STS is asked when nothing says so"
        );
    }
}

#[test]
fn sources_are_tried_in_the_order_of_the_aws_cli() {
    let (id, secret) = keys("Mary");
    let home = home().aws(|a| a.user("Mary").user("Paul"));
    let who = |home: &Home, name: &str| {
        let run = home
            .run(["whoami", "--format", "json"])
            .stderr("")
            .calls(["GetCallerIdentity"])
            .status(0);
        assert_eq!(
            run.json()["Arn"],
            format!("arn:aws:iam::{ACCOUNT}:user/{name}")
        );
    };
    who(&home, "James");
    let home = home
        .credentials(&(profile_of("default", "James") + &profile_of("paul", "Paul")))
        .env("AWS_PROFILE", "paul");
    who(&home, "Paul");
    let home = home
        .env("AWS_ACCESS_KEY_ID", &id)
        .env("AWS_SECRET_ACCESS_KEY", &secret);
    let run = home
        .run(["whoami"])
        .stdout_has("user/Mary")
        .stderr_has("AWS_PROFILE")
        .stderr_lines(1);
    run.status(0);
    let home = home.without_env("AWS_PROFILE");
    who(&home, "Mary");
    let home = home
        .without_env("AWS_ACCESS_KEY_ID")
        .without_env("AWS_SECRET_ACCESS_KEY")
        .credentials("")
        .config("")
        .aws(|a| a.role("deploy").web_identity());
    let token = home.web_token();
    let home = home
        .file("token", &token)
        .env("AWS_ROLE_ARN", &arn("deploy"))
        .env("AWS_ROLE_SESSION_NAME", "pod");
    let home = home.env("AWS_WEB_IDENTITY_TOKEN_FILE", "token");
    let run = home.run(["whoami"]).stdout_has(":assumed-role/deploy/pod");
    run.calls(["AssumeRoleWithWebIdentity", "GetCallerIdentity"])
        .status(0);
}

#[test]
fn the_account_that_counts_is_the_one_that_aws_tells() {
    let lie = profile_of("liar", "James") + "aws_account_id = 999999999999\n";
    let home = home().credentials(&lie);
    for command in ["whoami", "process"] {
        home.run([command, "liar", "--expect-account", "999999999999"])
            .stdout("")
            .stderr_has("leads to account 111122223333")
            .status(2);
    }
    assert_eq!(home.requests().len(), 1, "asked once for all time");
    home.run(["process", "liar", "--expect-account", ACCOUNT])
        .stdout_has("AKIAJAMES")
        .status(0);
}

#[test]
fn a_variable_names_the_source_only_of_what_has_none() {
    let home = home()
        .credentials(&(profile_of("default", "James") + &profile_of("ops", "James")))
        .env("STSX_PROFILE", "ops");
    for (target, profile) in [("prod", "default"), (arn("ops").as_str(), "ops")] {
        let plan = home.run(["explain", target, "--format", "json"]).status(0);
        assert_eq!(plan.json()["source"]["profile"], profile, "{target}");
    }
    home.run(["process", "default"])
        .stdout_has("AKIA")
        .status(0);
}

#[test]
fn flags_that_nothing_is_done_with_are_refused() {
    let home = home();
    for (target, flag, value) in [
        ("default", "--duration", "12h"),
        ("default", "--session-name", "me"),
        ("default", "--external-id", "xid"),
        ("default", "--mfa-serial", "GAHT12345678"),
        ("prod", "--mfa-code", "123456"),
    ] {
        home.run(["process", target, flag, value])
            .stdout("")
            .stderr_has(flag)
            .calls([])
            .status(2);
    }
}

#[test]
fn the_session_is_named_after_the_user() {
    let name = |home: &Home, flags: &str| {
        home.sh(&format!("stsx process prod --refresh {flags}"))
            .stdout_has("ASIA")
            .status(0);
        home.last_request()["RoleSessionName"].to_owned()
    };
    let home = home().without_env("AWS_ROLE_SESSION_NAME");
    for calls in [&["GetCallerIdentity", "AssumeRole"][..], &["AssumeRole"]] {
        let run = home
            .run(["process", "prod", "--refresh"])
            .stdout_has("ASIA");
        let made: Vec<_> = run
            .requests
            .iter()
            .map(|call| call.operation.as_str())
            .collect();
        assert_eq!(made, calls, "asked once for all time");
        run.status(0);
        assert_eq!(&home.last_request()["RoleSessionName"], "James");
    }
    assert_eq!(name(&home, "--session-name cli"), "cli");
    let home = home.env("AWS_ROLE_SESSION_NAME", "from-env");
    assert_eq!(name(&home, ""), "from-env");
    let config = format!(
        "[profile prod]\nrole_arn = {}\nsource_profile = default\nrole_session_name = file\n",
        arn("deploy")
    );
    let home = home.config(&config);
    assert_eq!(name(&home, ""), "file");
    assert_eq!(name(&home, "--session-name cli"), "cli");
    let fresh = self::home().without_env("AWS_ROLE_SESSION_NAME");
    fresh
        .run(["process", "ops", "--no-cache"])
        .stdout_has("ASIA")
        .calls(["GetCallerIdentity", "AssumeRole"])
        .status(0);
    // Where there is no STS, that is said once.
    let nobody = self::home()
        .without_env("AWS_ROLE_SESSION_NAME")
        .env("AWS_ENDPOINT_URL", "http://127.0.0.1:1");
    nobody
        .run(["process", "prod"])
        .stdout("")
        .stderr_has("cannot assume arn:aws:iam::111122223333:role/deploy: ")
        .stderr_has("cannot reach http://127.0.0.1:1")
        .stderr_lines(1)
        .status(1);
    // Where STS does not tell, it is the person's name at this machine.
    let fresh = self::home()
        .without_env("AWS_ROLE_SESSION_NAME")
        .env("USER", "jürgen müller")
        .aws(|aws| {
            aws.on("GetCallerIdentity")
                .refuse(403, "AccessDenied", "no")
        });
    let made = name(&fresh, "");
    assert!(
        (2..=64).contains(&made.len()) && !made.contains(' '),
        "{made}"
    );
}

/// A header, and the name it gives.
const SPELLED: [(&str, &str); 5] = [
    ("\"my prod\"", "my prod"),
    (r#"'it'"'"'s "mine"'"#, "it's \"mine\""),
    ("🐱", "🐱"),
    ("'שלום עולם'", "שלום עולם"),
    ("$(touch\\ pwned)", "$(touch pwned)"),
];

/// A profile of that name, whose lines are indented, and one that starts from it.
fn spelled(header: &str, name: &str) -> Home {
    let deploy = arn("deploy");
    Home::new()
        .config(&format!(
            "[profile {header}]\n  # mine\n  role_arn = {deploy}\n  source_profile = default\n\
             [profile next]\n\trole_arn = {}\n\tsource_profile = {name}\n",
            arn("ops")
        ))
        .env("TERM", "xterm-256color")
        .aws(|a| a.role("deploy").role("ops"))
}

#[test]
fn profiles_have_names_of_any_script_with_blanks_and_quotes() {
    for (header, name) in SPELLED {
        let home = spelled(header, name);
        home.run(["whoami", name])
            .stdout_has("assumed-role/deploy/")
            .stderr("")
            .status(0);
        home.run(["whoami", "--profile", name])
            .stdout_has("assumed-role/deploy/")
            .status(0);
        home.run(["process", "next"]).stdout_has("ASIA").status(0);
        home.run(["process", "ops", "--profile", name])
            .stdout_has("ASIA")
            .status(0);
        home.run(["explain", name])
            .stdout_has(&format!("  {name}\n"))
            .status(0);
        for list in [&["list"][..], &["list", "--tree"]] {
            let words = ["stsx"].iter().chain(list).copied();
            let line = shlex::try_join(words).expect("no NUL");
            home.sh(&line).stdout_has(&format!("{name}  ")).status(0);
        }
        let wrong = format!("{name}x");
        home.run(["whoami", "--profile", &wrong])
            .stderr_has(&format!("did you mean the profile `{name}`?"))
            .status(2);
        assert!(!home.path("pwned").exists());
    }
}

#[test]
fn such_names_go_through_shells_prompts_and_the_picker() {
    for (header, name) in SPELLED {
        let home = spelled(header, name);
        let word = shlex::try_quote(name).expect("no NUL is in it");
        // What a prompt would obey, it shows as a question mark.
        home.sh(&format!(
            "eval \"$(stsx assume {word})\" && stsx prompt --format '{{target}}' && stsx prompt --shell bash"
        ))
        .stdout_has(&format!("{}\n", name.replace(['\'', '"', '$'], "?")))
        .stderr("")
        .status(0);
        let home = home.env("AWS_PROFILE", name);
        home.run(["whoami"])
            .stdout_has("assumed-role/deploy/")
            .status(0);
        home.pty(["assume", "--format", "env"])
            .shows("assume: ")
            .presses(&format!("{name}\r"))
            .wait()
            .stdout_has("AWS_ACCESS_KEY_ID=")
            .stderr("")
            .status(0);
        assert!(!home.path("pwned").exists());
    }
}
