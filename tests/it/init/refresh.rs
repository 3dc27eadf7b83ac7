//! `stsx init --refresh`: before a command or the prompt, in the real shells.

use super::home;
use crate::servers;
use crate::support::{ACCOUNT, installed};

/// Before the prompt (bash) or the command (zsh), and only when little is left.
#[test]
fn a_role_that_ends_soon_is_renewed() {
    for (shell, hook) in [("bash", "_stsx_refresh"), ("zsh", "_stsx_refresh")] {
        if !installed(shell) {
            continue;
        }
        let home = home();
        let script = format!(
            "set -u; eval \"$(stsx init {shell} --refresh 10m)\"; assume prod --duration 15m; {hook}; \
             old=$AWS_ACCESS_KEY_ID; {hook}; [ $old = $AWS_ACCESS_KEY_ID ] && echo kept; \
             AWS_CREDENTIAL_EXPIRATION=2020-01-01T00:00:00Z; {hook}; \
             [ $AWS_CREDENTIAL_EXPIRATION = 2020-01-01T00:00:00Z ] || echo renewed; \
             AWS_CREDENTIAL_EXPIRATION=2020-01-01T00:00:00Z; {hook}; echo $AWS_CREDENTIAL_EXPIRATION"
        );
        home.program(shell, [if shell == "zsh" { "-fc" } else { "-c" }, &script])
            .stdout("kept\nrenewed\n2020-01-01T00:00:00Z\n")
            .status(0);
    }
    // Hooks are kept once each, also beside those of others.
    let twice = "set -u; for i in 1 2; do eval \"$(stsx init bash --refresh 10m)\"; done; _stsx_refresh; \
                 printf '<%s>' \"${PROMPT_COMMAND[@]}\"";
    let hook = "${_stsx_words+\"_stsx_refresh\"}";
    for (before, after) in [
        ("", format!("<{hook}>")),
        ("PROMPT_COMMAND=true; ", format!("<true\n{hook}>")),
        ("PROMPT_COMMAND='true; '; ", format!("<true; \n{hook}>")),
        ("PROMPT_COMMAND=(true); ", format!("<true\n{hook}>")),
        ("PROMPT_COMMAND=(true :); ", format!("<true><:><{hook}>")),
    ] {
        home()
            .program("bash", ["-c", &format!("{before}{twice}")])
            .stdout(&after)
            .status(0);
    }
    refreshes_in_nushell();
    refreshes_in_xonsh();
    home()
        .run(["init", "fish", "--refresh", "10m"])
        .stderr_has("--refresh: this shell cannot read the clock")
        .status(2);
}

/// Its hooks run at a terminal only: they are run here as it would.
fn refreshes_in_nushell() {
    let Some(nu) = servers::tool("node_modules/.bin/nu") else {
        return;
    };
    let script = "
use init *
assume prod --duration 15m
let hook = $env.config.hooks.pre_execution | last
print (do $hook.condition)
$env.AWS_CREDENTIAL_EXPIRATION = '2020-01-01T00:00:00Z'
print (do $hook.condition)
# As after a choice from the list.
$env._stsx_words = [--session-name jim]
do --env $hook.code
print ($env.AWS_CREDENTIAL_EXPIRATION > '2020-01-01T00:00:00Z')
$env.AWS_CREDENTIAL_EXPIRATION = '2020-01-01T00:00:00Z'
print (do $hook.condition)
";
    let home = home().file("session", script);
    let nu = nu.display();
    let line = format!("stsx init nushell --refresh 10m >init; '{nu}' -n session");
    home.sh(&line)
        .stdout("false\ntrue\ntrue\nfalse\n")
        .status(0);
}

fn refreshes_in_xonsh() {
    let Some(xonsh) = servers::tool("venv/bin/xonsh") else {
        return;
    };
    let script = "
execx($(stsx init xonsh --refresh 10m))
execx($(stsx init xonsh --refresh 10m))
def fire():
    events.on_precommand.fire(cmd='x')
    return $AWS_ACCESS_KEY_ID, str($AWS_CREDENTIAL_EXPIRATION) == '2020-01-01T00:00:00Z'
assume prod --duration 15m
print(fire() == fire(), len(list(events.on_precommand)))
# As after a choice from the list.
list(events.on_precommand)[0].__globals__['_stsx_kept']['words'] = ['--session-name', 'jim']
$AWS_CREDENTIAL_EXPIRATION = '2020-01-01T00:00:00Z'
print(fire()[1])
$AWS_CREDENTIAL_EXPIRATION = '2020-01-01T00:00:00Z'
print(fire()[1])
";
    let home = home().file("session", script);
    home.sh(&format!("'{}' --no-rc session", xonsh.display()))
        .stdout("True 1\nFalse\nTrue\n")
        .status(0);
}

/// They do not change what is renewed: their output would come with each command.
#[test]
fn documents_and_help_are_not_renewed_in_xonsh() {
    let Some(xonsh) = servers::tool("venv/bin/xonsh") else {
        return;
    };
    let script = "
execx($(stsx init xonsh --refresh 10m))
assume prod --duration 15m
assume prod --format json > document
assume --help > help
unassume --help > help
$AWS_CREDENTIAL_EXPIRATION = '2020-01-01T00:00:00Z'
events.on_precommand.fire(cmd='x')
print(str($AWS_CREDENTIAL_EXPIRATION) > '2020-01-01T00:00:00Z')
";
    let home = home().file("session", script);
    home.sh(&format!("'{}' --no-rc session", xonsh.display()))
        .stdout("True\n")
        .status(0);
}

/// The hook of bash lets the others see what the command left, and is nothing to children that inherit it.
#[test]
fn the_prompt_of_others_is_left_alone() {
    for before in [
        "export PROMPT_COMMAND='echo \"${PIPESTATUS[*]}\";'",
        "PROMPT_COMMAND=(true 'echo \"${PIPESTATUS[*]}\"')",
    ] {
        let session = "eval \"$(stsx init bash --refresh 10m)\"\nassume prod\nfalse | true\n\
                       bash --norc -i <<<'echo child'\n";
        let home = home().file("session", &format!("{before}\n{session}"));
        home.sh("exec bash --norc -i <session")
            .stdout_has("\n1 0\n")
            .stdout_has("child\n")
            .stderr_lacks("not found")
            .stderr_has("")
            .status(0);
    }
}

/// There a function that fails cancels the command.
#[test]
fn commands_run_under_extdebug() {
    let script = "eval \"$(stsx init bash --refresh 10m)\"; assume prod; shopt -s extdebug
trap 'for each in \"${preexec_functions[@]}\"; do \"$each\" words; done' DEBUG
false\necho ran";
    home()
        .program("bash", ["-c", script])
        .stdout("ran\n")
        .status(0);
}

/// Bash before 4.2, as that of macOS, reads all of the text, though it skips the hook.
#[test]
fn an_old_bash_can_read_the_text() {
    let run = home().run(["init", "bash", "--refresh", "10m"]);
    for line in run.out.lines().filter(|line| !line.starts_with('#')) {
        for new in [
            "[[ -v", "@a}", "@Q}", "^}", ",}", "[-1]", "|&", "&>>", ";&", " -g ", "coproc",
            "mapfile",
        ] {
            assert!(!line.contains(new), "{line}");
        }
    }
    run.stdout_has("_stsx_refresh").status(0);
}

/// What a session with hooks begins with. `soon` lets the hook find a role that is over, and tells what is on then.
fn session(shell: &str) -> String {
    format!(
        "set -u; eval \"$(command stsx init {shell} --refresh 10m)\"; over=2020-01-01T00:00:00Z
soon() {{
    AWS_CREDENTIAL_EXPIRATION=$over _stsx_next=0
    _stsx_refresh
    [ $AWS_CREDENTIAL_EXPIRATION = $over ] && echo $STSX_TARGET kept || echo $STSX_TARGET renewed
}}
"
    )
}

/// Runs a session in bash and in zsh, with a person at the terminal who chooses from the list; `said` is what stands on
/// stderr.
fn follows(script: &str, seen: &str, said: &str) {
    let other = format!(
        "[profile other]\nrole_arn = arn:aws:iam::{ACCOUNT}:role/deploy\nsource_profile = default\n\
         [profile prod]\nrole_arn = arn:aws:iam::{ACCOUNT}:role/deploy\nsource_profile = default\n"
    );
    for (shell, option) in [("bash", "-c"), ("zsh", "-fc")] {
        if !installed(shell) {
            continue;
        }
        let home = home().config(&other).env("TERM", "dumb");
        let script = format!("{}{script}", session(shell));
        let mut run = home.pty_program(shell, [option, &script]);
        if script.contains("assume --") {
            run = run.shows("leave): ").types("prod");
        }
        run.wait().stdout(seen).stderr(said).status(0);
    }
}

#[test]
fn a_role_is_renewed_time_and_again() {
    follows(
        "assume prod; soon; soon; assume prod --min-ttl 30m; soon; soon",
        &"prod renewed\n".repeat(4),
        "",
    );
}

/// Nobody is asked again.
#[test]
fn a_target_that_was_chosen_from_the_list_is_renewed() {
    follows(
        "assume --session-name jim; soon; soon",
        &"prod renewed\n".repeat(2),
        "",
    );
}

/// What was assumed by other words, or went on from a role that is over, is left alone.
#[test]
fn only_what_these_words_lead_to_is_renewed() {
    follows(
        "assume prod; eval \"$(command stsx assume other --shell sh)\"; soon; assume prod; soon
assume other --chain; soon; unassume; AWS_CREDENTIAL_EXPIRATION=$over _stsx_next=0; _stsx_refresh
echo ${AWS_ACCESS_KEY_ID-none}",
        "other kept\nprod renewed\nother kept\nnone\n",
        "stsx: --chain is not used: `other` starts from the keys of profile `default`\n",
    );
}
