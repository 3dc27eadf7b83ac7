//! Fuzz targets: what reads texts that others wrote must neither panic nor misread. `bash tests/fuzz/run` builds this
//! with libFuzzer and runs every target; CONTRIBUTING.md says how to go on from a crash.
//!
//! stsx is a program without a library, so its modules are taken in by their paths: `stsx` below is the list of
//! src/main.rs without those that need the SDK (`assume`, `cmd`, and `aws` but for what is named). A module that is
//! added there and used by one of these is added here too: in the list, and in the `use` after it.
//! A new target is a file in targets/, a row in targets.rs, and at least one file in seeds/NAME.

#![no_main]
#![allow(
    dead_code,
    unused_imports,
    reason = "stsx uses all of its modules, its fuzz targets what reads texts"
)]

#[path = "../../src"]
mod stsx {
    pub(crate) mod aws {
        mod denial;
        mod identity;

        pub(crate) use denial::{Advice, Existence, Shown, Subject, advice_for_user};
        pub(crate) use identity::{Identity, account_of};
    }
    pub(crate) mod cache;
    pub(crate) mod cli;
    pub(crate) mod credentials;
    pub(crate) mod env;
    pub(crate) mod error;
    pub(crate) mod log;
    pub(crate) mod looks;
    pub(crate) mod near;
    pub(crate) mod output;
    pub(crate) mod plan;
    pub(crate) mod platform;
    pub(crate) mod process;
    pub(crate) mod profiles;
    pub(crate) mod saml;
    pub(crate) mod settings;
    pub(crate) mod terminal;
    pub(crate) mod time;
    pub(crate) mod web_identity;
}
use stsx::{
    aws, cache, cli, credentials, env, error, log, looks, near, output, plan, platform, process,
    profiles, saml, settings, terminal, time, web_identity,
};

mod targets;

libfuzzer_sys::fuzz_target!(|data: &[u8]| targets::run(data));
