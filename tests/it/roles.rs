//! `stsx list --roles`: what IAM lists, what is remembered of it, and what completions make of that.

use std::fs;
use std::path::PathBuf;

use serde_json::{Value, json};

use crate::support::{ACCOUNT, Home, profile_of};

const OTHER: &str = "444455556666";

fn allow(principal: &Value) -> String {
    json!({"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": principal}
    ]})
    .to_string()
}

/// James, who may list roles.
fn home() -> Home {
    let home = Home::new().aws(|aws| aws);
    lets_list(&home, ACCOUNT, "user/James");
    home
}

fn lets_list(home: &Home, account: &str, holder: &str) {
    let statement =
        json!({"Effect": "Allow", "Action": ["sts:AssumeRole", "iam:ListRoles"], "Resource": "*"});
    let policy = json!({"Version": "2012-10-17", "Statement": [statement]}).to_string();
    home.sandbox().policy(account, holder, &policy);
}

/// Who may assume what in an account of some age.
fn with_roles(home: Home) -> Home {
    home.aws(|aws| {
        aws.role("deploy")
            .role("team/audit")
            .mfa()
            .max_session(43_200)
    })
    .aws(|aws| {
        let sandbox = aws.sandbox();
        let service = json!({"Service": "ec2.amazonaws.com"});
        sandbox.role(ACCOUNT, "machine", &allow(&service));
        let james = json!({"AWS": format!("arn:aws:iam::{ACCOUNT}:user/James")});
        sandbox.role(ACCOUNT, "photos", &allow(&james));
        aws.role(&format!("arn:aws:iam::{OTHER}:role/hub"))
    })
}

/// The files that remember roles.
fn remembered(home: &Home) -> Vec<PathBuf> {
    let files = fs::read_dir(home.path(".cache/stsx")).into_iter().flatten();
    let paths = files.flatten().map(|file| file.path());
    paths
        .filter(|path| path.extension().is_some_and(|kind| kind == "roles"))
        .collect()
}

fn offers(home: &Home, words: &str, names: &str) {
    home.sh(&format!("stsx complete xonsh -- stsx {words}"))
        .stdout(&format!("values\n{names}"))
        .calls([])
        .status(0);
}

#[test]
fn roles_and_who_may_assume_them() {
    let home = with_roles(home());
    home.run(["list", "--roles"])
        .stdout(
            "deploy      1h   anyone of 111122223333, anyone of 444455556666\n\
             photos      1h   user James\n\
             team/audit  12h  anyone of 111122223333 (MFA), anyone of 444455556666 (MFA)\n",
        )
        .stderr("")
        .calls(["ListRoles"])
        .status(0);
    let run = home.run(["list", "--roles", "--format", "json", "-v"]);
    let document: Value = serde_json::from_str(&run.out).expect("it is JSON");
    assert_eq!(
        document["roles"][1],
        json!({
            "name": "photos",
            "arn": format!("arn:aws:iam::{ACCOUNT}:role/photos"),
            "max_session_duration": 3600,
            "principals": [format!("arn:aws:iam::{ACCOUNT}:user/James")],
        })
    );
    run.stdout_has("\"team/audit\"")
        .stderr_has("1 of 4 roles are for AWS services only")
        .status(0);
}

/// As `stsx assume ROLE` would start: from a profile, from a role, from behind the role that is on.
#[test]
fn the_roles_are_those_of_the_source() {
    let config = format!(
        "[profile hub]\nrole_arn = arn:aws:iam::{OTHER}:role/hub\nsource_profile = default\n"
    );
    let home = with_roles(home()).config(&config);
    lets_list(&home, OTHER, "role/hub");
    home.run(["list", "--roles", "--profile", "hub"])
        .stdout("hub  1h  anyone of 111122223333, anyone of 444455556666\n")
        .calls(["AssumeRole", "ListRoles"])
        .status(0);
    home.run([
        "list",
        "--roles",
        "--profile",
        "hub",
        "--expect-account",
        ACCOUNT,
    ])
    .stderr_has("this leads to account 444455556666")
    .calls([])
    .status(2);
    home.sh("eval $(stsx assume deploy --shell sh); stsx list --roles | cut -d' ' -f1")
        .stdout("deploy\nphotos\nteam/audit\n")
        .calls(["GetCallerIdentity", "AssumeRole", "ListRoles"])
        .status(0);
    // Each has its own names.
    assert_eq!(remembered(&home).len(), 2);
    let photos = "photos\trole in 111122223333, listed just now\n";
    offers(&home, "assume ph", photos);
    offers(&home, "assume --profile hub ph", "");
    offers(&home, "assume --profile=default ph", photos);
    home.sh("eval $(stsx assume deploy --shell sh); stsx complete xonsh -- stsx assume ph")
        .stdout(&format!("values\n{photos}"))
        .status(0);
}

/// As many as an account can have.
#[test]
fn a_long_list_comes_in_pages_and_is_offered() {
    let home = home();
    let trust = allow(&json!({"AWS": ACCOUNT}));
    for number in 0..5000 {
        home.sandbox()
            .role(ACCOUNT, &format!("some/where/role-{number:04}"), &trust);
    }
    let run = home.run(["list", "--roles"]).calls(["ListRoles"; 5]);
    assert_eq!(run.out.lines().count(), 5000);
    run.stdout_has("some/where/role-4999  1h").status(0);
    home.age_facts(3 * 86_400 + 60);
    offers(
        &home,
        "exec some/where/role-4999",
        "some/where/role-4999\trole in 111122223333, listed 3d ago\n",
    );
}

#[test]
fn remembered_roles_are_targets_and_nothing_else() {
    let home = with_roles(home())
        .config("[profile photos]\nrole_arn = arn:aws:iam::111122223333:role/deploy\nsource_profile = default\n")
        .settings("[alias]\ndeploy = photos\n");
    offers(&home, "assume team", "");
    home.run(["list", "--roles"])
        .stdout_has("team/audit")
        .status(0);
    let audit = "team/audit\trole in 111122223333, listed just now\n";
    offers(&home, "assume team", audit);
    offers(&home, "explain team", audit);
    // A name only once: aliases and profiles come first, as they do when one is assumed.
    offers(&home, "assume dep", "deploy\talias of photos\n");
    offers(&home, "assume ph", "photos\tdeploy in 111122223333\n");
    for words in ["logout team", "cache clear team", "assume --profile team"] {
        offers(&home, words, "");
    }
    offers(&home, "assume --chain team", audit);
    // Other keys are somebody else; so is another endpoint.
    let home = home.env("AWS_ENDPOINT_URL_STS", "http://127.0.0.1:9");
    offers(&home, "assume team", "");
    let home = home.without_env("AWS_ENDPOINT_URL_STS");
    let home = home
        .aws(|aws| aws.user("Mary"))
        .credentials(&profile_of("default", "Mary"));
    offers(&home, "assume team", "");
    let home = home.james();
    offers(&home, "assume team", audit);
    home.sh("stsx cache list; stsx cache clear")
        .stdout("0 entries removed\n")
        .stderr("stsx: nothing is cached\n")
        .status(0);
    offers(&home, "assume team", "");
}

#[test]
fn what_is_offered_can_be_assumed() {
    let home = with_roles(home()).aws(|aws| aws.role("team/data/reader"));
    home.run(["list", "--roles"])
        .stdout_has("team/data/reader")
        .status(0);
    home.run(["process", "team/data/reader"])
        .stdout_has("ASIA")
        .calls(["GetCallerIdentity", "AssumeRole"])
        .status(0);
}

#[test]
fn the_file_is_nobody_elses_and_can_be_left_out() {
    use std::os::unix::fs::PermissionsExt;
    let home = with_roles(home());
    home.run(["list", "--roles", "--no-cache"])
        .stdout_has("deploy")
        .status(0);
    home.sh("STSX_CACHE=off stsx list --roles")
        .stdout_has("deploy")
        .status(0);
    assert!(!home.path(".cache/stsx").exists());
    home.sh("umask 0; stsx list --roles")
        .stdout_has("deploy")
        .status(0);
    let files = remembered(&home);
    let mode = fs::metadata(&files[0])
        .expect("it is there")
        .permissions()
        .mode();
    assert_eq!((files.len(), mode & 0o777), (1, 0o600));
    offers(
        &home,
        "assume ph",
        "photos\trole in 111122223333, listed just now\n",
    );
    home.sh("STSX_CACHE=off stsx complete xonsh -- stsx assume ph")
        .stdout("values\n")
        .status(0);
    // A damaged one, or one that others can read, has no names.
    fs::set_permissions(&files[0], fs::Permissions::from_mode(0o644)).expect("it is ours");
    offers(&home, "assume ph", "");
    home.run(["list", "--roles"]).stdout_has("deploy").status(0);
    offers(
        &home,
        "assume ph",
        "photos\trole in 111122223333, listed just now\n",
    );
    fs::write(&files[0], "{").expect("it is ours");
    offers(&home, "assume ph", "");
    home.run(["logout"]).stdout("0 entries removed\n").status(0);
    assert!(remembered(&home).is_empty());
}

/// What was remembered before stays when IAM does not answer, and goes when there is nothing left.
#[test]
fn iam_says_no_and_iam_says_none() {
    let home = with_roles(home());
    home.run(["list", "--roles"]).stdout_has("deploy").status(0);
    home.sandbox().on("ListRoles").throttle(1);
    home.run(["list", "--roles"])
        .stdout_has("deploy")
        .calls(["ListRoles", "ListRoles"])
        .status(0);
    let home = home.aws(|aws| aws.on("ListRoles").page(502, "<html>proxy</html>"));
    home.run(["list", "--roles"])
        .stdout("")
        .stderr_has("502")
        .status(1);
    let endless = "<ListRolesResponse xmlns=\"https://iam.amazonaws.com/doc/2010-05-08/\"><ListRolesResult>\
                   <Roles/><IsTruncated>true</IsTruncated><Marker>m</Marker></ListRolesResult></ListRolesResponse>";
    let home = home.aws(|aws| aws.healthy().on("ListRoles").answer(endless));
    home.run(["list", "--roles"])
        .stdout("")
        .stderr_has("did not answer as AWS would: a list that does not go on")
        .calls(["ListRoles", "ListRoles"])
        .status(1);
    let home = home.aws(|aws| aws.healthy().without_get_role());
    home.run(["list", "--roles"])
        .stdout("")
        .stderr(
            "stsx: cannot list the roles in IAM: AccessDenied\n  \
             with the keys of profile `default`\n  \
             AWS: User: arn:aws:iam::111122223333:user/James is not authorized to perform: iam:ListRoles on resource: \
             arn:aws:iam::111122223333:role/ because no identity-based policy allows the iam:ListRoles action\n\
             hint: listing needs iam:ListRoles; a role whose name is known can be assumed without it\n",
        )
        .status(4);
    offers(
        &home,
        "assume ph",
        "photos\trole in 111122223333, listed just now\n",
    );
    let nothing = endless.replace("true", "false");
    let home = home.aws(|aws| aws.on("ListRoles").answer(&nothing));
    home.run(["list", "--roles"])
        .stdout("")
        .stderr("stsx: the account has no roles to assume\n")
        .status(0);
    offers(&home, "assume ph", "");
    let home = home.aws(|aws| aws.healthy().without_keys("James"));
    home.run(["list", "--roles"])
        .stdout("")
        .stderr_has("hint: check the keys of profile `default`")
        .status(5);
}

#[test]
fn its_options_go_with_it_alone() {
    for words in [
        &["list", "--profile", "x"][..],
        &["list", "--format", "json", "--region", "eu-west-1"],
    ] {
        let line = format!("stsx {}", words.join(" "));
        Home::new().sh(&line).stderr_has("--roles").status(2);
    }
    for word in ["--roles", "--refresh"] {
        Home::new()
            .run(["list", "--tree", word])
            .stdout("")
            .stderr_has("cannot be used with")
            .status(2);
    }
}
