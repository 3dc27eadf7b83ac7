//! Texts with `*` and `?` in policies, and the variables in them.
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html>

use super::conditions::Context;

/// A text with `*` and `?` in it, which variables cannot bring in.
pub(crate) struct Pattern(Vec<Token>);

#[derive(Clone, Copy)]
enum Token {
    Star,
    One,
    Char(char),
}

impl Pattern {
    /// A pattern without variables.
    pub(crate) fn plain(text: &str) -> Pattern {
        Pattern(tokens(text))
    }

    /// Replaces variables; nothing when one has no value and no default: such a pattern matches nothing.
    pub(crate) fn read(text: &str, variables: Option<&Context>) -> Option<Pattern> {
        let Some(context) = variables else {
            return Some(Pattern::plain(text));
        };
        let (mut read, mut rest) = (Vec::new(), text);
        while let Some((before, after)) = rest.split_once("${") {
            let (variable, after) = after.split_once('}')?;
            read.extend(tokens(before));
            let (key, default) = match variable.split_once(',') {
                Some((key, default)) => (key, Some(default.trim().trim_matches('\''))),
                None => (variable, None),
            };
            let value = match key {
                "*" | "?" | "$" => key,
                _ => match context.values(key) {
                    Some([one]) => one,
                    _ => default?,
                },
            };
            read.extend(value.chars().map(Token::Char));
            rest = after;
        }
        read.extend(tokens(rest));
        Some(Pattern(read))
    }

    /// Does the whole text match?
    pub(crate) fn matches(&self, text: &str) -> bool {
        let text: Vec<char> = text.chars().collect();
        let (mut at, mut here, mut star) = (0, 0, None);
        while here < text.len() {
            match self.0.get(at) {
                Some(Token::Star) => {
                    star = Some((at, here));
                    at += 1;
                }
                Some(Token::One) => (at, here) = (at + 1, here + 1),
                Some(Token::Char(c)) if *c == text[here] => (at, here) = (at + 1, here + 1),
                _ => {
                    let Some((back, from)) = star else {
                        return false;
                    };
                    star = Some((back, from + 1));
                    (at, here) = (back + 1, from + 1);
                }
            }
        }
        self.0[at..]
            .iter()
            .all(|token| matches!(token, Token::Star))
    }

    /// The text itself, wildcards and all.
    pub(crate) fn text(&self) -> String {
        let char = |token: &Token| match token {
            Token::Star => '*',
            Token::One => '?',
            Token::Char(c) => *c,
        };
        self.0.iter().map(char).collect()
    }
}

fn tokens(text: &str) -> Vec<Token> {
    text.chars()
        .map(|c| match c {
            '*' => Token::Star,
            '?' => Token::One,
            c => Token::Char(c),
        })
        .collect()
}
