//! The two calls to S3 that the story needs, signed by the SDK's signer: make a bucket, list them.
//!
//! So the walk needs no AWS CLI. Plain HTTP only: the lab's AWS is on this machine.

use std::borrow::Cow;
use std::fmt;

use anyhow::{Context, Result, anyhow};
use aws_config::BehaviorVersion;
use aws_credential_types::Credentials;
use aws_credential_types::provider::ProvideCredentials;
use aws_sigv4::http_request::{
    PayloadChecksumKind, PercentEncodingMode, SignableBody, SignableRequest, SigningSettings,
    UriPathNormalizationMode, sign,
};
use aws_sigv4::sign::v4::SigningParams;
use aws_smithy_async::time::{SystemTimeSource, TimeSource};
use aws_smithy_http_client::{Builder, Connector};
use aws_smithy_runtime_api::client::http::HttpConnector;
use aws_smithy_runtime_api::http::Request;
use aws_smithy_types::body::SdkBody;
use http_body_util::BodyExt;
use quick_xml::Reader;
use quick_xml::events::Event;

/// Who calls S3, and where it is.
#[derive(Clone, Debug)]
pub(crate) struct S3 {
    pub(crate) credentials: Credentials,
    pub(crate) endpoint: String,
    pub(crate) region: String,
}

/// A bucket as `ListBuckets` tells of it.
#[derive(Debug)]
pub(crate) struct Bucket {
    name: String,
    made: String,
}

impl fmt::Display for Bucket {
    /// As `aws s3 ls` prints it.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let second = self.made.get(..19).unwrap_or(&self.made);
        write!(out, "{} {}", second.replacen('T', " ", 1), self.name)
    }
}

impl S3 {
    /// The caller that the environment and `~/.aws` name, as the SDK reads them.
    pub(crate) async fn from_environment() -> Result<Self> {
        let config = aws_config::defaults(BehaviorVersion::latest())
            .http_client(Builder::new().build_http())
            .load()
            .await;
        let provider = config.credentials_provider().context("no credentials")?;
        Ok(Self {
            credentials: provider.provide_credentials().await?,
            endpoint: config
                .endpoint_url()
                .context("no AWS_ENDPOINT_URL")?
                .to_owned(),
            region: config
                .region()
                .map_or("us-east-1", |region| region.as_ref())
                .to_owned(),
        })
    }

    /// Makes a bucket.
    pub(crate) async fn create_bucket(&self, name: &str) -> Result<()> {
        self.call("CreateBucket", "PUT", name).await.map(drop)
    }

    /// All buckets of the account.
    pub(crate) async fn list_buckets(&self) -> Result<Vec<Bucket>> {
        let xml = self.call("ListBuckets", "GET", "").await?;
        let names = texts(&xml, b"Name");
        let made = texts(&xml, b"CreationDate");
        let both = names.into_iter().zip(made);
        Ok(both.map(|(name, made)| Bucket { name, made }).collect())
    }

    async fn call(&self, operation: &str, method: &str, path: &str) -> Result<String> {
        let request = self.signed(method, &format!("{}/{path}", self.endpoint))?;
        let response = Connector::builder()
            .build_http()
            .call(request)
            .await
            .map_err(|error| anyhow!("{}: {error}", self.endpoint))?;
        let is_good = response.status().is_success();
        let body = response.into_body().collect().await;
        let body = body
            .map_err(|error| anyhow!("{operation}: {error}"))?
            .to_bytes();
        let xml = String::from_utf8(body.to_vec())?;
        if is_good {
            return Ok(xml);
        }
        let code = texts(&xml, b"Code").pop().unwrap_or_else(|| xml.clone());
        let message = texts(&xml, b"Message").pop().unwrap_or_default();
        Err(anyhow!(
            "An error occurred ({code}) when calling the {operation} operation: {message}"
        ))
    }

    fn signed(&self, method: &str, url: &str) -> Result<Request<SdkBody>> {
        let mut settings = SigningSettings::default();
        settings.payload_checksum_kind = PayloadChecksumKind::XAmzSha256;
        settings.percent_encoding_mode = PercentEncodingMode::Single;
        settings.uri_path_normalization_mode = UriPathNormalizationMode::Disabled;
        let identity = self.credentials.clone().into();
        let parameters = SigningParams::builder()
            .identity(&identity)
            .region(&self.region)
            .name("s3")
            .time(SystemTimeSource::new().now())
            .settings(settings)
            .build()?
            .into();
        let nothing = SignableBody::Bytes(b"");
        let plain = SignableRequest::new(method, url, std::iter::empty(), nothing)?;
        let (instructions, _) = sign(plain, &parameters)?.into_parts();
        let mut request = Request::new(SdkBody::empty());
        request.set_method(method)?;
        request.set_uri(url)?;
        for header in instructions.into_parts().0 {
            let (name, value) = (header.name(), header.value().to_owned());
            request.headers_mut().insert(name, value);
        }
        Ok(request)
    }
}

/// The texts of all elements of this name.
fn texts(xml: &str, name: &[u8]) -> Vec<String> {
    let mut reader = Reader::from_str(xml);
    let mut found = Vec::new();
    while let Ok(event) = reader.read_event() {
        match event {
            Event::Start(start) if start.local_name().as_ref() == name => {
                let text = reader.read_text(start.name());
                found.extend(
                    text.ok().and_then(|text| {
                        quick_xml::escape::unescape(&text).ok().map(Cow::into_owned)
                    }),
                );
            }
            Event::Eof => break,
            _ => {}
        }
    }
    found
}
