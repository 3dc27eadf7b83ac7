//! Calls that show a code of an MFA device: one after the other for each device, no code twice, and
//! once more when a person mistyped.

use anyhow::Result;

use crate::assume::Run;
use crate::aws::{Refusal, Session};
use crate::error::Kind;
use crate::mfa::Question;
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
        let patience = self.patience();
        let device = self.cache.map(|cache| cache.lock_device(serial, patience));
        let _device = device.transpose()?;
        let mut attempt = 1;
        loop {
            let spent = self
                .cache
                .and_then(|cache| cache.spent(serial, Timestamp::now()));
            let code = self.options.mfa.code(&Question {
                serial,
                target: &self.plan.target,
                first: &self.options.first,
                spent: spent.as_ref(),
                is_again: attempt > 1,
                log: self.options.log,
            })?;
            let answer = call(self.session()?, &code);
            if let Err(refusal) = &answer
                && refusal.is_wrong_code()
                && self.options.mfa.can_repeat()
                && attempt < ATTEMPTS
            {
                attempt += 1;
                continue;
            }
            match &answer {
                Ok(_) => self.spend(serial, &code),
                Err(refusal) if refusal.is_wrong_device() => self.forget_device(),
                // STS has looked at the code before it said no to something else.
                Err(refusal) if refusal.kind == Kind::Denied && !refusal.is_wrong_code() => {
                    self.spend(serial, &code);
                }
                Err(_) => {}
            }
            return Ok(answer);
        }
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
