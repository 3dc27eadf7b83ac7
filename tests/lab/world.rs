//! James's world, made as the tutorials make it: through IAM and S3, by an administrator.
//!
//! Each call is shown as the AWS CLI command that makes it. The role at first trusts a service, as
//! the console's wizard leaves it; the trust policy is edited later, in the story.

use anyhow::{Context, Result};
use aws_sdk_iam::Client;
use aws_sdk_iam::config::{BehaviorVersion, Credentials, Region};
use aws_sdk_iam::error::DisplayErrorContext;
use aws_smithy_http_client::Builder;
use serde_json::{Value, json};

use crate::home::Home;
use crate::page::Page;
use crate::s3::S3;
use crate::sandbox::Sandbox;

/// The role of the story.
pub(crate) const ROLE: &str = "James-custom-S3-role";
/// A role that wants MFA; the profile `prod` leads to it.
pub(crate) const MFA_ROLE: &str = "prod-admin";
/// One of the buckets.
pub(crate) const BUCKET: &str = "james-reports";
const READ_S3: &str = "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess";
const SECOND_BUCKET: &str = "james-invoices";

/// Seconds that a device shows a code.
pub(crate) const CODE_SECONDS: i64 = 30;

/// All services that the tutorial lets James look at; S3 is not among them.
const VIEW: [&str; 6] = [
    "ec2:Describe*",
    "rds:Describe*",
    "iam:Get*",
    "iam:List*",
    "cloudwatch:Get*",
    "cloudwatch:List*",
];

/// The administrator, at work.
pub(crate) struct World<'a> {
    sandbox: &'a Sandbox,
    page: &'a Page,
    iam: Client,
    s3: S3,
    account: String,
}

impl<'a> World<'a> {
    /// The clients of the sandbox's administrator.
    pub(crate) fn new(sandbox: &'a Sandbox, page: &'a Page) -> Self {
        let keys = sandbox.administrator();
        let credentials = Credentials::new(keys.access_key_id, keys.secret, None, None, "lab");
        let config = aws_sdk_iam::Config::builder()
            .behavior_version(BehaviorVersion::latest())
            .credentials_provider(credentials.clone())
            .endpoint_url(sandbox.endpoint())
            .http_client(Builder::new().build_http())
            .region(Region::new(sandbox.region()))
            .build();
        Self {
            sandbox,
            page,
            iam: Client::from_conf(config),
            s3: S3 {
                credentials,
                endpoint: sandbox.endpoint(),
                region: sandbox.region(),
            },
            account: keys.account,
        }
    }

    /// Makes James, his role and the buckets; James's keys go to `home`.
    pub(crate) async fn build(&self, home: &Home) -> Result<()> {
        self.user(home).await?;
        let ec2 = json!({"Service": "ec2.amazonaws.com"});
        self.role(ROLE, "trust-ec2", &trust(&ec2, &json!({})))
            .await?;
        self.typed(&format!(
            "iam attach-role-policy --role-name {ROLE} --policy-arn {READ_S3}"
        ))?;
        let attach = self.iam.attach_role_policy().role_name(ROLE);
        told(attach.policy_arn(READ_S3).send().await)?;
        self.typed(&format!(
            "s3 mb s3://{BUCKET}; aws s3 mb s3://{SECOND_BUCKET}"
        ))?;
        self.s3.create_bucket(BUCKET).await?;
        self.s3.create_bucket(SECOND_BUCKET).await
    }

    async fn user(&self, home: &Home) -> Result<()> {
        self.typed(
            "iam create-user --user-name James; aws iam create-access-key --user-name James",
        )?;
        told(self.iam.create_user().user_name("James").send().await)?;
        let made = told(self.iam.create_access_key().user_name("James").send().await)?;
        let key = made.access_key().context("create-access-key made none")?;
        let region = self.sandbox.region();
        home.append("config", &format!("[default]\nregion = {region}\n"))?;
        home.append(
            "credentials",
            &format!(
                "[default]\naws_access_key_id = {}\naws_secret_access_key = {}\n",
                key.access_key_id(),
                key.secret_access_key()
            ),
        )?;
        self.typed(
            "iam put-user-policy --user-name James --policy-name view-all-but-s3 \
             --policy-document file://view-all-but-s3.json",
        )?;
        let view = document(&json!({"Effect": "Allow", "Action": VIEW, "Resource": "*"}));
        let put = self.iam.put_user_policy().user_name("James");
        let put = put.policy_name("view-all-but-s3").policy_document(view);
        told(put.send().await).map(drop)
    }

    async fn role(&self, name: &str, file: &str, trust: &str) -> Result<()> {
        self.typed(&format!(
            "iam create-role --role-name {name} --assume-role-policy-document file://{file}.json"
        ))?;
        let create = self.iam.create_role().role_name(name);
        told(create.assume_role_policy_document(trust).send().await).map(drop)
    }

    /// Lets the role trust James.
    pub(crate) async fn edit_trust(&self) -> Result<()> {
        self.typed(&format!(
            "iam update-assume-role-policy --role-name {ROLE} --policy-document file://trust-james.json"
        ))?;
        let james = trust(&self.james(), &json!({}));
        let update = self.iam.update_assume_role_policy().role_name(ROLE);
        told(update.policy_document(james).send().await).map(drop)
    }

    /// Gives James an MFA device, and a role that wants its codes. Returns the device's serial; the
    /// code that it shows was not used yet.
    pub(crate) async fn want_mfa(&self, home: &Home) -> Result<String> {
        let present = json!({"Bool": {"aws:MultiFactorAuthPresent": "true"}});
        let trust = trust(&self.james(), &present);
        self.role(MFA_ROLE, "trust-james-with-mfa", &trust).await?;
        let create = self.iam.create_virtual_mfa_device();
        let made = told(create.virtual_mfa_device_name("James").send().await)?;
        let device = made.virtual_mfa_device().context("no device was made")?;
        let serial = device.serial_number();
        let (first, second) = self.sandbox.last_codes(serial);
        self.typed(&format!(
            "iam enable-mfa-device --user-name James --serial-number {serial} \
             --authentication-code1 {first} --authentication-code2 {second}"
        ))?;
        let enable = self.iam.enable_mfa_device().user_name("James");
        let enable = enable.serial_number(serial).authentication_code1(first);
        told(enable.authentication_code2(second).send().await)?;
        let role = format!("arn:aws:iam::{}:role/{MFA_ROLE}", self.account);
        home.append(
            "config",
            &format!(
                "\n[profile prod]\nrole_arn = {role}\nsource_profile = default\nmfa_serial = {serial}\n"
            ),
        )?;
        Ok(serial.to_owned())
    }

    /// Shows a call as the command of the AWS CLI that makes it.
    fn typed(&self, words: &str) -> Result<()> {
        self.page.typed(&format!("aws {words}"), None)
    }

    fn james(&self) -> Value {
        json!({"AWS": format!("arn:aws:iam::{}:user/James", self.account)})
    }
}

fn trust(principal: &Value, condition: &Value) -> String {
    document(&json!({
        "Effect": "Allow",
        "Principal": principal,
        "Action": "sts:AssumeRole",
        "Condition": condition,
    }))
}

fn document(statement: &Value) -> String {
    json!({"Version": "2012-10-17", "Statement": [statement]}).to_string()
}

/// The answer, or what AWS said against it.
fn told<T, E: std::error::Error>(answer: Result<T, E>) -> Result<T> {
    answer.map_err(|error| anyhow::anyhow!("{}", DisplayErrorContext(error)))
}
