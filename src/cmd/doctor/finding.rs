//! What the checks found: each finding says what, where, why it matters, and what mends it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::settings::Origin;

/// So many findings of one rule are kept; of the others only the number is.
const OF_ONE_RULE: usize = 50;

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Severity {
    /// Something does not work, or is open to others.
    Problem,
    /// Something is worth knowing.
    Note,
}

impl Severity {
    /// The word for it.
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Problem => "problem",
            Self::Note => "note",
        }
    }
}

/// Where something was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Place {
    File(PathBuf, Option<usize>),
    Variable(String),
    Nowhere,
}

/// One finding. No part of it is ever a secret, or made from the value of a key that may be one.
#[derive(Clone, Debug)]
pub(super) struct Finding {
    /// The name of the rule, for programs.
    pub(super) rule: &'static str,
    pub(super) severity: Severity,
    pub(super) what: String,
    pub(super) place: Place,
    pub(super) why: String,
    /// A command line.
    pub(super) fix: Option<String>,
}

impl Finding {
    /// Something that does not work, or is open to others.
    pub(super) fn problem(rule: &'static str, what: impl Into<String>) -> Self {
        Self {
            rule,
            severity: Severity::Problem,
            what: what.into(),
            place: Place::Nowhere,
            why: String::new(),
            fix: None,
        }
    }

    /// Something worth knowing.
    pub(super) fn note(rule: &'static str, what: impl Into<String>) -> Self {
        Self {
            severity: Severity::Note,
            ..Self::problem(rule, what)
        }
    }

    /// It stands on this line of a file.
    pub(super) fn at(mut self, path: &Path, line: usize) -> Self {
        self.place = Place::File(path.to_owned(), Some(line));
        self
    }

    /// It is about a file.
    pub(super) fn of(mut self, path: &Path) -> Self {
        self.place = Place::File(path.to_owned(), None);
        self
    }

    /// It is about a variable of the environment.
    pub(super) fn variable(mut self, name: &str) -> Self {
        self.place = Place::Variable(name.to_owned());
        self
    }

    /// It stands where a value comes from.
    pub(super) fn from(self, origin: &Origin) -> Self {
        match origin {
            Origin::File(path, line) => self.at(path, *line),
            Origin::Variable(name) => self.variable(name),
            _ => self,
        }
    }

    /// Why it matters.
    pub(super) fn why(mut self, why: impl Into<String>) -> Self {
        self.why = why.into();
        self
    }

    /// The command line that mends it.
    pub(super) fn fix(mut self, command: impl Into<String>) -> Self {
        self.fix = Some(command.into());
        self
    }
}

/// All findings of a run.
#[derive(Debug, Default)]
pub(super) struct Findings {
    kept: Vec<Finding>,
    counts: BTreeMap<&'static str, usize>,
    problems: usize,
    notes: usize,
}

impl Findings {
    /// Adds one; the same one is added once.
    pub(super) fn add(&mut self, finding: Finding) {
        let is_same = |other: &Finding| {
            (other.rule, &other.place, &other.what) == (finding.rule, &finding.place, &finding.what)
        };
        if self.kept.iter().any(is_same) {
            return;
        }
        match finding.severity {
            Severity::Problem => self.problems += 1,
            Severity::Note => self.notes += 1,
        }
        let count = self.counts.entry(finding.rule).or_default();
        *count += 1;
        if *count <= OF_ONE_RULE {
            self.kept.push(finding);
        }
    }

    /// Adds what a check found.
    pub(super) fn extend(&mut self, findings: impl IntoIterator<Item = Finding>) {
        findings.into_iter().for_each(|finding| self.add(finding));
    }

    /// Whether a rule found something in this place.
    pub(super) fn has(&self, rule: &str, place: &Place) -> bool {
        let mut kept = self.kept.iter();
        kept.any(|finding| finding.rule == rule && finding.place == *place)
    }

    /// How many problems and notes there are.
    pub(super) fn count(&self) -> (usize, usize) {
        (self.problems, self.notes)
    }

    /// The findings, problems first, else in the order of the checks.
    pub(super) fn sorted(&self) -> Vec<&Finding> {
        let mut all: Vec<&Finding> = self.kept.iter().collect();
        all.sort_by_key(|finding| finding.severity == Severity::Note);
        all
    }

    /// The rules of which some findings were left out, and how many.
    pub(super) fn left_out(&self) -> BTreeMap<&'static str, usize> {
        let over = |(rule, count): (&&'static str, &usize)| {
            let over = count.checked_sub(OF_ONE_RULE).filter(|over| *over > 0)?;
            Some((*rule, over))
        };
        self.counts.iter().filter_map(over).collect()
    }
}
