//! The profile files as they are: read without waiting for anybody, with every line that is not in the
//! grammar told of and taken out, so that the other checks go on.

use std::fs::{File, Metadata};
use std::io::Read;
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use super::finding::{Finding, Findings};
use super::fix;
use crate::platform::{self, command_line};
use crate::profiles::parse::{self, FileKind};

/// More than any profile file has; a bigger one is not looked into.
const MAX_BYTES: u64 = 64 << 20;
/// What stands in the header that takes the place of one that cannot be read: no name that AWS takes.
pub(super) const NO_SECTION: &str = "! !";
/// So many lines of a file may be wrong before the rest of it is not looked into.
const MAX_ERRORS: usize = 20;

/// A profile file.
pub(super) struct ProfileFile {
    pub(super) path: PathBuf,
    pub(super) kind: FileKind,
    /// Every line of it that is in the grammar, each at its place.
    pub(super) text: Zeroizing<String>,
    /// What the system says of the file; absent when there is none.
    pub(super) metadata: Option<Metadata>,
}

impl ProfileFile {
    /// Reads it; what is wrong with it becomes findings.
    pub(super) fn read(path: PathBuf, kind: FileKind, findings: &mut Findings) -> Self {
        let metadata = std::fs::metadata(&path).ok();
        let bytes = contents(&path, MAX_BYTES, findings).unwrap_or_default();
        let text = decoded(&path, &bytes, findings);
        if text.starts_with('\u{feff}') {
            let mark =
                Finding::problem("byte-order-mark", "the file starts with a byte order mark")
                    .at(&path, 1)
                    .why("the AWS CLI and boto3 refuse the whole file; stsx reads past it")
                    .fix(fix::sed(&path, "1s/^[^[#;A-Za-z]*//"));
            findings.add(mark);
        }
        let text = well_formed(&path, kind, text, findings);
        Self {
            path,
            kind,
            text,
            metadata,
        }
    }
}

/// The content of an ordinary file. Anything else (a pipe, a device) is not opened: it could make a reader
/// wait for ever. A file that is not there is no finding.
pub(super) fn contents(
    path: &Path,
    max: u64,
    findings: &mut Findings,
) -> Option<Zeroizing<Vec<u8>>> {
    let read = match unread(path, max) {
        Ok(None) => platform::open_unwaiting(path).and_then(|file| whole(file, max)),
        Ok(Some(finding)) => {
            findings.add(finding);
            return None;
        }
        Err(error) => Err(error),
    };
    match read {
        Ok(bytes) => Some(bytes),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => None,
        Err(error) => {
            findings.add(closed(path, &error));
            None
        }
    }
}

/// Why a file that is there is not read, if so.
fn unread(path: &Path, max: u64) -> std::io::Result<Option<Finding>> {
    let told = |what: &str, why: &str| {
        let finding = Finding::problem("unreadable-file", what).of(path).why(why);
        finding.fix(command_line(&["ls", "-ld", &path.to_string_lossy()]))
    };
    let metadata = match std::fs::metadata(path) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound && path.is_symlink() => {
            let finding = told(
                "the link leads to no file",
                "nothing can be read through it",
            );
            return Ok(Some(finding));
        }
        metadata => metadata?,
    };
    if path == Path::new("/dev/null") {
        return Err(std::io::ErrorKind::NotFound.into());
    }
    if !metadata.is_file() {
        let why = "reading it may take for ever, or give nothing; it was not opened";
        return Ok(Some(told("this is not an ordinary file", why)));
    }
    let mib = metadata.len() >> 20;
    let what = format!("the file is {mib} MiB long: it was not read");
    let finding = told(&what, "every command reads it as a whole");
    Ok((metadata.len() > max).then_some(finding))
}

/// The path behind symbolic links.
pub(super) fn real(path: &Path) -> PathBuf {
    dunce::canonicalize(path).unwrap_or_else(|_| path.to_owned())
}

/// A file that cannot be read.
fn closed(path: &Path, error: &std::io::Error) -> Finding {
    Finding::problem(
        "unreadable-file",
        format!("the file cannot be read: {error}"),
    )
    .of(path)
    .why("no command that needs it works")
    .fix(fix::chmod("u+r", path))
}

fn whole(file: File, max: u64) -> std::io::Result<Zeroizing<Vec<u8>>> {
    let size = usize::try_from(file.metadata()?.len()).unwrap_or(0);
    let mut bytes = Zeroizing::new(Vec::with_capacity(size + 1));
    file.take(max).read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn decoded(path: &Path, bytes: &[u8], findings: &mut Findings) -> Zeroizing<String> {
    if let Err(error) = std::str::from_utf8(bytes) {
        let line = memchr::memchr_iter(b'\n', &bytes[..error.valid_up_to()]).count() + 1;
        let finding = Finding::problem("not-utf-8", "the file is not UTF-8 here")
            .at(path, line)
            .why("no command can read the file until this is fixed")
            .fix(fix::open_at(path, line));
        findings.add(finding);
    }
    Zeroizing::new(String::from_utf8_lossy(bytes).into_owned())
}

/// The text without the lines that are not in the grammar; nothing when there are too many of them.
fn well_formed(
    path: &Path,
    kind: FileKind,
    mut text: Zeroizing<String>,
    findings: &mut Findings,
) -> Zeroizing<String> {
    for _ in 0..MAX_ERRORS {
        let Err(error) = parse::all(&text, kind) else {
            return text;
        };
        let finding = Finding::problem("syntax", error.what)
            .at(path, error.line)
            .why("stsx refuses the sections that it needs of such a file, most SDKs the whole file")
            .fix(fix::open_at(path, error.line));
        findings.add(finding);
        text = without(&text, error.line);
    }
    let finding = Finding::problem(
        "syntax",
        "so much of the file is wrong that the rest was not read",
    )
    .of(path)
    .why("it may not be a config or credentials file at all")
    .fix(fix::open_at(path, 1));
    findings.add(finding);
    Zeroizing::default()
}

/// The text with one line, and what continues it, put out of action. A header that cannot be read gives
/// way to one that names nothing, so that what is below it does not join the section above.
fn without(text: &str, wrong: usize) -> Zeroizing<String> {
    let mut kept = Zeroizing::new(String::with_capacity(text.len() + 8));
    let (mut is_inside, mut follows, mut indent) = (false, false, 0);
    for (number, line) in (1..).zip(text.split_inclusive('\n')) {
        let is_header = line.trim_start_matches('\u{feff}').starts_with('[');
        let by = line.len() - line.trim_start_matches([' ', '\t']).len();
        if number == wrong {
            indent = by;
            if is_header {
                kept.extend(["[", NO_SECTION, "]\n"]);
            } else {
                kept.push_str("#\n");
            }
            follows = true;
        } else if number > wrong && follows && !is_header && (by > indent || !is_inside) {
            kept.push_str("#\n");
        } else {
            kept.push_str(line);
            follows = follows && number <= wrong;
        }
        is_inside |= is_header;
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wrong_line_takes_its_continuation_along() {
        for (text, wrong, rest) in [
            ("[a]\nb\n  c = d\ne = f\n", 2, "[a]\n#\n#\ne = f\n"),
            ("[a\nb = c\n[d]\n", 1, "[! !]\nb = c\n[d]\n"),
            ("a = b\nc = d\n[e]\nf = g\n", 1, "#\n#\n[e]\nf = g\n"),
            ("[a]\n  b\nd = e\n", 2, "[a]\n#\nd = e\n"),
            ("[a]\n  b\n   c\n  d = e\n", 2, "[a]\n#\n#\n  d = e\n"),
        ] {
            assert_eq!(*without(text, wrong), rest);
        }
    }
}
