//! Shell dialects: how each shell is told to set and remove environment variables.
//!
//! Every value arrives byte for byte or is refused; nothing is approximated. The text has to live through more than
//! the shell's own grammar: an unquoted `eval $(…)` splits it at white space and expands its `*`, `?`, `[`, `{` against
//! the current directory before it is read, tcsh expands `!` even inside `eval`, consoles of Windows decode it with
//! a code page. So values of plain characters appear as they are, and all others in a form that has no such
//! character left in it. `tests/it/shells.rs` proves this in the real shells.

use std::fmt::{self, Display, Formatter, Write as _};

use clap::ValueEnum;

/// A family of shells that share one dialect.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Shell {
    /// POSIX: bash, dash, zsh, ksh, mksh and their kin.
    #[value(aliases = ["bash", "zsh", "dash", "ksh", "mksh", "ash", "posix"])]
    Sh,
    Fish,
    #[value(alias = "csh")]
    Tcsh,
    #[value(alias = "pwsh")]
    Powershell,
    Cmd,
    #[value(alias = "nu")]
    Nushell,
    Elvish,
    Xonsh,
}

/// One change of an environment variable: `Some` sets it, `None` removes it. It may be a secret, so there is no `Debug`.
#[derive(Clone, Copy)]
pub(crate) struct Change<'a> {
    /// A name that every shell takes: letters, digits and `_`.
    pub name: &'a str,
    pub value: Option<&'a str>,
}

/// A value that a shell cannot be given. The value itself is not kept: it may be a secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Unquotable {
    /// The variable whose value it is.
    pub name: String,
    /// What stands in the way, as the end of a sentence: "a line break".
    pub reason: &'static str,
}

impl Display for Unquotable {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Self { name, reason } = self;
        write!(
            f,
            "the value of {name} cannot be given to this shell: it has {reason}"
        )
    }
}

impl std::error::Error for Unquotable {}

/// The longest line that cmd reads: <https://learn.microsoft.com/troubleshoot/windows-client/shell-experience/command-line-string-limitation>.
const CMD_LINE: usize = 8191;

impl Shell {
    /// The shell of a program name or path, as a parent process, `$SHELL` or `argv[0]` tells it
    /// (`-zsh`, `/bin/bash`, `pwsh.exe`); `None` for other programs.
    pub(crate) fn from_program(name: &str) -> Option<Self> {
        let file = name.rsplit(['/', '\\']).next().unwrap_or(name);
        let file = file.trim_start_matches('-').to_ascii_lowercase();
        Some(match file.strip_suffix(".exe").unwrap_or(&file) {
            "sh" | "bash" | "rbash" | "dash" | "ash" | "zsh" | "rzsh" | "ksh" | "ksh93"
            | "rksh" | "mksh" | "lksh" | "oksh" | "pdksh" | "yash" | "busybox" => Self::Sh,
            "fish" => Self::Fish,
            "tcsh" | "csh" | "bsd-csh" => Self::Tcsh,
            "pwsh" | "pwsh-preview" | "powershell" | "powershell_ise" => Self::Powershell,
            "cmd" => Self::Cmd,
            "nu" | "nushell" => Self::Nushell,
            "elvish" => Self::Elvish,
            "xonsh" => Self::Xonsh,
            _ => return None,
        })
    }

    /// The line a person types so that this shell takes over what `words` (`stsx assume prod`) print.
    ///
    /// `--shell` is added for the shells that cannot always be told from the parent process. Words are quoted
    /// where needed; a back-quote in a word is the one thing that tcsh has no quoting for.
    pub(crate) fn eval_line(self, words: &[&str]) -> String {
        let mut command = words
            .iter()
            .map(|word| self.word(word))
            .collect::<Vec<_>>()
            .join(" ");
        let named = words
            .iter()
            .any(|word| *word == "--shell" || word.starts_with("--shell="));
        if let (Some(name), false) = (self.name_in_line(), named) {
            command = format!("{command} --shell {name}");
        }
        match self {
            Self::Sh => format!("eval $({command})"),
            Self::Fish => format!("{command} | source"),
            Self::Tcsh => format!("eval `{command}`"),
            Self::Powershell => format!("{command} | Invoke-Expression"),
            Self::Cmd => format!("for /f \"delims=\" %i in ('{command}') do @%i"),
            Self::Nushell => format!("{command} | from json | load-env"),
            Self::Elvish => format!("eval ({command} | slurp)"),
            Self::Xonsh => format!("execx($({command}))"),
        }
    }

    /// The code for all `changes`, in their order: one statement per line.
    /// (Nushell runs no text at its prompt: there it is one JSON object for `load-env`.)
    ///
    /// In POSIX shells it stops and fails at the first variable that cannot be changed (`readonly`), in fish it fails
    /// and changes nothing where a local variable hides one of them.
    ///
    /// # Errors
    /// The first value that this shell cannot express: NUL in all of them, a line break in tcsh and cmd,
    /// a long value beyond ASCII in tcsh, an empty value in PowerShell and cmd (both take it for a removal),
    /// and in cmd whatever is not plain ASCII or depends on where the line is read (`%`, `!`, `"`).
    pub(crate) fn code(self, changes: &[Change<'_>]) -> Result<String, Unquotable> {
        for Change { name, value } in changes {
            if let Some(reason) = value.and_then(|value| self.obstacle(name, value)) {
                return Err(Unquotable {
                    name: (*name).to_owned(),
                    reason,
                });
            }
        }
        let statements = changes.iter().map(|change| match change.value {
            Some(value) => self.set(change.name, value),
            None => self.unset(change.name),
        });
        Ok(match self {
            _ if changes.is_empty() && self != Self::Nushell => String::new(),
            Self::Nushell => json(changes),
            // An unquoted `eval $(…)` makes a blank of each line break.
            Self::Sh => statements.collect::<Vec<_>>().join(" &&\n") + ";\n",
            Self::Fish => unless_hidden(changes, &lines(statements)),
            _ => lines(statements),
        })
    }

    /// A statement that fails: what follows it with `&&` or its like does not run, an interactive shell lives on.
    pub(crate) const fn failure(self) -> &'static str {
        match self {
            Self::Sh | Self::Fish | Self::Tcsh => "false;\n",
            // A JSON value that load-env refuses.
            Self::Nushell => "false\n",
            Self::Powershell => "throw 'stsx failed'\n",
            // Not `exit`, which would end the shell.
            Self::Cmd => "cmd /c exit 1\n",
            Self::Elvish => "fail 'stsx failed'\n",
            Self::Xonsh => "raise RuntimeError('stsx failed')\n",
        }
    }

    /// The name for `--shell`, where the line has to say it: the parent of xonsh's commands is a python,
    /// and Windows tells no parent.
    const fn name_in_line(self) -> Option<&'static str> {
        match self {
            Self::Powershell => Some("powershell"),
            Self::Cmd => Some("cmd"),
            Self::Nushell => Some("nushell"),
            Self::Xonsh => Some("xonsh"),
            Self::Sh | Self::Fish | Self::Tcsh | Self::Elvish => None,
        }
    }

    /// A word of a command line that a person reads and types.
    pub(crate) fn word(self, word: &str) -> String {
        if is_plain(word) && !word.is_empty() {
            return word.to_owned();
        }
        match self {
            Self::Sh => format!("'{}'", word.replace('\'', r"'\''")),
            Self::Fish => fish(word),
            Self::Tcsh => format!("'{}'", word.replace('\'', r"'\''").replace('!', r"\\!")),
            Self::Powershell => powershell(word),
            Self::Cmd => format!("\"{}\"", word.replace('"', "\\\"")),
            Self::Nushell => json_string(word),
            Self::Elvish => elvish(word),
            // A Python expression, since xonsh expands `$` and `~` in the strings of a command.
            Self::Xonsh => format!("@({})", python(word)),
        }
    }

    /// Why the value cannot be expressed, if so.
    fn obstacle(self, name: &str, value: &str) -> Option<&'static str> {
        let breaks = value.contains(['\n', '\r']);
        match self {
            _ if value.contains('\0') => Some("a NUL character"),
            Self::Tcsh if value.contains('\n') => Some("a line break"),
            // In the C locale tcsh 6.24 loses bytes where such a value crosses its buffer.
            Self::Tcsh if value.len() > 4000 && !value.is_ascii() => {
                Some("over 4000 bytes and not all of them ASCII")
            }
            Self::Powershell | Self::Cmd if value.is_empty() => Some("no characters"),
            Self::Cmd if breaks => Some("a line break"),
            Self::Cmd if value.contains(['%', '!', '"']) => Some("one of % ! \""),
            Self::Cmd if !value.chars().all(|c| c == ' ' || c.is_ascii_graphic()) => {
                Some("other than plain ASCII")
            }
            Self::Cmd if self.set(name, value).len() > CMD_LINE => Some("too many characters"),
            _ => None,
        }
    }

    fn set(self, name: &str, value: &str) -> String {
        match self {
            Self::Sh if is_plain(value) => format!("export {name}='{value}'"),
            // $(…) removes line breaks at the end, so a full stop guards them.
            Self::Sh if value.ends_with('\n') => {
                format!(
                    "export {name}=\"`printf '{}.'`\" && {name}=\"${{{name}%.}}\"",
                    octal(value)
                )
            }
            // Back-quotes, since zsh with GLOB_SUBST takes the parenthesis of $(…) for a pattern.
            Self::Sh => format!("export {name}=\"`printf '{}'`\"", octal(value)),
            Self::Fish => format!("set -gx {name} {};", fish(value)),
            Self::Tcsh if is_plain(value) => format!("setenv {name} '{value}';"),
            Self::Tcsh => format!("setenv {name} \"`printf '{}'`\";", octal(value)),
            Self::Powershell => format!("$env:{name} = {};", powershell(value)),
            Self::Cmd => format!("set \"{name}={value}\""),
            Self::Elvish => format!("set-env {name} {};", elvish(value)),
            Self::Xonsh => format!("${name} = {};", python(value)),
            Self::Nushell => unreachable!("nushell is given one JSON object"),
        }
    }

    fn unset(self, name: &str) -> String {
        match self {
            Self::Sh => format!("unset {name}"),
            // Erasing a universal variable would erase it in all sessions for good, and nothing else hides one.
            Self::Fish => format!(
                "set -eg {name}; set -qUx {name}; and echo 'stsx: {name} is a universal variable of fish and \
                 stays exported: set -Uu {name}' >&2; or true;"
            ),
            Self::Tcsh => format!("unsetenv {name};"),
            Self::Powershell => format!("$env:{name} = $null;"),
            // Removing what is not set is an error to cmd.
            Self::Cmd => format!("set \"{name}=-\"\nset \"{name}=\""),
            Self::Elvish => format!("unset-env {name};"),
            Self::Xonsh => format!("${{...}}.pop('{name}', None);"),
            Self::Nushell => unreachable!("nushell is given one JSON object"),
        }
    }
}

fn lines(statements: impl Iterator<Item = String>) -> String {
    statements.map(|statement| statement + "\n").collect()
}

/// Local variables of fish, those of calling functions too where they are exported, hide global ones.
fn unless_hidden(changes: &[Change<'_>], code: &str) -> String {
    let names: Vec<_> = changes.iter().map(|change| change.name).collect();
    // The status of `set -q` is the number of those that are not there.
    format!(
        "set -ql {}; if test $status = {};\n{code}else; \
         echo 'stsx: nothing was changed, since a function has a variable of its own for:' \
         (set -nl | string match -r '^(?:{})$') >&2; false; end;\n",
        names.join(" "),
        names.len(),
        names.join("|"),
    )
}

/// Whether no shell sees anything but letters in it, bare or quoted, split or globbed.
fn is_plain(text: &str) -> bool {
    text.chars()
        .all(|c| c.is_ascii_alphanumeric() || "_./:@%+=,-".contains(c))
}

/// A format for printf whose text is plain ASCII without white space, quotes or patterns.
fn octal(value: &str) -> String {
    let mut format = String::with_capacity(value.len() + 16);
    for (i, byte) in value.bytes().enumerate() {
        let literal =
            byte.is_ascii_alphanumeric() || b"_./:@+,".contains(&byte) || (byte == b'-' && i > 0);
        if literal {
            format.push(char::from(byte));
        } else {
            append(&mut format, format_args!("\\{byte:03o}"));
        }
    }
    format
}

/// Single quotes, and control characters between them: `eval (…)` splits at line breaks.
fn fish(value: &str) -> String {
    let mut word = String::from("'");
    for c in value.chars() {
        match c {
            '\'' | '\\' => word.extend(['\\', c]),
            '\n' => word.push_str("'\\n'"),
            c if c.is_ascii_control() => {
                append(&mut word, format_args!("'\\x{:02x}'", u32::from(c)));
            }
            c => word.push(c),
        }
    }
    word.push('\'');
    word
}

/// `'text' + [char]0x2019 + 'text'`: plain ASCII, since Windows decodes it with the console's code page, and
/// since typographic quotes are quotes to PowerShell. It starts with a string: two characters would add up to a number.
fn powershell(value: &str) -> String {
    let mut expression = String::from("'");
    let mut quoted = true;
    for unit in value.encode_utf16() {
        let letter = u8::try_from(unit)
            .ok()
            .filter(|byte| *byte == b' ' || byte.is_ascii_graphic());
        if quoted != letter.is_some() {
            expression.push_str(if quoted { "'" } else { " + '" });
            quoted = !quoted;
        }
        match letter {
            Some(b'\'') => expression.push_str("''"),
            Some(byte) => expression.push(char::from(byte)),
            None => append(&mut expression, format_args!(" + [char]0x{unit:04X}")),
        }
    }
    if quoted {
        expression.push('\'');
    }
    expression
}

fn elvish(value: &str) -> String {
    if !value.contains(char::is_control) {
        return format!("'{}'", value.replace('\'', "''"));
    }
    let mut word = String::from("\"");
    for c in value.chars() {
        match c {
            '"' | '\\' => word.extend(['\\', c]),
            c if c.is_control() => append(&mut word, format_args!("\\u{:04x}", u32::from(c))),
            c => word.push(c),
        }
    }
    word.push('"');
    word
}

fn python(value: &str) -> String {
    let mut literal = String::from("'");
    for c in value.chars() {
        match c {
            '\'' | '\\' => literal.extend(['\\', c]),
            c if c == ' ' || c.is_ascii_graphic() => literal.push(c),
            c => append(&mut literal, format_args!("\\U{:08x}", u32::from(c))),
        }
    }
    literal.push('\'');
    literal
}

/// One line of JSON; `null` removes: nushell leaves it out of the environment of its children.
fn json(changes: &[Change<'_>]) -> String {
    let members = changes.iter().map(|Change { name, value }| {
        let value = value.map_or_else(|| "null".to_owned(), json_string);
        format!("{}: {value}", json_string(name))
    });
    format!("{{{}}}\n", members.collect::<Vec<_>>().join(", "))
}

fn json_string(value: &str) -> String {
    let mut literal = String::from("\"");
    for c in value.chars() {
        match c {
            '"' | '\\' => literal.extend(['\\', c]),
            c if c.is_control() => append(&mut literal, format_args!("\\u{:04x}", u32::from(c))),
            c => literal.push(c),
        }
    }
    literal.push('"');
    literal
}

fn append(text: &mut String, piece: fmt::Arguments<'_>) {
    text.write_fmt(piece)
        .expect("a String takes all that is written to it");
}
