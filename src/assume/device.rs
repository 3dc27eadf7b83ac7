//! The MFA device of a user whose serial number nobody has written down.

use anyhow::Result;

use crate::aws::Door;
use crate::cache::Cache;
use crate::credentials::Credentials;
use crate::error::{Failure, Kind};
use crate::log::Log;
use crate::mfa;
use crate::plan::Plan;
use crate::terminal;

/// The device of the user whose keys the plan starts from: remembered, or the one that IAM lists; a
/// person chooses among several.
///
/// # Errors
/// The source is no user's keys, IAM does not tell, there is no device that STS can use, or several
/// and nobody to choose.
pub(crate) fn device(plan: &Plan, cache: Option<&Cache>, door: &Door, log: Log) -> Result<String> {
    if let Some(serial) = remembered_device(plan, cache)? {
        return Ok(serial);
    }
    let keys = keys(plan)?;
    let endpoint = plan.connection.sts_endpoint();
    log.step(|| "asking IAM for the user's MFA devices (ListMFADevices)".to_owned());
    let devices = door
        .session(&plan.connection, log)?
        .devices(&keys)
        .map_err(|refusal| {
            refusal
                .failure("cannot list the user's MFA devices")
                .detail(format!("with {}", plan.source.spoken()))
                .hint("name the device with --mfa-serial or mfa_serial")
        })?;
    let mut usable: Vec<String> = devices
        .iter()
        .filter(|serial| !mfa::is_security_key(serial))
        .cloned()
        .collect();
    let serial = match usable.len() {
        0 => return Err(none(&devices)),
        1 => usable.remove(0),
        _ => {
            let at = terminal::chosen("MFA device", &usable, "name one with --mfa-serial")?;
            usable.swap_remove(at)
        }
    };
    if let Some(cache) = cache {
        cache.put_device(&keys.access_key_id, endpoint, &serial);
    }
    Ok(serial)
}

/// The device of the user whose keys the plan starts from, if it was ever looked up.
///
/// # Errors
/// The source is no user's keys.
pub(crate) fn remembered_device(plan: &Plan, cache: Option<&Cache>) -> Result<Option<String>> {
    let id = keys(plan)?.access_key_id;
    Ok(cache.and_then(|cache| cache.device(&id, plan.connection.sts_endpoint())))
}

fn keys(plan: &Plan) -> Result<Credentials, Failure> {
    plan.source.user_keys().ok_or_else(|| {
        let source = plan.source.spoken();
        Failure::usage(format!("--mfa: {source} cannot show a code of a device"))
            .hint("a device belongs to an IAM user: name a profile with keys (--profile)")
    })
}

fn none(devices: &[String]) -> anyhow::Error {
    let what = match devices.first() {
        None => "--mfa: the user has no MFA device".to_owned(),
        Some(key) => {
            format!("--mfa: the user has only security keys ({key}), which STS cannot use")
        }
    };
    Failure::new(Kind::Usage, what)
        .hint("add a virtual MFA device (TOTP) to the user")
        .into()
}
