//! What only AWS can tell: who each source is, whether the clocks agree, how old keys are. Nothing is
//! asked for a code, run, renewed or written on the way.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use serde_json::{Value, json};

use super::finding::{Finding, Findings};
use super::logins::{self, Login};
use crate::aws::{Door, Identity, Refusal, Session};
use crate::credentials::Credentials;
use crate::error::Failure;
use crate::log::Log;
use crate::plan::{Plan, Source};
use crate::platform::{CLOCK_SYNC, command_line};
use crate::profiles::{self, Profile};
use crate::settings::Origin;
use crate::time::{Timestamp, spoken};

/// So many sources are asked, and for so long, in seconds.
const MOST: usize = 64;
const PATIENCE: i64 = 60;
/// AWS refuses signatures whose time is further off than this, in seconds.
const REFUSED_SKEW: i64 = 300;
const TOLD_SKEW: i64 = 60;
/// Keys that are older are worth renewing, in days.
const OLD_DAYS: i64 = 90;

/// The sources of all plans, each once.
#[derive(Default)]
pub(super) struct Sources(BTreeMap<String, Plan>);

impl Sources {
    /// Adds the source of a plan.
    pub(super) fn add(&mut self, plan: Plan) {
        let name = plan.key(0).text;
        self.0.entry(name).or_insert(plan);
    }

    /// The logins among them that are over: known without a call.
    pub(super) fn logins(&self, findings: &mut Findings) {
        for plan in self.0.values() {
            let login = logins::of(&plan.source, Timestamp::now());
            findings.extend(login.and_then(|login| over(plan, login)));
        }
    }

    /// Asks AWS who each of them is; the answer is for programs.
    pub(super) fn ask(&self, all: &[Rc<Profile>], log: Log, findings: &mut Findings) -> Vec<Value> {
        let mut round = Round {
            all,
            log,
            start: Timestamp::now(),
            unreachable: BTreeSet::new(),
        };
        let plans = self.0.values().enumerate();
        plans
            .map(|(asked, plan)| {
                let answer = if asked < MOST {
                    round.ask(plan, findings)
                } else {
                    Err("there are too many sources".to_owned())
                };
                let source = plan.source.spoken();
                match answer {
                    Ok(identity) => {
                        json!({"source": source, "account": identity.account, "arn": identity.arn})
                    }
                    Err(reason) => json!({"source": source, "unknown": reason}),
                }
            })
            .collect()
    }
}

/// A login that is over, or was never made.
fn over(plan: &Plan, login: Login) -> Option<Finding> {
    let what = match login {
        Login::Absent => format!("nobody is logged in for {}", plan.source.spoken()),
        Login::Ended(end) => format!("the login for {} expired at {end}", plan.source.spoken()),
        Login::Due | Login::Living => return None,
    };
    let finding = Finding::note("logged-out", what)
        .from(&place(plan))
        .why("what starts from it works after a login");
    Some(match login_line(&plan.source) {
        Some(line) => finding.fix(line),
        None => finding,
    })
}

fn login_line(source: &Source) -> Option<String> {
    Some(match source {
        Source::Sso {
            session: Some(session),
            ..
        } => command_line(&["aws", "sso", "login", "--sso-session", session]),
        Source::Sso { profile, .. } => command_line(&["aws", "sso", "login", "--profile", profile]),
        Source::Login { profile, .. } => command_line(&["aws", "login", "--profile", profile]),
        _ => return None,
    })
}

fn place(plan: &Plan) -> Origin {
    let mut origins = plan.source_origins.values();
    let file = |origin: &&Origin| origin.place().is_some();
    let first = origins.clone().find(file).or_else(|| origins.next());
    first.cloned().unwrap_or(Origin::Default)
}

/// One round of questions.
struct Round<'a> {
    all: &'a [Rc<Profile>],
    log: Log,
    start: Timestamp,
    /// Places that gave no answer at all: they are not asked again.
    unreachable: BTreeSet<String>,
}

impl Round<'_> {
    /// Who a source is, or why that is not known.
    fn ask(&mut self, plan: &Plan, findings: &mut Findings) -> Result<Identity, String> {
        let place = plan.connection.spoken();
        if self.unreachable.contains(&place) {
            return Err(format!("{place} could not be reached"));
        }
        if Timestamp::now().seconds_since(self.start) > PATIENCE {
            return Err("the other answers took too long".to_owned());
        }
        unasked(&plan.source)?;
        self.log
            .step(|| format!("asking {place} who {} is", plan.source.spoken()));
        let door = Door::default();
        let session = door.session(&plan.connection, self.log);
        let session = session.map_err(|error| failed(plan, &error, findings))?;
        let credentials = match plan.source.held() {
            Some(credentials) => credentials,
            None => session
                .source(&plan.source, false)
                .map_err(|error| failed(plan, &error, findings))?,
        };
        let (answer, skew) = session.check_up(&credentials);
        findings.extend(clock(skew));
        let identity = answer.map_err(|refusal| self.refused(plan, &place, refusal, findings))?;
        self.judge(plan, &identity, findings);
        if plan.source.may_be_user() {
            findings.extend(ages(session, &credentials, plan));
        }
        Ok(identity)
    }

    fn refused(
        &mut self,
        plan: &Plan,
        place: &str,
        refusal: Refusal,
        findings: &mut Findings,
    ) -> String {
        if refusal.is_unreachable {
            self.unreachable.insert(place.to_owned());
        }
        let failure = refusal.of_identity(&plan.source, true);
        failed(plan, &failure.into(), findings)
    }

    /// Whether the identity is one to work with, and in the account that the files say.
    fn judge(&self, plan: &Plan, identity: &Identity, findings: &mut Findings) {
        findings.extend(root(plan, identity));
        let name = plan.source.profile().unwrap_or_default();
        let profile = self.all.iter().find(|profile| profile.name == name);
        let said = profile.and_then(|profile| profile.text(profiles::ACCOUNT_ID));
        let Some(said) = said.filter(|said| said.value != identity.account) else {
            return;
        };
        let key = profiles::ACCOUNT_ID;
        let set = [
            "aws",
            "configure",
            "set",
            key,
            &identity.account,
            "--profile",
            name,
        ];
        let what = format!(
            "the keys are of account {}, not {}",
            identity.account, said.value
        );
        let finding = Finding::problem("other-account", what)
            .from(&said.origin)
            .why("roles that are named without an account are looked for in the wrong one")
            .fix(command_line(&set));
        findings.add(finding);
    }
}

/// Keys of the root user.
fn root(plan: &Plan, identity: &Identity) -> Option<Finding> {
    if !identity.arn.ends_with(":root") {
        return None;
    }
    let id = plan.source.held()?.access_key_id;
    let name = plan.source.profile().unwrap_or("default");
    let delete = [
        "aws",
        "iam",
        "delete-access-key",
        "--access-key-id",
        &id,
        "--profile",
        name,
    ];
    let what = format!(
        "{} are those of the account's root user",
        plan.source.spoken()
    );
    let finding = Finding::problem("root-keys", what)
        .from(&place(plan))
        .why("they may do everything, no policy limits them, and STS gives no role to them")
        .fix(command_line(&delete));
    Some(finding)
}

/// A source that gives nothing becomes a finding.
fn failed(plan: &Plan, error: &anyhow::Error, findings: &mut Findings) -> String {
    let reason = format!("{error:#}");
    let failure = error.downcast_ref::<Failure>();
    let details = failure
        .map(|failure| failure.details.join("; "))
        .unwrap_or_default();
    let hint = failure.and_then(|failure| failure.hint.clone());
    let why = [details, hint.unwrap_or_default()]
        .into_iter()
        .filter(|text| !text.is_empty());
    let why = why.collect::<Vec<_>>().join("; ");
    let name = plan.source.profile().unwrap_or_default();
    let fix = login_line(&plan.source).unwrap_or_else(|| match plan.source {
        Source::Keys { .. } => command_line(&["aws", "configure", "--profile", name]),
        _ => command_line(&["stsx", "whoami", "-vv"]),
    });
    let finding = Finding::problem("source", format!("{}: {reason}", plan.source.spoken()))
        .from(&place(plan))
        .why(why)
        .fix(fix);
    findings.add(finding);
    reason
}

/// Sources that cannot be asked without doing more than asking.
fn unasked(source: &Source) -> Result<(), String> {
    let reason = match source {
        Source::Process { .. } => "its command may ask a person, so it was not run",
        Source::WebIdentity { .. } | Source::Saml { .. } => "it is nobody before it has a role",
        _ => match logins::of(source, Timestamp::now()) {
            Some(Login::Absent | Login::Ended(_)) => "nobody is logged in",
            Some(Login::Due) => "it is due to be renewed, which its next use does",
            Some(Login::Living) | None => return Ok(()),
        },
    };
    Err(reason.to_owned())
}

/// A clock that is off, by so many seconds that it is behind.
fn clock(skew: i64) -> Option<Finding> {
    let off = skew.abs();
    let side = if skew > 0 { "behind" } else { "ahead of" };
    let what = format!("this machine's clock is {} {side} AWS's", spoken(off));
    let finding = if off > REFUSED_SKEW {
        Finding::problem("clock", what)
    } else {
        Finding::note("clock", what)
    };
    let finding = finding
        .why("AWS refuses what is signed more than five minutes off, and sessions seem to end at other times")
        .fix(CLOCK_SYNC);
    (off > TOLD_SKEW).then_some(finding)
}

/// Keys of a user that are old. Who may not list their own keys is told nothing.
fn ages(session: &Session, credentials: &Credentials, plan: &Plan) -> Option<Finding> {
    let created = session.key_created(credentials)?;
    let days = Timestamp::now().seconds_since(created) / 86_400;
    let name = plan.source.profile().unwrap_or("default");
    let finding = Finding::note(
        "old-key",
        format!("{} are {days} days old", plan.source.spoken()),
    )
    .from(&place(plan))
    .why(format!(
        "keys that are copied are good until they are deleted; {OLD_DAYS} days are a usual limit"
    ))
    .fix(command_line(&[
        "aws",
        "iam",
        "create-access-key",
        "--profile",
        name,
    ]));
    (days > OLD_DAYS).then_some(finding)
}
