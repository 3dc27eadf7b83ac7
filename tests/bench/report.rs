//! What is printed: tables in Markdown, and verdicts against the budgets.

use std::io::{self, Write};

use anyhow::Result;

/// A budget, and how it was met.
#[derive(Debug)]
pub(crate) struct Verdict {
    what: &'static str,
    measured: String,
    budget: String,
    is_met: bool,
}

/// The page that is printed.
#[derive(Debug, Default)]
pub(crate) struct Report {
    verdicts: Vec<Verdict>,
}

impl Report {
    /// Holds a figure against its budget.
    pub(crate) fn judge(&mut self, what: &'static str, figure: f64, unit: &str, most: f64) {
        self.verdicts.push(Verdict {
            what,
            measured: format!("{figure:.2}{unit}"),
            budget: format!("≤ {most}{unit}"),
            is_met: figure <= most,
        });
    }

    /// Holds a count against the only right one.
    pub(crate) fn judge_exactly(&mut self, what: &'static str, count: usize, right: usize) {
        self.verdicts.push(Verdict {
            what,
            measured: count.to_string(),
            budget: format!("= {right}"),
            is_met: count == right,
        });
    }

    /// Prints the verdicts; whether all budgets are met.
    pub(crate) fn verdicts(&self) -> Result<bool> {
        let row = |verdict: &Verdict| {
            [
                verdict.what.to_owned(),
                verdict.measured.clone(),
                verdict.budget.clone(),
                if verdict.is_met { "met" } else { "OVER" }.to_owned(),
            ]
        };
        let rows: Vec<_> = self.verdicts.iter().map(row).collect();
        table(["budget", "measured", "allowed", ""], &rows)?;
        Ok(self.verdicts.iter().all(|verdict| verdict.is_met))
    }
}

/// A line of words, after an empty one.
pub(crate) fn say(words: &str) -> Result<()> {
    writeln!(io::stdout(), "\n{words}")?;
    Ok(())
}

/// A table; numbers stand to the right.
pub(crate) fn table<const N: usize>(head: [&str; N], rows: &[[String; N]]) -> Result<()> {
    let width = |column: usize| {
        let cells = rows.iter().map(|row| row[column].chars().count());
        cells
            .chain([head[column].chars().count()])
            .max()
            .unwrap_or_default()
    };
    let widths: [usize; N] = std::array::from_fn(width);
    let line = |cells: [&str; N]| {
        let cell = |column: usize| match column {
            0 => format!(" {:<1$} |", cells[0], widths[0]),
            _ => format!(" {:>1$} |", cells[column], widths[column]),
        };
        format!("|{}", (0..N).map(cell).collect::<String>())
    };
    let rule = |column: usize| match column {
        0 => format!("{}|", "-".repeat(widths[0] + 2)),
        _ => format!("{}:|", "-".repeat(widths[column] + 1)),
    };
    let mut out = io::stdout().lock();
    writeln!(out, "\n{}", line(head))?;
    writeln!(out, "|{}", (0..N).map(rule).collect::<String>())?;
    for row in rows {
        writeln!(out, "{}", line(row.each_ref().map(String::as_str)))?;
    }
    Ok(())
}

/// A ratio as it is shown.
pub(crate) fn times(ratio: f64) -> String {
    if ratio < 10.0 {
        format!("{ratio:.2}")
    } else {
        format!("{ratio:.0}")
    }
}
