//! The target of `stsx assume` when none is named: a person chooses it from a list.
//!
//! The list stands on the terminal device, since a shell captures standard output. What was assumed
//! last comes first. A terminal that cannot move its cursor gets a numbered list.

use anyhow::Result;

use crate::cli::RoleOptions;
use crate::cmd::World;
use crate::error::{Failure, Kind};
use crate::looks;
use crate::terminal;

mod choices;
mod list;
mod numbers;
mod screen;

use choices::Choices;
use list::List;

/// So many names are told where nobody can choose.
const TOLD: usize = 20;

/// Lets a person choose a target.
///
/// # Errors
/// A file does not parse, there is nothing to choose, no terminal (the names are told then), or
/// nothing was chosen (exit status 130).
pub(super) fn target(options: &RoleOptions, world: &World<'_>) -> Result<String> {
    let choices = Choices::read(options, world)?;
    if choices.names.is_empty() {
        return Err(Failure::usage(format!(
            "no TARGET is named, and there is none to choose in {}",
            choices.places
        ))
        .hint("stsx assume TARGET, where TARGET is a profile, a role ARN or ACCOUNT:ROLE")
        .into());
    }
    let Ok((input, output)) = terminal::open() else {
        return Err(nobody_to_choose(&choices.names).into());
    };
    let mut rows = choices.rows();
    let mut list = List::new(&mut rows);
    let chosen = if looks::is_able() {
        screen::choose(&mut list, output)?
    } else {
        numbers::choose(&mut list, input, output)?
    };
    chosen
        .map(|index| rows.rows[index].target.clone())
        .ok_or_else(|| Failure::new(Kind::Cancelled, "nothing was chosen").into())
}

fn nobody_to_choose(names: &[String]) -> Failure {
    let mut failure =
        Failure::usage("no TARGET is named, and there is no terminal to choose one on")
            .hint("stsx assume TARGET");
    failure.details = names.iter().take(TOLD).cloned().collect();
    if let Some(more) = names.len().checked_sub(TOLD).filter(|more| *more > 0) {
        let line = format!("… and {more} more: `stsx list` shows all profiles");
        failure.details.push(line);
    }
    failure
}
