//! Versions of stsx that write other files share the directory: each uses its own, all of them can be forgotten.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use super::Scene;

/// Adds to the cache what a version wrote that knew no checksums, and what a later one might; both for `prod`.
fn others(scene: &Scene) -> [PathBuf; 2] {
    scene.warm();
    let ours = scene.entry();
    let name = |other: &str| {
        let name = ours.to_string_lossy().replace(".2.json", other);
        assert_ne!(Path::new(&name), ours);
        PathBuf::from(name)
    };
    let text = fs::read_to_string(&ours).expect("ours");
    let (_, entry) = text.split_once(",\"entry\":{").expect("it is sealed");
    let first = format!(
        "{{\"version\":1,{}",
        entry.strip_suffix('}').expect("sealed")
    );
    let first = first.replace("\"access_key_id\":\"ASIA", "\"access_key_id\":\"OLD-");
    let files = [name(".json"), name(".3.json")];
    for (path, content) in files.iter().zip([&*first, "\u{1}later"]) {
        fs::write(path, content).expect("ours");
        fs::set_permissions(path, Permissions::from_mode(0o600)).expect("ours");
    }
    files
}

#[test]
fn files_of_other_versions_are_neither_used_nor_touched() {
    let scene = Scene::new();
    let files = others(&scene);
    let content = || {
        files
            .each_ref()
            .map(|path| fs::read(path).expect("it is there"))
    };
    let before = content();
    scene.healthy("files of others");
    fs::remove_file(scene.entry()).expect("ours");
    let run = scene.home.run(["process", "prod"]).calls(["AssumeRole"]);
    drop(run.stdout_has("\"ASIA").stderr("").status(0));
    scene.healthy("files of others");
    assert_eq!(content(), before);
}

#[test]
fn files_of_other_versions_can_be_listed_and_forgotten() {
    for (words, removed, left) in [
        (
            &["cache", "clear", "prod"][..],
            "2 entries removed\n",
            [false, true],
        ),
        (&["logout", "prod"], "2 entries removed\n", [false, true]),
        (&["cache", "clear"], "3 entries removed\n", [false, false]),
        (&["logout"], "3 entries removed\n", [false, false]),
    ] {
        let scene = Scene::new();
        let files = others(&scene);
        let list = scene.home.run(["cache", "list"]).status(0);
        let of_prod = list.out.lines().filter(|line| line.starts_with("prod "));
        assert_eq!(of_prod.count(), 2, "{list}");
        drop(list.stdout_has(""));
        let words = words.join(" ");
        let run = scene.home.sh(&format!("exec stsx {words}"));
        drop(run.stdout(removed).status(0));
        assert_eq!(files.each_ref().map(|path| path.exists()), left, "{words}");
        scene.healthy(&words);
    }
}
