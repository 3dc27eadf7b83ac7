//! What the sandbox remembers of each request.

use std::collections::BTreeMap;
use std::ops::Index;

use jiff::Timestamp;

/// One call, as it came over the wire: `request["RoleArn"]`, empty when the parameter was not sent.
#[derive(Clone, Debug)]
pub(crate) struct Request {
    pub(crate) service: String,
    /// Of the signature's scope.
    pub(crate) region: String,
    pub(crate) operation: String,
    pub(crate) parameters: BTreeMap<String, String>,
    /// The ARN of who called, if the signature told.
    pub(crate) caller: Option<String>,
    pub(crate) access_key_id: Option<String>,
    /// Was a session token sent?
    pub(crate) session_token: bool,
    /// On the sandbox's clock.
    pub(crate) time: Timestamp,
    /// Of the answer; 0 while there is none.
    pub(crate) status: u16,
}

impl Index<&str> for Request {
    type Output = str;

    fn index(&self, parameter: &str) -> &str {
        self.parameters.get(parameter).map_or("", String::as_str)
    }
}
