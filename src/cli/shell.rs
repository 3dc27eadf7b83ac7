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

/// A command that every shell can be given: it is no word of their languages, nor stsx itself.
fn command_name(text: &str) -> Result<String, String> {
    const TAKEN: [&str; 26] = [
        "stsx", "if", "then", "else", "elif", "fi", "do", "done", "case", "esac", "for", "while",
        "until", "in", "function", "select", "time", "set", "alias", "eval", "def", "let", "use",
        "and", "or", "not",
    ];
    let is_word = text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-');
    if !is_word {
        return Err("a command is named by letters, digits, - and _, a letter first".to_owned());
    }
    let undoes = format!("un{text}");
    if TAKEN.contains(&text) || ["unset", "unalias", "until"].contains(&undoes.as_str()) {
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
