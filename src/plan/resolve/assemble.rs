//! From what the walk found to the plan: every hop settled, and the route of the MFA code.

use anyhow::Result;

use crate::cli;
use crate::credentials::Secret;
use crate::plan::resolve::{Walk, Wanted};
use crate::plan::settle::Settler;
use crate::plan::sources::{self, Found};
use crate::plan::{
    Connection, DEFAULT_USER_SESSION, Hop, MfaTerms, Plan, Route, Source, recursion, user,
};
use crate::profiles;
use crate::settings::{Origin, Sourced};

impl Walk<'_> {
    /// The plan of what was found.
    ///
    /// # Errors
    /// A value that does not parse, a flag that has no use; each with its place.
    pub(super) fn plan(self, wanted: Wanted<'_>, (source, source_origins): Found) -> Result<Plan> {
        recursion::refuse(&source, &source_origins, |target, start| {
            self.source_of(target, start)
        })?;
        let settings = self.settings;
        let mut connection = Connection::settle(settings, &self.visited, self.profiles, self.env)?;
        let source_account = sources::account_of(&source, &self.visited, self.env);
        let mfa = self.mfa()?;
        let started_from = self.env.started_from().map(str::to_owned);
        let name = self.visited.first().map(|profile| profile.name.as_str());
        let target = match wanted {
            Wanted::Target(word) => word,
            Wanted::Saml(handed) => handed.role.as_str(),
            Wanted::Federation(user, _) => user,
            Wanted::Session(_) => &format!("{}-session", source.profile().unwrap_or("environment")),
            Wanted::Current => name.unwrap_or_default(),
        };
        let target = target.to_owned();
        let start = settings.profile.as_ref().map(|name| name.value.clone());
        let person = self.env.user().map(str::to_owned);
        let mut notes = self.notes.clone();
        let profile = self.visited.last().cloned();
        let mut hops = self.hops(&source, source_account.as_deref(), &connection, &mut notes)?;
        let keys = (&source, profile.as_deref());
        let partition = connection.region_partition();
        hops.extend(user::hop(wanted, keys, &hops, settings, &mfa, partition)?);
        if let Some(arn) = hops.first().and_then(|hop| hop.role()?.reference.arn()) {
            arn.partition().clone_into(&mut connection.partition);
        }
        settings.refuse_idle_flags(&hops, &source)?;
        let mut plan = Plan {
            target,
            start: start.or(started_from),
            mfa,
            route: Route::None,
            connection,
            source,
            source_origins,
            source_account,
            hops,
            person,
            notes,
        };
        plan.take_route();
        Ok(plan)
    }

    /// The roles on the way, from the source on.
    fn hops(
        self,
        source: &Source,
        source_account: Option<&str>,
        connection: &Connection,
        notes: &mut Vec<String>,
    ) -> Result<Vec<Hop>> {
        let last = self.roles.len();
        let mut hops: Vec<Hop> = Vec::with_capacity(last + 1);
        for (index, draft) in self.roles.into_iter().rev().enumerate() {
            let previous = match hops.last().and_then(Hop::role) {
                Some(role) => role
                    .reference
                    .arn()
                    .map(|arn| (arn.partition(), arn.account())),
                None => source_account.map(|account| (connection.region_partition(), account)),
            };
            let settler = Settler {
                settings: self.settings,
                env: self.env,
                draft: &draft,
                is_first: index == 0,
                is_target: index + 1 == last,
                source,
                source_profile: self.visited.last().map(AsRef::as_ref),
            };
            let role = settler.role(previous, connection, notes)?;
            hops.push(Hop::Role(role));
        }
        Ok(hops)
    }

    /// How MFA is done: what the target's profile says comes first.
    fn mfa(&self) -> Result<MfaTerms> {
        let settings = self.settings;
        let process = self
            .visited
            .iter()
            .find_map(|profile| profile.text(profiles::MFA_PROCESS))
            .map(|found| Sourced::new(Secret::new(found.value.as_str()), found.origin.clone()));
        let (mut max_age, mut session_duration) = (None, None);
        for profile in &self.visited {
            if max_age.is_none() {
                max_age = profile.parsed(profiles::MFA_MAX_AGE, cli::any_span)?;
            }
            if session_duration.is_none() {
                let key = profiles::MFA_SESSION_DURATION;
                session_duration = profile.parsed(key, cli::user_session_duration)?;
            }
        }
        Ok(MfaTerms {
            process: settings.mfa_process.or(process),
            max_age: settings.mfa_max_age.or(max_age).map(|age| age.value),
            session_duration: settings
                .mfa_session_duration
                .or(session_duration)
                .unwrap_or(Sourced::new(DEFAULT_USER_SESSION, Origin::Default)),
        })
    }
}
