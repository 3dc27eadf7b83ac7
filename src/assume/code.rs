//! Calls that show a code of an MFA device: one after the other for each device, no code twice, and
//! once more when a person mistyped.

use anyhow::Result;

use crate::assume::Run;
use crate::aws::{Refusal, Session};
use crate::cache::Turn;
use crate::credentials::Secret;
use crate::error::Kind;
use crate::mfa::{self, Mfa, Question};
use crate::time::Timestamp;

/// How often a person is asked when STS does not take the code.
const ATTEMPTS: usize = 3;

impl Run<'_> {
    /// Makes a call with a code of the device `serial`; what STS says to the last code is the
    /// answer.
    ///
    /// # Errors
    /// There is no code, or another process keeps the device, or the SDK does not start.
    pub(super) fn with_code<T>(
        &mut self,
        serial: &str,
        call: impl Fn(&Session, &str) -> Result<T, Refusal>,
    ) -> Result<Result<T, Refusal>> {
        let turn = self.turn(None, |cache, wait| cache.lock_device(serial, wait))?;
        let Turn::Mine(lock) = turn else {
            return self.call_with_code(serial, call);
        };
        self.locks.push(lock);
        let answer = self.call_with_code(serial, call);
        self.locks.pop();
        answer
    }

    fn call_with_code<T>(
        &mut self,
        serial: &str,
        call: impl Fn(&Session, &str) -> Result<T, Refusal>,
    ) -> Result<Result<T, Refusal>> {
        let mut attempt = 1;
        loop {
            let code = self.code(serial, attempt > 1)?;
            let answer = call(self.session()?, code.expose());
            if let Err(refusal) = &answer
                && refusal.is_wrong_code()
                && self.options.mfa.can_repeat()
                && attempt < ATTEMPTS
            {
                attempt += 1;
                continue;
            }
            match &answer {
                Ok(_) => self.spend(serial, code.expose()),
                Err(refusal) if refusal.is_wrong_device() => self.forget_device(),
                // A command gives all the same code; whoever types may do better.
                Err(refusal) if refusal.is_wrong_code() => {
                    self.is_own_fault |= !matches!(self.options.mfa, Mfa::Command(_));
                }
                // STS has looked at the code before it said no to something else.
                Err(refusal) if refusal.kind == Kind::Denied => {
                    self.spend(serial, code.expose());
                }
                Err(_) => {}
            }
            return Ok(answer);
        }
    }

    /// A code of the device; `is_again`: STS did not take the one before.
    fn code(&mut self, serial: &str, is_again: bool) -> Result<Secret> {
        let (plan, options) = (self.plan, self.options);
        let spent = self
            .cache
            .and_then(|cache| cache.spent(serial, Timestamp::now()));
        let question = Question {
            serial,
            target: &plan.target,
            first: &options.first,
            spent: spent.as_ref(),
            running: options.running.as_deref(),
            is_again,
            log: options.log,
        };
        match &options.mfa {
            Mfa::Code(_) => options.mfa.code(&question),
            Mfa::Command(_) | Mfa::Ask => self.with_person(|| options.mfa.code(&question)),
        }
    }

    /// Refuses to wait for the stsx whose `mfa_process` this run serves, where a code would be needed.
    ///
    /// # Errors
    /// It is needed.
    pub(super) fn refuse_own_code(&self) -> Result<()> {
        let running = self.options.running.as_deref();
        for hops in (1..=self.plan.hops.len()).rev() {
            let entry = self.cached(hops);
            if entry.is_some_and(|entry| self.is_fresh(&entry, hops)) {
                break;
            }
            if let Some(serial) = self.plan.hops[hops - 1].mfa_serial() {
                mfa::refuse_recursion(serial, running)?;
            }
        }
        Ok(())
    }

    fn spend(&self, serial: &str, code: &str) {
        if let Some(cache) = self.cache {
            cache.put_spent(serial, code, Timestamp::now());
        }
    }

    /// A device that was looked up once may be gone.
    fn forget_device(&self) {
        if let (Some(cache), Some(keys)) = (self.cache, self.plan.source.held()) {
            cache.forget_device(&keys.access_key_id, self.plan.connection.sts_endpoint());
        }
    }
}
