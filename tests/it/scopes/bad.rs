//! Limits and tags that STS would refuse, or take for something else: each is told with its place, before any call.

use super::{POLICY, READ_ONLY, home};
use crate::support::Home;

/// It fails with these words, by the flags alone.
#[track_caller]
fn flags(home: &Home, flags: &str, words: &[&str]) {
    for command in ["assume prod", "federate guest"] {
        let run = home
            .sh(&format!("stsx {command} {flags}"))
            .calls([])
            .stdout_has("false;");
        words
            .iter()
            .fold(run, |run, words| run.stderr_has(words))
            .status(2);
    }
}

/// It fails with these words and the place, by a line of the profile.
#[track_caller]
fn profile(line: &str, words: &[&str]) {
    let home = home("", line);
    let run = home
        .run(["assume", "prod"])
        .calls([])
        .stdout("false;\n")
        .stderr_has(".aws/config:8: ");
    words
        .iter()
        .fold(run, |run, words| run.stderr_has(words))
        .status(2);
}

fn tags(count: usize, separator: &str) -> String {
    let tags: Vec<String> = (1..=count)
        .map(|number| format!("{separator}k{number}=v"))
        .collect();
    tags.join(if separator.is_empty() { "," } else { " " })
}

#[test]
fn policies_that_are_none() {
    let home = home("", "")
        .file(
            "broken.json",
            "{\n  \"Version\": \"2012-10-17\",\n  \"Statement\": [,]\n}\n",
        )
        .file("list.json", "[]")
        .file("latin.json", "{\"a\": \"b\"} c");
    flags(
        &home,
        "--policy '{\"Version\" \"2012\"}'",
        &["--policy: the policy is not JSON: expected `:` at line 1 column 12"],
    );
    flags(
        &home,
        "--policy broken.json",
        &[
            "--policy: the policy in broken.json is not JSON: ",
            " at line 3 column 17",
        ],
    );
    flags(
        &home,
        "--policy list.json",
        &["--policy: the policy in list.json is not a JSON object"],
    );
    flags(
        &home,
        "--policy latin.json",
        &["trailing characters at line 1 column 12"],
    );
    flags(
        &home,
        "--policy missing.json",
        &["--policy: cannot read the policy in missing.json: No such file"],
    );
    flags(
        &home,
        "--policy ''",
        &["--policy: cannot read the policy in : "],
    );
    profile(
        "policy = {\"Version\"}",
        &[
            "policy",
            "the policy is not JSON: expected `:` at line 1 column 11",
        ],
    );
    profile(
        "policy = missing.json",
        &["cannot read the policy in missing.json"],
    );
}

#[test]
fn policies_that_are_too_long_or_too_many() {
    let long = POLICY.replace("s3:*", &format!("s3:{}", "x".repeat(2048)));
    let spacious = POLICY.replace(',', &format!(",{}", " ".repeat(1000)));
    let home = home("", "")
        .file("long.json", &long)
        .file("spacious.json", &spacious);
    flags(
        &home,
        "--policy long.json",
        &[
            "--policy: the policy in long.json has 21",
            " characters without white space, and STS takes 2048",
        ],
    );
    home.run(["process", "prod", "--policy", "spacious.json"])
        .stdout_has("ASIA")
        .status(0);
    profile(
        &format!("policy = {long}"),
        &["the policy has 21", "STS takes 2048"],
    );
    let arn = |number: usize| format!("arn:aws:iam::111122223333:policy/p{number}");
    let arns: Vec<String> = (1..=10).map(arn).collect();
    let each = format!("--policy-arn {}", arns.join(" --policy-arn "));
    flags(
        &home,
        &format!("{each} --read-only"),
        &["--read-only: 11 managed policies are too many: STS takes 10"],
    );
    flags(
        &home,
        &format!("{each} --policy-arn {READ_ONLY}"),
        &["--policy-arn: 11 managed policies are too many"],
    );
    flags(
        &home,
        "--policy-arn arn:aws:iam::aws:role/x",
        &["--policy-arn", "is not the ARN of a policy"],
    );
    profile(
        &format!("policy_arns = {}, {READ_ONLY}", arns.join(", ")),
        &["11 policies are too many: STS takes 10"],
    );
    profile(
        "policy_arns = nothing",
        &["`nothing` is not the ARN of a policy"],
    );
}

#[test]
fn tags_that_sts_refuses() {
    let home = home("", "");
    let long = "k".repeat(129);
    let value = "v".repeat(257);
    for (text, words) in [
        ("'team'", "`team` is not a tag: that is written KEY=VALUE"),
        (
            "'team=a;b'",
            "the value of tag `team` has ';', but may have",
        ),
        ("'te*am=a'", "the key of tag `te*am` has '*', but may have"),
        ("'=a'", "the key of a tag has 1 to 128 characters"),
        (
            &*format!("{long}=a"),
            "the key of a tag has 1 to 128 characters",
        ),
        (
            &*format!("team={value}"),
            "the value of tag `team` is longer than 256 characters",
        ),
        ("AWS:x=a", "keys that begin with aws: are AWS's own"),
    ] {
        flags(&home, &format!("--tag {text}"), &["--tag", words]);
        profile(
            &format!("session_tags = {}", text.trim_matches('\'')),
            &["session_tags", words],
        );
    }
    flags(
        &home,
        "--tag team=a --tag Team=b",
        &["--tag: tags `team` and `Team` differ in case only, which STS refuses"],
    );
    flags(
        &home,
        "--tag team=a --tag team=b",
        &["--tag: tag `team` is given twice"],
    );
    profile(
        "session_tags = team=a, TEAM=b",
        &["tags `team` and `TEAM` differ in case only"],
    );
    flags(
        &home,
        &tags(51, "--tag "),
        &["--tag: 51 tags are too many: STS takes 50"],
    );
    profile(
        &format!("session_tags = {}", tags(51, "")),
        &["51 tags are too many: STS takes 50"],
    );
    home.sh(&format!("stsx process prod {}", tags(50, "--tag ")))
        .stdout_has("ASIA")
        .status(0);
}

#[test]
fn transitive_keys_and_source_identities() {
    let home = home("", "");
    let refused = |flags: &str, words: &str| {
        home.sh(&format!("stsx assume prod {flags}"))
            .calls([])
            .stdout("false;\n")
            .stderr_has(words)
            .status(2);
    };
    let of_no_tag = "`team` is the key of no tag: a transitive tag is one of the session's tags";
    refused(
        "--transitive-tag team",
        &format!("--transitive-tag: {of_no_tag}"),
    );
    refused("--tag cost=1 --transitive-tag team", of_no_tag);
    refused(
        "--tag cost=1 --transitive-tag 'te*am'",
        "the key of tag `te*am` has '*'",
    );
    profile("transitive_session_tags = team", &[of_no_tag]);
    refused("--source-identity a", "a source identity has 2 to 64");
    refused("--source-identity 'a b'", "a source identity has 2 to 64");
    profile("source_identity = a b", &["a source identity has 2 to 64"]);
    home.sh("stsx federate guest --transitive-tag team")
        .calls([])
        .stdout("false;\n")
        .stderr_has("--transitive-tag")
        .status(2);
}
