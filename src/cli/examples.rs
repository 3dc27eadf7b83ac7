//! Examples at the end of each command's help: what to type, and what it does.
//!
//! `Examples:`, then one example a line, its explanation after two spaces or more; the manual pages read them so, and
//! the tests below type them.

/// The heading of examples.
pub(crate) const HEADING: &str = "Examples:";

pub(super) const STSX: &str = "\
Examples:
  eval $(stsx assume prod)           this shell is the role of profile `prod` now
  stsx exec prod -- aws s3 ls        one command runs as the role
  stsx whoami                        who am I?
  stsx explain prod                  how would I get there?";

pub(super) const ASSUME: &str = "\
Examples:
  eval $(stsx assume prod)                           the role of profile `prod`
  eval $(stsx assume deploy --profile work)          the role `deploy`, from profile `work`
  eval $(stsx assume 111122223333:deploy -v)         a role of another account; says what is done
  eval $(stsx assume prod --duration 2h --mfa)       for longer, with the user's MFA device
  stsx assume prod --shell fish | source             in another shell
  stsx assume prod --format env > prod.env           NAME=value lines, for docker run --env-file";

pub(super) const CREDENTIAL_PROCESS: &str = "\
Examples:
  stsx credential-process prod                       in ~/.aws/config: credential_process = …
  stsx credential-process deploy --profile default   a role without a profile of its own";

pub(super) const EXEC: &str = "\
Examples:
  stsx exec prod -- aws s3 ls
  stsx exec prod --min-ttl 45m -- terraform apply    with credentials for 45 minutes at least
  stsx exec prod --read-only -- python3 report.py    may read, and nothing else";

pub(super) const LOGIN: &str = "\
Examples:
  stsx login                         the MFA session of the current user
  stsx login prod audit              the roles of both profiles, with one code
  stsx login prod --mfa-code 123456  without a question";

pub(super) const LOGOUT: &str = "\
Examples:
  stsx logout                        forget everything that is cached
  stsx logout prod                   only the role of profile `prod`, and what leads to it";

pub(super) const SESSION: &str = "\
Examples:
  eval $(stsx session)                               the session that roles share
  eval $(stsx session work --duration 36h --mfa)     one of its own, from the keys of profile `work`
  stsx session --format env > session.env";

pub(super) const FEDERATE: &str = "\
Examples:
  eval $(stsx federate guest --read-only)            may read what the user may read
  stsx federate build --policy one-bucket.json --duration 2h --format json";

pub(super) const SAML: &str = "\
Examples:
  stsx saml --assertion response.b64 --list          the roles that it opens
  eval $(stsx saml --assertion response.b64 --role 111122223333:deploy)
  eval $(stsx saml --assertion - < response.b64)     asks which role, if there are several";

pub(super) const UNSET: &str = "\
Examples:
  eval $(stsx unset)
  stsx unset --shell powershell | Out-String | Invoke-Expression";

pub(super) const WHOAMI: &str = "\
Examples:
  stsx whoami                        the identity that programs in this shell have
  stsx whoami prod                   the role of profile `prod`
  stsx whoami --format json          for programs, with the AWS CLI's keys";

pub(super) const EXPLAIN: &str = "\
Examples:
  stsx explain prod                                  each value with its place
  stsx explain prod --duration 2h --mfa              what these options would change
  stsx explain prod --format json                    for programs
  stsx explain prod --format dot | dot -Tsvg > prod.svg
  stsx explain prod --format mermaid                 for a page in Markdown";

pub(super) const LIST: &str = "\
Examples:
  stsx list                          profiles, and what each leads to
  stsx list --tree                   who becomes what from whom
  stsx list --roles --profile work   the roles in the account of profile `work`, for completions too
  stsx list --format json            every setting, with file and line";

pub(super) const CACHE: &str = "\
Examples:
  stsx cache list
  stsx cache clear prod";

pub(super) const CACHE_LIST: &str = "\
Examples:
  stsx cache list
  stsx cache list --format json      for programs";

pub(super) const CACHE_CLEAR: &str = "\
Examples:
  stsx cache clear                   all
  stsx cache clear prod              those of profile `prod`
  stsx cache clear --expired         those that have expired";

pub(super) const MAN: &str = "\
Examples:
  stsx man                           the page of stsx
  stsx man cache list                the page of a command
  stsx man --install                 all pages, for man stsx and man stsx-assume
  stsx man --install /usr/local/share/man/man1";

/// The command of an example, and its explanation.
pub(crate) fn parts(line: &str) -> (&str, &str) {
    let line = line.trim();
    match line.split_once("  ") {
        Some((command, words)) => (command, words.trim()),
        None => (line, ""),
    }
}

#[cfg(test)]
mod tests {
    use clap::{Command, CommandFactory, Parser};

    use super::*;
    use crate::cli::Cli;

    /// What a shell would run as stsx in an example.
    fn typed(command: &str) -> Vec<String> {
        let start = command.find("stsx ").expect("an example runs stsx");
        let command = command[start..].trim_end_matches(['"', ')']);
        let ends = [" | ", " > ", " < ", " && ", ") ", "; "];
        let end = ends.iter().filter_map(|end| command.find(end)).min();
        let command = &command[..end.unwrap_or(command.len())];
        shlex::split(command).expect("quotes are balanced")
    }

    fn check(command: &Command, way: &[&str]) {
        let help = command.get_after_help().map(ToString::to_string);
        let help = help.unwrap_or_else(|| panic!("{way:?} has no examples"));
        let examples = help.strip_prefix(HEADING).expect("their heading");
        for line in examples.trim_start().lines() {
            assert!(crate::looks::columns(line) <= 100, "too long: {line}");
            let words = typed(parts(line).0);
            let parsed = Cli::try_parse_from(&words);
            assert!(parsed.is_ok(), "{line}\n{}", parsed.unwrap_err());
            if !way.is_empty() {
                assert!(
                    words[1..].iter().take(way.len()).eq(way),
                    "of another command: {line}"
                );
            }
        }
        for below in command.get_subcommands() {
            if below.get_name() != "help" && !below.is_hide_set() {
                check(below, &[way, &[below.get_name()]].concat());
            }
        }
    }

    #[test]
    fn every_command_has_examples_that_can_be_typed() {
        let mut command = Cli::command();
        command.build();
        check(&command, &[]);
    }
}
