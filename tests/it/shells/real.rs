//! A real shell and what is promised of it; the room it runs in.
//!
//! In each run `stsx` is a stand-in that prints prepared code, and `dump FILE` writes down the environment it was
//! given. The current directory holds files that match every word of the code that could be taken for a pattern.

#![allow(clippy::unwrap_used, reason = "helpers of tests may panic as tests do")]

use std::collections::HashMap;
use std::ffi::OsString;
use std::fs;
use std::io::Write as _;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use proptest::prelude::{Strategy, any, prop_oneof};
use proptest::test_runner::{Config, TestRunner};
use tempfile::TempDir;

use super::shell::{Change, Shell};

const WORD: &str = "it's $HOME \"a\"  *? ~ #;&|<> (x) {a,b} [b] \\ !x `y` ’é";

/// Values that some shell, quoting or splitting rule is known to spoil.
#[rustfmt::skip]
fn hostile_values() -> Vec<String> {
    let mut values: Vec<String> = [
        "", "plain", "eu-west-1", "arn:aws:iam::111122223333:role/a/b+c=d,e@f", "AbC/+==", "-n", "-", "--", "-e x",
        "=x", "==", "x:=ls", "=ls =ls", "'", "\"", "it's", "say \"hi\"", "''", "\"\"\"", "\\'",
        " ", "  ", " a", "a ", "a  b   c", " a b ", "\t", "a\tb", "\ta\t",
        "$HOME", "${HOME}", "$(id)", "`id`", "$$", "$", "a$", "%PATH%", "^", "a^b", "~", "~root", "a:~",
        "\\", "\\\\", "a\\", "\\n", "\\052", "\\x41", "\\a\\b", "%s%d%%", "!", "!!", "a!b", "!x", "\\!",
        "*", "a*", "?", "?b", "[a]", "[!a]*", "{a,b}", "{1..3}", "@(a|b)", "+(x)", "<1-9>", "/*",
        "#", "# x", "a#b", ";", "; id", "&", "a&&b", "|", "<", ">", "a>b", "(x)", ")",
        "\n", "a\nb", "a\n", "a\n\n\n", "\na", "\n\n", "\r", "a\r\nb", "a\r\n", "x\n.", ".", "..", "a.",
        "\u{1}", "\u{7}\u{8}\u{b}\u{c}\u{1b}[31m\u{7f}", "\u{85}", "\u{a0}", "\u{2028}", "\u{feff}", "\u{fffd}", "\u{f600}",
        "é", "☃", "😀 👩‍👩‍👧", "שלום עולם", "\u{202e}rtl", "‘’‚‛“”„",
        "{\"AWS_PROFILE\":\"a b\",\"X\":null,\"l\":[1,2]}", "END", "EOF\n", "a=b", "NAME=b c",
    ]
    .map(str::to_owned)
    .to_vec();
    values.push("Ab9/+=".repeat(8192 / 6));
    values.push("a *'\"\\$ é\t".repeat(8192 / 11));
    values
}

/// One way to start a shell, and the ways to take over what stsx prints.
pub(super) struct Real {
    pub(super) shell: Shell,
    pub(super) program: &'static str,
    /// Options that keep the user's files out; `-e` where there is one, and the script's path follow.
    pub(super) options: &'static [&'static str],
    /// Other lines that people use; `{}` stands for the command.
    pub(super) forms: &'static [&'static str],
    /// A script that runs `dump next` only if LINE succeeds, and `dump alive` after its failure.
    pub(super) failing: &'static str,
}

const POSIX: &[&str] = &["eval \"$({})\""];
pub(super) const AND: &str = "LINE && dump next\ndump alive\n";
pub(super) const TRY: &str = "try { LINE; dump next } catch { dump alive }\n";

impl Real {
    pub(super) const fn sh(program: &'static str, options: &'static [&'static str]) -> Self {
        Self {
            shell: Shell::Sh,
            program,
            options,
            forms: POSIX,
            failing: AND,
        }
    }

    /// All that is promised of a shell.
    pub(super) fn check(&self) {
        let Some(path) = find(self.program) else {
            return;
        };
        for locale in ["C.UTF-8", "C"] {
            self.takes_and_drops(&path, &hostile_values(), locale);
        }
        self.takes_random_values(&path);
        self.stops_on_failure(&path);
        self.passes_words(&path);
    }

    fn lines(&self, words: &[&str]) -> Vec<String> {
        let mut lines = vec![self.shell.eval_line(words)];
        lines.extend(
            self.forms
                .iter()
                .map(|form| form.replace("{}", &words.join(" "))),
        );
        lines
    }

    /// The options of a script that stops at the first failure.
    fn strict(&self) -> Vec<&'static str> {
        let errexit = matches!(self.shell, Shell::Sh | Shell::Tcsh);
        self.options
            .iter()
            .copied()
            .chain(errexit.then_some("-e"))
            .collect()
    }

    fn takes_and_drops(&self, path: &Path, values: &[String], locale: &str) {
        let named: Vec<(String, &str)> = values
            .iter()
            .enumerate()
            .map(|(i, value)| (format!("V{i}"), value.as_str()))
            .filter(|(name, value)| self.expresses(name, value))
            .collect();
        let sets: Vec<Change<'_>> = named.iter().map(|(name, value)| set(name, value)).collect();
        let unsets: Vec<Change<'_>> = named.iter().map(|(name, _)| remove(name)).collect();
        let assumes = self.lines(&["stsx", "assume"]);
        for (assume, unset) in assumes.iter().zip(self.lines(&["stsx", "unset"])) {
            let room = Room {
                locale: locale.to_owned(),
                ..Room::new()
            };
            room.says("assume", &self.shell.code(&sets).unwrap());
            room.says("unset", &self.shell.code(&unsets).unwrap());
            let script = format!("{assume}\ndump set\n{unset}\ndump unset\n{unset}\ndump again\n");
            let output = room.run(path, &self.strict(), &script);
            assert_clean(&output, path, assume);
            let set = room.dumped("set").expect("dump ran");
            for (name, value) in &named {
                let seen = set
                    .get(name.as_bytes())
                    .map(|seen| String::from_utf8_lossy(seen));
                assert_eq!(
                    seen.as_deref(),
                    Some(*value),
                    "{name} by `{assume}` in {}",
                    path.display()
                );
            }
            for step in ["unset", "again"] {
                let left = room.dumped(step).expect("dump ran");
                for (name, _) in &named {
                    assert!(
                        !left.contains_key(name.as_bytes()),
                        "{name} after `{unset}` in {}",
                        path.display()
                    );
                }
                assert_eq!(left.get(&b"KEEP"[..]), set.get(&b"KEEP"[..]));
            }
        }
    }

    /// Whether the shell takes the value; only tcsh may refuse some.
    fn expresses(&self, name: &str, value: &str) -> bool {
        let odd = value.contains('\n') || (value.len() > 4000 && !value.is_ascii());
        let refused = self.shell.code(&[set(name, value)]).is_err();
        assert_eq!(refused, self.shell == Shell::Tcsh && odd, "{value:?}");
        !refused
    }

    /// 150 values, in one start of the shell per line.
    fn takes_random_values(&self, path: &Path) {
        let special = proptest::sample::select(
            "'\"\\ \t\n\r$`!*?[]{}()<>~#;&|%^=-+@.,:/ab01éא😀’"
                .chars()
                .collect::<Vec<_>>(),
        );
        let letter = prop_oneof![3 => special, 1 => any::<char>()]
            .prop_filter("no shell has NUL", |c| *c != '\0');
        let value = proptest::collection::vec(letter, 0..24)
            .prop_map(|letters| letters.into_iter().collect::<String>());
        let batch = proptest::collection::vec(value, 150);
        let config = Config {
            cases: 1,
            max_shrink_iters: 30,
            failure_persistence: None,
            ..Config::default()
        };
        let result = TestRunner::new(config).run(&batch, |values| {
            self.takes_and_drops(path, &values, "C.UTF-8");
            Ok(())
        });
        result.unwrap();
    }

    /// After a failed stsx the shell lives on, without what depended on it; a strict script ends.
    fn stops_on_failure(&self, path: &Path) {
        let lines = self.lines(&["stsx", "assume"]);
        for (line, status) in lines.iter().flat_map(|line| [(line, 0), (line, 1)]) {
            let room = Room::new();
            room.says("assume", self.shell.failure());
            room.exits(status);
            let output = room.run(path, self.options, &self.failing.replace("LINE", line));
            assert_clean(&output, path, line);
            assert!(
                room.dumped("next").is_none(),
                "`{line}` went on in {}",
                path.display()
            );
            assert!(
                room.dumped("alive").is_some(),
                "`{line}` ended {}",
                path.display()
            );
            if self.shell != Shell::Fish {
                let output = room.run(path, &self.strict(), &format!("{line}\ndump next\n"));
                assert!(
                    room.dumped("next").is_none(),
                    "a script went on after `{line}` in {}",
                    path.display()
                );
                assert!(!output.status.success());
            }
        }
    }

    /// `eval_line` hands over words as they are.
    fn passes_words(&self, path: &Path) {
        let word = if self.shell == Shell::Tcsh {
            WORD.replace('`', "")
        } else {
            WORD.to_owned()
        };
        let line = self.shell.eval_line(&["stsx", "assume", &word, "plain"]);
        let room = Room::new();
        room.says("assume", &self.shell.code(&[set("V", "x")]).unwrap());
        let output = room.run(path, &self.strict(), &format!("{line}\ndump set\n"));
        assert_clean(&output, path, &line);
        let args = fs::read_to_string(room.dir.path().join("args")).unwrap();
        assert!(
            args.starts_with(&format!("assume\0{word}\0plain\0")),
            "{line}: {args:?}"
        );
        assert_eq!(room.dumped("set").expect("dump ran")[&b"V"[..]], b"x");
    }
}

/// A directory with stand-ins for `stsx` and `dump`, and a current directory full of traps.
pub(super) struct Room {
    dir: TempDir,
    locale: String,
}

impl Room {
    pub(super) fn new() -> Self {
        let room = Self {
            dir: tempfile::tempdir().unwrap(),
            locale: "C.UTF-8".to_owned(),
        };
        for folder in ["bin", "home", "cwd", "code"] {
            fs::create_dir(room.dir.path().join(folder)).unwrap();
        }
        room.program("dump", "exec env -0 >\"$ROOM/dump-$1\"");
        room.exits(0);
        room
    }

    fn program(&self, name: &str, script: &str) {
        let path = self.dir.path().join("bin").join(name);
        fs::write(&path, format!("#!/bin/sh\n{script}\n")).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    }

    /// `stsx COMMAND` ends with this status.
    fn exits(&self, status: i32) {
        self.program(
            "stsx",
            &format!("printf '%s\\0' \"$@\" >\"$ROOM/args\"\ncat \"$ROOM/code/$1\"\nexit {status}"),
        );
    }

    /// `stsx COMMAND` prints this code; each of its words, read as a pattern, finds a file.
    pub(super) fn says(&self, command: &str, code: &str) {
        fs::write(self.dir.path().join("code").join(command), code).unwrap();
        let patterns = code
            .split_whitespace()
            .filter(|word| word.contains(['*', '?', '\\']));
        let matching = patterns.map(|word| {
            word.replace('\\', "")
                .replace(['*', '?'], "x")
                .replace('/', "")
        });
        for name in matching.chain(["a", "b", "ab", "x"].map(str::to_owned)) {
            if !["", ".", ".."].contains(&name.as_str()) && name.len() < 256 {
                fs::write(self.dir.path().join("cwd").join(name), "").unwrap();
            }
        }
    }

    fn run(&self, shell: &Path, options: &[&str], script: &str) -> Output {
        let file = self.dir.path().join("script");
        fs::write(&file, script).unwrap();
        let mut command = self.command(shell);
        command.args(options).arg(&file).output().unwrap()
    }

    pub(super) fn command(&self, shell: &Path) -> Command {
        let own = self.dir.path().join("bin");
        let path = std::env::join_paths(
            [own]
                .into_iter()
                .chain(std::env::split_paths(&inherited("PATH"))),
        )
        .unwrap();
        let mut command = Command::new(shell);
        command
            .env_clear()
            .env("PATH", path)
            .env("HOME", self.dir.path().join("home"))
            .env("ROOM", self.dir.path())
            .env("KEEP", "as it was")
            .env("LC_ALL", &self.locale)
            .current_dir(self.dir.path().join("cwd"))
            .stdin(Stdio::null());
        command
    }

    /// The environment that `dump NAME` was given, if it ran.
    pub(super) fn dumped(&self, name: &str) -> Option<HashMap<Vec<u8>, Vec<u8>>> {
        let text = fs::read(self.dir.path().join(format!("dump-{name}"))).ok()?;
        let pairs = text.split(|byte| *byte == 0).filter_map(|entry| {
            let at = entry.iter().position(|byte| *byte == b'=')?;
            Some((entry[..at].to_vec(), entry[at + 1..].to_vec()))
        });
        Some(pairs.collect())
    }
}

#[track_caller]
fn assert_clean(output: &Output, shell: &Path, line: &str) {
    let context = format!("`{line}` in {}", shell.display());
    assert_eq!(String::from_utf8_lossy(&output.stderr), "", "{context}");
    assert_eq!(String::from_utf8_lossy(&output.stdout), "", "{context}");
    assert!(output.status.success(), "{context}: {}", output.status);
}

/// The shell's path: this project's own tools, then PATH. A missing shell is told; under CI it is an error.
pub(super) fn find(program: &str) -> Option<PathBuf> {
    let testbed = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/testbed");
    let mut places = vec![testbed.join("node_modules/.bin"), testbed.join("venv/bin")];
    places.extend(std::env::split_paths(&inherited("PATH")));
    let found = places
        .into_iter()
        .map(|place| place.join(program))
        .find(|path| path.is_file());
    if found.is_none() {
        assert!(
            inherited("CI") != "true",
            "no {program} here, and CI needs it"
        );
        // Not eprintln!, which the test harness swallows.
        let line = format!("skipped: no {program} here\n");
        std::io::stderr().write_all(line.as_bytes()).unwrap();
    }
    found
}

#[expect(clippy::disallowed_methods, reason = "the shells are where PATH says")]
fn inherited(name: &str) -> OsString {
    std::env::var_os(name).unwrap_or_default()
}

pub(super) const fn set<'a>(name: &'a str, value: &'a str) -> Change<'a> {
    Change {
        name,
        value: Some(value),
    }
}

pub(super) const fn remove(name: &str) -> Change<'_> {
    Change { name, value: None }
}
