//! Rows of text in columns, for people.
//!
//! On a terminal a table fits its width: long cells go on below themselves, and where columns have no
//! room beside each other they stand below each other. Nothing is cut off. Elsewhere a row is a line.

use crate::error::printable;
use crate::looks::{Ink, Looks, columns, wrapped};

/// Columns between two cells.
const GAP: usize = 2;

/// What a cell that does not fit gets at least: most words, and the parts of an ARN, stay whole.
const LEAST: usize = 24;

/// Rows that will stand below each other.
#[derive(Debug, Default)]
pub(super) struct Table(Vec<Vec<Cell>>);

#[derive(Debug)]
struct Cell {
    ink: Ink,
    text: String,
}

impl Table {
    /// Adds a row; what would disturb a terminal is made visible.
    pub(super) fn row<'a>(&mut self, cells: impl IntoIterator<Item = &'a str>) {
        self.inked(cells.into_iter().map(|text| (Ink::Plain, text)));
    }

    /// The same with a colour for each cell.
    pub(super) fn inked<'a>(&mut self, cells: impl IntoIterator<Item = (Ink, &'a str)>) {
        let cells = cells.into_iter().map(|(ink, text)| Cell {
            ink,
            text: printable(text),
        });
        self.0.push(cells.collect());
    }

    /// The text, as it looks on standard output.
    pub(super) fn text(&self) -> String {
        self.shown(Looks::of_answers())
    }

    fn shown(&self, looks: Looks) -> String {
        let natural = self.widths();
        let rows = self.0.iter();
        let Some(width) = looks.width() else {
            return rows
                .map(|row| beside(row, &natural, usize::MAX, looks))
                .collect();
        };
        match self.narrowed(natural, width) {
            Some(widths) => rows.map(|row| beside(row, &widths, width, looks)).collect(),
            None => rows.map(|row| below(row, width, looks)).collect(),
        }
    }

    /// A column is as wide as its widest cell that another one follows.
    fn widths(&self) -> Vec<usize> {
        let count = self.0.iter().map(Vec::len).max().unwrap_or(0);
        let width = |column: usize| {
            let followed = self.0.iter().filter(|row| row.len() > column + 1);
            followed.map(|row| columns(&row[column].text)).max()
        };
        (0..count)
            .map(|column| width(column).unwrap_or(0))
            .collect()
    }

    /// Widths with which the last cell of each row has room enough. None: there are none, for the first column, with the
    /// names, stays as it is.
    fn narrowed(&self, mut widths: Vec<usize>, width: usize) -> Option<Vec<usize>> {
        loop {
            let missing = self.missing(&widths, width);
            if missing == 0 {
                return Some(widths);
            }
            let widest = widths.iter_mut().skip(1).max()?;
            if *widest <= LEAST {
                return None;
            }
            *widest = widest.saturating_sub(missing).max(LEAST);
        }
    }

    fn missing(&self, widths: &[usize], width: usize) -> usize {
        let missing = |row: &Vec<Cell>| {
            let last = row.last()?;
            let before: usize = widths[..row.len() - 1].iter().map(|one| one + GAP).sum();
            let wanted = columns(&last.text).min(LEAST);
            Some((before + wanted).saturating_sub(width))
        };
        self.0.iter().filter_map(missing).max().unwrap_or(0)
    }
}

/// A row whose cells stand beside each other.
fn beside(row: &[Cell], widths: &[usize], width: usize, looks: Looks) -> String {
    let mut start = 0;
    let mut parts = Vec::new();
    for (index, cell) in row.iter().enumerate() {
        let is_last = index + 1 == row.len();
        let room = if is_last {
            width.saturating_sub(start)
        } else {
            widths[index]
        };
        parts.push((start, cell.ink, wrapped(&cell.text, room)));
        start += widths[index] + GAP;
    }
    let height = parts.iter().map(|(_, _, lines)| lines.len()).max();
    let mut text = String::new();
    for line in 0..height.unwrap_or(0) {
        let mut column = 0;
        for (start, ink, lines) in &parts {
            if let Some(part) = lines.get(line).filter(|part| !part.is_empty()) {
                text.extend(std::iter::repeat_n(' ', start - column));
                text.push_str(&looks.paint(*ink, part));
                column = start + columns(part);
            }
        }
        text.push('\n');
    }
    text
}

/// A row whose cells stand below each other, those after the first one further in.
fn below(row: &[Cell], width: usize, looks: Looks) -> String {
    let first = row.first().map_or("", |cell| cell.text.as_str());
    let inner = first.len() - first.trim_start().len();
    let mut text = String::new();
    for (index, cell) in row.iter().enumerate() {
        let indent = if index == 0 { inner } else { inner + GAP };
        for line in wrapped(cell.text.trim_start(), width.saturating_sub(indent)) {
            if !line.is_empty() {
                text.extend(std::iter::repeat_n(' ', indent));
                text.push_str(&looks.paint(cell.ink, &line));
                text.push('\n');
            }
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    const ARN: &str = "arn:aws:iam::111122223333:role/deploy";

    fn explained() -> Table {
        let mut table = Table::default();
        table.row(["target", "prod"]);
        table.row(["hop 1", ARN, "/home/james/.aws/config:7"]);
        table.row(["  duration", "1h", "default"]);
        table
    }

    #[test]
    fn only_cells_before_others_make_a_column_wide() {
        let mut table = Table::default();
        table.row(["a", "bb", "c"]);
        table.row(["aaa", "a very long last cell"]);
        table.row(["é", "", "c\u{1b}"]);
        assert_eq!(
            table.shown(Looks::default()),
            "a    bb  c\naaa  a very long last cell\né        c\\u{1b}\n"
        );
    }

    #[test]
    fn wide_characters_take_two_columns() {
        let mut table = Table::default();
        table.row(["日本", "x"]);
        table.row(["a🙂", "x"]);
        table.row(["abcd", "x"]);
        assert_eq!(table.shown(Looks::default()), "日本  x\na🙂   x\nabcd  x\n");
    }

    #[test]
    fn a_table_fits_its_terminal() {
        let of = |width| explained().shown(Looks::of(false, Some(width)));
        assert_eq!(of(90), explained().shown(Looks::default()));
        let narrow = "target      prod\n\
                      hop 1       arn:aws:iam::111122223333:  /home/james/.aws/config:\n\
                      \x20           role/deploy                 7\n  \
                      duration  1h                          default\n";
        assert_eq!(of(64), narrow);
        let narrowest = "target\n  prod\nhop 1\n  arn:aws:iam::\n  111122223333:role/\n  deploy\n  \
                         /home/james/.aws/\n  config:7\n  duration\n    1h\n    default\n";
        assert_eq!(of(20), narrowest);
        for width in 12..100 {
            let text = of(width);
            assert!(
                text.lines().all(|line| columns(line) <= width),
                "{width}: {text}"
            );
            // Cells beside each other go on below themselves, so only the letters compare.
            let letters = |text: &str| {
                let mut all: Vec<char> =
                    text.chars().filter(|char| !char.is_whitespace()).collect();
                all.sort_unstable();
                all
            };
            assert_eq!(letters(&text), letters(&of(90)), "{width}");
        }
    }

    #[test]
    fn colours_take_no_room() {
        let mut table = Table::default();
        table.inked([(Ink::Name, "a"), (Ink::Plain, "b")]);
        table.row(["aaa", "b"]);
        assert_eq!(
            table.shown(Looks::of(true, Some(80))),
            "\u{1b}[1ma\u{1b}[0m    b\naaa  b\n"
        );
    }
}
