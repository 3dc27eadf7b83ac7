//! The AWS-managed policies that the tutorials attach, with as much of their text as concerns what the sandbox does.
//! <https://docs.aws.amazon.com/aws-managed-policy/latest/reference/policy-list.html>

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::policy::{Document, Tags};
use super::world::Managed;

const POLICIES: [(&str, &str, &str); 7] = [
    (
        "/",
        "AdministratorAccess",
        r#"{"Effect":"Allow","Action":"*","Resource":"*"}"#,
    ),
    (
        "/",
        "AmazonS3ReadOnlyAccess",
        r#"{"Effect":"Allow","Action":["s3:Get*","s3:List*","s3:Describe*","s3-object-lambda:Get*","s3-object-lambda:List*"],"Resource":"*"}"#,
    ),
    (
        "/",
        "AmazonS3FullAccess",
        r#"{"Effect":"Allow","Action":["s3:*","s3-object-lambda:*"],"Resource":"*"}"#,
    ),
    (
        "/",
        "AmazonEC2FullAccess",
        r#"{"Effect":"Allow","Action":["ec2:*","elasticloadbalancing:*","cloudwatch:*","autoscaling:*"],"Resource":"*"}"#,
    ),
    (
        "/",
        "AmazonEC2ReadOnlyAccess",
        r#"{"Effect":"Allow","Action":["ec2:Describe*","elasticloadbalancing:Describe*","cloudwatch:ListMetrics","cloudwatch:GetMetricStatistics","cloudwatch:Describe*","autoscaling:Describe*"],"Resource":"*"}"#,
    ),
    (
        "/",
        "ReadOnlyAccess",
        r#"{"Effect":"Allow","Action":["s3:Get*","s3:List*","s3:Describe*","ec2:Describe*","ec2:Get*","iam:Get*","iam:List*","iam:Simulate*","iam:Generate*","sts:GetAccessKeyInfo","sts:GetCallerIdentity","sts:GetSessionToken","cloudwatch:Get*","cloudwatch:List*","cloudwatch:Describe*","rds:Describe*","rds:List*"],"Resource":"*"}"#,
    ),
    (
        "/job-function/",
        "ViewOnlyAccess",
        r#"{"Effect":"Allow","Action":["s3:ListAllMyBuckets","s3:ListBucket","ec2:DescribeInstances","ec2:DescribeRegions","ec2:DescribeVpcs","iam:List*","iam:GetAccountSummary","iam:GetLoginProfile","cloudwatch:Get*","cloudwatch:List*","rds:Describe*"],"Resource":"*"}"#,
    ),
];

/// All of them, by ARN.
pub(crate) fn all(partition: &str) -> BTreeMap<String, Managed> {
    let policy = |(number, (path, name, statement)): (usize, &(&str, &str, &str))| {
        let arn = format!("arn:{partition}:iam::aws:policy{path}{name}");
        let text = format!(r#"{{"Version":"2012-10-17","Statement":[{statement}]}}"#);
        let document = Document::identity(&text).expect("the table's policies are valid");
        let created = Timestamp::from_second(1_423_160_400).expect("a time of 2015");
        let managed = Managed {
            arn: arn.clone(),
            name: (*name).to_owned(),
            path: (*path).to_owned(),
            id: format!("ANPA{number:0>17}"),
            description: String::new(),
            created,
            versions: BTreeMap::from([(1, (document, created))]),
            default: 1,
            tags: Tags::new(),
        };
        (arn, managed)
    };
    POLICIES.iter().enumerate().map(policy).collect()
}
