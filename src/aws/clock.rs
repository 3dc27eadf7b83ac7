//! Whether this machine's clock is right, by the `Date` of AWS's answers.
//!
//! The SDK signs a refused call again, with the server's time, and says nothing, though the ends of credentials are read
//! by a clock that is wrong. The calls after it are signed with the server's time at once.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::time::{Duration, SystemTime};

use aws_smithy_async::time::{SharedTimeSource, SystemTimeSource, TimeSource};
use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::interceptors::Intercept;
use aws_smithy_runtime_api::client::interceptors::context::BeforeDeserializationInterceptorContextRef;
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::config_bag::ConfigBag;
use aws_smithy_types::date_time::Format;

use crate::aws::Session;
use crate::time::{Timestamp, spoken};

/// Clocks that differ more than this make AWS refuse signatures.
const SKEW_SECONDS: i64 = 300;

/// What the answers of a run tell of the clock. (The SDK may call from any thread.)
#[derive(Clone, Debug, Default)]
pub(super) struct Watch(Arc<Seen>);

#[derive(Debug, Default)]
struct Seen {
    /// Seconds that this machine's clock is behind the server's, by the last answer.
    behind: AtomicI64,
    is_told: AtomicBool,
}

impl Intercept for Watch {
    fn name(&self) -> &'static str {
        "Watch"
    }

    fn read_before_deserialization(
        &self,
        context: &BeforeDeserializationInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        if let Some(behind) = behind(context.response()) {
            self.0.behind.store(behind, Ordering::Relaxed);
        }
        Ok(())
    }
}

/// The server's time, by how much this machine's clock was behind it when the client of a call was made: what comes to
/// light during the call is the SDK's to add.
#[derive(Debug)]
struct ServerTime {
    behind: i64,
}

impl TimeSource for ServerTime {
    fn now(&self) -> SystemTime {
        let now = SystemTimeSource::new().now();
        let skew = Duration::from_secs(self.behind.unsigned_abs());
        let servers = if self.behind.abs() <= SKEW_SECONDS {
            None
        } else if self.behind > 0 {
            now.checked_add(skew)
        } else {
            now.checked_sub(skew)
        };
        servers.unwrap_or(now)
    }
}

impl Watch {
    /// Seconds that this machine's clock is behind the server's, by the last answer; 0 before it.
    pub(super) fn behind(&self) -> i64 {
        self.0.behind.load(Ordering::Relaxed)
    }

    /// Who asks for the clock is not warned of it.
    pub(super) fn mute(&self) {
        self.0.is_told.store(true, Ordering::Relaxed);
    }

    /// The time to sign the next call with.
    pub(super) fn time(&self) -> SharedTimeSource {
        let behind = self.behind();
        SharedTimeSource::new(ServerTime { behind })
    }
}

impl Session {
    /// Warns of a clock that is wrong, after a call that went well all the same.
    pub(super) fn tell_clock(&self) {
        if let Some(words) = self.untold(self.watch.behind()) {
            self.log.warn(&words);
        }
    }

    /// What a refused answer has to tell of the clock.
    pub(super) fn clock_by(&self, response: &HttpResponse) -> Option<String> {
        self.untold(behind(response)?)
    }

    /// How wrong the clock is, if that is much and was not said before in this run.
    fn untold(&self, behind: i64) -> Option<String> {
        if behind.abs() <= SKEW_SECONDS || self.watch.0.is_told.swap(true, Ordering::Relaxed) {
            return None;
        }
        let side = if behind > 0 { "behind" } else { "ahead of" };
        let skew = spoken(behind.abs());
        Some(format!(
            "this machine's clock is {skew} {side} the server's: set it"
        ))
    }
}

/// Seconds that this machine's clock is behind the server's. What comes out of a cache has an old date.
fn behind(response: &HttpResponse) -> Option<i64> {
    let headers = response.headers();
    if headers.get("age").is_some() {
        return None;
    }
    let server =
        aws_smithy_types::DateTime::from_str(headers.get("date")?, Format::HttpDate).ok()?;
    Some(Timestamp::from_seconds(server.secs()).seconds_since(Timestamp::now()))
}
