//! A command line of bash or tcsh, up to the cursor: the words of its last command, and how the one
//! at the cursor is quoted.
//!
//! bash splits words at `:` and `=` for its completions, which tears role ARNs and `--profile=NAME`
//! apart; hence the line is read here, and only what stands after the last such character is
//! answered.

/// What a person has typed so far.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Line {
    /// The words, without their quotes; the last one is at the cursor, and may be empty.
    pub(super) words: Vec<String>,
    /// The quotation mark that is open at the cursor.
    pub(super) quote: Option<char>,
    /// How much of the last word the shell keeps when it puts an answer in.
    pub(super) kept: usize,
}

impl Line {
    /// Reads a line; `breaks` are the characters after which the shell's own word starts.
    pub(super) fn read(text: &str, breaks: &str) -> Self {
        let mut line = Self::default();
        let mut word = String::new();
        let mut is_word = false;
        let mut chars = text.chars();
        while let Some(char) = chars.next() {
            match (line.quote, char) {
                (Some('\''), '\'') | (Some('"'), '"') => {
                    line.quote = None;
                    line.kept = word.len();
                }
                (None, '\'' | '"') => {
                    line.quote = Some(char);
                    line.kept = word.len();
                    is_word = true;
                }
                (Some('\''), _) => word.push(char),
                (quote, '\\') => {
                    let next = chars.next();
                    let is_kept =
                        quote.is_some() && !next.is_some_and(|next| "$`\"\\".contains(next));
                    word.extend(is_kept.then_some('\\').into_iter().chain(next));
                    is_word = true;
                }
                (Some(_), _) => word.push(char),
                (None, ' ' | '\t') => {
                    if is_word {
                        line.words.push(std::mem::take(&mut word));
                    }
                    (is_word, line.kept) = (false, 0);
                }
                (None, ';' | '|' | '&' | '(' | ')' | '`' | '\n') => {
                    line.words.clear();
                    word.clear();
                    (is_word, line.kept) = (false, 0);
                }
                (None, _) => {
                    word.push(char);
                    is_word = true;
                    if breaks.contains(char) {
                        line.kept = word.len();
                    }
                }
            }
        }
        line.words.push(word);
        line.drop_assignments();
        line
    }

    /// `NAME=value` before the command.
    fn drop_assignments(&mut self) {
        let is_assignment = |word: &String| {
            word.split_once('=').is_some_and(|(name, _)| {
                !name.is_empty()
                    && name
                        .bytes()
                        .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
            })
        };
        while self.words.len() > 1 && self.words.first().is_some_and(is_assignment) {
            self.words.remove(0);
        }
    }

    /// What bash puts in for a value; none where that cannot be written.
    pub(super) fn answer(&self, value: &str) -> Option<String> {
        let typed = self.words.last()?;
        let rest = value
            .starts_with(typed.as_str())
            .then(|| value.get(self.kept..))??;
        let escaped = |special: &dyn Fn(char) -> bool| {
            rest.chars().fold(String::new(), |mut text, char| {
                if special(char) {
                    text.push('\\');
                }
                text.push(char);
                text
            })
        };
        match self.quote {
            Some('\'') => Some(rest.replace('\'', r"'\''")),
            // History is expanded there, and a backslash before it stays.
            Some(_) if rest.contains('!') => None,
            Some(_) => Some(escaped(&|char| "$`\"\\".contains(char))),
            None => Some(escaped(&|char| {
                char.is_ascii() && !char.is_ascii_alphanumeric() && !"_./:@%+=,-".contains(char)
            })),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BREAKS: &str = " \t\n\"'><=;|&(:";

    #[test]
    fn words_are_those_of_the_last_command() {
        for (text, words, quote, kept) in [
            ("stsx ", &["stsx", ""][..], None, 0),
            ("stsx as", &["stsx", "as"], None, 0),
            ("a 'b c'; X=1 stsx a", &["stsx", "a"], None, 0),
            ("echo $(stsx whoami pr", &["stsx", "whoami", "pr"], None, 0),
            (
                "stsx a 111122223333:d",
                &["stsx", "a", "111122223333:d"],
                None,
                13,
            ),
            (
                "stsx a --profile=x",
                &["stsx", "a", "--profile=x"],
                None,
                10,
            ),
            (r"stsx a my\ pr", &["stsx", "a", "my pr"], None, 0),
            (r"stsx a a\:b", &["stsx", "a", "a:b"], None, 0),
            ("stsx a \"my pr", &["stsx", "a", "my pr"], Some('"'), 0),
            ("stsx a 'it", &["stsx", "a", "it"], Some('\''), 0),
            ("stsx a \"my \"pr", &["stsx", "a", "my pr"], None, 3),
            ("stsx a \"a\\$b\\c", &["stsx", "a", "a$b\\c"], Some('"'), 0),
            ("stsx a '' ", &["stsx", "a", "", ""], None, 0),
            ("X=", &["X="], None, 2),
        ] {
            let line = Line::read(text, BREAKS);
            assert_eq!(line.words, words, "{text}");
            assert_eq!((line.quote, line.kept), (quote, kept), "{text}");
        }
    }

    #[test]
    fn answers_go_on_from_what_stands_there() {
        for (text, value, answer) in [
            ("stsx a ", "prod", Some("prod")),
            ("stsx a my", "my profile", Some(r"my\ profile")),
            (
                "stsx a 111122223333:d",
                "111122223333:deploy",
                Some("deploy"),
            ),
            ("stsx a --profile=", "--profile=a b", Some(r"a\ b")),
            ("stsx a \"my", "my $(id) \"x\"", Some(r#"my \$(id) \"x\""#)),
            ("stsx a \"my", "my!", None),
            ("stsx a 'i", "it's", Some(r"it'\''s")),
            ("stsx a ", "$(id);`id`", Some(r"\$\(id\)\;\`id\`")),
            ("stsx a x", "prod", None),
            ("stsx a ", "é 😀", Some(r"é\ 😀")),
        ] {
            let found = Line::read(text, BREAKS).answer(value);
            assert_eq!(found.as_deref(), answer, "{text}");
        }
    }
}
