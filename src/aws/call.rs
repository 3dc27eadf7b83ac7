//! Every call is made here: all calls of a run share one bound, so that a silent network, a server that dribbles and a
//! resolver that hangs are left behind in time, however many calls the run wants to make.

use std::fmt::Display;
use std::future::Future;
use std::time::{Duration, Instant};

use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;

use crate::aws::Session;
use crate::looks::Line;

impl Session {
    /// The answer to a call of the SDK; the time of the run being over is an answer too. `what` is as for `within`.
    #[expect(
        clippy::result_large_err,
        reason = "the SDK's own error, which each caller turns into words at once"
    )]
    pub(super) fn ask<T, E>(
        &self,
        what: impl Display,
        call: impl Future<Output = Result<T, SdkError<E, HttpResponse>>>,
    ) -> Result<T, SdkError<E, HttpResponse>> {
        let answer = self.within(what, call, |_| {
            SdkError::timeout_error("the run's time is over")
        });
        if answer.is_ok() {
            self.tell_clock();
        }
        answer
    }

    /// What comes of a piece of work within the time that is left; `late` makes its error of the run's bound. Who waits
    /// long for it reads that stsx is asking `what`: "STS who this is".
    pub(super) fn within<T, E>(
        &self,
        what: impl Display,
        work: impl Future<Output = Result<T, E>>,
        late: impl FnOnce(Duration) -> E,
    ) -> Result<T, E> {
        let runtime = self.runtime.as_ref().expect("it is there until the drop");
        let (start, left) = (Instant::now(), self.left.get());
        // The timer needs the runtime that it runs in.
        let answer = runtime.block_on(async {
            let work = tokio::time::timeout(left, work);
            if !self.log.is_read_along {
                return work.await;
            }
            Line::during(format_args!("asking {what}"), work).await
        });
        self.left.set(left.saturating_sub(start.elapsed()));
        answer.unwrap_or_else(|_| Err(late(self.connection.patience)))
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        // A runtime that is dropped waits for a name that is still being looked up.
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}
