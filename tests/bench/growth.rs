//! How cost grows: with the number of profiles, of parallel starts, and of roles in a chain.

use std::path::Path;
use std::time::Duration;

use anyhow::{Result, bail};

use crate::measure::{Contender, Crowd, crowd, medians, ratio};
use crate::place::{Home, LONGEST, Place};
use crate::programs::Programs;
use crate::rivals::Rival;

/// A cached answer with so many profiles.
#[derive(Debug)]
pub(crate) struct WithProfiles {
    pub(crate) profiles: usize,
    pub(crate) floor: Duration,
    pub(crate) stsx: Duration,
    /// In the order of the rivals, each by a floor that took turns with it.
    pub(crate) rivals: Vec<f64>,
}

/// Cached answers with as many profiles as each of `sizes` says. (A rival's first call fills its cache; one that
/// cannot make it reads what the one before it has cached.)
///
/// # Errors
/// Somebody fails.
pub(crate) fn with_profiles(
    place: &Place,
    stsx: &Path,
    rivals: &[Rival],
    sizes: &[usize],
    (rounds, few): (usize, usize),
) -> Result<Vec<WithProfiles>> {
    let mut points = Vec::new();
    for &profiles in sizes {
        let home = place.home(profiles)?;
        let floor = Contender::new("/bin/true", || home.program(Path::new("/bin/true"), &[]));
        let cached = Contender::new("stsx", || home.answer(stsx, 1));
        let [floor, stsx] = medians(&[floor, cached], rounds)?[..] else {
            bail!("two contenders have two times");
        };
        let mut others = vec![Contender::new("/bin/true", || {
            home.program(Path::new("/bin/true"), &[])
        })];
        for rival in rivals {
            others.push(Contender::new(rival.name, || rival.cached(&home)));
        }
        let others = medians(&others, few)?;
        points.push(WithProfiles {
            profiles,
            floor,
            stsx,
            rivals: others[1..]
                .iter()
                .map(|&time| ratio(time, others[0]))
                .collect(),
        });
    }
    Ok(points)
}

/// So many first calls at once.
#[derive(Debug)]
pub(crate) struct AtOnce {
    pub(crate) starts: usize,
    pub(crate) floor: Duration,
    pub(crate) stsx: Duration,
    /// Calls of AssumeRole by all stsx together, the most of all rounds.
    pub(crate) calls: usize,
    /// Different answers, and starts without one, the most of all rounds.
    pub(crate) answers: usize,
    pub(crate) failed: usize,
}

/// First calls of one role at once, by stsx and by the bare program in turns.
///
/// # Errors
/// A program cannot be started.
pub(crate) fn at_once(
    place: &Place,
    programs: &Programs,
    sizes: &[usize],
    rounds: usize,
) -> Result<Vec<AtOnce>> {
    let home = place.home(50)?;
    let mut points = Vec::new();
    for &starts in sizes {
        let (mut floors, mut times) = (Vec::new(), Vec::new());
        let (mut calls, mut answers, mut failed) = (0, 0, 0);
        for _ in 0..rounds {
            let cache = home.empty_cache();
            let before = place.assumed();
            let seen = crowd(starts, || {
                let mut command = home.answer(&programs.stsx, 1);
                command.env("XDG_CACHE_HOME", &cache);
                command
            })?;
            calls = calls.max(place.assumed() - before);
            answers = answers.max(different(&seen));
            failed = failed.max(seen.failed);
            times.push(seen.time);
            floors.push(crowd(starts, || place.bare(&programs.bare))?.time);
        }
        points.push(AtOnce {
            starts,
            floor: crate::measure::median(floors),
            stsx: crate::measure::median(times),
            calls,
            answers,
            failed,
        });
    }
    Ok(points)
}

fn different(crowd: &Crowd) -> usize {
    let mut answers: Vec<&String> = crowd.answers.iter().collect();
    answers.sort_unstable();
    answers.dedup();
    answers.len()
}

/// Calls and failures of a rival that is started so many times at once.
///
/// # Errors
/// It cannot be started.
pub(crate) fn rival_at_once(
    place: &Place,
    home: &Home<'_>,
    rival: &Rival,
    starts: usize,
) -> Result<(usize, usize)> {
    drop(rival.first(home));
    let before = place.assumed();
    let seen = crowd(starts, || rival.cached(home))?;
    Ok((place.assumed() - before, seen.failed))
}

/// A chain of so many roles.
#[derive(Debug)]
pub(crate) struct OfRoles {
    pub(crate) roles: usize,
    pub(crate) cached: Duration,
    pub(crate) first: Duration,
}

/// Chains of 1 to 5 roles: the cached answer and the first one, and the time of one bare call.
///
/// # Errors
/// Somebody fails.
pub(crate) fn of_roles(
    place: &Place,
    programs: &Programs,
    rounds: usize,
) -> Result<(Duration, Vec<OfRoles>)> {
    let home = place.home(50)?;
    let home = &home;
    let stsx = &programs.stsx;
    let first = |roles| Contender::new("a first call", move || home.first(stsx, roles));
    let cached = |roles| Contender::new("a cached answer", move || home.answer(stsx, roles));
    let mut first: Vec<_> = (1..=LONGEST).map(first).collect();
    first.push(Contender::new("bare", || place.bare(&programs.bare)));
    let mut first = medians(&first, rounds)?;
    let floor = first.pop().unwrap_or_default();
    let cached = medians(&(1..=LONGEST).map(cached).collect::<Vec<_>>(), rounds)?;
    let points = cached.into_iter().zip(first).zip(1..);
    let points = points.map(|((cached, first), roles)| OfRoles {
        roles,
        cached,
        first,
    });
    Ok((floor, points.collect()))
}
