//! Texts of others on the way to a person's screen: files, variables, arguments, answers of AWS and of identity providers.
//! What a terminal would obey is made visible. Every run is checked for it by the harness; here each way is gone.

use serde_json::json;

use super::{home, profile};
use crate::support::{ACCOUNT, DEVICE, Home, Run};

/// A title for the window, another colour by the 8-bit introducer, a rubbed out letter, and writing from right to left.
const HOSTILE: &str = "x\u{1b}]0;owned\u{7}\u{9b}31m\u{7f}\u{202e}\u{2066}\u{61c}\u{2028}y";

/// Whatever its end; what it says has been checked.
#[track_caller]
fn seen(run: Run) -> String {
    let run = run.stdout_has("").stderr_has("");
    let code = run.code().expect("no signal");
    let text = format!("{}{}", run.out, run.err);
    run.status(code);
    text
}

/// It was said, in harmless words.
#[track_caller]
fn told(text: &str) {
    assert!(text.contains("owned"), "{text}");
}

#[test]
fn values_of_profiles() {
    for key in [
        "role_arn",
        "source_profile",
        "credential_source",
        "external_id",
        "duration_seconds",
        "mfa_serial",
        "role_session_name",
        "region",
        "endpoint_url",
        "ca_bundle",
        "policy",
        "policy_arns",
        "session_tags",
        "source_identity",
        "sso_start_url",
        "sso_session",
        "credential_process",
        "web_identity_token_file",
        "saml_provider_arn",
        "services",
        "mfa_max_age",
        "sts_regional_endpoints",
    ] {
        let line = format!("{key} = {HOSTILE}\n");
        let home = Home::new()
            .james()
            .env("AWS_ENDPOINT_URL_STS", "http://127.0.0.1:1")
            .config(&profile(&line));
        let mut text = String::new();
        for words in [
            ["explain", "prod", "-v"],
            ["explain", "prod", "--format=json"],
        ] {
            text += &seen(home.run(words));
        }
        for words in [["list", "-v"], ["list", "--format=json"]] {
            text += &seen(home.run(words));
        }
        let unknown = [
            "credential_process",
            "sso_start_url",
            "sso_session",
            "saml_provider_arn",
            "services",
            "endpoint_url",
            "ca_bundle",
            "web_identity_token_file",
            "sts_regional_endpoints",
        ];
        if !unknown.contains(&key) {
            told(&text);
        }
    }
}

#[test]
fn arguments_variables_and_settings() {
    let alias = format!("[alias]\n{HOSTILE} = prod\nshort = {HOSTILE}\n");
    for words in [
        ["whoami", HOSTILE],
        ["explain", HOSTILE],
        ["explain", "short"],
        ["logout", HOSTILE],
        ["login", HOSTILE],
        ["cache", HOSTILE],
        [HOSTILE, "prod"],
    ] {
        told(&seen(home().run(words)).replace("short", "owned"));
        seen(home().settings(&alias).run(words));
    }
    for flag in [
        "--profile",
        "--region",
        "--session-name",
        "--mfa-serial",
        "--external-id",
        "--tag",
        "--policy",
        "--duration",
    ] {
        told(&seen(home().run(["-vv", "explain", "prod", flag, HOSTILE])));
    }
    for name in [
        "AWS_PROFILE",
        "AWS_REGION",
        "STSX_PROFILE",
        "STSX_DURATION",
        "STSX_SHELL",
        "AWS_CA_BUNDLE",
        "AWS_ROLE_SESSION_NAME",
    ] {
        seen(home().env(name, HOSTILE).run(["whoami", "-vv"]));
        seen(home().env(name, HOSTILE).run(["explain", "prod"]));
    }
    let home = home().settings(&format!("[stsx]\nregion = {HOSTILE}\n{HOSTILE} = 1\n"));
    seen(home.run(["whoami"]));
    seen(
        home.env("AWS_CONFIG_FILE", HOSTILE)
            .run(["assume", "prod", "-vv"]),
    );
}

#[test]
fn names_that_are_kept() {
    let home = home().settings(&format!("[alias]\n{HOSTILE} = prod\n"));
    let run = home
        .run(["process", HOSTILE])
        .stdout_has("ASIA")
        .stderr_has("");
    run.status(0);
    for words in [["cache", "list", "-v"], ["cache", "list", "--format=json"]] {
        told(&seen(home.run(words)));
    }
    told(&seen(home.run(["login", HOSTILE])));
    let device = format!("mfa_serial = {DEVICE}");
    let home = home
        .config(&profile(&device))
        .aws(|a| a.role("deploy").mfa());
    let code = home.code();
    home.pty(["process", HOSTILE, "--refresh"])
        .shows("owned")
        .types(&code)
        .wait()
        .stdout_has("ASIA")
        .stderr_has("")
        .screen_has("MFA code")
        .status(0);
}

#[test]
fn answers_of_aws() {
    let escaped = HOSTILE.replace(['\u{1b}', '\u{7}'], "");
    let refused = home().aws(|a| a.refuse(403, "AccessDenied", &escaped));
    told(&seen(refused.run(["whoami", "prod", "-vv"])));
    told(&seen(refused.run([
        "whoami",
        "prod",
        "--error-format",
        "json",
    ])));
    let coded = home().aws(|a| a.refuse(400, &escaped, "no"));
    told(&seen(coded.run(["whoami", "prod"])));
    for status in [200, 403, 502] {
        let page = home().aws(|a| a.page(status, &format!("<html>{HOSTILE}</html>")));
        seen(page.run(["whoami", "prod", "-vv"]));
    }
    let identity = format!(
        "<GetCallerIdentityResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><GetCallerIdentityResult>\
         <Arn>arn:aws:iam::{ACCOUNT}:user/{escaped}</Arn><UserId>{escaped}</UserId><Account>{ACCOUNT}</Account>\
         </GetCallerIdentityResult></GetCallerIdentityResponse>"
    );
    let named = home().aws(|a| a.on("GetCallerIdentity").answer(&identity));
    told(&seen(named.run(["whoami"])));
    told(&seen(named.run(["whoami", "--format", "json"])));
}

#[test]
fn what_identity_providers_sign() {
    let home = Home::new()
        .credentials("")
        .aws(|a| a.role("web").web_identity());
    let claims = json!({"iss": HOSTILE, "aud": HOSTILE, "sub": HOSTILE});
    let token = home
        .sandbox()
        .web_token(ACCOUNT, "https://idp.example.com", &claims);
    let home = home.file("token", &token);
    let role = format!("arn:aws:iam::{ACCOUNT}:role/web");
    for message in [
        "Not authorized to perform sts:AssumeRoleWithWebIdentity",
        "Incorrect token audience",
    ] {
        for code in [
            "AccessDenied",
            "InvalidIdentityToken",
            "ExpiredTokenException",
        ] {
            let home = &home;
            home.sandbox().healthy();
            home.sandbox()
                .on("AssumeRoleWithWebIdentity")
                .refuse(400, code, message);
            told(&seen(home.run([
                "whoami",
                &role,
                "--web-identity-token-file",
                "token",
                "-vv",
            ])));
        }
    }
    let escaped = "x\u{9b}31m\u{7f}\u{202e}\u{2066}\u{61c}owned";
    let home = Home::new().aws(|a| a).saml_role("web");
    let issuer = home.changed_assertion(&["web"], "https://idp.example.com", escaped);
    let home = home.file("assertion", &issuer);
    seen(home.run([
        "saml",
        "--assertion",
        "assertion",
        "--format",
        "json",
        "-vv",
    ]));
}
