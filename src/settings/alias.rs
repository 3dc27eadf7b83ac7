//! `[alias]`: another name for a target, which may be an alias itself.
//!
//! A typed word is looked for among the aliases first, so that an alias can take the place of a profile. Behind an alias
//! the profile comes first: it is what most aliases stand for, and else a profile whose name an alias has taken could not
//! be reached at all. So `prod = prod-read` and `write = prod` are two ways, not one.

use std::collections::BTreeMap;

use anyhow::Result;

use crate::error::Failure;
use crate::settings::{Settings, Sourced};

/// So many aliases in a row are followed.
const LONGEST: usize = 32;

impl Settings {
    /// The target that a word stands for; it is the word itself when that is no alias.
    ///
    /// # Errors
    /// The aliases lead back to one of them (file and line), or are too many in a row.
    pub(crate) fn meant<'a>(
        &'a self,
        word: &'a str,
        is_profile: impl Fn(&str) -> Result<bool>,
    ) -> Result<&'a str> {
        meant(&self.aliases, word, is_profile)
    }
}

/// The target that a word stands for among these aliases; see [`Settings::meant`].
///
/// # Errors
/// As there.
pub(super) fn meant<'a>(
    aliases: &'a BTreeMap<String, Sourced<String>>,
    word: &'a str,
    is_profile: impl Fn(&str) -> Result<bool>,
) -> Result<&'a str> {
    let mut next = aliases.get(word);
    if next.is_none() {
        return Ok(word);
    }
    let mut way = vec![word];
    while let Some(alias) = next {
        let target = alias.value.as_str();
        next = aliases.get(target);
        if next.is_some() && is_profile(target)? {
            return Ok(target);
        }
        let is_back = way.contains(&target);
        way.push(target);
        if is_back {
            let what = format!(
                "{}: the aliases form a loop: {}",
                alias.origin,
                way.join(" → ")
            );
            return Err(Failure::usage(what).into());
        }
        if way.len() > LONGEST {
            let what = format!("{}: more than {LONGEST} aliases in a row", alias.origin);
            return Err(Failure::usage(what).into());
        }
    }
    Ok(way.last().copied().unwrap_or(word))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::Origin;

    fn aliases(pairs: &[(&str, &str)]) -> BTreeMap<String, Sourced<String>> {
        (1..)
            .zip(pairs)
            .map(|(line, (name, target))| {
                let origin = Origin::File(std::path::Path::new("/c").into(), line);
                let target = Sourced::new((*target).to_owned(), origin);
                ((*name).to_owned(), target)
            })
            .collect()
    }

    #[test]
    fn aliases_are_followed_to_a_target() {
        let aliases = aliases(&[
            ("p", "prod"),
            ("pp", "p"),
            ("prod", "prod-read"),
            ("self", "self"),
            ("a", "b"),
            ("b", "c"),
            ("c", "b"),
            ("arn", "arn:aws:iam::111122223333:role/x"),
        ]);
        let is_profile = |name: &str| Ok(["prod", "prod-read"].contains(&name));
        let of = |word| meant(&aliases, word, is_profile).map_err(|error| error.to_string());
        for (word, target) in [
            ("other", Ok("other")),
            ("prod", Ok("prod-read")),
            ("p", Ok("prod")),
            ("pp", Ok("prod")),
            ("arn", Ok("arn:aws:iam::111122223333:role/x")),
            ("self", Err("/c:4: the aliases form a loop: self → self")),
            ("a", Err("/c:7: the aliases form a loop: a → b → c → b")),
        ] {
            assert_eq!(of(word), target.map_err(str::to_owned), "{word}");
        }
        let nobody = |_: &str| Ok(false);
        assert_eq!(meant(&aliases, "pp", nobody).unwrap(), "prod-read");
    }

    #[test]
    fn a_row_of_aliases_has_an_end() {
        let names: Vec<String> = (0..40).map(|number| format!("n{number}")).collect();
        let pairs: Vec<(&str, &str)> = names
            .iter()
            .zip(&names[1..])
            .map(|(one, next)| (&**one, &**next))
            .collect();
        let aliases = aliases(&pairs);
        let nobody = |_: &str| Ok(false);
        assert_eq!(meant(&aliases, "n8", nobody).unwrap(), "n39");
        let error = meant(&aliases, "n0", nobody).unwrap_err().to_string();
        assert_eq!(error, "/c:32: more than 32 aliases in a row");
    }
}
