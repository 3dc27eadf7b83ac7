//! Aliases that stand for aliases.

use super::{OTHER, arn, becomes, home};

/// Behind an alias a profile comes before another alias: else nothing could reach it.
#[test]
fn an_alias_may_stand_for_an_alias() {
    let config = format!(
        "[profile prod]\nrole_arn = {}\nsource_profile = default\n",
        arn("deploy")
    );
    let home = home().config(&config).settings(&format!(
        "[alias]\nprod = {}\nwrite = prod\na = b\nb = c\nc = {OTHER}:hub\nx = y\ny = x\nlost = deplyo\n",
        arn("ops")
    ));
    becomes(
        &home,
        "a",
        &format!("arn:aws:iam::{OTHER}:role/hub"),
        ["AssumeRole"],
    );
    becomes(&home, "prod", &arn("ops"), ["AssumeRole"]);
    becomes(&home, "write", &arn("deploy"), ["AssumeRole"]);
    let looped = "[HOME]/.config/stsx/config:8: the aliases form a loop: x → y → x\n";
    home.run(["process", "x"])
        .stdout("")
        .stderr(&format!("stsx: {looped}"))
        .calls([])
        .status(2);
    home.run(["settings"])
        .stdout("")
        .stderr_has(&format!("stsx: {looped}"))
        .stderr_has("  [HOME]/.config/stsx/config:7: the aliases form a loop: y → x → y\n")
        .status(2);
    // What was tried as a role's name is what the alias stands for.
    home.run(["process", "lost"])
        .stdout("")
        .stderr_has("`deplyo` is not a profile, so it was taken for a role name")
        .stderr_lacks("`lost` is not")
        .status(4);
}
