//! Which host is asked: a proxy writes down where each call wants to go. It is always port 443, and nothing goes without TLS.

use super::ROLE;
use super::peer::{Manner, Peer};
use crate::aws::Sandbox;
use crate::support::{ACCOUNT, Home};

const SHUT: Manner = Manner::Say("HTTP/1.1 403 Forbidden\r\n\r\n");

/// James, with no endpoint configured and all ways leading to this proxy.
fn home(proxy: &Peer) -> Home {
    Home::new()
        .james()
        .env("HTTPS_PROXY", &proxy.url())
        .env("HTTP_PROXY", &proxy.url())
        .env("AWS_MAX_ATTEMPTS", "1")
}

#[test]
fn every_partition_and_kind_of_endpoint_has_its_host() {
    let cases = [
        ("", "sts.us-east-1.amazonaws.com"),
        ("AWS_REGION=eu-west-1", "sts.eu-west-1.amazonaws.com"),
        (
            "AWS_DEFAULT_REGION=ap-southeast-2",
            "sts.ap-southeast-2.amazonaws.com",
        ),
        (
            "AWS_REGION=us-gov-west-1",
            "sts.us-gov-west-1.amazonaws.com",
        ),
        ("AWS_REGION=cn-north-1", "sts.cn-north-1.amazonaws.com.cn"),
        ("AWS_REGION=us-iso-east-1", "sts.us-iso-east-1.c2s.ic.gov"),
        (
            "AWS_REGION=us-isob-east-1",
            "sts.us-isob-east-1.sc2s.sgov.gov",
        ),
        (
            "AWS_REGION=us-isof-south-1",
            "sts.us-isof-south-1.csp.hci.ic.gov",
        ),
        (
            "AWS_REGION=eu-isoe-west-1",
            "sts.eu-isoe-west-1.cloud.adc-e.uk",
        ),
        (
            "AWS_REGION=eusc-de-east-1",
            "sts.eusc-de-east-1.amazonaws.eu",
        ),
        (
            "AWS_USE_FIPS_ENDPOINT=true",
            "sts-fips.us-east-1.amazonaws.com",
        ),
        ("AWS_USE_DUALSTACK_ENDPOINT=true", "sts.us-east-1.api.aws"),
        (
            "AWS_USE_FIPS_ENDPOINT=true AWS_USE_DUALSTACK_ENDPOINT=true",
            "sts-fips.us-east-1.api.aws",
        ),
        (
            "AWS_USE_FIPS_ENDPOINT=true AWS_REGION=us-gov-west-1",
            "sts.us-gov-west-1.amazonaws.com",
        ),
        (
            "AWS_STS_REGIONAL_ENDPOINTS=legacy AWS_REGION=eu-west-1",
            "sts.amazonaws.com",
        ),
        (
            "AWS_STS_REGIONAL_ENDPOINTS=legacy AWS_REGION=us-gov-west-1",
            "sts.us-gov-west-1.amazonaws.com",
        ),
        (
            "AWS_STS_REGIONAL_ENDPOINTS=legacy AWS_REGION=cn-north-1",
            "sts.cn-north-1.amazonaws.com.cn",
        ),
        (
            "AWS_STS_REGIONAL_ENDPOINTS=legacy AWS_REGION=af-south-1",
            "sts.af-south-1.amazonaws.com",
        ),
        ("AWS_ENDPOINT_URL=https://vpce-1.example", "vpce-1.example"),
        (
            "AWS_ENDPOINT_URL=https://all.example AWS_ENDPOINT_URL_STS=https://sts.example",
            "sts.example",
        ),
        (
            "AWS_ENDPOINT_URL=https://all.example AWS_IGNORE_CONFIGURED_ENDPOINT_URLS=true",
            "sts.us-east-1.amazonaws.com",
        ),
    ];
    asks(&cases, ["whoami"]);
}

#[test]
fn iam_has_a_host_for_each_partition() {
    let cases = [
        ("", "iam.amazonaws.com"),
        ("AWS_REGION=eu-west-1", "iam.amazonaws.com"),
        ("AWS_REGION=us-gov-west-1", "iam.us-gov.amazonaws.com"),
        ("AWS_REGION=cn-north-1", "iam.cn-north-1.amazonaws.com.cn"),
        ("AWS_REGION=us-iso-east-1", "iam.us-iso-east-1.c2s.ic.gov"),
        ("AWS_USE_FIPS_ENDPOINT=true", "iam-fips.amazonaws.com"),
        ("AWS_ENDPOINT_URL=https://all.example", "all.example"),
        ("AWS_ENDPOINT_URL_IAM=https://iam.example", "iam.example"),
    ];
    asks(&cases, ["whoami", ROLE, "--mfa", "--profile", "default"]);
}

/// Each environment leads the command to its host, and nowhere else.
#[track_caller]
fn asks<const N: usize>(cases: &[(&str, &str)], command: [&str; N]) {
    let ways: Vec<_> = cases
        .iter()
        .map(|(variables, _)| {
            let proxy = Peer::start(SHUT);
            let pairs = variables.split(' ').filter_map(|pair| pair.split_once('='));
            let home = pairs.fold(home(&proxy), |home, (name, value)| home.env(name, value));
            (home, proxy)
        })
        .collect();
    let runs: Vec<_> = ways.iter().map(|(home, _)| home.spawn(command)).collect();
    for (((_, proxy), run), (variables, host)) in ways.iter().zip(runs).zip(cases) {
        let run = run
            .wait()
            .stdout("")
            .stderr_has("through the proxy http://127.0.0.1:");
        assert_eq!(
            proxy.seen(),
            [format!("CONNECT {host}:443 HTTP/1.1")],
            "{variables}\n{run}"
        );
        run.status(1);
    }
}

#[test]
fn without_a_region_the_roles_partition_decides() {
    for (arn, host) in [
        (
            "arn:aws-cn:iam::111122223333:role/r",
            "sts.cn-north-1.amazonaws.com.cn",
        ),
        (
            "arn:aws-us-gov:iam::111122223333:role/r",
            "sts.us-gov-west-1.amazonaws.com",
        ),
        (
            "arn:aws-iso-b:iam::111122223333:role/r",
            "sts.us-isob-east-1.sc2s.sgov.gov",
        ),
        (
            "arn:aws-eusc:iam::111122223333:role/r",
            "sts.eusc-de-east-1.amazonaws.eu",
        ),
    ] {
        asks(&[("", host)], ["whoami", arn]);
    }
}

#[test]
fn the_profiles_services_name_endpoints() {
    let config = "[profile prod]
role_arn = arn:aws:iam::111122223333:role/deploy
source_profile = default
services = here
endpoint_url = https://rest.example
[services here]
sts =
  endpoint_url = https://sts.example
";
    for (more, command, host) in [
        ("", vec![], "sts.example:443"),
        ("", vec!["--mfa"], "rest.example:443"),
        (
            "ignore_configured_endpoint_urls = true",
            vec![],
            "sts.us-east-1.amazonaws.com:443",
        ),
        (
            "endpoint_url = https://elsewhere.example:8443",
            vec!["--mfa"],
            "elsewhere.example:8443",
        ),
    ] {
        let proxy = Peer::start(SHUT);
        let config = config.replace(
            "endpoint_url = https://rest.example\n",
            &format!("endpoint_url = https://rest.example\n{more}\n"),
        );
        let home = home(&proxy).config(&config);
        let words = [vec!["stsx", "whoami", "prod"], command].concat().join(" ");
        home.sh(&words)
            .stdout("")
            .stderr_has("through the proxy")
            .status(1);
        assert_eq!(proxy.seen(), [format!("CONNECT {host} HTTP/1.1")], "{more}");
    }
}

#[test]
fn aws_by_its_real_names_needs_one_connection() {
    for (region, host, arn) in [
        ("eu-west-1", "sts.eu-west-1.amazonaws.com", "arn:aws:sts"),
        (
            "us-gov-west-1",
            "sts.us-gov-west-1.amazonaws.com",
            "arn:aws-us-gov:sts",
        ),
        (
            "cn-north-1",
            "sts.cn-north-1.amazonaws.com.cn",
            "arn:aws-cn:sts",
        ),
    ] {
        let sandbox = Sandbox::builder().region(region).tls_for(&[host]).start();
        let sandbox = sandbox.expect("a free port");
        let proxy = Peer::start(Manner::Tunnel(sandbox.address()));
        let home = Home::new().sandboxed(sandbox).aws(|a| a.role("deploy"));
        let home = home
            .without_env("AWS_ENDPOINT_URL")
            .env("AWS_REGION", region)
            .env("HTTPS_PROXY", &proxy.url());
        // A name alone: who asks tells the account, and with it the partition.
        home.run(["whoami", "deploy"])
            .stdout_has(&format!("{arn}::{ACCOUNT}:assumed-role/deploy/james"))
            .calls(["GetCallerIdentity", "AssumeRole", "GetCallerIdentity"])
            .status(0);
        assert_eq!(proxy.seen(), [format!("CONNECT {host}:443 HTTP/1.1")]);
    }
}
