//! Small windows, and names whose characters are wide, joined or written from right to left.

use super::{ESCAPE, chooses, home};

#[test]
fn a_window_may_be_small_and_change() {
    let home = home().settings("[alias]\nthe-longest-name-of-all = prod\n");
    home.pty(["assume", "--format", "env"])
        .resized(20, 5)
        .shows("assume: ")
        .shows("the-longest-name-o")
        .resized(60, 3)
        .shows("the-longest-name-of-all")
        .resized(1, 1)
        .resized(200, 50)
        .shows("of-all  111122223333  ops")
        .presses("dev\r")
        .wait()
        .stdout_has("ASIA")
        .status(0);
}

#[test]
fn odd_names_are_shown_and_found() {
    let names = [
        "a b",
        "it's \"x\"",
        "🦀 crab",
        "日本語",
        "שלום",
        "x\u{1b}[2Jy\u{202e}z",
    ];
    let aliases = names.map(|name| format!("{name} = prod\n")).concat();
    let home = home().settings(&format!("[alias]\n{aliases}"));
    let run = home
        .pty(["assume", "--shell", "sh"])
        .shows("שלום")
        .presses("crab\r")
        .wait()
        .stdout_has("\\040crab")
        .screen_has("x\\u{1b}[2Jy\\u{202e}z");
    assert!(!run.screen_text().contains("\u{1b}[2Jy"));
    run.status(0);
    chooses(&home, "it's\r", "it's \\\"x\\");
}

/// A row of twenty columns ends where a text of twenty columns does, whatever its characters are joined of.
#[test]
fn joined_characters_count_as_they_look() {
    const FAMILY: &str = "👩\u{200d}👩\u{200d}👧\u{200d}👦";
    let families = FAMILY.repeat(6);
    let marks = format!("e{}", "\u{301}".repeat(9));
    let home = home().settings(&format!(
        "[alias]\n{families}tail = prod\n{marks}abcdefghijklmnopqrstuvw = prod\nשלוםשלוםשלוםשלוםשלום = prod\n"
    ));
    let run = home
        .pty(["assume", "--shell", "sh"])
        .resized(20, 8)
        .shows("assume: ")
        .shows("שלוםשלום")
        .presses(&format!("{FAMILY}\u{202e}"))
        .shows("nothing matches")
        .presses(ESCAPE)
        .wait()
        .stdout("false;\n")
        .stderr("stsx: nothing was chosen\n")
        .screen_has(&format!("  {families}tail"))
        .screen_has(&format!("> {marks}abcdefghijklmnopq\u{1b}"))
        .screen_has("  שלוםשלוםשלוםשלוםשל\u{1b}")
        // The cursor stands behind what was typed: eight columns, and two.
        .screen_has(&format!("assume: {FAMILY}\u{1b}"))
        .screen_has("\u{1b}[1;11H");
    assert!(!run.screen_text().contains('\u{202e}'));
    run.status(130);
}
