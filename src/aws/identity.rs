//! Who somebody is to AWS. No part of the SDK: the cache remembers it, and no runtime starts for that.

use serde::{Deserialize, Serialize};

/// Who somebody is, in the words of sts:GetCallerIdentity.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Identity {
    pub(crate) user_id: String,
    pub(crate) account: String,
    pub(crate) arn: String,
}

impl Identity {
    /// The partition that the identity lives in.
    pub(crate) fn partition(&self) -> &str {
        self.arn.split(':').nth(1).unwrap_or("aws")
    }
}

/// The account in an ARN.
pub(crate) fn account_of(arn: &str) -> &str {
    arn.split(':').nth(4).unwrap_or_default()
}
