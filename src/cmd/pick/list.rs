//! A list that gets shorter while a person types: which rows match, which one is marked.
//!
//! Knows nothing of a terminal, and so can be tried without one.

use nucleo_matcher::pattern::{AtomKind, CaseMatching, Normalization, Pattern};
use nucleo_matcher::{Config, Matcher, Utf32Str};

use crate::error::printable;
use crate::looks::columns;

const COLUMNS: usize = 6;
/// A longer cell pushes only its own row aside.
const WIDEST: usize = 36;

/// One target.
#[derive(Debug)]
pub(super) struct Row {
    pub(super) target: String,
    cells: Vec<String>,
    /// The cells in their columns: what is shown, and searched.
    pub(super) text: String,
}

impl Row {
    /// A row of cells; what would disturb a terminal is made visible.
    pub(super) fn new<const N: usize>(target: &str, cells: [&str; N]) -> Self {
        Self {
            target: target.to_owned(),
            cells: cells.into_iter().map(printable).collect(),
            text: String::new(),
        }
    }

    fn text(&self, widths: &[usize; COLUMNS]) -> String {
        let mut text = String::new();
        for (cell, width) in self
            .cells
            .iter()
            .zip(widths)
            .filter(|(_, width)| **width > 0)
        {
            text.push_str(cell);
            let missing = (width + 2).saturating_sub(columns(cell)).max(1);
            text.extend(std::iter::repeat_n(' ', missing));
        }
        text.truncate(text.trim_end().len());
        text
    }
}

/// Rows below a header, in columns.
pub(super) struct Rows {
    pub(super) rows: Vec<Row>,
    header: Row,
}

impl Rows {
    /// No rows yet.
    pub(super) fn new(header: [&str; COLUMNS]) -> Self {
        Self {
            rows: Vec::new(),
            header: Row::new("", header),
        }
    }

    /// Adds a row.
    pub(super) fn push(&mut self, row: Row) {
        self.rows.push(row);
    }

    /// The rows with their texts, and that of the header. A column that is empty takes no place.
    fn set(&mut self) -> String {
        let mut widths = [0; COLUMNS];
        for row in &self.rows {
            for (width, cell) in widths.iter_mut().zip(&row.cells) {
                *width = (*width).max(columns(cell).min(WIDEST));
            }
        }
        for (width, cell) in widths.iter_mut().zip(&self.header.cells) {
            if *width > 0 {
                *width = (*width).max(columns(cell));
            }
        }
        for row in &mut self.rows {
            row.text = row.text(&widths);
        }
        self.header.text(&widths)
    }
}

/// The rows, what was typed, and what matches it.
pub(super) struct List<'a> {
    pub(super) rows: &'a [Row],
    pub(super) header: String,
    pub(super) query: String,
    /// Places of the rows that match, the best first.
    pub(super) matches: Vec<usize>,
    /// The marked one of these.
    pub(super) marked: usize,
    matcher: Matcher,
}

/// Where to move the mark.
#[derive(Clone, Copy, Debug)]
pub(super) enum Move {
    By(isize),
    First,
    Last,
}

impl<'a> List<'a> {
    /// All rows, the first one marked.
    pub(super) fn new(rows: &'a mut Rows) -> Self {
        let header = rows.set();
        Self {
            rows: &rows.rows,
            header,
            query: String::new(),
            matches: (0..rows.rows.len()).collect(),
            marked: 0,
            matcher: Matcher::new(Config::DEFAULT),
        }
    }

    /// Searches for something else.
    pub(super) fn search(&mut self, query: String) {
        self.query = query;
        self.marked = 0;
        let (case, marks) = (CaseMatching::Ignore, Normalization::Smart);
        let pattern = Pattern::new(&self.query, case, marks, AtomKind::Fuzzy);
        let mut letters = Vec::new();
        let mut scored: Vec<(u32, usize)> = Vec::new();
        for (place, row) in self.rows.iter().enumerate() {
            let text = Utf32Str::new(&row.text, &mut letters);
            let score = pattern.score(text, &mut self.matcher);
            scored.extend(score.map(|score| (score, place)));
        }
        // Of equals, the one that was used last stays first.
        scored.sort_by_key(|(score, place)| (std::cmp::Reverse(*score), *place));
        self.matches = scored.into_iter().map(|(_, place)| place).collect();
    }

    /// Marks another row; the ends of the list are the ends.
    pub(super) fn step(&mut self, to: Move) {
        let last = self.matches.len().saturating_sub(1);
        self.marked = match to {
            Move::By(rows) => self.marked.saturating_add_signed(rows).min(last),
            Move::First => 0,
            Move::Last => last,
        };
    }

    /// The place of the marked row, if any row matches.
    pub(super) fn chosen(&self) -> Option<usize> {
        self.matches.get(self.marked).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(names: &[&str]) -> Rows {
        let mut rows = Rows::new(["target", "account", "role", "from", "", "cached"]);
        for name in names {
            rows.push(Row::new(name, [name, "111122223333", "x"]));
        }
        rows
    }

    fn found(names: &[&str], query: &str) -> Vec<String> {
        let mut rows = rows(names);
        let mut list = List::new(&mut rows);
        list.search(query.to_owned());
        let texts = list.matches.iter().map(|place| &list.rows[*place].target);
        texts.cloned().collect()
    }

    #[test]
    fn what_is_typed_finds() {
        let names = ["dev", "prod", "prod-eu", "Zürich 🦀", "שלום", "a'b\"c"];
        for (query, expected) in [
            ("", &names[..]),
            ("prod", &["prod", "prod-eu"]),
            ("PEU", &["prod-eu"]),
            ("eu prod", &["prod-eu"]),
            ("zuri", &["Zürich 🦀"]),
            ("שלו", &["שלום"]),
            ("a'b\"", &["a'b\"c"]),
            ("!prod", &[]),
        ] {
            assert_eq!(found(&names, query), expected, "{query}");
        }
        assert_eq!(
            found(&["b1", "a1"], "1x"),
            ["b1", "a1"],
            "equals keep their order"
        );
    }

    #[test]
    fn columns_are_as_wide_as_they_look() {
        let mut rows = rows(&["日本", "a", "\u{1b}[2J\u{202e}"]);
        let list = List::new(&mut rows);
        assert_eq!(list.header, "target             account       role");
        assert_eq!(list.rows[0].text, "日本               111122223333  x");
        assert_eq!(list.rows[2].text, "\\u{1b}[2J\\u{202e}  111122223333  x");
    }

    #[test]
    fn the_mark_stays_on_the_list() {
        let mut rows = rows(&["a", "b", "c"]);
        let mut list = List::new(&mut rows);
        for (to, expected) in [
            (Move::By(-1), 0),
            (Move::By(2), 2),
            (Move::By(9), 2),
            (Move::First, 0),
            (Move::Last, 2),
        ] {
            list.step(to);
            assert_eq!(list.marked, expected, "{to:?}");
        }
        list.search("nothing like it".into());
        list.step(Move::Last);
        assert_eq!((list.marked, list.chosen()), (0, None));
    }
}
