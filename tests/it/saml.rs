//! Roles that responses of SAML providers open: by hand, and by profiles whose command signs a person in.

mod bad; // what is none, too late, or for somebody else: before the call; and what STS refuses
mod others; // a provider and a server that others wrote
mod profile; // profiles with saml_assertion_process

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::support::{ACCOUNT, Home, Run, SAML_PROVIDER, pair};

const CALL: &str = "AssumeRoleWithSAML";

fn arn(role: &str) -> String {
    format!("arn:aws:iam::{ACCOUNT}:role/{role}")
}

/// A home whose AWS has roles that trust the provider.
fn home(roles: &[&str]) -> Home {
    let home = Home::new().aws(|a| a);
    roles.iter().fold(home, |home, role| home.saml_role(role))
}

fn saml(home: &Home, words: &str) -> Run {
    home.sh(&format!("stsx saml --assertion assertion {words}"))
}

#[test]
fn the_one_role_is_taken() {
    let home = home(&["web"]);
    let assertion = home.assertion(&["web"]);
    let home = home.file("assertion", &assertion);
    let mut run = saml(&home, "--shell sh").calls([CALL]);
    assert_eq!(run.exported("AWS_ACCESS_KEY_ID"), Some(home.issued(1)));
    assert_eq!(run.exported("STSX_TARGET"), Some(arn("web")));
    let request = &run.requests[0];
    assert_eq!(request["RoleArn"], arn("web"));
    assert_eq!(request["PrincipalArn"], *SAML_PROVIDER);
    assert_eq!(request["SAMLAssertion"], assertion);
    assert_eq!(request["DurationSeconds"], *"3600");
    run.status(0);
    // The same assertion is the same session; a shell becomes it, and goes back.
    let script = "set -e; eval $(stsx saml --assertion assertion); stsx whoami
        eval $(stsx unset); stsx whoami";
    home.sh(script)
        .stdout_has("assumed-role/web/James")
        .stdout_has("user/James")
        .calls(["GetCallerIdentity", "GetCallerIdentity"])
        .status(0);
    let again = home.assertion(&["web"]);
    let home = home.file("assertion", &again);
    saml(&home, "--format process")
        .stdout_has(&home.issued(2))
        .calls([CALL])
        .status(0);
    saml(&home, "--format process --refresh")
        .stdout_has(&home.issued(3))
        .calls([CALL])
        .status(0);
}

#[test]
fn a_response_is_taken_in_every_form() {
    let home = home(&["web"]);
    let assertion = home.assertion(&["web"]);
    let xml = String::from_utf8(STANDARD.decode(&assertion).unwrap()).unwrap();
    let escaped: String = form_urlencoded::byte_serialize(assertion.as_bytes()).collect();
    let wrapped: Vec<&str> = assertion
        .as_bytes()
        .chunks(64)
        .map(|line| std::str::from_utf8(line).unwrap())
        .collect();
    let mut home = home;
    for text in [
        assertion.clone(),
        wrapped.join("\r\n") + "\r\n",
        escaped.clone(),
        format!("RelayState=x&SAMLResponse={escaped}"),
        format!("{xml}\n"),
    ] {
        home = home.file("assertion", &text);
        for place in ["assertion", "- <assertion"] {
            let run = home.sh(&format!(
                "stsx saml --no-cache --format process --assertion {place}"
            ));
            let run = run.stdout_has("ASIA").calls([CALL]);
            assert_eq!(run.requests[0]["SAMLAssertion"], assertion, "{text:.40}");
            run.status(0);
        }
    }
}

#[test]
fn one_of_several_is_named_or_chosen() {
    let home = home(&["web", "team/deploy"]);
    let assertion = home.assertion(&["web", "team/deploy"]);
    let home = home.file("assertion", &assertion);
    for word in [
        arn("team/deploy"),
        "deploy".to_owned(),
        "team/deploy".to_owned(),
        format!("{ACCOUNT}:deploy"),
    ] {
        let run = saml(&home, &format!("--no-cache --format process --role {word}"));
        let run = run.stdout_has("ASIA").calls([CALL]);
        assert_eq!(run.requests[0]["RoleArn"], arn("team/deploy"));
        run.status(0);
    }
    let listed = format!("  {}\n  {}\n", arn("web"), arn("team/deploy"));
    saml(&home, "")
        .stdout("false;\n")
        .stderr(&format!(
            "stsx: there is more than one role, and there is no terminal to ask which\n{listed}\
             hint: name one with --role ARN (and --provider ARN)\n"
        ))
        .calls([])
        .status(3);
    saml(&home, "--role other")
        .stdout("false;\n")
        .stderr(&format!(
            "stsx: the SAML assertion in assertion does not open `other`\n{listed}\
             hint: the roles above are those that it opens\n"
        ))
        .calls([])
        .status(2);
    let script = "eval $(stsx saml --assertion assertion) && echo became $STSX_TARGET";
    home.pty_program("sh", ["-c", script])
        .shows("role (1-2): ")
        .types("3")
        .shows("role (1-2): ")
        .types("2")
        .wait()
        .stdout(&format!("became {}\n", arn("team/deploy")))
        .screen_has(&format!("  1  {}", arn("web")))
        .calls([CALL])
        .status(0);
    // On a terminal no secret is written, and nothing is called.
    home.console(["saml", "--assertion", "assertion", "--role", "web"])
        .wait()
        .screen_has(&format!(
            "`saml` would be {}, but stdout is a terminal",
            arn("web")
        ))
        .screen_has("saml --assertion assertion --role web")
        .calls([])
        .status(2);
}

#[test]
fn a_provider_tells_two_ways_to_one_role_apart() {
    let home = home(&["web"]);
    let second = format!("{},{SAML_PROVIDER}2", arn("web"));
    let attributes = [("Role", &*pair("web")), ("Role", &*second)];
    let assertion = home.sandbox().assertion(ACCOUNT, &attributes);
    let home = home.file("assertion", &assertion);
    saml(&home, "")
        .stdout("false;\n")
        .stderr_has(&format!("  {} by {SAML_PROVIDER}2\n", arn("web")))
        .calls([])
        .status(3);
    saml(
        &home,
        &format!("--provider {SAML_PROVIDER} --format process"),
    )
    .stdout_has("ASIA")
    .calls([CALL])
    .status(0);
    // Another provider is another way, which the cache does not know.
    saml(&home, &format!("--provider {SAML_PROVIDER}2"))
        .stdout("false;\n")
        .stderr_has("InvalidIdentityToken")
        .calls([CALL])
        .status(5);
}

#[test]
fn a_list_calls_nothing() {
    let home = home(&[]);
    let assertion = home.assertion(&["web", "team/deploy", "web"]);
    let home = home.file("assertion", &assertion);
    let listed = format!("{}\n{}\n", arn("web"), arn("team/deploy"));
    saml(&home, "--list").stdout(&listed).calls([]).status(0);
    let old = home.assertion_until(&["web"], -60);
    home.file("assertion", &old)
        .sh("stsx saml --list --assertion - <assertion")
        .stdout(&format!("{}\n", arn("web")))
        .stderr_has("stsx: the SAML assertion on standard input expired at ")
        .calls([])
        .status(0);
}

#[test]
fn the_length_is_the_providers_unless_it_is_said() {
    let home = home(&["web"]);
    let lasting = |home: &Home, seconds: &str| {
        let attributes = [("Role", &*pair("web")), ("SessionDuration", seconds)];
        home.sandbox().assertion(ACCOUNT, &attributes)
    };
    let asked = |run: &Run| -> Vec<String> {
        let requests = run.requests.iter();
        requests
            .map(|request| request["DurationSeconds"].to_owned())
            .collect()
    };
    let assertion = lasting(&home, "1800");
    let home = home.file("assertion", &assertion);
    let run = saml(&home, "--format process").stdout_has("ASIA");
    assert_eq!(asked(&run), ["1800"]);
    run.status(0);
    let run = saml(&home, "--format process --duration 15m").stdout_has("ASIA");
    assert_eq!(asked(&run), ["900"]);
    run.status(0);
    // The role gives an hour; nobody can be asked, so shorter ones are tried, once for all time.
    let assertion = lasting(&home, "28800");
    let home = home.file("assertion", &assertion);
    let run = saml(&home, "--format process").stdout_has("ASIA");
    assert_eq!(asked(&run), ["28800", "21600", "14400", "7200", "3600"]);
    run.stderr_has("the session is shortened from 8h to 1h")
        .status(0);
    let assertion = lasting(&home, "28801");
    let home = home.file("assertion", &assertion);
    let run = saml(&home, "--format process").stdout_has("ASIA");
    assert_eq!(asked(&run), ["3600"]);
    run.status(0);
}

#[test]
fn policies_limit_the_session_and_tags_do_not_go() {
    let home = home(&["web"]);
    let assertion = home.assertion(&["web"]);
    let home = home.file("assertion", &assertion);
    let policy = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*"}]}"#;
    let run = saml(
        &home,
        &format!("--policy '{policy}' --read-only --format process"),
    );
    let run = run.stdout_has("ASIA").calls([CALL]);
    assert!(run.requests[0]["Policy"].contains("2012-10-17"));
    assert_eq!(
        run.requests[0]["PolicyArns.member.1.arn"],
        *"arn:aws:iam::aws:policy/ReadOnlyAccess"
    );
    run.status(0);
    saml(&home, "--tag a=b")
        .stdout("false;\n")
        .stderr("stsx: --tag: tags cannot be sent with the SAML assertion in assertion\nhint: its issuer puts session tags and the source identity into it\n")
        .calls([])
        .status(2);
    saml(&home, "--profile default")
        .stdout("false;\n")
        .stderr_has("'--profile <PROFILE>'")
        .status(2);
    saml(&home, "--expect-account 444455556666")
        .stdout("false;\n")
        .stderr_has("leads to account 111122223333")
        .calls([])
        .status(2);
}
