//! Rows of text in columns, for people.

use crate::error::printable;

/// Rows that will stand below each other.
#[derive(Debug, Default)]
pub(super) struct Table(Vec<Vec<String>>);

impl Table {
    /// Adds a row; what would disturb a terminal is made visible.
    pub(super) fn row<'a>(&mut self, cells: impl IntoIterator<Item = &'a str>) {
        self.0.push(cells.into_iter().map(printable).collect());
    }

    /// The text: a column is as wide as its widest cell that another one follows.
    pub(super) fn text(&self) -> String {
        let mut text = String::new();
        let columns = self.0.iter().map(Vec::len).max().unwrap_or(0);
        let widths: Vec<usize> = (0..columns).map(|column| self.width(column)).collect();
        for row in &self.0 {
            let mut line = String::new();
            for (cell, width) in row.iter().zip(&widths) {
                line.push_str(cell);
                let missing = (width + 2).saturating_sub(cell.chars().count());
                line.extend(std::iter::repeat_n(' ', missing));
            }
            text.push_str(line.trim_end());
            text.push('\n');
        }
        text
    }

    fn width(&self, column: usize) -> usize {
        self.0
            .iter()
            .filter(|row| row.len() > column + 1)
            .map(|row| row[column].chars().count())
            .max()
            .unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_cells_before_others_make_a_column_wide() {
        let mut table = Table::default();
        table.row(["a", "bb", "c"]);
        table.row(["aaa", "a very long last cell"]);
        table.row(["é", "", "c\u{1b}"]);
        assert_eq!(
            table.text(),
            "a    bb  c\naaa  a very long last cell\né        c\\u{1b}\n"
        );
    }
}
