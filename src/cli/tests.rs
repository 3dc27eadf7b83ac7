//! The command line as a whole.

use clap::CommandFactory;

use super::Cli;

#[test]
fn headings_stand_over_their_own_options() {
    let mut cli = Cli::command();
    cli.build();
    let heading = |command: &str, name: &str| {
        let command = cli.find_subcommand(command).unwrap();
        let mut all = command.get_arguments();
        let argument = all.find(|one| one.get_long() == Some(name)).unwrap();
        argument.get_help_heading().map(str::to_owned)
    };
    for (command, name, expected) in [
        ("assume", "chain", None),
        ("assume", "shell", None),
        ("assume", "format", None),
        ("federate", "format", None),
        ("session", "shell", None),
        ("assume", "mfa-code", Some("MFA")),
        ("federate", "tag", Some("Limits and tags")),
        ("assume", "refresh", Some("Cache")),
    ] {
        let found = heading(command, name);
        assert_eq!(found.as_deref(), expected, "{command} --{name}");
    }
}

#[test]
fn the_definition_is_sound() {
    Cli::command().debug_assert();
}
