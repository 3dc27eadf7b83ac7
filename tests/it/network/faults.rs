//! What goes wrong on the way, one test a kind: the run ends in time, says what happened and where, and while cached
//! credentials live they are handed out.

use std::time::Duration;

use super::peer::{Manner, Peer};
use super::{Watch, home, prod};
use crate::aws::On;
use crate::support::{Home, installed};

/// A fault: what the server in the place of AWS does, an address where nobody is, or what befalls AWS itself.
#[derive(Clone, Copy)]
enum Fault {
    Peer(Manner),
    Url(&'static str),
    Aws(fn(&On<'_>)),
}

const HALF: &str = "<AssumeRoleResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><AssumeRoleResult><Cred";
const HEAD: &str =
    "HTTP/1.1 200 OK\r\ncontent-type: text/xml\r\ncontent-length: 900\r\n\r\n<AssumeRoleResponse";

/// Name, fault, words of the error.
fn faults() -> Vec<(&'static str, Fault, &'static str)> {
    use Fault::{Aws, Peer, Url};
    vec![
        ("black hole", Peer(Manner::Silent), "no answer in time"),
        (
            "dribbled head",
            Peer(Manner::Dribble { head: true }),
            "no answer in time",
        ),
        (
            "dribbled body",
            Peer(Manner::Dribble { head: false }),
            "no answer in time",
        ),
        (
            "reset before an answer",
            Peer(Manner::Reset("")),
            "cannot reach",
        ),
        (
            "reset in the head",
            Peer(Manner::Reset("HTTP/1.1 200 O")),
            "cannot reach",
        ),
        (
            "reset in the body",
            Peer(Manner::Reset(HEAD)),
            "did not answer as AWS would",
        ),
        (
            "no HTTP",
            Peer(Manner::Say("SSH-2.0-OpenSSH_9.9\r\n")),
            "cannot reach",
        ),
        (
            "a redirection",
            Peer(Manner::Say(
                "HTTP/1.1 302 Found\r\nlocation: http://hotel/\r\ncontent-length: 0\r\n\r\n",
            )),
            "HTTP 302",
        ),
        (
            "connection refused",
            Url("http://127.0.0.1:1"),
            "Connection refused",
        ),
        (
            "no such host",
            Url("http://no-such-host.invalid"),
            "dns error",
        ),
        ("no route", Url("http://[100::1]:1"), "cannot reach"),
        (
            "throttling",
            Aws(|on| _ = on.throttle(usize::MAX)),
            "Throttling",
        ),
        ("500", Aws(|on| _ = on.fail(500, "<oops/>")), "HTTP 500"),
        (
            "503 of a proxy",
            Aws(|on| _ = on.html(503)),
            "HTTP 503 with text/html",
        ),
        (
            "a page for people",
            Aws(|on| _ = on.html(200)),
            "did not answer as AWS would",
        ),
        (
            "half an answer",
            Aws(|on| _ = on.truncate()),
            "cannot assume",
        ),
        (
            "half a document",
            Aws(|on| _ = on.fail(200, HALF)),
            "did not answer as AWS would",
        ),
        ("no answer", Aws(|on| _ = on.reset()), "cannot reach"),
        (
            "an answer too late",
            Aws(|on| _ = on.slow(Duration::from_secs(30))),
            "no answer in time",
        ),
    ]
}

/// A home whose way to AWS leads over a peer, and breaks when it is told to.
struct Way {
    name: &'static str,
    home: Home,
    peer: Peer,
    fault: Fault,
    words: &'static str,
}

impl Way {
    fn new((name, fault, words): (&'static str, Fault, &'static str)) -> Way {
        let home = home().env("AWS_MAX_ATTEMPTS", "1");
        let peer = Peer::start(Manner::Pass(home.sandbox().address()));
        let home = match fault {
            // As long as it works, a proxy knows the way.
            Fault::Url(url) => home
                .env("AWS_ENDPOINT_URL", url)
                .env("HTTP_PROXY", &peer.url()),
            _ => home.env("AWS_ENDPOINT_URL", &peer.url()),
        };
        Way {
            name,
            home,
            peer,
            fault,
            words,
        }
    }

    fn broken(mut self) -> Way {
        match self.fault {
            Fault::Peer(manner) => self.peer.turn(manner),
            Fault::Url(_) => self.home = self.home.without_env("HTTP_PROXY"),
            Fault::Aws(befall) => befall(&self.home.sandbox().on("*")),
        }
        self
    }
}

#[test]
fn every_fault_ends_in_time_and_is_told_in_one_line() {
    let ways: Vec<_> = faults()
        .into_iter()
        .map(|fault| Way::new(fault).broken())
        .collect();
    let watch = Watch::start();
    let runs: Vec<_> = ways
        .iter()
        .map(|way| way.home.spawn(["process", "prod"]))
        .collect();
    for (way, run) in ways.iter().zip(runs) {
        println!("{}", way.name);
        let run = run.wait().stdout("").stderr_has(way.words);
        run.stderr_lines(1).status(1);
    }
    watch.within(10);
}

#[test]
fn credentials_that_live_are_handed_out_whatever_the_fault() {
    let ways: Vec<_> = faults().into_iter().map(Way::new).collect();
    let runs: Vec<_> = ways
        .iter()
        .map(|way| way.home.spawn(["process", "prod"]))
        .collect();
    for run in runs {
        run.wait().stdout_has("ASIA").status(0);
    }
    let age = |way: Way| {
        way.home.age(3600 - 100);
        way.broken()
    };
    let ways: Vec<_> = ways.into_iter().map(age).collect();
    let runs: Vec<_> = ways
        .iter()
        .map(|way| way.home.spawn(["process", "prod"]))
        .collect();
    for (way, run) in ways.iter().zip(runs) {
        println!("{}", way.name);
        let run = run.wait().stdout_has(&way.home.issued(1)).stderr_lines(1);
        run.stderr_has("cannot renew, so the cached credentials are used; they last 1m more: ")
            .stderr_has(way.words)
            .status(0);
    }
}

#[test]
fn all_calls_of_a_run_share_one_bound() {
    // Each answer comes in time, all of them together do not.
    let home = home().env("STSX_NETWORK_TIMEOUT", "2s");
    let hops = (1..8).map(|hop| {
        let next = hop + 1;
        format!("[profile hop{hop}]\nrole_arn = arn:aws:iam::111122223333:role/hop{hop}\nsource_profile = hop{next}\n")
    });
    let config = hops.collect::<String>() + &prod("").replace("profile prod", "profile hop8");
    let home = home.config(&config);
    let home = home.aws(|a| {
        let a = (1..8).fold(a, |a, hop| a.role(&format!("hop{hop}")));
        a.delay(Duration::from_millis(450))
    });
    let watch = Watch::start();
    let run = home.run(["process", "hop1"]).stdout("");
    assert!((3..=5).contains(&run.requests.len()), "{run}");
    run.stderr_has("no answer in time")
        .stderr_lines(1)
        .status(1);
    watch.within(4);
}

#[test]
fn the_name_service_has_no_more_time_than_the_rest() {
    if !installed("strace") {
        return;
    }
    let home = home().env("AWS_ENDPOINT_URL", "http://no-such-host.invalid");
    let watch = Watch::start();
    // strace holds the ended process back as long as its thread; what it says comes before that.
    let run = home.sh(
        "strace -f -qq -o /dev/null -P /etc/nsswitch.conf -e trace=openat,newfstatat \
         -e inject=openat,newfstatat:delay_enter=20000000 stsx process prod > answer 2> words & strace=$!
         until test -s words; do sleep 0.05; done
         kill $strace; cat answer words",
    );
    run.stdout_has("no answer in time").status(0);
    watch.within(6);
}

#[test]
fn attempts_are_as_many_as_aws_says() {
    let home = home()
        .aws(|a| a.page(503, ""))
        .env("STSX_NETWORK_TIMEOUT", "30s");
    home.run(["process", "prod"])
        .stdout("")
        .stderr_has("503")
        .calls(["AssumeRole"; 3])
        .status(1);
    let home = home.config(&prod("max_attempts = 1"));
    home.run(["process", "prod"])
        .stdout("")
        .stderr_has("503")
        .calls(["AssumeRole"])
        .status(1);
    let home = home.env("AWS_MAX_ATTEMPTS", "2");
    home.run(["process", "prod"])
        .stdout("")
        .stderr_has("503")
        .calls(["AssumeRole"; 2])
        .status(1);
    for (name, value) in [("AWS_MAX_ATTEMPTS", "0"), ("STSX_NETWORK_TIMEOUT", "0")] {
        let home = super::home().env(name, value);
        home.run(["process", "prod"])
            .stdout("")
            .stderr_has(&format!("${name}: "))
            .calls([])
            .status(2);
    }
}

#[test]
fn iam_is_named_where_iam_was_asked() {
    let silent = Peer::start(Manner::Silent);
    let home = home().env("AWS_ENDPOINT_URL_IAM", &silent.url());
    home.run(["process", "prod", "--mfa"])
        .stdout("")
        .stderr_has(&format!(
            "cannot list the user's MFA devices: cannot reach {}: no answer in time",
            silent.url()
        ))
        .calls([])
        .status(1);
}
