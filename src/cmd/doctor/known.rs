//! The keys that profiles may have, and where each may stand.
//!
//! AWS's own: <https://docs.aws.amazon.com/cli/latest/userguide/cli-configure-files.html>,
//! <https://docs.aws.amazon.com/sdkref/latest/guide/settings-reference.html>. A key that stands in
//! neither list is no error: tools may have keys of their own, so only near matches of known ones are
//! taken for mistakes.

use crate::near::nearest;

/// Keys of a profile that AWS's tools read, by the page that has them.
const OF_AWS: &[(&str, &[&str])] = &[
    (
        "sdkref/latest/guide/feature-static-credentials",
        &[
            "aws_access_key_id",
            "aws_secret_access_key",
            "aws_session_token",
        ],
    ),
    (
        "sdkref/latest/guide/feature-assume-role-credentials",
        &[
            "credential_source",
            "duration_seconds",
            "external_id",
            "mfa_serial",
            "role_arn",
            "role_session_name",
            "source_profile",
            "web_identity_token_file",
        ],
    ),
    (
        "sdkref/latest/guide/feature-process-credentials",
        &["credential_process"],
    ),
    (
        "sdkref/latest/guide/feature-sso-credentials",
        &[
            "sso_account_id",
            "sso_region",
            "sso_role_name",
            "sso_session",
            "sso_start_url",
        ],
    ),
    (
        "sdkref/latest/guide/feature-login-credentials",
        &["login_session"],
    ),
    (
        "sdkref/latest/guide/feature-imds-credentials",
        &[
            "ec2_metadata_service_endpoint",
            "ec2_metadata_service_endpoint_mode",
            "ec2_metadata_v1_disabled",
            "imds_use_ipv6",
            "metadata_service_num_attempts",
            "metadata_service_timeout",
        ],
    ),
    (
        "sdkref/latest/guide/feature-account-endpoints",
        &["account_id_endpoint_mode", "aws_account_id"],
    ),
    (
        "sdkref/latest/guide/feature-ss-endpoints",
        &[
            "endpoint_url",
            "ignore_configured_endpoint_urls",
            "services",
        ],
    ),
    (
        "sdkref/latest/guide/feature-endpoints",
        &["use_dualstack_endpoint", "use_fips_endpoint"],
    ),
    (
        "sdkref/latest/guide/feature-sts-regionalized-endpoints",
        &["sts_regional_endpoints"],
    ),
    ("sdkref/latest/guide/feature-region", &["region"]),
    (
        "sdkref/latest/guide/feature-retry-behavior",
        &["max_attempts", "retry_mode"],
    ),
    (
        "sdkref/latest/guide/settings-reference",
        &[
            "auth_scheme_preference",
            "csm_client_id",
            "csm_enabled",
            "csm_host",
            "csm_port",
            "defaults_mode",
            "disable_host_prefix_injection",
            "disable_request_compression",
            "endpoint_discovery_enabled",
            "request_checksum_calculation",
            "request_min_compression_size_bytes",
            "response_checksum_validation",
            "s3_disable_express_session_auth",
            "s3_disable_multiregion_access_points",
            "s3_us_east_1_regional_endpoint",
            "s3_use_arn_region",
            "sdk_ua_app_id",
            "sigv4a_signing_region_set",
        ],
    ),
    (
        "cli/latest/userguide/cli-configure-files",
        &[
            "api_versions",
            "ca_bundle",
            "cli_auto_prompt",
            "cli_binary_format",
            "cli_error_format",
            "cli_follow_urlparam",
            "cli_help_output",
            "cli_history",
            "cli_pager",
            "cli_timestamp_format",
            "output",
            "parameter_validation",
            "tcp_keepalive",
        ],
    ),
];

/// Keys of a profile that stsx reads besides: see the README.
const OF_STSX: &[&str] = &[
    "mfa_max_age",
    "mfa_process",
    "mfa_session_duration",
    "policy",
    "policy_arns",
    "saml_assertion_process",
    "saml_provider_arn",
    "session_tags",
    "source_identity",
    "transitive_session_tags",
    "web_identity_token_process",
];

/// Keys of a profile that other tools write or read there.
const OF_OTHERS: &[&str] = &[
    "assumed_role",
    "assumed_role_arn",
    "aws_credential_expiration",
    "aws_expiration",
    "aws_mfa_device",
    "aws_saml_url",
    "aws_security_token",
    "aws_session_expiration",
    "azure_app_id_uri",
    "azure_default_role_arn",
    "azure_default_username",
    "azure_tenant_id",
    "chain_mfa",
    "color",
    "common_fate_generated_from",
    "console_url",
    "expiration",
    "granted_sso_account_id",
    "granted_sso_region",
    "granted_sso_registration_scopes",
    "granted_sso_role_name",
    "granted_sso_start_url",
    "group",
    "include_profile",
    "okta_account_name",
    "parent_profile",
    "role_name",
    "saml_url",
    "security_token",
    "session_ttl",
    "sso_auto_populated",
    "target_region",
    "target_role_name",
    "toolkit_artifact_guid",
    "x_principal_arn",
    "x_security_token_expires",
];

/// Keys of an `[sso-session]`:
/// <https://docs.aws.amazon.com/sdkref/latest/guide/feature-sso-credentials.html>
const OF_SSO_SESSION: &[&str] = &["sso_region", "sso_registration_scopes", "sso_start_url"];

/// Keys that count only below `s3 =`:
/// <https://docs.aws.amazon.com/cli/latest/topic/s3-config.html>
const OF_S3: &[&str] = &[
    "addressing_style",
    "direct_io",
    "disk_throughput",
    "endpoint_url",
    "io_chunksize",
    "max_bandwidth",
    "max_concurrent_requests",
    "max_queue_size",
    "multipart_chunksize",
    "multipart_threshold",
    "payload_signing_enabled",
    "preferred_transfer_client",
    "s3_disable_multiregion_access_points",
    "should_stream",
    "signature_version",
    "target_bandwidth",
    "us_east_1_regional_endpoint",
    "use_accelerate_endpoint",
    "use_arn_region",
    "use_dualstack_endpoint",
];

/// Keys that other keys stand below, indented. (The CLI takes a service's name for one.)
const PARENTS: &[&str] = &[
    "api_versions",
    "dynamodb",
    "ec2",
    "s3",
    "s3api",
    "s3control",
    "sts",
];

/// Sections of a config file that are none of profiles, and that the CLI reads.
pub(super) const OTHER_SECTIONS: &[&str] = &["plugins", "preview"];

/// What a key is in the place where it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Standing {
    /// It is known there.
    Known,
    /// It counts only below `s3 =`.
    BelowS3,
    /// It counts only in an `[sso-session]`.
    InSsoSession,
    /// It counts only in a profile.
    InProfile,
    /// This was meant, by all appearance.
    Meant(&'static str),
    Unknown,
}

/// A key of a profile.
pub(super) fn in_profile(key: &str) -> Standing {
    if is_of_profile(key) || PARENTS.contains(&key) {
        Standing::Known
    } else if OF_S3.contains(&key) {
        Standing::BelowS3
    } else if OF_SSO_SESSION.contains(&key) {
        Standing::InSsoSession
    } else {
        near(key, profile_keys())
    }
}

/// A key of an `[sso-session]`.
pub(super) fn in_sso_session(key: &str) -> Standing {
    if OF_SSO_SESSION.contains(&key) {
        Standing::Known
    } else if is_of_profile(key) {
        Standing::InProfile
    } else {
        near(key, OF_SSO_SESSION.iter().copied())
    }
}

/// A key below `s3 =`.
pub(super) fn below_s3(key: &str) -> Standing {
    if OF_S3.contains(&key) {
        Standing::Known
    } else {
        near(key, OF_S3.iter().copied())
    }
}

/// Whether a profile may have the key, by the word of any tool.
pub(in crate::cmd) fn is_of_profile(key: &str) -> bool {
    profile_keys().any(|known| known == key) || OF_OTHERS.contains(&key)
}

/// The page of AWS's documentation that tells of a key.
pub(super) fn page_of(key: &str) -> Option<String> {
    let has = |(_, keys): &&(&str, &[&str])| keys.contains(&key);
    let (page, _) = OF_AWS.iter().find(has)?;
    Some(format!("https://docs.aws.amazon.com/{page}.html"))
}

fn profile_keys() -> impl Iterator<Item = &'static str> {
    let of_aws = OF_AWS.iter().flat_map(|(_, keys)| keys.iter());
    of_aws.chain(OF_STSX).copied()
}

/// The word among `known` that another one is a slip of.
fn near(word: &str, known: impl Iterator<Item = &'static str>) -> Standing {
    nearest(word, known).map_or(Standing::Unknown, Standing::Meant)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_judged_where_they_stand() {
        for (key, standing) in [
            ("role_arn", Standing::Known),
            ("mfa_process", Standing::Known),
            ("x_principal_arn", Standing::Known),
            ("s3", Standing::Known),
            ("mfa_serail", Standing::Meant("mfa_serial")),
            ("role-arn", Standing::Meant("role_arn")),
            ("source_profil", Standing::Meant("source_profile")),
            ("addressing_style", Standing::BelowS3),
            ("sso_registration_scopes", Standing::InSsoSession),
            ("favourite_tea", Standing::Unknown),
        ] {
            assert_eq!(in_profile(key), standing, "{key}");
        }
        assert_eq!(in_sso_session("region"), Standing::InProfile);
        assert_eq!(
            in_sso_session("sso_start_ulr"),
            Standing::Meant("sso_start_url")
        );
        assert_eq!(below_s3("max_bandwith"), Standing::Meant("max_bandwidth"));
    }

    /// They stand for those of the tools that no list has.
    #[test]
    fn keys_of_other_tools_are_no_slips() {
        for key in OF_OTHERS {
            assert_eq!(near(key, profile_keys()), Standing::Unknown, "{key}");
        }
    }

    #[test]
    fn every_key_of_stsx_is_known() {
        let source = include_str!("../../profiles.rs");
        let constants = source
            .lines()
            .filter(|line| line.starts_with("pub(crate) const "));
        let keys: Vec<&str> = constants
            .filter_map(|line| line.split('"').nth(1))
            .collect();
        assert!(keys.len() > 30, "{keys:?}");
        for key in keys {
            assert!(is_of_profile(key), "{key}");
        }
    }
}
