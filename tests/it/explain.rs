//! `stsx explain` and `stsx list`: what would happen and what is there, with the place of every value, without a call.

mod pictures;

use serde_json::{Value, json};

use crate::support::{ACCOUNT, DEVICE, Home, Run, keys, profile_of};

const HUB: &str = "arn:aws:iam::444455556666:role/hub";

/// James → hub → deploy, with a setting of each kind.
fn home() -> Home {
    let config = format!(
        "[default]\nregion = eu-west-1\n\n[profile hub]\nrole_arn = {HUB}\nsource_profile = default\n\n[profile prod]\n\
         role_arn = arn:aws:iam::{ACCOUNT}:role/deploy\nsource_profile = hub\nexternal_id = 42\nrole_session_name = james\n"
    );
    Home::new()
        .config(&config)
        .aws(|a| a.role(HUB).role("deploy").external_id("42"))
}

/// It made no call; what it said is JSON.
#[track_caller]
fn offline(run: Run) -> Value {
    run.stderr("").calls([]).status(0).json()
}

#[test]
fn a_plan_with_the_origin_of_every_value() {
    let home = home();
    let plan = offline(home.run(["explain", "prod", "--format", "json", "--duration", "30m"]));
    assert_eq!(
        (&plan["target"], &plan["region"]),
        (&json!("prod"), &json!("eu-west-1"))
    );
    let source = &plan["source"];
    assert_eq!(
        (&source["kind"], &source["profile"]),
        (&json!("keys"), &json!("default"))
    );
    assert_eq!(source["access_key_id"], keys("James").0);
    let hops = plan["hops"].as_array().expect("a list");
    assert_eq!(hops.len(), 2);
    assert_eq!(
        (&hops[0]["kind"], &hops[0]["arn"]),
        (&json!("role"), &json!(HUB))
    );
    let prod = &hops[1];
    assert_eq!(prod["arn"], format!("arn:aws:iam::{ACCOUNT}:role/deploy"));
    assert_eq!(
        (&prod["external_id"], &prod["session_name"]),
        (&json!("42"), &json!("james"))
    );
    assert_eq!(prod["duration_seconds"], 1800);
    let from =
        |hop: &Value, key: &str| hop["origins"][key].as_str().unwrap_or("nowhere").to_owned();
    assert!(
        from(prod, "external_id").ends_with("/.aws/config:11"),
        "{plan}"
    );
    assert!(
        from(prod, "session_name").ends_with("/.aws/config:12"),
        "{plan}"
    );
    assert!(from(prod, "arn").ends_with("/.aws/config:9"), "{plan}");
    assert_eq!(from(prod, "duration_seconds"), "--duration");
    assert_eq!(from(&hops[0], "duration_seconds"), "default");
    assert!(
        from(source, "access_key_id").ends_with("/.aws/credentials:2"),
        "{plan}"
    );
    assert_eq!((&plan["calls"], &plan["prompts"]), (&json!(2), &json!(0)));
    for absent in [
        &plan["cached_until"],
        &prod["mfa_serial"],
        &hops[0]["external_id"],
    ] {
        assert_eq!(*absent, Value::Null, "absent values are left out: {plan}");
    }
}

#[test]
fn variables_are_named_as_origins() {
    let (id, secret) = keys("James");
    let home = home()
        .env("AWS_ACCESS_KEY_ID", &id)
        .env("AWS_SECRET_ACCESS_KEY", &secret)
        .env("AWS_REGION", "us-west-2");
    let home = home.env("AWS_ROLE_SESSION_NAME", "from-env");
    let plan = offline(home.run(["explain", "--format", "json", &format!("{ACCOUNT}:deploy")]));
    assert_eq!(
        (&plan["source"]["kind"], &plan["region"]),
        (&json!("environment"), &json!("us-west-2"))
    );
    assert_eq!(
        plan["source"]["origins"]["access_key_id"],
        "$AWS_ACCESS_KEY_ID"
    );
    assert_eq!(
        plan["hops"][0]["origins"]["session_name"],
        "$AWS_ROLE_SESSION_NAME"
    );
}

#[test]
fn a_bare_name_stays_a_name_until_its_account_is_known() {
    let home = home();
    let plan = offline(home.run(["explain", "deploy", "--format", "json"]));
    assert_eq!(
        (&plan["hops"][0]["role_name"], &plan["hops"][0]["arn"]),
        (&json!("deploy"), &Value::Null)
    );
    assert_eq!(plan["calls"], 2, "GetCallerIdentity and AssumeRole");
    home.run(["whoami"]).stdout_has("James").status(0);
    let plan = offline(home.run(["explain", "deploy", "--format", "json"]));
    assert_eq!(plan["calls"], 1, "who James is has been remembered: {plan}");
}

#[test]
fn calls_and_prompts_are_those_that_a_run_would_take() {
    let config = format!(
        "[profile prod]\nrole_arn = arn:aws:iam::{ACCOUNT}:role/deploy\nsource_profile = hub\n\
         [profile hub]\nrole_arn = {HUB}\nsource_profile = default\nmfa_serial = {DEVICE}\n"
    );
    let home = Home::new()
        .config(&config)
        .aws(|a| a.role("deploy").role(HUB).mfa());
    let explained = || offline(home.run(["explain", "prod", "--format", "json"]));
    let plan = explained();
    assert_eq!(
        (&plan["calls"], &plan["prompts"]),
        (&json!(3), &json!(1)),
        "{plan}"
    );
    assert_eq!(plan["hops"][0]["mfa_serial"], DEVICE);
    assert_eq!(plan["hops"][0]["duration_seconds"], 43_200);
    let taken = home
        .run(["process", "prod", "--mfa-code", &home.code()])
        .stdout_has("ASIA");
    taken
        .calls(["GetSessionToken", "AssumeRole", "AssumeRole"])
        .status(0);
    let plan = explained();
    assert_eq!(
        (&plan["calls"], &plan["prompts"]),
        (&json!(0), &json!(0)),
        "{plan}"
    );
    assert!(
        plan["cached_until"]
            .as_str()
            .is_some_and(|end| end.ends_with('Z')),
        "{plan}"
    );
    home.age(3590);
    let plan = explained();
    assert_eq!(
        (&plan["calls"], &plan["prompts"]),
        (&json!(2), &json!(0)),
        "both roles are about to end, the session is not: {plan}"
    );
    home.age(43_200 - 3590);
    let plan = explained();
    assert_eq!(
        (&plan["calls"], &plan["prompts"]),
        (&json!(3), &json!(1)),
        "all have ended: {plan}"
    );
}

#[test]
fn the_text_names_places_and_no_secret() {
    let home = home();
    let run = home
        .run(["explain", "prod", "--duration", "30m"])
        .stderr("")
        .calls([]);
    [
        HUB,
        "role/deploy",
        "external",
        ".aws/config:11",
        "--duration",
        "eu-west-1",
        "default",
    ]
    .into_iter()
    .fold(run, |run, words| run.stdout_has(words))
    .status(0);
    home.run(["explain", "prod", "--duration", "2h"])
        .stdout_has("1h")
        .stderr_has("")
        .calls([])
        .status(0);
}

#[test]
fn what_cannot_be_planned_fails_as_it_would_when_run() {
    let home = home();
    home.run(["explain", "arn:aws:iam::1:role/x"])
        .stdout("")
        .stderr_has("stsx: ")
        .calls([])
        .status(2);
    home.run(["explain", "x", "--profile", "hbu"])
        .stdout("")
        .stderr_has("hub")
        .calls([])
        .status(2);
}

#[test]
fn profiles_are_listed_with_every_property_and_its_place() {
    let process = "\n[profile tool]\ncredential_process = /bin/tool --password geheim\ns3 =\n  max_concurrent_requests = 20\n\n\
                   [sso-session corp]\nsso_region = eu-west-1\nsso_start_url = https://corp.example\n";
    let home = Home::new().config(&format!(
        "[profile prod]\nROLE_ARN = {HUB}\nsource_profile = default\n{process}"
    ));
    let home = home.credentials(&profile_of("default", "James"));
    let list = offline(home.run(["list", "--format", "json"]));
    let profile = |name: &str| {
        let profiles = list["profiles"].as_array().expect("a list");
        profiles
            .iter()
            .find(|one| one["name"] == name)
            .unwrap_or_else(|| panic!("{name}: {list}"))
    };
    let role = &profile("prod")["settings"]["role_arn"];
    assert_eq!((&role["value"], &role["line"]), (&json!(HUB), &json!(2)));
    assert!(
        role["file"]
            .as_str()
            .is_some_and(|file| file.ends_with("/.aws/config")),
        "{list}"
    );
    let s3 = &profile("tool")["settings"]["s3"];
    assert!(
        s3["value"].to_string().contains("max_concurrent_requests"),
        "{list}"
    );
    assert!(
        profile("default")["settings"]["aws_access_key_id"]["file"]
            .to_string()
            .contains(".aws/credentials"),
        "{list}"
    );
    assert_eq!(list["sso_sessions"][0]["name"], "corp");
    assert_eq!(
        list["sso_sessions"][0]["settings"]["sso_region"]["line"],
        11
    );
    let run = home
        .run(["list"])
        .stderr("")
        .stdout_has("prod")
        .stdout_has("hub")
        .stdout_has("default")
        .stdout_has("tool");
    run.calls([]).status(0);
}

#[test]
fn a_broken_profile_is_listed_with_its_error_and_a_broken_file_is_refused() {
    let broken = format!("[profile prod]\nrole_arn = {HUB}\n[profile fine]\nregion = eu-west-1\n");
    let list = offline(
        Home::new()
            .config(&broken)
            .run(["list", "--format", "json"]),
    );
    let profiles = list["profiles"].as_array().expect("a list");
    let error = |name: &str| {
        profiles
            .iter()
            .find(|one| one["name"] == name)
            .map(|one| one["error"].clone())
    };
    assert!(
        error("prod").is_some_and(|error| error.to_string().contains("source_profile")),
        "{list}"
    );
    assert_eq!(error("fine"), Some(Value::Null));
    let home =
        Home::new().config("[profile prod]\nregion = eu-west-1\n[profile broken\nregion = x\n");
    home.run(["list"])
        .stdout("")
        .stderr_has(".aws/config:3")
        .status(2);
}

#[test]
fn nothing_to_list_is_no_failure() {
    let list = offline(Home::new().run(["list", "--format", "json"]));
    assert_eq!(list, json!({"profiles": [], "sso_sessions": []}));
}

#[test]
fn list_shows_no_password_and_every_place() {
    let home = Home::new().config(
        "[profile p]\nendpoint_url = https://me:hunter2@host/x\ncredential_source = Environment\ncredential_process = tool hunter2\n\
         s3 =\n  secret_thing = hunter2\n  endpoint_url = http://me:hunter2@host\n",
    );
    let run = home
        .run(["list", "--format", "json"])
        .stdout_lacks("hunter2")
        .status(0);
    let settings = run.json()["profiles"][0]["settings"].clone();
    assert_eq!(settings["credential_source"]["value"], "Environment");
    assert_eq!(settings["endpoint_url"]["value"], "https://host/x");
    assert_eq!(settings["s3"]["line"], 5);
}

#[test]
fn a_device_is_not_looked_for() {
    let home = Home::new().aws(|a| a.role("deploy").mfa());
    let arn = format!("arn:aws:iam::{ACCOUNT}:role/deploy");
    let explained = |flags: &str, serial: &str, calls: usize| {
        let run = home.sh(&format!("stsx explain {arn} --mfa {flags} --format json"));
        let plan = offline(run);
        let session = &plan["hops"][0];
        assert_eq!(session["kind"], "session", "{plan}");
        assert_eq!(session["mfa_serial"], serial, "{plan}");
        assert_eq!(plan["calls"], calls, "{plan}");
        session["origins"]["mfa_serial"].clone()
    };
    let unknown = "(found by iam:ListMFADevices)";
    assert_eq!(explained("--mfa-code 123456", unknown, 3), "--mfa");
    assert_eq!(
        explained(&format!("--mfa-serial {DEVICE}"), DEVICE, 2),
        "--mfa-serial"
    );
    let policy =
        r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}"#;
    home.sandbox().policy(ACCOUNT, "user/James", policy);
    let code = home.code();
    home.run(["login", &arn, "--mfa", "--mfa-code", &code])
        .stdout_has(&arn)
        .calls(["ListMFADevices", "GetSessionToken", "AssumeRole"])
        .status(0);
    assert_eq!(explained("--refresh", DEVICE, 1), "--mfa");
}
