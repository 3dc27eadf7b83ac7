//! From two profile files, an environment and a target to a plan, all of them any text.

use std::fs;
use std::path::Path;

use crate::env::{self, Env};
use crate::plan::resolve::{Wanted, of_profile, resolve};
use crate::plan::{Hop, Plan};
use crate::profiles::Profiles;
use crate::settings::Settings;
use crate::targets::{pieces, text};

pub(super) fn run(data: &[u8]) {
    let text = text(data);
    let [config, credentials, variables, target] = pieces(&text);
    let variables: Vec<(&str, &str)> = variables
        .lines()
        .filter_map(|line| line.split_once('='))
        .collect();
    let settings = Settings::default();
    let env = env(config, credentials, &variables);
    check_mark(&env);
    for env in [env.original(), env.chained(), env] {
        let profiles = Profiles::open(&env).expect("two texts");
        let wanted = [
            Wanted::Current,
            Wanted::Target(target),
            Wanted::Session(None),
            Wanted::Federation("james", 3600),
        ];
        for wanted in wanted {
            if let Ok(plan) = resolve(wanted, &settings, &profiles, &env) {
                check(&plan);
            }
        }
        for profile in profiles.all().map(|(all, _)| all).unwrap_or_default() {
            if let Ok(plan) = of_profile(&profile.name, &settings, &profiles, &env) {
                check(&plan);
            }
        }
    }
}

/// The plan for a target of a config file.
pub(super) fn of(config: &str, target: &str) -> Plan {
    let env = env(config, "", &[]);
    let profiles = Profiles::open(&env).expect("two texts");
    resolve(
        Wanted::Target(target),
        &Settings::default(),
        &profiles,
        &env,
    )
    .expect("a plan")
}

/// An environment with files of these texts. (Whatever else a profile names is not read for a plan.)
fn env(config: &str, credentials: &str, variables: &[(&str, &str)]) -> Env {
    let home = dirs::home_dir().expect("tests/fuzz/run sets HOME");
    let file = |name: &str, text: &str| {
        let path = home.join(name);
        fs::write(&path, text).expect("a file of its own");
        path
    };
    let (config, credentials) = (file("config", config), file("credentials", credentials));
    let name = |path: &Path| path.to_str().expect("a plain path").to_owned();
    let (config, credentials) = (name(&config), name(&credentials));
    let files = [
        (env::CONFIG_FILE, config.as_str()),
        (env::SHARED_CREDENTIALS_FILE, credentials.as_str()),
    ];
    variables.iter().copied().chain(files).collect()
}

/// A mark that is read is written and read again.
fn check_mark(env: &Env) {
    let Some(mark) = env.mark() else { return };
    let text = mark.to_string();
    let again: Env = [(env::STSX_TARGET, "p"), (env::STSX_RESTORE, text.as_str())]
        .into_iter()
        .collect();
    assert_eq!(again.mark(), Some(mark));
}

fn check(plan: &Plan) {
    let keys: Vec<_> = (0..=plan.hops.len()).map(|hops| plan.key(hops)).collect();
    for (nth, key) in keys.iter().enumerate() {
        for (other, longer) in keys.iter().enumerate() {
            assert_eq!(
                key.leads_to(&longer.text),
                nth <= other,
                "{nth} {other} {}",
                key.text
            );
        }
    }
    for hop in &plan.hops {
        let (seconds, most) = match hop {
            Hop::Role(role) => (role.duration_seconds, 43_200),
            Hop::Session(session) => (session.duration_seconds, 129_600),
            Hop::Federation(federation) => (federation.duration_seconds, 129_600),
        };
        assert!((900..=most).contains(&seconds), "{seconds}");
    }
    let _ = (
        plan.account(),
        plan.source.spoken(),
        plan.connection.spoken(),
    );
    assert!(
        plan.connection
            .sts_endpoint()
            .is_none_or(|url| !url.is_empty())
    );
}
