//! The word that a mistyped one was meant for: one law for profiles, keys, settings and regions.
//!
//! What is told as near must be a slip of the hand, not another word: one letter in four may be wrong. (With
//! one in three, `role_name` of other tools is `role_arn`, and `sso_region` is `sso_session`.)

/// More slips than this are another word, however long it is.
const MOST: usize = 3;

/// A word as it was typed.
pub(crate) struct Typed {
    word: String,
    letters: usize,
    allowed: usize,
}

impl Typed {
    pub(crate) fn new(word: &str) -> Self {
        let letters = word.chars().count();
        Self {
            word: folded(word),
            letters,
            allowed: match letters {
                0 | 1 => 0,
                _ => (letters / 4).clamp(1, MOST),
            },
        }
    }

    /// How many letters of another word were left out, added, replaced, or swapped with their neighbours, if
    /// it is near. Capitals, and `-` in the place of `_`, are no slips.
    pub(crate) fn slips(&self, known: &str) -> Option<usize> {
        if known.chars().count().abs_diff(self.letters) > self.allowed {
            return None;
        }
        let slips = strsim::damerau_levenshtein(&self.word, &folded(known));
        (slips <= self.allowed).then_some(slips)
    }

    /// How many letters another word has more, if this one is a part of it.
    pub(crate) fn lacks(&self, known: &str) -> Option<usize> {
        let is_part = self.letters >= 3 && folded(known).contains(&self.word);
        is_part.then(|| known.chars().count().saturating_sub(self.letters))
    }
}

/// The nearest of these words, if one is near.
pub(crate) fn nearest<'k>(
    typed: &str,
    known: impl IntoIterator<Item = &'k str>,
) -> Option<&'k str> {
    let typed = Typed::new(typed);
    let near = known
        .into_iter()
        .filter_map(|known| Some((typed.slips(known)?, known)));
    near.min().map(|(_, known)| known)
}

fn folded(word: &str) -> String {
    word.to_lowercase().replace('-', "_")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_letter_in_four_may_be_wrong() {
        for (typed, known, slips) in [
            ("x", "y", None),
            ("x", "x", Some(0)),
            ("prdo", "prod", Some(1)),
            ("dve", "dev", Some(1)),
            ("edv1", "dev", None),
            ("Min-TTL", "min_ttl", Some(0)),
            ("duratoin", "duration", Some(1)),
            ("dratoin", "duration", None),
            ("dratoin_x", "duration_x", Some(2)),
            ("role_name", "role_arn", None),
            ("sso_region", "sso_session", None),
            ("use_dual_stak_endpont", "use_dualstack_endpoint", Some(3)),
            ("use_dual_stak_endpoin", "use_dualstack_endpoints", None),
        ] {
            assert_eq!(Typed::new(typed).slips(known), slips, "{typed} {known}");
        }
        assert_eq!(nearest("usa", ["uso", "usb", "abc"]), Some("usb"));
        assert_eq!(nearest("tea", ["region", "output"]), None);
        assert_eq!(Typed::new("prod").lacks("prod-admin"), Some(6));
        assert_eq!(Typed::new("pr").lacks("prod"), None);
    }
}
