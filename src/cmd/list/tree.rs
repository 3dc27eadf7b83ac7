//! Who becomes what from whom: sources at the roots, below each the roles it leads to.

use std::collections::HashMap;

use anyhow::Result;

use crate::error::printable;
use crate::looks::{Ink, Looks, columns, wrapped};
use crate::plan::command::Asked;
use crate::plan::{Plan, rules};
use crate::profiles::Profile;

/// So many commands in a row are followed.
const DEEPEST: usize = 8;

/// A source or a role, and the roles that are assumed from it.
#[derive(Debug, Default)]
struct Node {
    ink: Ink,
    words: String,
    /// Whether its own profile says that a code is asked for.
    needs_mfa: bool,
    below: Nodes,
}

/// Nodes in the order in which they were found, and where each stands.
#[derive(Debug, Default)]
struct Nodes {
    all: Vec<Node>,
    places: HashMap<String, usize>,
}

impl Nodes {
    /// The node that says so, which is added when it is not there.
    fn child(&mut self, ink: Ink, words: String) -> &mut Node {
        let next = self.all.len();
        let place = *self.places.entry(words.clone()).or_insert(next);
        if place == next {
            self.all.push(Node {
                ink,
                words,
                ..Node::default()
            });
        }
        &mut self.all[place]
    }
}

/// The profiles that were added, below what they start from.
#[derive(Debug, Default)]
pub(super) struct Tree {
    roots: Nodes,
    /// Profiles that lead nowhere, with the reason.
    others: Vec<Node>,
}

impl Tree {
    /// Adds what a profile leads to; `follow` tells the way of what a command asks stsx for.
    pub(super) fn add(
        &mut self,
        profile: &Profile,
        plan: &Result<Plan>,
        follow: &impl Fn(&Asked) -> Option<Plan>,
    ) {
        let (ink, words) = match plan {
            Ok(plan) => {
                let node = grow(&mut self.roots, plan, follow, DEEPEST);
                node.needs_mfa |= plan.needs_mfa();
                return;
            }
            Err(_) if !rules::leads_somewhere(profile) => (Ink::Faint, "settings only".to_owned()),
            Err(error) => (Ink::Bad, format!("error: {error:#}")),
        };
        self.others.push(Node {
            ink,
            words: printable(&format!("{}  {words}", profile.name)),
            ..Node::default()
        });
    }

    /// The tree as it looks on standard output.
    pub(super) fn text(&self) -> String {
        let mut text = String::new();
        for root in self.roots.all.iter().chain(&self.others) {
            draw(root, "", "", Looks::of_answers(), &mut text);
        }
        text
    }
}

/// Adds the way of a plan; the answer is where it ends. (Sessions between a user and its roles are no identity of their
/// own.) A profile whose command asks stsx for a target is below that target, `deep` times at most.
fn grow<'a>(
    roots: &'a mut Nodes,
    plan: &Plan,
    follow: &impl Fn(&Asked) -> Option<Plan>,
    deep: usize,
) -> &'a mut Node {
    let asked = plan.source.asks_stsx_for().filter(|_| deep > 0);
    let mut node = match asked.as_ref().and_then(follow) {
        Some(before) => {
            let profile = plan.source.profile().unwrap_or_default();
            let words = printable(&format!("{profile}  by its credential_process"));
            grow(roots, &before, follow, deep - 1)
                .below
                .child(Ink::Plain, words)
        }
        None => roots.child(Ink::Name, printable(&plan.source.shown())),
    };
    for role in plan.roles() {
        let profile = role.profile.as_deref().unwrap_or_default();
        let words = printable(format!("{profile}  {}", role.reference).trim_start());
        node = node.below.child(Ink::Plain, words);
    }
    node
}

/// Draws a node and what is below it; `first` stands before its first line, `others` before all others.
fn draw(node: &Node, first: &str, others: &str, looks: Looks, text: &mut String) {
    let mfa = if node.needs_mfa { "  (MFA)" } else { "" };
    let words = format!("{}{mfa}", node.words);
    let room = looks.width().unwrap_or(usize::MAX);
    // Below a node's own line its words stand further in than its children's branches do.
    let own = if node.below.all.is_empty() {
        "  "
    } else {
        "│ "
    };
    let lines = wrapped(&words, room.saturating_sub(columns(others) + columns(own)));
    for (index, line) in lines.iter().enumerate() {
        if index == 0 {
            text.push_str(first);
        } else {
            text.push_str(others);
            text.push_str(own);
        }
        text.push_str(&looks.paint(node.ink, line));
        text.push('\n');
    }
    for (index, below) in node.below.all.iter().enumerate() {
        let is_last = index + 1 == node.below.all.len();
        let (branch, beyond) = if is_last {
            ("└─ ", "   ")
        } else {
            ("├─ ", "│  ")
        };
        let (branch, beyond) = (format!("{others}{branch}"), format!("{others}{beyond}"));
        draw(below, &branch, &beyond, looks, text);
    }
}
