//! The files. In each, `@` stands for the two lines of the role of `[profile prod]`.

pub(super) const ROLE: &str = "arn:aws:iam::111122223333:role/deploy";

/// The text with the role's lines in it, with its own line ends and indent.
pub(super) fn whole(text: &str) -> String {
    let end = if text.contains("\r\n") { "\r\n" } else { "\n" };
    let before = text.split('@').next().unwrap_or_default();
    let indent = before.rsplit('\n').next().unwrap_or_default();
    text.replace(
        '@',
        &format!("role_arn = {ROLE}{end}{indent}source_profile = default"),
    )
}

pub(super) const TEXTS: &[&str] = &[
    "[profile prod]\n@\n",
    "[profile prod]\n@",
    "[profile prod]\n@\nregion = eu-west-1",
    "[profile prod]\n@\n\n\n\n",
    "\n\n[profile prod]\n@\n",
    "[default]\nregion = eu-west-1\n\n[profile prod]\n@\nregion = us-east-1\n",
    "[profile prod]\n@\nregion = us-east-1\n\n[default]\nregion = eu-west-1\noutput = json\n",
    // Comments.
    "# top\n; top too\n\n[profile prod] # behind\n@ # why\n# below\n",
    "[profile prod]\n# region = old\n@\nregion = eu-west-1 # near home\n# the end",
    "[profile prod]\n; one\n\n; two\n@\n\n# of the next\n[profile next]\nregion = eu-west-1\n",
    "#[profile prod]\n#role_arn = x\n[profile prod]\n@\n#[profile after]\n#region = y\n",
    "[profile prod];c\nregion=eu-west-1\t;c\n@\n",
    "###########\n# PROD #\n###########\n[profile prod]\n@\n\n###########\n# TEST #\n###########\n[profile test]\nregion = x\n",
    // Line ends.
    "[profile prod]\r\n@\r\n",
    "[profile prod]\r\n@\r\nregion = eu-west-1",
    "# c\r\n\r\n[default]\r\nregion = eu-west-1\r\n\r\n[profile prod]\r\nregion = x\r\n@\r\n\r\n",
    "\u{feff}[profile prod]\r\n@\r\noutput = json\r\n",
    "[profile prod]\r\n@\r\n\r\n[profile b]\r\ns3 =\r\n  max_queue_size = 1\r\n",
    // Byte order marks.
    "\u{feff}[profile prod]\n@\n",
    "\u{feff}# c\n[default]\noutput = text\n[profile prod]\n@",
    // White space.
    "[profile prod]\n@\nregion=eu-west-1\n",
    "[profile prod]\n@\nregion\t=\teu-west-1\t\n",
    "[profile prod]\n@\nregion      =      eu-west-1      \n",
    "[ profile prod ]\n@\n",
    "[profile   prod]   \n@   \n   \n\t\n",
    "[profile\tprod]\nregion =eu-west-1\n@\n",
    "[profile prod]\n\n\n@\n\n\nregion= eu-west-1\n\n\n[profile b]\n",
    // Repeated keys and sections.
    "[profile prod]\nregion = a\n@\nregion = b\n",
    "[profile prod]\nrole_arn = arn:aws:iam::111122223333:role/first\n@\n",
    "[profile prod]\n@\n[profile b]\nregion = x\n[profile prod]\nregion = eu-west-1\n",
    "[profile prod]\nregion = a\n[profile b]\n[profile prod]\n@\n[profile prod]\nregion = c",
    "[profile prod]\nREGION = eu-west-1\n@\nOutput = json\n",
    "[default]\nregion = a\n[profile prod]\n@\n[profile default]\nregion = b\n",
    // Continuations and sub-properties.
    "[profile prod]\ns3 =\n  max_concurrent_requests = 20\n  addressing_style = path\n@\n",
    "[profile prod]\n@\ns3 =\n    max_concurrent_requests = 20\n\n# inside\n    use_accelerate_endpoint = true\n",
    "[profile prod]\n@\noutput = json\n  continued\n# c\n  and = continued\nregion = eu-west-1\n",
    "[profile prod]\n@\noutput =\n  sub = continued\n",
    "[profile prod]\nrole_arn = arn:aws:iam::111122223333:role/old\n@\noutput = x\n\n   y continued\n",
    "[profile prod]\n@\nsession_tags = Team=Payments,\n  Cost = 4711\n",
    // Other sections.
    "[sso-session corp]\nsso_region = eu-west-1\nsso_start_url = https://corp.awsapps.com/start\n\n[profile prod]\n@\n\n[profile sso]\nsso_session = corp\nsso_account_id = 111122223333\nsso_role_name = Reader\n",
    "[services local]\nsts =\n  endpoint_url = http://127.0.0.1:4566\ns3 =\n  endpoint_url = http://127.0.0.1:4566\n\n[profile prod]\n@\nservices = local\n",
    "[plugins]\nendpoint = awscli_plugin_endpoint\ncli_legacy_plugin_path = /usr/lib\n\n[preview]\ncloudfront = true\n\n[profile prod]\n@\n",
    "[prod]\nregion = not this one\n\n[profile prod]\n@\nregion = this\n\n[Profile prod]\nregion = nor this\n",
    "[profile \"prod\"]\nregion = quoted\n[profile 'prod']\nregion = too\n[profile prod]\n@\n[profile prod x]\nregion = x\n",
    "[profile production]\nregion = a\n[profile prod]\n@\n[profile prod-admin]\nregion = b\n[profile xprod]\nregion = c\n",
    "[toolkit]\nregion = x\n[profile prod]\n@\n[granted]\ngranted_sso_start_url = https://x\n",
    // Beyond ASCII.
    "# Frühstück 🥐 שלום\n[profile prod]\n@\n# \u{202e}right to left\nnote = 🐱\u{a0}🐱\n",
    "[profile prod]\nclé = é\n@\n[profile dév]\nregion = x\n",
    "[profile prod]\nodd key = 1\n@\n\"quoted\" = \"yes\"\nk:l = v\n",
    // Indented ones.
    "[profile prod]\n  @\n  region = eu-west-1\n",
    "[default]\n\tregion = eu-west-1\n\n[profile prod]\n\t# the one\n\t@\n\n\t# output = json\n\toutput = text",
    "[profile prod]\r\n    s3 =\r\n        max_concurrent_requests = 20\r\n    @\r\n\r\n[default]\r\n    region = eu-west-1\r\n",
    "\u{feff}[profile prod]\n    region = eu-west-1\n  @\n  output = json\n     continued\n",
    "[profile prod]\n  @\n  sts =\n    endpoint_url = http://localhost:1\n    # why\n[profile next]\nregion = x\n  # y\n",
    // Names in quotes.
    "[profile \"my prod\"]\nregion = a\n[profile prod]\n@\n[profile 'it'\"'\"'s mine']\nregion = b\n[sso-session \"a b\"]\nsso_region = c\n",
    "[profile 'prod']\n@\nregion = b\n[profile \u{5e9}\u{5dc}\u{5d5}\u{5dd}]\nregion = c\n",
    // Long ones.
    concat!(
        "[profile prod]\ncredential_note = aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\n@\n"
    ),
    "[default]\nregion=a\noutput=json\n\n[profile a]\nregion=a\n\n[profile b]\nregion=b\n\n[profile c]\nregion=c\n\n[profile prod]\n@\nregion=d\n\n[profile e]\nregion=e\n\n[profile f]\nregion=f\n",
    "[profile prod]\n@\nmfa_serial = arn:aws:iam::111122223333:mfa/James\nduration_seconds = 3600\nexternal_id = a:b\n# role_session_name = me\n",
];
