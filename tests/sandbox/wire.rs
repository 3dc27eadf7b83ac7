//! What comes over the wire and what goes back: parameters of the query protocol, XML, refusals in the form of each
//! service. <https://docs.aws.amazon.com/IAM/latest/UserGuide/programming.html>

use std::collections::BTreeMap;

use hyper::HeaderMap;
use hyper::body::Bytes;
use quick_xml::Writer;
use quick_xml::events::BytesText;

use super::policy::Tags;

/// One request, read as far as its service allows without knowing who calls.
#[derive(Debug)]
pub(crate) struct Call {
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) query: String,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
    pub(crate) source_ip: String,
    pub(crate) service: String,
    pub(crate) region: String,
    pub(crate) operation: String,
    pub(crate) parameters: BTreeMap<String, String>,
}

/// Status, code and message of an error.
#[derive(Clone, Debug)]
pub(crate) struct Refusal {
    pub(crate) status: u16,
    pub(crate) code: String,
    pub(crate) message: String,
}

/// An answer, ready to be sent.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(&'static str, String)>,
    pub(crate) body: Vec<u8>,
}

/// An element's content: text, or elements in their order.
#[derive(Clone, Debug)]
pub(crate) enum Xml {
    Text(String),
    Tree(Vec<(&'static str, Xml)>),
}

/// A refusal, in short.
pub(crate) fn refuse(status: u16, code: &str, message: impl Into<String>) -> Refusal {
    Refusal {
        status,
        code: code.to_owned(),
        message: message.into(),
    }
}

/// What STS and IAM say to a parameter that is out of range.
pub(crate) fn invalid(message: impl Into<String>) -> Refusal {
    refuse(400, "ValidationError", message)
}

/// `1 validation error detected: Value 'x' at 'roleArn' failed to satisfy constraint: …`
pub(crate) fn constraint(value: &str, parameter: &str, constraint: &str) -> Refusal {
    invalid(format!(
        "1 validation error detected: Value '{value}' at '{}' failed to satisfy constraint: Member must {constraint}",
        lower_first(parameter)
    ))
}

/// Several parameters out of range are told at once; any other refusal goes first.
pub(crate) fn together<'a>(
    refusals: impl IntoIterator<Item = Option<&'a Refusal>>,
) -> Result<(), Refusal> {
    let mut faults = Vec::new();
    for refusal in refusals.into_iter().flatten() {
        match refusal
            .message
            .strip_prefix("1 validation error detected: ")
        {
            Some(fault) => faults.push(fault),
            None => return Err(refusal.clone()),
        }
    }
    let (count, plural) = (faults.len(), if faults.len() > 1 { "s" } else { "" });
    let faults = faults.join("; ");
    if faults.is_empty() {
        return Ok(());
    }
    Err(invalid(format!(
        "{count} validation error{plural} detected: {faults}"
    )))
}

impl Call {
    /// A header's text.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// A parameter that was sent; an empty one counts as sent.
    pub(crate) fn get(&self, parameter: &str) -> Option<&str> {
        self.parameters.get(parameter).map(String::as_str)
    }

    /// A parameter that has to be there.
    pub(crate) fn need(&self, parameter: &str) -> Result<&str, Refusal> {
        self.get(parameter).ok_or_else(|| {
            invalid(format!(
                "1 validation error detected: Value null at '{}' failed to satisfy constraint: Member must not be null",
                lower_first(parameter)
            ))
        })
    }

    /// A parameter of a length within bounds, made of letters, digits and these characters, written as AWS's pattern
    /// has them: a backslash is not one of them.
    pub(crate) fn word(
        &self,
        parameter: &str,
        (least, most): (usize, usize),
        also: &str,
    ) -> Result<Option<&str>, Refusal> {
        let Some(value) = self.get(parameter) else {
            return Ok(None);
        };
        let lawful =
            |c: char| c.is_ascii_alphanumeric() || c == '_' || (c != '\\' && also.contains(c));
        if value.chars().count() < least {
            let wish = format!("have length greater than or equal to {least}");
            return Err(constraint(value, parameter, &wish));
        }
        if value.chars().count() > most {
            let wish = format!("have length less than or equal to {most}");
            return Err(constraint(value, parameter, &wish));
        }
        if !value.chars().all(lawful) {
            let wish = format!("satisfy regular expression pattern: [\\w{also}]*");
            return Err(constraint(value, parameter, &wish));
        }
        Ok(Some(value))
    }

    /// A whole number within bounds.
    pub(crate) fn number(
        &self,
        parameter: &str,
        (least, most): (i64, i64),
    ) -> Result<Option<i64>, Refusal> {
        let Some(value) = self.get(parameter) else {
            return Ok(None);
        };
        let number: i64 = value.parse().map_err(|_| {
            refuse(
                400,
                "MalformedInput",
                "Start of structure or map found where not expected.",
            )
        })?;
        if number < least {
            let wish = format!("have value greater than or equal to {least}");
            return Err(constraint(value, parameter, &wish));
        }
        if number > most {
            let wish = format!("have value less than or equal to {most}");
            return Err(constraint(value, parameter, &wish));
        }
        Ok(Some(number))
    }

    /// `NAME.member.1`, `NAME.member.2` …; with a field `NAME.member.1.FIELD`.
    pub(crate) fn members(&self, name: &str, field: &str) -> Vec<&str> {
        let field = if field.is_empty() {
            String::new()
        } else {
            format!(".{field}")
        };
        (1..)
            .map_while(|number| self.get(&format!("{name}.member.{number}{field}")))
            .collect()
    }

    /// `Tags.member.1.Key` and `.Value`, with the checks of
    /// <https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html>.
    pub(crate) fn tags(&self) -> Result<Tags, Refusal> {
        let (keys, values) = (self.members("Tags", "Key"), self.members("Tags", "Value"));
        let mut tags = Tags::new();
        if keys.len() > 50 {
            let wish = "have length less than or equal to 50";
            return Err(constraint("[…]", "tags", wish));
        }
        for (number, key) in keys.iter().enumerate() {
            let value = values.get(number).copied().unwrap_or_default();
            if key.is_empty() || key.chars().count() > 128 || value.chars().count() > 256 {
                let place = format!("tags.{}.member.key", number + 1);
                return Err(constraint(
                    key,
                    &place,
                    "have length less than or equal to 128",
                ));
            }
            let same = |other: &String| other.eq_ignore_ascii_case(key);
            if tags.keys().any(same) {
                let message =
                    "Duplicate tag keys found. Please note that Tag keys are case insensitive.";
                return Err(refuse(400, "InvalidInput", message));
            }
            tags.insert((*key).to_owned(), value.to_owned());
        }
        Ok(tags)
    }
}

fn lower_first(name: &str) -> String {
    let mut letters = name.chars();
    let first = letters.next().map(|c| c.to_ascii_lowercase());
    first.into_iter().chain(letters).collect()
}

/// Text content.
#[expect(
    clippy::needless_pass_by_value,
    reason = "texts, numbers and times are taken as they come"
)]
pub(crate) fn text(value: impl ToString) -> Xml {
    Xml::Text(value.to_string())
}

/// A list as the query protocol writes it.
pub(crate) fn list(members: impl IntoIterator<Item = Xml>) -> Xml {
    Xml::Tree(members.into_iter().map(|one| ("member", one)).collect())
}

/// Tags as the query protocol writes them.
pub(crate) fn tag_list(tags: &Tags) -> Xml {
    list(
        tags.iter()
            .map(|(key, value)| Xml::Tree(vec![("Key", text(key)), ("Value", text(value))])),
    )
}

impl Answer {
    /// An operation's answer, as STS and IAM write it.
    pub(crate) fn query(call: &Call, request_id: &str, result: &Xml) -> Answer {
        let body = document(
            &format!("{}Response", call.operation),
            namespace(&call.service),
            |writer| {
                if !matches!(result, Xml::Tree(none) if none.is_empty()) {
                    element(writer, &format!("{}Result", call.operation), result)?;
                }
                let metadata = Xml::Tree(vec![("RequestId", text(request_id))]);
                element(writer, "ResponseMetadata", &metadata)
            },
        );
        Answer::xml(200, body)
    }

    /// One element with its namespace, as S3 and EC2 write it.
    pub(crate) fn plain(name: &str, namespace: &str, content: &Xml) -> Answer {
        let Xml::Tree(children) = content else {
            return Answer::xml(200, Vec::new());
        };
        let inner = |writer: &mut Writer<Vec<u8>>| {
            children
                .iter()
                .try_for_each(|(name, child)| element(writer, name, child))
        };
        Answer::xml(200, document(name, namespace, inner))
    }

    /// A refusal in the form of the call's service.
    pub(crate) fn refusal(call: &Call, request_id: &str, refusal: &Refusal) -> Answer {
        let id = text(request_id);
        let code = ("Code", text(&refusal.code));
        let message = ("Message", text(&refusal.message));
        let error = |fields| ("Error", Xml::Tree(fields));
        let (name, fields) = match call.service.as_str() {
            "s3" => {
                let resource = ("Resource", text(&call.path));
                let host = ("HostId", text("sandbox"));
                (
                    "Error",
                    vec![code, message, resource, ("RequestId", id), host],
                )
            }
            "ec2" => {
                let errors = Xml::Tree(vec![error(vec![code, message])]);
                ("Response", vec![("Errors", errors), ("RequestID", id)])
            }
            _ => {
                let is_callers = refusal.status < 500;
                let kind = if is_callers { "Sender" } else { "Receiver" };
                let error = error(vec![("Type", text(kind)), code, message]);
                ("ErrorResponse", vec![error, ("RequestId", id)])
            }
        };
        let namespace = match call.service.as_str() {
            "s3" | "ec2" => "",
            service => namespace(service),
        };
        Answer {
            status: refusal.status,
            ..Answer::plain(name, namespace, &Xml::Tree(fields))
        }
    }

    fn xml(status: u16, body: Vec<u8>) -> Answer {
        Answer {
            status,
            headers: vec![("content-type", "text/xml".to_owned())],
            body,
        }
    }
}

fn namespace(service: &str) -> &'static str {
    match service {
        "iam" => "https://iam.amazonaws.com/doc/2010-05-08/",
        "ec2" => "http://ec2.amazonaws.com/doc/2016-11-15/",
        _ => "https://sts.amazonaws.com/doc/2011-06-15/",
    }
}

fn document(
    name: &str,
    namespace: &str,
    inner: impl FnOnce(&mut Writer<Vec<u8>>) -> std::io::Result<()>,
) -> Vec<u8> {
    let mut writer = Writer::new(Vec::new());
    let mut root = writer.create_element(name);
    if !namespace.is_empty() {
        root = root.with_attribute(("xmlns", namespace));
    }
    root.write_inner_content(inner)
        .expect("writing to memory does not fail");
    writer.into_inner()
}

fn element(writer: &mut Writer<Vec<u8>>, name: &str, content: &Xml) -> std::io::Result<()> {
    let start = writer.create_element(name);
    match content {
        Xml::Text(text) => start.write_text_content(BytesText::new(text))?,
        Xml::Tree(children) => start.write_inner_content(|writer| {
            children
                .iter()
                .try_for_each(|(name, child)| element(writer, name, child))
        })?,
    };
    Ok(())
}
