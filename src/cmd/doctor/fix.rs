//! Command lines that mend what was found: whole lines to copy, made for the person's shell. Words in
//! capitals are theirs to fill in.

use std::path::Path;

use super::reading::real;
use crate::output::shell::Shell;
use crate::platform::{self, command_line};
use crate::profiles::{Profile, Profiles};

/// Changes a file by a script of sed, which leaves the old text beside it (`.bak`). A link is followed,
/// since sed would put a file in its place.
pub(super) fn sed(path: &Path, script: &str) -> String {
    platform::edit_by_script(&real(path).to_string_lossy(), script)
}

/// Gives a key another value, one that sed takes as it is.
pub(super) fn value(path: &Path, at: usize, value: &str) -> String {
    sed(path, &format!("{at}s|=.*|= {value}|"))
}

/// Opens a file at a line: for what only a person can decide.
pub(super) fn open_at(path: &Path, at: usize) -> String {
    platform::edit(&real(path).to_string_lossy(), at)
}

/// Closes a file or directory to others.
pub(super) fn chmod(mode: &str, path: &Path) -> String {
    command_line(&["chmod", mode, &path.to_string_lossy()])
}

/// Changes a profile.
pub(super) fn configure(profile: &str, words: &[&str]) -> String {
    let mut all = vec!["stsx", "configure", profile];
    all.extend(words);
    command_line(&all)
}

/// Removes keys of a profile: in the config file as a change of the profile, in the credentials file (which
/// is not all stsx's to write) as lines.
pub(super) fn removed(profiles: &Profiles, profile: &Profile, keys: &[&str]) -> String {
    let entries = keys
        .iter()
        .filter_map(|key| Some(&profile.settings.get(*key)?.origin));
    let lines: Vec<(&Path, usize)> = entries
        .filter(|origin| profiles.is_in_credentials(origin))
        .filter_map(|origin| origin.place())
        .collect();
    if let [(path, _), ..] = lines.as_slice() {
        let script: Vec<String> = lines.iter().map(|(_, line)| format!("{line}d")).collect();
        return sed(path, &script.join(";"));
    }
    let words: Vec<&str> = keys.iter().flat_map(|key| ["--remove", key]).collect();
    configure(&profile.name, &words)
}

/// Removes variables from a shell. Each dialect in the words that a person would type.
pub(super) fn unset(shell: Shell, names: &[&str]) -> String {
    let each = |before: &str, between: &str| {
        let words: Vec<String> = names.iter().map(|name| format!("{before}{name}")).collect();
        words.join(between)
    };
    match shell {
        Shell::Sh => format!("unset {}", each("", " ")),
        Shell::Fish => format!("set -e {}", each("", " ")),
        Shell::Tcsh => each("unsetenv ", "; "),
        Shell::Powershell => format!("Remove-Item {}", each("Env:", ", ")),
        Shell::Cmd => names
            .iter()
            .map(|name| format!("set {name}="))
            .collect::<Vec<_>>()
            .join(" & "),
        Shell::Nushell => format!("hide-env {}", each("", " ")),
        Shell::Elvish => each("unset-env ", "; "),
        Shell::Xonsh => each("del $", "; "),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_shell_is_told_in_its_own_words() {
        for (shell, expected) in [
            (Shell::Sh, "unset A B"),
            (Shell::Fish, "set -e A B"),
            (Shell::Tcsh, "unsetenv A; unsetenv B"),
            (Shell::Powershell, "Remove-Item Env:A, Env:B"),
            (Shell::Cmd, "set A= & set B="),
            (Shell::Nushell, "hide-env A B"),
            (Shell::Elvish, "unset-env A; unset-env B"),
            (Shell::Xonsh, "del $A; del $B"),
        ] {
            assert_eq!(unset(shell, &["A", "B"]), expected);
        }
    }
}
