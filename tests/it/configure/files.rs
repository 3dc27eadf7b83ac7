//! Whose the file is, who may read it, and where it really lies: all of that stays.

use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};

use super::{config, home, written};
use crate::support::{Home, everything};

#[test]
fn a_missing_file_is_made_for_its_owner_alone() {
    let home = Home::new();
    home.sh("umask 0; stsx configure default --region eu-west-1")
        .stdout("")
        .stderr("stsx: profile `default` is written to [HOME]/.aws/config\n")
        .status(0);
    assert_eq!(config(&home), "[default]\nregion = eu-west-1\n");
    assert_eq!(mode(&home, ".aws/config"), 0o600);
    assert_eq!(mode(&home, ".aws"), 0o700);
}

#[test]
fn mode_owner_and_links_stay() {
    let home = home();
    let real = home.path("dotfiles/aws");
    fs::create_dir_all(&real).unwrap();
    fs::rename(home.path(".aws/config"), real.join("config")).unwrap();
    symlink("../dotfiles/aws/config", home.path(".aws/config")).unwrap();
    for bits in [0o640, 0o600, 0o666, 0o604] {
        fs::set_permissions(real.join("config"), fs::Permissions::from_mode(bits)).unwrap();
        home.sh(&format!(
            "umask 077; stsx configure m{bits} --region eu-west-1"
        ))
        .stderr_has("the old file is [HOME]/dotfiles/aws/config.bak-stsx")
        .status(0);
        assert!(home.path(".aws/config").is_symlink());
        assert_eq!(mode(&home, "dotfiles/aws/config"), bits);
        assert_eq!(mode(&home, "dotfiles/aws/config.bak-stsx"), bits);
    }
    fs::set_permissions(real.join("config"), fs::Permissions::from_mode(0o400)).unwrap();
    let before = config(&home);
    home.run(["configure", "x", "--region", "eu-west-1"])
        .stdout("")
        .stderr("stsx: [HOME]/.aws/config is write-protected\nhint: make it writable first (chmod u+w)\n")
        .status(2);
    assert_eq!(config(&home), before);
}

#[test]
fn a_link_to_nowhere_leads_to_the_new_file() {
    let home = Home::new().file("dotfiles/x", "").file(".aws/x", "");
    symlink("../dotfiles/config", home.path(".aws/config")).unwrap();
    home.run(["configure", "default", "--region", "eu-west-1"])
        .stdout("")
        .stderr_has("written")
        .status(0);
    assert!(home.path(".aws/config").is_symlink() && home.path("dotfiles/config").is_file());
    fs::remove_file(home.path(".aws/config")).unwrap();
    symlink("config", home.path(".aws/config")).unwrap();
    home.run(["configure", "default", "--region", "eu-west-1"])
        .stdout("")
        .stderr_has("cannot read [HOME]/.aws/config")
        .status(2);
}

#[test]
fn a_file_of_another_user_stays_theirs() {
    let home = home();
    if fs::metadata(home.path(".aws/config")).unwrap().uid() != 0 {
        return; // Only root may give a file away.
    }
    std::os::unix::fs::chown(home.path(".aws/config"), Some(12345), Some(54321)).unwrap();
    written(home.run(["configure", "x", "--region", "eu-west-1"]), "x");
    for name in [".aws/config", ".aws/config.bak-stsx"] {
        let metadata = fs::metadata(home.path(name)).unwrap();
        assert_eq!((metadata.uid(), metadata.gid()), (12345, 54321), "{name}");
    }
}

#[test]
fn writers_at_once_lose_nothing() {
    for _ in 0..if everything() { 200 } else { 40 } {
        let home = home();
        let one = "(stsx configure p$n --region eu-west-1 2>/dev/null && echo p$n) &";
        let run = home
            .sh(&format!("for n in 1 2 3 4 5 6; do {one} done; wait"))
            .stdout_has("p")
            .status(0);
        for name in run.out.lines() {
            let header = format!("[profile {name}]\n");
            assert!(config(&home).contains(&header), "{name} is lost");
        }
    }
}

#[test]
fn an_access_list_stays() {
    // Its group may do nothing, and one more user may read: the mode alone would say that the group may.
    const LIST: &str = "import os, struct, sys
entries = [(1, 6, -1), (2, 4, 65534), (4, 0, -1), (16, 4, -1), (32, 0, -1)]
data = struct.pack('<I', 2) + b''.join(struct.pack('<HHi', *entry) for entry in entries)
name = 'system.posix_acl_access'
if sys.argv[1] == 'set': os.setxattr(sys.argv[2], name, data)
else: assert all(os.getxattr(path, name) == data for path in sys.argv[2:])
";
    let home = home().file("list.py", LIST);
    home.sh("python3 list.py set .aws/config &&
         stsx configure prod --region us-east-1 2>/dev/null &&
         python3 list.py get .aws/config .aws/config.bak-stsx")
        .stdout("")
        .stderr("")
        .status(0);
}

#[test]
fn another_name_of_the_file_is_told() {
    let home = home();
    fs::hard_link(home.path(".aws/config"), home.path("dotfile")).unwrap();
    home.run(["configure", "prod", "--region", "us-east-1"])
        .stderr_has(
            "stsx: [HOME]/.aws/config had another name (a hard link), which keeps the old text",
        )
        .status(0);
}

fn mode(home: &Home, path: &str) -> u32 {
    fs::metadata(home.path(path)).expect("it is there").mode() & 0o777
}
