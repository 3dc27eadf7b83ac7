//! What stands on stdout: shell code that works under `eval` and fails closed, documents, nothing on a terminal.
//! Whether every value survives every shell is the matter of `shells`; here the contract is held in `sh`.

use serde_json::Value;

use crate::support::{ACCOUNT, Home, keys, profile_of};

fn home() -> Home {
    let role = |name: &str| {
        format!(
            "[profile {name}]\nrole_arn = arn:aws:iam::{ACCOUNT}:role/{name}\nsource_profile = default\n"
        )
    };
    Home::new()
        .config(&(role("prod") + &role("ops")))
        .aws(|a| a.role("prod").role("ops"))
}

/// The variables of an assumed role.
const SET: [&str; 7] = [
    "AWS_ACCESS_KEY_ID",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN",
    "AWS_SECURITY_TOKEN",
    "AWS_CREDENTIAL_EXPIRATION",
    "STSX_TARGET",
    "STSX_SOURCE",
];

#[test]
fn eval_quoted_and_unquoted_makes_the_shell_the_role() {
    let home = home();
    let show = "printf '%s\\n' \"$AWS_ACCESS_KEY_ID\" \"$STSX_TARGET\" \"${AWS_PROFILE-unset}\" \"${AWS_DEFAULT_PROFILE-unset}\"";
    for eval in [
        "eval $(stsx assume prod)",
        "eval \"$(stsx assume prod)\"",
        "set -eu; eval $(stsx assume prod --shell bash)",
    ] {
        let run = home.sh(&format!(
            "export AWS_PROFILE=default AWS_DEFAULT_PROFILE=default; {eval}; {show}; stsx whoami"
        ));
        let run = run
            .stdout_has(&format!("{}\nprod\nunset\nunset\n", home.issued(1)))
            .stdout_has("assumed-role/prod/");
        run.stderr("").status(0);
    }
}

#[test]
fn shell_code_is_one_statement_per_line_and_sets_all_of_it() {
    let mut run = home()
        .run(["assume", "prod", "--region", "eu-west-1"])
        .stderr("")
        .status(0);
    for name in SET {
        assert!(
            run.exported(name).is_some_and(|value| !value.is_empty()),
            "{name}\n{run}"
        );
    }
    assert_eq!(
        run.exported("AWS_SESSION_TOKEN"),
        run.exported("AWS_SECURITY_TOKEN")
    );
    assert_eq!(run.exported("AWS_REGION").as_deref(), Some("eu-west-1"));
    assert_eq!(
        run.exported("AWS_DEFAULT_REGION").as_deref(),
        Some("eu-west-1")
    );
    let statements = run.out.trim_end_matches(";\n").split(" &&\n");
    for line in statements {
        assert!(
            (line.starts_with("export ") || line.starts_with("unset "))
                && !line.contains(['\n', ';']),
            "{line}"
        );
    }
    for gone in ["unset AWS_PROFILE &&\n", "unset AWS_DEFAULT_PROFILE &&\n"] {
        assert!(run.out.contains(gone), "{run}");
    }
}

#[test]
fn a_region_is_exported_when_it_is_known() {
    let home = home();
    let mut run = home.run(["assume", "prod"]).status(0);
    assert_eq!(run.exported("AWS_REGION"), None);
    drop(run);
    let config = format!(
        "[profile prod]\nregion = eu-central-1\nrole_arn = arn:aws:iam::{ACCOUNT}:role/prod\nsource_profile = default\n"
    );
    let mut run = home.config(&config).run(["assume", "prod"]).status(0);
    assert_eq!(run.exported("AWS_REGION").as_deref(), Some("eu-central-1"));
}

#[test]
fn documents() {
    let home = home();
    let process = home
        .run(["credential-process", "prod"])
        .stderr("")
        .status(0)
        .json();
    let document = process.as_object().expect("an object");
    let names: Vec<_> = document.keys().map(String::as_str).collect();
    assert_eq!(
        sorted(names),
        [
            "AccessKeyId",
            "AccountId",
            "Expiration",
            "SecretAccessKey",
            "SessionToken",
            "Version"
        ]
    );
    assert_eq!(
        (&process["Version"], &process["AccountId"]),
        (&Value::from(1), &Value::from(ACCOUNT))
    );
    let expiration = process["Expiration"].as_str().expect("a text");
    assert!(
        expiration.ends_with('Z') && expiration.parse::<jiff::Timestamp>().is_ok(),
        "{expiration}"
    );
    assert_eq!(
        home.run(["process", "prod"]).calls([]).status(0).json(),
        process
    );
    assert_eq!(
        home.run(["assume", "prod", "--format", "process"])
            .calls([])
            .status(0)
            .json(),
        process
    );

    let json = home
        .run(["assume", "prod", "--format", "json"])
        .calls([])
        .status(0)
        .json();
    assert_eq!(json["AWS_ACCESS_KEY_ID"], process["AccessKeyId"]);
    assert_eq!(json["AWS_SECRET_ACCESS_KEY"], process["SecretAccessKey"]);
    assert_eq!(json["AWS_SESSION_TOKEN"], process["SessionToken"]);

    let mut env = home
        .run(["assume", "prod", "--format", "env"])
        .calls([])
        .status(0);
    let value = env
        .exported("AWS_SECRET_ACCESS_KEY")
        .map(|value| value.trim_matches('"').to_owned());
    assert_eq!(value.as_deref(), process["SecretAccessKey"].as_str());
    env.stdout_lacks("export ");

    let ini = home.run(["assume", "prod", "--format", "ini"]).calls([]);
    let secret = process["SecretAccessKey"].as_str().expect("a text");
    ini.stdout_has("[prod]\n")
        .stdout_has(&format!("aws_secret_access_key = {secret}\n"))
        .status(0);
}

fn sorted(mut names: Vec<&str>) -> Vec<&str> {
    names.sort_unstable();
    names
}

#[test]
fn the_ini_section_and_the_dotenv_file_work_as_they_are() {
    let home = home();
    let (id, secret) = (
        home.run(["process", "prod"]).status(0).json(),
        "SecretAccessKey",
    );
    home.sh("stsx assume prod --format env >dotenv; set -a; . ./dotenv; printf %s \"$AWS_SECRET_ACCESS_KEY\"")
        .stdout(id[secret].as_str().expect("a text"))
        .status(0);
    home.sh("stsx assume prod --format ini >ini; AWS_SHARED_CREDENTIALS_FILE=ini AWS_PROFILE=prod AWS_CONFIG_FILE=/dev/null stsx whoami")
        .stdout_has("assumed-role/prod/")
        .status(0);
}

#[test]
fn every_failure_is_a_statement_that_fails() {
    let denied = home().aws(|a| a.role("prod").denied());
    let failures = [
        ("assume prod", 4),
        ("assume nobody", 4),
        ("assume arn:aws:iam::1:role/x", 2),
        ("assume --nonsense", 2),
        ("assume prod --nonsense", 2),
        ("assume", 2),
        ("assume prod ops", 2),
        ("assume prod --shell no-such-shell", 2),
        ("assume prod --format no-such-format", 2),
        ("assume prod --duration soon", 2),
        ("--error-format json assume --nonsense", 2),
        ("-v assume --nonsense", 2),
        ("unset --nonsense", 2),
        ("unset --shell no-such-shell", 2),
    ];
    for (words, status) in failures {
        denied
            .sh(&format!("stsx {words}"))
            .stdout("false;\n")
            .stderr_has("")
            .status(status);
        let script = format!(
            "export AWS_ACCESS_KEY_ID=before; eval $(stsx {words}) && echo deployed; echo $AWS_ACCESS_KEY_ID"
        );
        denied
            .sh(&script)
            .stdout("before\n")
            .stderr_has("")
            .status(0);
    }
}

#[test]
fn every_shell_has_its_own_failing_statement_and_documents_have_none() {
    let home = home().aws(|a| a.role("prod").denied());
    let shells = [
        "sh",
        "bash",
        "zsh",
        "dash",
        "ksh",
        "posix",
        "fish",
        "tcsh",
        "csh",
        "powershell",
        "pwsh",
        "cmd",
        "nushell",
        "nu",
        "elvish",
        "xonsh",
    ];
    for shell in shells {
        for bad in ["prod", "prod --nonsense"] {
            let run = home
                .sh(&format!("stsx assume --shell {shell} {bad}"))
                .stderr_has("");
            assert!(
                !run.out.trim().is_empty() && run.out.lines().count() == 1,
                "{shell}: {run}"
            );
            let code = run.code().expect("it ended by itself");
            assert!(code == 4 || code == 2, "{run}");
            run.stdout_has("").status(code);
        }
    }
    for document in ["json", "env", "ini", "process"] {
        home.run(["assume", "prod", "--format", document])
            .stdout("")
            .stderr_has("AccessDenied")
            .status(4);
    }
    home.run(["credential-process", "--nonsense"])
        .stdout("")
        .stderr_has("")
        .status(2);
}

#[test]
fn a_terminal_is_shown_the_line_to_type_and_no_secret() {
    let home = home();
    for shell in [
        ("/bin/bash", "eval $(stsx assume prod)"),
        ("/usr/bin/fish", "stsx assume prod | source"),
    ] {
        let run = home_with_shell(shell.0).console(["assume", "prod"]).wait();
        run.screen_has(shell.1).status(2);
    }
    let run = home
        .console(["assume", "prod"])
        .wait()
        .screen_has("role/prod");
    assert!(!run.screen.contains("ASIA"), "{run}");
    run.status(2);
}

fn home_with_shell(shell: &str) -> Home {
    home().env("SHELL", shell)
}

#[test]
fn unset_makes_the_shell_what_it_was() {
    let home = home();
    let before = "export AWS_PROFILE=ops AWS_REGION=us-west-2 AWS_DEFAULT_REGION=us-west-2";
    let script = format!(
        "{before}; env | sort >before; eval $(stsx assume prod --region eu-west-1) && env | sort >during; \
                          eval $(stsx unset) && env | sort >after; diff before after && ! diff before during >/dev/null"
    );
    home.sh(&script).stderr("").status(0);
    let script = "env | sort >before; eval $(stsx assume prod); eval \"$(stsx unset)\"; env | sort >after; diff before after";
    home.sh(script).stderr("").status(0);
    // Nothing to undo is no failure, and what stsx did not export stays.
    home.sh("export AWS_PROFILE=ops; set -eu; eval $(stsx unset); echo $AWS_PROFILE")
        .stdout("ops\n")
        .stderr_has("")
        .status(0);
}

#[test]
fn the_next_assume_starts_from_the_original_identity() {
    let home =
        home().credentials(&(profile_of("default", "James") + &profile_of("james", "James")));
    let script = "export AWS_PROFILE=james; eval $(stsx assume arn:aws:iam::111122223333:role/prod); \
                  eval $(stsx assume arn:aws:iam::111122223333:role/ops); eval $(stsx unset); echo $AWS_PROFILE";
    let run = home
        .sh(script)
        .stdout("james\n")
        .stderr("")
        .calls(["AssumeRole", "AssumeRole"]);
    assert_eq!(run.requests[1].access_key_id, Some(keys("James").0));
    assert!(!run.requests[1].session_token);
    run.status(0);
}

#[test]
fn a_source_that_was_named_is_the_next_ones_too() {
    let home = home().credentials(&(profile_of("default", "James") + &profile_of("mine", "James")));
    let source = |first: &str| {
        let script = format!(
            "eval $(stsx assume {first}); stsx explain arn:aws:iam::111122223333:role/ops --format json"
        );
        home.sh(&script).status(0).json()["source"]["profile"]
            .as_str()
            .map(str::to_owned)
    };
    let role = "arn:aws:iam::111122223333:role/prod";
    assert_eq!(
        source(&format!("{role} --profile mine")).as_deref(),
        Some("mine")
    );
    assert_eq!(source(role).as_deref(), Some("default"));
    let chained = format!("{role} --profile mine); eval $(stsx assume {role} --chain");
    assert_eq!(source(&chained).as_deref(), Some("mine"));
    // A profile's own source says nothing about whom the person was before.
    assert_eq!(source("prod").as_deref(), Some("default"));
}

#[test]
fn the_mark_is_a_plain_word_in_every_shell() {
    let home = home()
        .credentials(&(profile_of("team/prod", "James") + &profile_of("default", "James")))
        .env("AWS_PROFILE", "team/prod");
    let (id, secret) = keys("James");
    for shell in [
        "sh",
        "fish",
        "tcsh",
        "powershell",
        "cmd",
        "nushell",
        "elvish",
        "xonsh",
    ] {
        home.run(["assume", "prod", "--profile", "team/prod", "--shell", shell])
            .stdout_has("start=team_2fprod,AWS_PROFILE=team_2fprod")
            .status(0);
    }
    home.without_env("AWS_PROFILE")
        .env("AWS_ACCESS_KEY_ID", &id)
        .env("AWS_SECRET_ACCESS_KEY", &secret)
        .run(["assume", "prod", "--shell", "cmd"])
        .stdout_has("lost=")
        .stderr_has("****0000 in the environment")
        .status(0);
}

#[test]
fn unset_brings_back_what_was_there_also_after_keys_were_removed_by_hand() {
    let script = "export AWS_PROFILE=ops; env | sort >before; eval $(stsx assume prod); \
                  unset AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN; \
                  eval $(stsx unset); env | sort >after; diff before after";
    home().sh(script).stderr("").status(0);
}

#[test]
fn a_script_gets_the_dialect_of_its_interpreter() {
    let home = home_with_shell("/usr/bin/fish").file(
        "deploy.sh",
        "#!/bin/bash\nset -eu\neval \"$(stsx assume prod)\"\necho $STSX_TARGET\n",
    );
    home.sh("chmod +x \"$HOME/deploy.sh\"; \"$HOME/deploy.sh\"")
        .stdout("prod\n")
        .stderr("")
        .status(0);
}

#[test]
fn with_chain_it_starts_from_the_role_and_says_what_that_costs() {
    let home = home();
    let script = "eval $(stsx assume prod); eval $(stsx assume arn:aws:iam::111122223333:role/ops --chain --duration 2h); stsx whoami";
    let run = home.sh(script).stdout_has("assumed-role/ops/").calls([
        "AssumeRole",
        "AssumeRole",
        "GetCallerIdentity",
    ]);
    assert_eq!(run.requests[1].access_key_id, Some(home.issued(1)));
    assert_eq!(&run.requests[1]["DurationSeconds"], "3600");
    run.stderr_has("stsx: ").stderr_lines(1).status(0);
}

#[test]
fn keys_of_the_environment_are_gone_after_the_first_export_so_the_second_chains() {
    let (id, secret) = keys("James");
    let home = home()
        .credentials("")
        .env("AWS_ACCESS_KEY_ID", &id)
        .env("AWS_SECRET_ACCESS_KEY", &secret);
    let role = |name: &str| format!("arn:aws:iam::{ACCOUNT}:role/{name}");
    let script = format!(
        "eval $(stsx assume {}); eval $(stsx assume {}); stsx whoami",
        role("prod"),
        role("ops")
    );
    let run = home
        .sh(&script)
        .stdout_has("assumed-role/ops/")
        .stderr_has("****0000 in the environment, which `stsx unset` cannot bring back")
        .stderr_has("chain");
    assert_eq!(run.requests[1].access_key_id, Some(home.issued(1)));
    run.stderr_lines(2).status(0);
}

#[test]
fn a_mark_whose_keys_were_replaced_by_hand_is_void() {
    let (id, secret) = keys("Mary");
    let home = home().aws(|a| a.user("Mary"));
    let by_hand = format!(
        "unset AWS_SESSION_TOKEN AWS_SECURITY_TOKEN; export AWS_ACCESS_KEY_ID={id} AWS_SECRET_ACCESS_KEY={secret}"
    );
    home.sh(&format!("eval $(stsx assume prod); {by_hand}; stsx whoami"))
        .stdout_has("user/Mary")
        .status(0);
    let run = home.sh(&format!(
        "eval $(stsx assume prod); {by_hand}; eval $(stsx assume {ACCOUNT}:ops)"
    ));
    assert_eq!(run.requests.last().expect("a call").access_key_id, Some(id));
    run.stderr_has("").status(0);
}

#[test]
fn a_closed_pipe_is_no_crash() {
    home()
        .sh("stsx list | true; stsx process prod | true")
        .stderr("")
        .status(0);
    home()
        .sh("stsx assume prod >/dev/full")
        .stderr_has("stsx: ")
        .status(1);
}
