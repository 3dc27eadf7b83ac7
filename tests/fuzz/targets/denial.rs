//! What AWS says when it denies, whatever it says: advice in whole lines.

use crate::aws::{Existence, Shown, Subject, advice_for_user};
use crate::plan::{Plan, RoleReference};
use crate::targets::{pieces, plan, text};

const CONFIG: &str = "[profile p]\nrole_arn = arn:aws:iam::111122223333:role/team/deploy\nsource_profile = s\n\
     external_id = ex\nmfa_serial = GAHT12345678\nsession_tags = a=b\nsource_identity = james\n\
     [profile s]\naws_access_key_id = AKIA1\naws_secret_access_key = s\n";

thread_local! {
    static PLAN: Plan = plan::of(CONFIG, "p");
}

pub(super) fn run(data: &[u8]) {
    PLAN.with(|plan| check(plan, &text(data)));
}

fn check(plan: &Plan, text: &str) {
    let [message, caller] = pieces(text);
    let role = plan.roles().next().expect("a role");
    let RoleReference::Arn(arn) = &role.reference else {
        unreachable!("the profile has an ARN");
    };
    for shown in [
        Shown::Code,
        Shown::Session(90),
        Shown::Nothing,
        Shown::Role,
        Shown::Unknown,
    ] {
        for existence in [Existence::Unknown, Existence::There, Existence::Missing] {
            let subject = Subject {
                role,
                arn,
                session_name: "james",
                caller: Some(caller).filter(|caller| !caller.is_empty()),
                source: Some(&plan.source),
                before: &[role],
                shown,
                existence,
            };
            let advice = subject.advice(message);
            assert_eq!(advice.lines().len(), advice.checks.len());
            assert!(advice.hint.is_none_or(|hint| !hint.is_empty()));
        }
    }
    for serial in [None, Some("GAHT12345678")] {
        let _ = advice_for_user(message, &plan.source, serial).lines();
    }
}
