//! How each shell reads a statement that sets `V`, as far as such statements go; `None` for any other text.

use std::iter::Peekable;
use std::str::Chars;

/// POSIX: quotes, back-quotes around one `printf`, and `${V%.}`.
pub(super) fn sh(code: &str) -> Option<String> {
    let (value, rest) = posix_word(code.strip_prefix("export V=")?, "")?;
    let Some(rest) = rest.strip_prefix(" && V=") else {
        return (rest == ";").then_some(value);
    };
    let (value, rest) = posix_word(rest, &value)?;
    (rest == ";").then_some(value)
}

pub(super) fn tcsh(code: &str) -> Option<String> {
    let (value, rest) = posix_word(code.strip_prefix("setenv V ")?, "")?;
    (rest == ";").then_some(value)
}

/// A quoted word and what follows it; `variable` is the value of `V`.
fn posix_word<'t>(text: &'t str, variable: &str) -> Option<(String, &'t str)> {
    if let Some(quoted) = text.strip_prefix('\'') {
        let (value, rest) = quoted.split_once('\'')?;
        return Some((value.to_owned(), rest));
    }
    if let Some(rest) = text.strip_prefix("\"${V%.}\"") {
        let value = variable.strip_suffix('.').unwrap_or(variable);
        return Some((value.to_owned(), rest));
    }
    let (command, rest) = text.strip_prefix("\"`")?.split_once("`\"")?;
    let format = command.strip_prefix("printf '")?.strip_suffix('\'')?;
    // Such a character would mean something to the shell here, or to printf.
    let is_safe = format
        .chars()
        .all(|char| char.is_ascii_graphic() && !"'\"`$%".contains(char));
    let printed = printf(format).filter(|_| is_safe && !format.starts_with('-'))?;
    // The substitution takes line breaks away from the end.
    Some((printed.trim_end_matches('\n').to_owned(), rest))
}

fn printf(format: &str) -> Option<String> {
    let mut bytes = Vec::new();
    let mut rest = format.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'\\' {
            let digits = [rest.next()?, rest.next()?, rest.next()?];
            let digits = std::str::from_utf8(&digits).ok()?;
            bytes.push(u8::from_str_radix(digits, 8).ok()?);
        } else {
            bytes.push(byte);
        }
    }
    String::from_utf8(bytes).ok()
}

/// One line of three: single quotes with `\'` and `\\` in them; between them `\n` and `\xHH`.
pub(super) fn fish(code: &str) -> Option<String> {
    let (statement, rest) = code
        .strip_prefix("set -ql V; if test $status = 1;\n")?
        .split_once('\n')?;
    if !rest.starts_with("else; ") || !rest.ends_with("; false; end;") || rest.contains('\n') {
        return None;
    }
    let mut chars = statement
        .strip_prefix("set -gx V ")?
        .strip_suffix(';')?
        .chars()
        .peekable();
    let mut value = String::new();
    while let Some(char) = chars.next() {
        match (char, chars.peek().copied()) {
            ('\'', _) => fish_quoted(&mut chars, &mut value)?,
            ('\\', Some('n')) => {
                chars.next();
                value.push('\n');
            }
            ('\\', Some('x')) => {
                chars.next();
                value.push(hex(&mut chars, 2).filter(char::is_ascii)?);
            }
            _ => return None,
        }
    }
    Some(value)
}

fn fish_quoted(chars: &mut Peekable<Chars<'_>>, value: &mut String) -> Option<()> {
    loop {
        match chars.next()? {
            '\'' => return Some(()),
            '\\' => value.push(chars.next().filter(|char| "'\\".contains(*char))?),
            char => value.push(char),
        }
    }
}

/// Terms with ` + ` between them, the first of them a string: `'it''s'` and `[char]0x2019`.
pub(super) fn powershell(code: &str) -> Option<String> {
    let mut rest = code.strip_prefix("$env:V = ")?.strip_suffix(';')?;
    let mut units: Vec<u16> = Vec::new();
    let mut is_first = true;
    loop {
        if let Some(number) = rest.strip_prefix("[char]0x").filter(|_| !is_first) {
            units.push(u16::from_str_radix(number.get(..4)?, 16).ok()?);
            rest = &number[4..];
        } else {
            let (text, after) = doubled(rest.strip_prefix('\'')?)?;
            // All of it is ASCII: other quotes are quotes to PowerShell too.
            units.extend(
                text.is_ascii()
                    .then(|| text.encode_utf16().collect::<Vec<_>>())?,
            );
            rest = after;
        }
        is_first = false;
        if rest.is_empty() {
            return String::from_utf16(&units).ok();
        }
        rest = rest.strip_prefix(" + ")?;
    }
}

/// Up to the closing quote, `''` being one of the text, and what follows.
fn doubled(quoted: &str) -> Option<(String, &str)> {
    let mut text = String::new();
    let mut rest = quoted;
    loop {
        let (part, after) = rest.split_once('\'')?;
        text.push_str(part);
        match after.strip_prefix('\'') {
            Some(more) => {
                text.push('\'');
                rest = more;
            }
            None => return Some((text, after)),
        }
    }
}

pub(super) fn cmd(code: &str) -> Option<String> {
    let value = code.strip_prefix("set \"V=")?.strip_suffix('"')?;
    let is_safe = value
        .chars()
        .all(|char| (' '..='~').contains(&char) && !"%!\"".contains(char));
    is_safe.then(|| value.to_owned())
}

/// `'it''s'`, or double quotes with escapes.
pub(super) fn elvish(code: &str) -> Option<String> {
    let word = code.strip_prefix("set-env V ")?.strip_suffix(';')?;
    if let Some(quoted) = word.strip_prefix('\'') {
        let (value, rest) = doubled(quoted)?;
        return rest.is_empty().then_some(value);
    }
    escaped(word.strip_prefix('"')?, '"', 'u', 4)
}

pub(super) fn xonsh(code: &str) -> Option<String> {
    let literal = code.strip_prefix("$V = ")?.strip_suffix(';')?;
    escaped(literal.strip_prefix('\'')?, '\'', 'U', 8)
}

/// Up to the closing quote, which ends the text: `\QUOTE`, `\\`, and a number of hex digits after `\MARK`.
fn escaped(text: &str, quote: char, mark: char, digits: usize) -> Option<String> {
    let mut chars = text.chars().peekable();
    let mut value = String::new();
    loop {
        match chars.next()? {
            char if char == quote => return chars.next().is_none().then_some(value),
            '\\' => match chars.next()? {
                char if char == quote || char == '\\' => value.push(char),
                char if char == mark => value.push(hex(&mut chars, digits)?),
                _ => return None,
            },
            char => value.push(char),
        }
    }
}

fn hex(chars: &mut Peekable<Chars<'_>>, digits: usize) -> Option<char> {
    let number: String = chars.by_ref().take(digits).collect();
    char::from_u32(u32::from_str_radix(&number, 16).ok()?)
}
