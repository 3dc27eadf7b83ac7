//! Encoded authorization failure messages: some services write why a call was denied in a form that only
//! STS reads, for those who may know. Who called is asked to know, once, and only after a refusal.

use std::error::Error;

use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use serde_json::Value;

use crate::aws::{Refusal, Session};
use crate::credentials::Credentials;
use crate::error::Kind;

/// What became of an encoded message.
#[derive(Debug)]
pub(super) struct Decoded {
    /// What it says, or why that is not known.
    pub(super) lines: Vec<String>,
    pub(super) is_open: bool,
}

impl Decoded {
    fn closed(why: &str) -> Self {
        Self {
            lines: vec![format!("the encoded message stays closed: {why}")],
            is_open: false,
        }
    }
}

impl Session {
    /// The refusal of a call to STS that was made with these credentials, opened.
    pub(super) fn refused<E>(
        &self,
        error: &SdkError<E, HttpResponse>,
        with: &Credentials,
    ) -> Refusal
    where
        E: ProvideErrorMetadata + Error + Send + Sync + 'static,
    {
        self.opened(self.refusal(error), with)
    }

    /// The refusal with an encoded message in it read, where that is allowed to these credentials.
    pub(super) fn opened(&self, refusal: Refusal, with: &Credentials) -> Refusal {
        let Some(encoded) = refusal.encoded() else {
            return refusal;
        };
        let decoded = self.decoded(encoded, with);
        refusal.with_decoded(decoded)
    }

    /// <https://docs.aws.amazon.com/STS/latest/APIReference/API_DecodeAuthorizationMessage.html>
    fn decoded(&self, encoded: &str, with: &Credentials) -> Decoded {
        const OPERATION: &str = "sts:DecodeAuthorizationMessage";
        self.log
            .step(|| format!("asking STS what the encoded message says ({OPERATION})"));
        let call = self.sts(Some(with)).decode_authorization_message();
        let answer = self.ask(
            "STS what its refusal says",
            call.encoded_message(encoded).send(),
        );
        match answer {
            Ok(answer) => Decoded {
                lines: said(answer.decoded_message().unwrap_or_default()),
                is_open: true,
            },
            // What came encoded in this refusal is left so.
            Err(error) => match self.refusal(&error) {
                refusal if refusal.kind == Kind::Denied => {
                    Decoded::closed(&format!("{OPERATION} is not allowed"))
                }
                refusal => Decoded::closed(&refusal.to_string()),
            },
        }
    }
}

/// What a decoded message says, in two lines.
fn said(text: &str) -> Vec<String> {
    let Ok(message) = serde_json::from_str::<Value>(text) else {
        return vec![format!("decoded: {text}")];
    };
    let word = |value: &Value| value.as_str().unwrap_or("?").to_owned();
    let context = &message["context"];
    let what = format!(
        "decoded: {} may not {} on {}",
        word(&context["principal"]["arn"]),
        word(&context["action"]),
        word(&context["resource"]),
    );
    let statements = message["matchedStatements"]["items"].as_array();
    let names: Vec<String> = statements
        .into_iter()
        .flatten()
        .filter_map(|statement| statement["statementId"].as_str())
        .filter(|name| !name.is_empty())
        .map(|name| format!("`{name}`"))
        .collect();
    let why = match (message["explicitDeny"].as_bool(), names.is_empty()) {
        (Some(true), true) => "decoded: a statement denies it explicitly".to_owned(),
        (Some(true), false) => format!(
            "decoded: statement {} denies it explicitly",
            names.join(", ")
        ),
        _ => "decoded: no statement allows it, and none denies it explicitly".to_owned(),
    };
    vec![what, why]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_decoded_messages_say() {
        let context = r#""context":{"principal":{"id":"AIDA","arn":"arn:aws:iam::111122223333:user/James"},"action":"ec2:RunInstances","resource":"*"}"#;
        let what = "decoded: arn:aws:iam::111122223333:user/James may not ec2:RunInstances on *";
        let no_one = r#""matchedStatements":{"items":[]}"#;
        let by_name = r#""matchedStatements":{"items":[{"statementId":"NoStart","effect":"DENY"},{"statementId":"","effect":"DENY"}]}"#;
        for (explicit, statements, why) in [
            (
                false,
                no_one,
                "decoded: no statement allows it, and none denies it explicitly",
            ),
            (true, no_one, "decoded: a statement denies it explicitly"),
            (
                true,
                by_name,
                "decoded: statement `NoStart` denies it explicitly",
            ),
        ] {
            let text =
                format!(r#"{{"allowed":false,"explicitDeny":{explicit},{statements},{context}}}"#);
            assert_eq!(said(&text), [what, why]);
        }
        assert_eq!(said("words"), ["decoded: words"]);
    }
}
