//! S3, as far as the tutorials look at it: buckets and small objects, path style.
//! <https://docs.aws.amazon.com/AmazonS3/latest/API/API_Operations_Amazon_Simple_Storage_Service.html>

use std::collections::BTreeMap;

use hyper::Method;
use percent_encoding::percent_decode_str;

use super::decide;
use super::signature::Caller;
use super::wire::{Answer, Call, Refusal, Xml, refuse, text};
use super::world::{Bucket, Object, World};

const NAMESPACE: &str = "http://s3.amazonaws.com/doc/2006-03-01/";

/// The operation that a method on a path is; empty if it is none that the sandbox has.
pub(crate) fn operation(method: &Method, path: &str, query: &str) -> &'static str {
    let (bucket, key) = split(path);
    match (method.as_str(), bucket.is_empty(), key.is_empty()) {
        ("GET", true, _) => "ListBuckets",
        ("PUT", false, true) if query.is_empty() => "CreateBucket",
        ("HEAD", false, true) => "HeadBucket",
        ("GET", false, true) if !query.contains("location") => "ListObjects",
        ("GET", false, true) => "GetBucketLocation",
        ("PUT", false, false) => "PutObject",
        ("GET", false, false) => "GetObject",
        ("HEAD", false, false) => "HeadObject",
        _ => "",
    }
}

/// The answer to an S3 operation.
pub(crate) fn answer(world: &mut World, caller: &Caller, call: &Call) -> Result<Answer, Refusal> {
    let path = percent_decode_str(&call.path).decode_utf8_lossy();
    let (bucket, key) = split(&path);
    let Some(action) = action(&call.operation) else {
        let message = "A header you provided implies functionality that is not implemented";
        return Err(refuse(501, "NotImplemented", message));
    };
    let separator = if key.is_empty() { "" } else { "/" };
    let resource = format!("{bucket}{separator}{key}");
    allowed(world, caller, call, action, &resource)?;
    match call.operation.as_str() {
        "ListBuckets" => Ok(list_buckets(world, caller)),
        "CreateBucket" => create_bucket(world, caller, call, bucket),
        "PutObject" => put_object(world, caller, call, (bucket, key)),
        "GetObject" | "HeadObject" => get_object(own(world, caller, bucket)?, key),
        "ListObjects" => Ok(list_objects(own(world, caller, bucket)?, bucket)),
        "GetBucketLocation" => Ok(location(own(world, caller, bucket)?)),
        _ => {
            let region = own(world, caller, bucket)?.region.clone();
            Ok(empty(vec![("x-amz-bucket-region", region)]))
        }
    }
}

/// The action that policies have to allow for an operation.
/// <https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html>
fn action(operation: &str) -> Option<&'static str> {
    Some(match operation {
        "ListBuckets" => "s3:ListAllMyBuckets",
        "CreateBucket" => "s3:CreateBucket",
        "HeadBucket" | "ListObjects" => "s3:ListBucket",
        "GetBucketLocation" => "s3:GetBucketLocation",
        "PutObject" => "s3:PutObject",
        "GetObject" | "HeadObject" => "s3:GetObject",
        _ => return None,
    })
}

/// S3 puts the resource into quotes, and names none for the list of all buckets.
fn allowed(
    world: &World,
    caller: &Caller,
    call: &Call,
    action: &str,
    name: &str,
) -> Result<(), Refusal> {
    let context = caller.context(world, call);
    if name.is_empty() {
        return decide::require(world, caller, action, ("*", ""), &context);
    }
    let arn = format!("arn:{}:s3:::{name}", world.partition);
    decide::require(
        world,
        caller,
        action,
        (&arn, &format!("\"{arn}\"")),
        &context,
    )
}

fn split(path: &str) -> (&str, &str) {
    let path = path.trim_start_matches('/');
    path.split_once('/').unwrap_or((path, ""))
}

/// The caller's bucket. Those of other accounts are denied: there are no bucket policies here.
fn own<'a>(world: &'a mut World, caller: &Caller, bucket: &str) -> Result<&'a mut Bucket, Refusal> {
    match world.buckets.get_mut(bucket) {
        Some(found) if found.account == caller.account => Ok(found),
        Some(_) => Err(refuse(403, "AccessDenied", "Access Denied")),
        None => Err(refuse(
            404,
            "NoSuchBucket",
            "The specified bucket does not exist",
        )),
    }
}

fn list_buckets(world: &World, caller: &Caller) -> Answer {
    let own = world
        .buckets
        .iter()
        .filter(|(_, bucket)| bucket.account == caller.account);
    let buckets = own.map(|(name, bucket)| {
        let fields = vec![("Name", text(name)), ("CreationDate", text(bucket.created))];
        ("Bucket", Xml::Tree(fields))
    });
    let owner = Xml::Tree(vec![("ID", text(format!("{:0>64}", caller.account)))]);
    let content = Xml::Tree(vec![
        ("Owner", owner),
        ("Buckets", Xml::Tree(buckets.collect())),
    ]);
    Answer::plain("ListAllMyBucketsResult", NAMESPACE, &content)
}

/// <https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html>
fn create_bucket(
    world: &mut World,
    caller: &Caller,
    call: &Call,
    name: &str,
) -> Result<Answer, Refusal> {
    let lawful = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || c == '.';
    if !(3..=63).contains(&name.len()) || !name.chars().all(lawful) {
        return Err(refuse(
            400,
            "InvalidBucketName",
            "The specified bucket is not valid.",
        ));
    }
    if let Some(bucket) = world.buckets.get(name) {
        let (code, message) = if bucket.account == caller.account {
            (
                "BucketAlreadyOwnedByYou",
                "Your previous request to create the named bucket succeeded and you already own it.",
            )
        } else {
            (
                "BucketAlreadyExists",
                "The requested bucket name is not available. The bucket namespace is shared by all users of the \
                 system. Please select a different name and try again.",
            )
        };
        return Err(refuse(409, code, message));
    }
    let bucket = Bucket {
        account: caller.account.clone(),
        region: call.region.clone(),
        created: world.now(),
        objects: BTreeMap::new(),
    };
    world.buckets.insert(name.to_owned(), bucket);
    Ok(empty(vec![("location", format!("/{name}"))]))
}

fn put_object(
    world: &mut World,
    caller: &Caller,
    call: &Call,
    (bucket, key): (&str, &str),
) -> Result<Answer, Refusal> {
    let kind = call.header("content-type");
    let object = Object {
        body: body(call),
        kind: kind.unwrap_or("binary/octet-stream").to_owned(),
        modified: world.now(),
    };
    let bucket = own(world, caller, bucket)?;
    bucket.objects.insert(key.to_owned(), object);
    Ok(empty(vec![("etag", etag(key))]))
}

/// The first region has no name here.
fn location(bucket: &Bucket) -> Answer {
    let region = match bucket.region.as_str() {
        "us-east-1" => "",
        region => region,
    };
    let content = Xml::Tree(vec![("LocationConstraint", text(region))]);
    Answer::plain("LocationConstraint", NAMESPACE, &content)
}

fn get_object(bucket: &Bucket, key: &str) -> Result<Answer, Refusal> {
    let missing = || refuse(404, "NoSuchKey", "The specified key does not exist.");
    let object = bucket.objects.get(key).ok_or_else(missing)?;
    Ok(Answer {
        status: 200,
        headers: vec![
            ("content-type", object.kind.clone()),
            ("etag", etag(key)),
            (
                "last-modified",
                object
                    .modified
                    .strftime("%a, %d %b %Y %H:%M:%S GMT")
                    .to_string(),
            ),
        ],
        body: object.body.clone(),
    })
}

fn list_objects(bucket: &Bucket, name: &str) -> Answer {
    let mut content = vec![
        ("Name", text(name)),
        ("Prefix", text("")),
        ("KeyCount", text(bucket.objects.len())),
        ("MaxKeys", text(1000)),
        ("IsTruncated", text(false)),
    ];
    content.extend(bucket.objects.iter().map(|(key, object)| {
        let fields = vec![
            ("Key", text(key)),
            ("LastModified", text(object.modified)),
            ("ETag", text(etag(key))),
            ("Size", text(object.body.len())),
            ("StorageClass", text("STANDARD")),
        ];
        ("Contents", Xml::Tree(fields))
    }));
    Answer::plain("ListBucketResult", NAMESPACE, &Xml::Tree(content))
}

/// The bytes of an object; some clients send them in chunks with a checksum behind.
/// <https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming-trailers.html>
fn body(call: &Call) -> Vec<u8> {
    let chunked = call
        .header("x-amz-content-sha256")
        .is_some_and(|hash| hash.starts_with("STREAMING-"));
    if !chunked {
        return call.body.to_vec();
    }
    let (mut whole, mut rest) = (Vec::new(), &call.body[..]);
    while let Some(end) = rest.windows(2).position(|two| two == b"\r\n") {
        let line = String::from_utf8_lossy(&rest[..end]);
        let size = line.split(';').next().unwrap_or_default();
        let Ok(size @ 1..) = usize::from_str_radix(size, 16) else {
            break;
        };
        let (from, to) = (end + 2, (end + 2 + size).min(rest.len()));
        whole.extend_from_slice(&rest[from..to]);
        rest = rest.get(to + 2..).unwrap_or_default();
    }
    whole
}

/// A mark of the object, not a digest of its bytes.
fn etag(key: &str) -> String {
    let sum: u128 = key
        .bytes()
        .fold(7, |sum, byte| sum * 31 % (1 << 96) + u128::from(byte));
    format!("\"{sum:032x}\"")
}

fn empty(headers: Vec<(&'static str, String)>) -> Answer {
    Answer {
        status: 200,
        headers,
        body: Vec::new(),
    }
}
