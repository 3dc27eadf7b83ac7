//! Programs by others that give the credentials of a role, as far as this machine has them.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::place::Home;

const ROOT: &str = env!("CARGO_MANIFEST_DIR");
/// Where the rivals keep what they cached, below HOME.
const CACHES: [&str; 3] = [".aws/cli/cache", ".aws/boto/cache", ".awsume/cache"];

/// One of them.
#[derive(Debug)]
pub(crate) struct Rival {
    pub(crate) name: &'static str,
    program: PathBuf,
    start: Vec<String>,
    answer: Vec<String>,
    /// Whether it lets the environment name the endpoint; else it can only read what others cached.
    pub(crate) is_free: bool,
}

impl Rival {
    /// Those that are there, and the names of those that are not.
    pub(crate) fn find() -> (Vec<Rival>, Vec<String>) {
        let (here, gone): (Vec<Rival>, Vec<Rival>) = Self::all()
            .into_iter()
            .partition(|rival| rival.program.exists());
        let named = |rival: Rival| format!("{} ({})", rival.name, rival.program.display());
        (here, gone.into_iter().map(named).collect())
    }

    fn all() -> [Rival; 4] {
        let bed = Path::new(ROOT).join("target/testbed");
        let words = |words: &[&str]| words.iter().map(|&word| word.to_owned()).collect();
        let script = Path::new(ROOT).join("tests/bench/botocore_cached.py");
        let script = script.display().to_string();
        [
            Rival {
                name: "AWS CLI v1, PyPI",
                program: bed.join("venv/bin/aws"),
                start: words(&["--version"]),
                // It has no command that shows credentials. To sign a URL it needs them, and no call.
                answer: words(&["s3", "presign", "s3://bucket/key", "--profile", "link-1"]),
                is_free: true,
            },
            Rival {
                name: "AWS CLI v2, Debian",
                program: "/usr/bin/aws".into(),
                start: words(&["--version"]),
                answer: words(&["configure", "export-credentials", "--profile", "link-1"]),
                is_free: false,
            },
            Rival {
                name: "botocore, cache of files",
                program: bed.join("venv/bin/python"),
                start: words(&["-c", "import botocore.session"]),
                answer: vec![script, "link-1".to_owned()],
                is_free: true,
            },
            Rival {
                name: "awsume",
                program: bed.join("bench/bin/awsumepy"),
                start: words(&["--version"]),
                answer: words(&["link-1"]),
                is_free: true,
            },
        ]
    }

    /// Starting, and nothing else.
    pub(crate) fn start(&self, home: &Home<'_>) -> Command {
        home.program(&self.program, &texts(&self.start))
    }

    /// The credentials of a role, from its cache if it has one.
    pub(crate) fn cached(&self, home: &Home<'_>) -> Command {
        home.program(&self.program, &texts(&self.answer))
    }

    /// The same by a first call.
    pub(crate) fn first(&self, home: &Home<'_>) -> Command {
        for cache in CACHES {
            // One that is not there is empty.
            let _ = fs::remove_dir_all(home.path.join(cache));
        }
        self.cached(home)
    }
}

fn texts(words: &[String]) -> Vec<&str> {
    words.iter().map(String::as_str).collect()
}
