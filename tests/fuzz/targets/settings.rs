//! stsx's settings file: no panic, and every place that is told is in the file.

use std::fs;

use crate::cli::RoleOptions;
use crate::env::Env;
use crate::settings::{Origin, Settings, Sourced};
use crate::targets::{lines, text};

pub(super) fn run(data: &[u8]) {
    let dir = dirs::config_dir()
        .expect("tests/fuzz/run sets HOME")
        .join("stsx");
    let path = dir.join("config");
    if fs::write(&path, data).is_err() {
        fs::create_dir_all(&dir).expect("a directory of its own");
        fs::write(&path, data).expect("a file of its own");
    }
    let text = text(data);
    let env = Env::default();
    let place = format!("{}:", path.display());
    for settled in [
        Settings::settle(&RoleOptions::default(), &env),
        Settings::of_output(&env),
    ] {
        match settled {
            Ok(settings) => check(&text, &settings),
            Err(error) => {
                let error = error.to_string();
                let rest = error.strip_prefix(&place).expect("an error names the file");
                let number = rest.split(':').next().unwrap_or_default();
                if let Ok(line) = number.parse::<usize>() {
                    assert!(lines(&text).contains(&line), "{error:?}");
                } else {
                    assert!(std::str::from_utf8(data).is_err(), "{error:?}");
                }
            }
        }
    }
}

fn check(text: &str, settings: &Settings) {
    for (name, target) in &settings.aliases {
        check_place(text, name, target);
    }
    let words = [
        ("session_name", &settings.session_name.weak),
        ("region", &settings.region.weak),
    ];
    for (key, value) in words {
        if let Some(value) = value {
            check_place(text, key, value);
        }
    }
}

/// The line has the key, and the value.
fn check_place(text: &str, key: &str, sourced: &Sourced<String>) {
    let Origin::File(_, number) = &sourced.origin else {
        panic!("no place of the file: {:?}", sourced.origin);
    };
    let line = number
        .checked_sub(1)
        .and_then(|index| text.split('\n').nth(index));
    let line = line.unwrap_or_else(|| panic!("line {number} for {key:?}"));
    assert!(line.contains(key), "{key:?} is not in line {number}");
    let value = &sourced.value;
    assert!(line.contains(value), "{value:?} is not in line {number}");
}
