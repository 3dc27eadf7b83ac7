//! AWS or the network says no: as whom, on what, through which endpoint, and what to check.

use super::{ROLE, home, prod, refused};
use crate::support::{ACCOUNT, Aws, DEVICE, keys};

/// What is wrong with AWS today.
type Fault = fn(Aws) -> Aws;

#[test]
fn keys_that_aws_does_not_take_are_the_sources_fault() {
    let faults: [(Fault, &str); 4] = [
        (|a| a.without_keys("James"), "InvalidClientTokenId"),
        (
            |a| {
                a.refuse(
                    403,
                    "ExpiredToken",
                    "The security token included in the request is expired",
                )
            },
            "ExpiredToken",
        ),
        (
            |a| {
                a.refuse(
                    403,
                    "SignatureDoesNotMatch",
                    "The request signature we calculated does not match",
                )
            },
            "SignatureDoesNotMatch",
        ),
        (
            |a| {
                a.refuse(
                    403,
                    "UnrecognizedClientException",
                    "The security token is invalid",
                )
            },
            "UnrecognizedClientException",
        ),
    ];
    for (fault, code) in faults {
        let home = home(&prod("")).aws(fault);
        refused(
            home.run(["process", "prod"]).calls(["AssumeRole"]),
            5,
            &["`default`", code],
        );
        home.run(["assume", "prod"])
            .stdout_has("false")
            .stderr_has(code)
            .stderr_has("hint: ")
            .status(5);
        home.run(["whoami"]).stdout("").stderr_has(code).status(5);
    }
}

#[test]
fn a_denial_says_as_whom_on_what_and_what_to_check() {
    let home = home(&prod("external_id = 42")).aws(|a| a.role("deploy").denied());
    let run = home.run(["assume", "prod"]).stdout_has("false");
    let run = run.stderr_has(&format!(
        "stsx: profile `prod`: cannot assume {ROLE}: AccessDenied\n"
    ));
    run.stderr_has(&format!("\n  as arn:aws:iam::{ACCOUNT}:user/James\n"))
        .stderr_has("\nhint: ")
        .status(4);
    refused(
        home.run(["process", "prod"]),
        4,
        &["`prod`", ROLE, "AccessDenied", "user/James"],
    );
}

#[test]
fn every_usual_cause_of_a_denial_is_among_what_to_check() {
    let trust = "the trust policy of deploy must name arn:aws:iam::111122223333:user/James";
    let causes: [(Fault, &str, &str); 5] = [
        (Aws::denied, "", trust),
        (
            |a| a.without_policy("James"),
            "",
            "whose own policies must allow sts:AssumeRole",
        ),
        (
            |a| a.external_id("42"),
            "",
            "no external id was sent (--external-id)",
        ),
        (
            |a| a.external_id("42"),
            "--external-id 43",
            "the external id must be the one in the trust policy",
        ),
        (
            Aws::mfa,
            "",
            "no MFA code was sent (--mfa, or --mfa-serial)",
        ),
    ];
    for (cause, flags, words) in causes {
        let home = home(&prod("")).aws(cause);
        home.sh(&format!("stsx assume prod {flags}"))
            .stdout("false;\n")
            .stderr_has("AccessDenied")
            .stderr_has(words)
            .calls(["AssumeRole"])
            .status(4);
    }
    let home = home(&prod("external_id = 42")).aws(|a| a.external_id("42").mfa());
    let code = home.code();
    let right = ["--mfa-serial", DEVICE, "--mfa-code", &code];
    home.run(["process", "prod", right[0], right[1], right[2], right[3]])
        .stdout_has("ASIA")
        .status(0);
    let home = home
        .config(&prod(""))
        .aws(|a| a.role("deploy").external_id("42"));
    home.run(["process", "prod", "--external-id", "42"])
        .stdout_has("ASIA")
        .calls(["AssumeRole"])
        .status(0);
}

#[test]
fn a_secret_that_is_not_the_keys_is_the_sources_fault() {
    let (id, _) = keys("James");
    let other = format!("aws_access_key_id = {id}\naws_secret_access_key = another/secret\n");
    let home = home(&prod("")).credentials(&format!("[default]\n{other}"));
    home.run(["assume", "prod"])
        .stdout("false;\n")
        .stderr_has("SignatureDoesNotMatch")
        .stderr_has("check the keys of profile `default`")
        .calls(["AssumeRole"])
        .status(5);
}

#[test]
fn a_denial_in_a_chain_names_the_hop() {
    let hub = "arn:aws:iam::444455556666:role/hub";
    let config = prod("").replace("default", "hub")
        + &format!("[profile hub]\nrole_arn = {hub}\nsource_profile = default\n");
    let home = home(&config).aws(|a| a.role(hub).role("deploy").denied());
    let run = home
        .run(["assume", "prod", "--session-name", "me"])
        .stdout_has("false");
    let run = run.stderr_has(&format!(
        "stsx: profile `prod`: hop 2 of 2: cannot assume {ROLE}: AccessDenied\n"
    ));
    run.stderr_has("\n  as arn:aws:sts::444455556666:assumed-role/hub/")
        .status(4);
    let home = home.aws(|a| a.role(hub).denied());
    home.run(["assume", "prod", "--no-cache"])
        .stdout_has("false")
        .stderr_has("hop 1 of 2")
        .stderr_has(hub)
        .status(4);
}

#[test]
fn the_network_and_broken_answers_name_the_endpoint() {
    let faults: [Fault; 5] = [
        |a| {
            a.sandbox().on("*").truncate();
            a
        },
        |a| a.page(500, "<html>oops</html>"),
        |a| a.page(200, "<html>log in to the hotel first</html>"),
        |a| a.page(503, ""),
        Aws::hang_up,
    ];
    let elsewhere = ["http://127.0.0.1:1", "http://no-such-host.invalid"];
    let broken = faults.map(|fault| (home(&prod("")).aws(fault), "[AWS]"));
    let distant = elsewhere.map(|url| (home(&prod("")).env("AWS_ENDPOINT_URL", url), url));
    let homes: Vec<_> = broken.into_iter().chain(distant).collect();
    // All at once: each of them waits between its attempts.
    let runs: Vec<_> = homes
        .iter()
        .map(|(home, place)| (home.spawn(["process", "prod"]), place))
        .collect();
    for (run, place) in runs {
        refused(run.wait(), 1, &[place]);
    }
    let odd = home(&prod("")).env("AWS_ENDPOINT_URL", "ftp://x");
    refused(
        odd.run(["process", "prod"]).calls([]),
        2,
        &["AWS_ENDPOINT_URL"],
    );
}

#[test]
fn throttling_is_tried_three_times_and_a_passing_fault_is_not_seen() {
    let faults: [Fault; 3] = [
        Aws::throttle,
        |a| a.throttle().times(2),
        |a| a.page(503, "").times(2),
    ];
    let homes = faults.map(|fault| home(&prod("")).aws(fault));
    let runs = homes.each_ref().map(|home| home.spawn(["process", "prod"]));
    let [throttled, passing @ ..] = runs.map(|run| run.wait().calls(["AssumeRole"; 3]));
    refused(throttled, 1, &["Throttling"]);
    for run in passing {
        run.stdout_has("ASIA").stderr("").status(0);
    }
}

#[test]
fn an_answer_that_was_cut_off_or_is_over_is_none() {
    let credentials = "<AssumeRoleResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><AssumeRoleResult><Credentials>\
                       <AccessKeyId>ASIACUT</AccessKeyId><SecretAccessKey>";
    let whole = |end: &str| {
        format!(
            "{credentials}s</SecretAccessKey><SessionToken>t</SessionToken><Expiration>{end}</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>"
        )
    };
    for (page, words) in [
        (format!("{credentials}cut"), "incomplete credentials"),
        (
            credentials.replace(
                "<SecretAccessKey>",
                "</Credentials></AssumeRoleResult></AssumeRoleResponse>",
            ),
            "incomplete credentials",
        ),
        (
            whole("2001-01-01T00:00:00Z"),
            "that expired at 2001-01-01T00:00:00Z",
        ),
    ] {
        let home = home(&prod("")).aws(|aws| aws.answer(&page));
        home.run(["assume", "prod", "--shell", "sh"])
            .stdout("false;\n")
            .stderr_has(words)
            .status(1);
        assert!(home.cached().is_empty(), "{words}");
    }
}

#[test]
fn an_identity_without_a_valid_account_is_none() {
    for account in ["123", "12345678901é"] {
        let page = format!(
            "<GetCallerIdentityResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><GetCallerIdentityResult><Arn>arn:aws:iam::{account}:user/J</Arn>\
             <UserId>A</UserId><Account>{account}</Account></GetCallerIdentityResult></GetCallerIdentityResponse>"
        );
        let home = home(&prod("")).aws(|aws| aws.on("GetCallerIdentity").answer(&page));
        home.run(["assume", "some-role", "--shell", "sh"])
            .stdout("false;\n")
            .stderr_has("did not answer as AWS would")
            .status(1);
    }
}

#[test]
fn certificates_that_are_none_are_named() {
    let mut home = home(&prod(""))
        .file(
            "bad.pem",
            "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
        )
        .file("empty.pem", "nothing\n")
        .env("AWS_ENDPOINT_URL", "https://127.0.0.1:1");
    for bundle in ["bad.pem", "empty.pem", "missing.pem"] {
        let path = home.path(bundle).display().to_string();
        home = home.env("AWS_CA_BUNDLE", &path);
        home.run(["assume", "prod", "--shell", "sh"])
            .stdout("false;\n")
            .stderr_has("$AWS_CA_BUNDLE: ")
            .stderr_has(bundle)
            .status(2);
    }
}
