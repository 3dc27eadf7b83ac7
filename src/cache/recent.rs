//! The targets that a person assumed, the last one first: the order of the picker.
//!
//! Nothing depends on it: a file that is damaged is an empty one, and of two writers one wins.

use crate::cache::{Cache, private, seal};

pub(super) const NAME: &str = "targets.recent";
/// So many are remembered.
const MOST: usize = 100;

impl Cache {
    /// What was assumed by hand, the last one first.
    pub(crate) fn recent(&self) -> Vec<String> {
        let bytes = private::read(&self.dir.join(NAME)).ok().flatten();
        bytes
            .and_then(|bytes| serde_json::from_slice(seal::open(&bytes).ok()?).ok())
            .unwrap_or_default()
    }

    /// Remembers that a target was assumed by hand, just now.
    pub(crate) fn put_recent(&self, target: &str) {
        let mut recent = self.recent();
        if recent.first().is_some_and(|first| first == target) {
            return;
        }
        recent.retain(|one| one != target);
        recent.insert(0, target.to_owned());
        recent.truncate(MOST);
        let bytes = serde_json::to_vec(&recent).expect("a list of texts is JSON");
        self.tell(self.write(&self.dir.join(NAME), &bytes));
    }
}
