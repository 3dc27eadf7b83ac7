//! Arguments of the commands that live in a shell: init, prompt, completions.

use std::ffi::OsString;

use clap::{Args, ValueEnum};

use crate::cli::forms::any_span;

pub(super) const INIT_EXAMPLES: &str = "\
Examples:
  eval \"$(stsx init bash)\"              in ~/.bashrc, then: assume prod, unassume
  eval \"$(stsx init zsh --cmd become)\"  in ~/.zshrc, then: become prod, unbecome
  stsx init fish | source                in ~/.config/fish/config.fish";

pub(super) const PROMPT_EXAMPLES: &str = "\
Examples:
  stsx prompt                            prod 111122223333 42m
  stsx prompt --format '{role} {left}'   deploy 42m
  PS1='$(stsx prompt --shell bash) \\$ '  in ~/.bashrc";

pub(super) const COMPLETIONS_EXAMPLES: &str = "\
Examples:
  stsx completions fish > ~/.config/fish/completions/stsx.fish
  stsx completions zsh > ~/.zfunc/_stsx  in a directory of $fpath; `stsx init` has them too";

/// Shells that stsx makes itself at home in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum HomeShell {
    Bash,
    Elvish,
    Fish,
    #[value(alias = "nu")]
    Nushell,
    #[value(alias = "pwsh")]
    Powershell,
    #[value(alias = "csh")]
    Tcsh,
    Xonsh,
    Zsh,
}

// `stsx init`
#[derive(Args, Debug)]
pub(crate) struct InitArgs {
    /// Shell to write for
    #[arg(value_name = "SHELL")]
    pub(crate) shell: HomeShell,

    /// Name of the command that assumes; the one that undoes it is unNAME
    #[arg(long, value_name = "NAME", default_value = "assume", value_parser = command_name)]
    pub(crate) cmd: String,

    /// Renew the credentials before a command when they have less than this left (bash, zsh, nushell, xonsh)
    #[arg(long, value_name = "DURATION", value_parser = any_span)]
    pub(crate) refresh: Option<u32>,
}

// `stsx prompt`
#[derive(Args, Debug)]
pub(crate) struct PromptArgs {
    /// Text with {target}, {role}, {account}, {left} and {region} [default: target, account, left]
    #[arg(long, value_name = "TEXT", value_parser = template)]
    pub(crate) format: Option<String>,

    /// Colour it for the prompt of this shell [default: no colours]
    #[arg(long, value_name = "SHELL")]
    pub(crate) shell: Option<HomeShell>,

    /// Yellow when less than this is left
    #[arg(long, value_name = "DURATION", default_value = "15m", value_parser = any_span)]
    pub(crate) warn: u32,

    /// Red when less than this is left
    #[arg(long, value_name = "DURATION", default_value = "5m", value_parser = any_span)]
    pub(crate) critical: u32,
}

// `stsx completions`
#[derive(Args, Debug)]
pub(crate) struct CompletionsArgs {
    /// Shell to complete in
    #[arg(value_name = "SHELL")]
    pub(crate) shell: HomeShell,
}

// `stsx complete`, which the scripts of `stsx completions` call
#[derive(Args, Debug)]
pub(crate) struct CompleteArgs {
    /// Shell that asks
    #[arg(value_name = "SHELL")]
    pub(crate) shell: HomeShell,

    /// The command line up to the cursor, where a shell does not tell its words
    #[arg(long, value_name = "LINE", allow_hyphen_values = true)]
    pub(crate) line: Option<OsString>,

    /// The characters after which the shell starts a new word
    #[arg(
        long,
        value_name = "CHARACTERS",
        default_value = "",
        allow_hyphen_values = true
    )]
    pub(crate) breaks: OsString,

    /// The words, the one at the cursor last; with --line what its first word stands for
    #[arg(last = true, value_name = "WORD")]
    pub(crate) words: Vec<OsString>,
}

/// The parts that a prompt is made of.
pub(crate) const PLACEHOLDERS: [&str; 5] = ["target", "role", "account", "left", "region"];

/// What means something to a shell already: words of the languages, and commands that the code of `src/shell` and
/// `src/output/shell.rs` runs, or that a shell is lost without.
const TAKEN: &str = "
    alias and any append autoload begin bg bind break builtin case cat catch cd command commandline compdef compgen
    complete compopt contains continue coproc date declare def default disown do done each echo edit elif else
    emulate enable end eq error-make esac eval exec execx exit export export-env extern fail false fc fg fi fn for
    foreach foreach-object from from-lines function functions get get-command getopts has-external has-value hash if
    import in into invoke-expression is-empty is-not-empty jobs kill let lines load-env local logout match math
    module not nothing nu-complete or out-string param path pop popd print printf pushd put pwd raise range read
    readonly register-argumentcompleter remove-item repeat return select select-object set set-env setenv sh shift
    shopt skip slurp source split str strftime string stsx stsx-complete suspend switch tail test then throw time
    trap true try type typeset ulimit umask unalias unset unset-env unsetenv until use var wait where where-object
    while zmodload";

/// A command that every shell can be given.
fn command_name(text: &str) -> Result<String, String> {
    let is_word = text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-');
    if !is_word {
        return Err("a command is named by letters, digits, - and _, a letter first".to_owned());
    }
    let undoes = format!("un{text}");
    // PowerShell has no capital letters.
    let is_taken = |name: &str| {
        let mut taken = TAKEN.split_ascii_whitespace();
        taken.any(|taken| taken.eq_ignore_ascii_case(name))
    };
    if is_taken(text) || is_taken(&undoes) {
        return Err(format!(
            "`{text}` or `{undoes}` means something else to shells"
        ));
    }
    Ok(text.to_owned())
}

/// A text whose `{…}` are all known.
fn template(text: &str) -> Result<String, String> {
    let mut rest = text;
    while let Some((_, after)) = rest.split_once('{') {
        let known = after
            .split_once('}')
            .filter(|(name, _)| PLACEHOLDERS.contains(name));
        let Some((_, after)) = known else {
            return Err(format!(
                "`{{` starts one of {{{}}}",
                PLACEHOLDERS.join("}, {")
            ));
        };
        rest = after;
    }
    Ok(text.to_owned())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::command_name;

    /// The texts that shells evaluate, but for Python, whose words are none of xonsh's commands.
    const SNIPPETS: [&str; 17] = [
        include_str!("../shell/complete.bash"),
        include_str!("../shell/complete.csh"),
        include_str!("../shell/complete.elv"),
        include_str!("../shell/complete.fish"),
        include_str!("../shell/complete.nu"),
        include_str!("../shell/complete.ps1"),
        include_str!("../shell/complete.zsh"),
        include_str!("../shell/init.bash"),
        include_str!("../shell/init.csh"),
        include_str!("../shell/init.elv"),
        include_str!("../shell/init.fish"),
        include_str!("../shell/init.nu"),
        include_str!("../shell/init.ps1"),
        include_str!("../shell/init.zsh"),
        include_str!("../shell/refresh.bash"),
        include_str!("../shell/refresh.nu"),
        include_str!("../shell/refresh.zsh"),
    ];

    #[test]
    fn no_command_of_the_snippets_can_be_taken() {
        let lines = SNIPPETS.iter().flat_map(|snippet| snippet.lines());
        let code = lines.filter(|line| !line.trim_start().starts_with('#'));
        let variables = ["index", "line", "of", "word"];
        let commands: BTreeSet<&str> = code
            .flat_map(|line| line.split(['|', '&', ';', '{', '(', '`']))
            .filter_map(|part| {
                let mut words = part.split_ascii_whitespace();
                words.find(|word| *word != "\\builtin")
            })
            .map(|word| word.trim_start_matches('\\'))
            .filter(|word| word.len() > 1 && word.starts_with(|c: char| c.is_ascii_lowercase()))
            .filter(|word| {
                word.bytes()
                    .all(|byte| byte.is_ascii_lowercase() || byte == b'-')
            })
            .filter(|word| !variables.contains(word))
            .collect();
        assert!(
            commands.contains("compopt") && commands.len() > 60,
            "{commands:?}"
        );
        let free: Vec<_> = commands
            .iter()
            .filter(|word| command_name(word).is_ok())
            .collect();
        assert!(free.is_empty(), "{free:?}");
    }

    #[test]
    fn words_of_shells_are_taken() {
        for name in [
            "set", "alias", "til", "printf", "command", "builtin", "export", "return", "local",
            "complete", "test", "unset", "cd", "exit", "fn", "eval", "Return", "setenv", "set-env",
            "stsx",
        ] {
            assert!(command_name(name).is_err(), "{name}");
        }
        for name in ["assume", "become", "aws-role", "as"] {
            assert_eq!(command_name(name).as_deref(), Ok(name));
        }
    }
}
