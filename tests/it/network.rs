//! The network as it is: servers that are silent, slow, cut off or somebody else, proxies, certificates, clocks, and the
//! endpoints of every partition.

mod clock;
mod faults;
mod hosts;
mod peer;
mod proxies;
mod tls;

use std::time::{Duration, Instant};

use crate::support::Home;

const ROLE: &str = "arn:aws:iam::111122223333:role/deploy";

/// A profile `prod` for the role, with these lines more.
fn prod(lines: &str) -> String {
    format!("[profile prod]\nrole_arn = {ROLE}\nsource_profile = default\n{lines}\n")
}

/// James, his role, and a run that waits no longer than a second for the network.
fn home() -> Home {
    Home::new()
        .config(&prod(""))
        .aws(|a| a.role("deploy"))
        .env("STSX_NETWORK_TIMEOUT", "1s")
}

/// A clock to hold the bound of a run against.
struct Watch(Instant);

impl Watch {
    fn start() -> Watch {
        Watch(Instant::now())
    }

    /// It took no longer than this.
    #[track_caller]
    fn within(&self, seconds: u64) {
        let taken = self.0.elapsed();
        assert!(taken < Duration::from_secs(seconds), "it took {taken:?}");
    }
}
