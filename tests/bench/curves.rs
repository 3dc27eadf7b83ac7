//! How cost grows, as tables, verdicts and the picture.

use std::time::Duration;

use anyhow::Result;

use crate::Bench;
use crate::growth::{self, AtOnce, WithProfiles};
use crate::measure::ratio;
use crate::picture::{self, Line, Panel};
use crate::report::{table, times};

impl Bench {
    pub(super) fn profiles(&mut self) -> Result<Vec<WithProfiles>> {
        const SIZES: [usize; 5] = [10, 50, 100, 1000, 10_000];
        let rounds = self.arguments.rounds;
        let few = rounds.div_ceil(100);
        let (place, stsx) = (&self.place, &self.programs.stsx);
        let sizes = if self.arguments.quick {
            &SIZES[..2]
        } else {
            &SIZES
        };
        let points = growth::with_profiles(place, stsx, &self.rivals, sizes, (rounds, few))?;
        let rows: Vec<_> = points
            .iter()
            .map(|point| {
                [
                    point.profiles.to_string(),
                    times(ratio(point.stsx, point.floor)),
                ]
            })
            .collect();
        table(["profiles", "cached answer × `/bin/true`"], &rows)?;
        let of = |size| points.iter().find(|point| point.profiles == size);
        if let (Some(small), Some(big)) = (of(50), of(10_000)) {
            let more = big.stsx.saturating_sub(small.stsx).as_secs_f64() * 1000.0;
            self.report
                .judge("10,000 profiles, more than 50", more, " ms", 3.0);
        }
        Ok(points)
    }

    pub(super) fn starts(&mut self) -> Result<Vec<AtOnce>> {
        const SIZES: [usize; 5] = [1, 10, 50, 100, 200];
        let sizes = if self.arguments.quick {
            &SIZES[..2]
        } else {
            &SIZES
        };
        let rounds = self.arguments.rounds.div_ceil(40);
        let points = growth::at_once(&self.place, &self.programs, sizes, rounds)?;
        let row = |point: &AtOnce| {
            [
                point.starts.to_string(),
                times(ratio(point.stsx, points[0].floor)),
                times(ratio(point.floor, points[0].floor)),
                point.calls.to_string(),
                point.answers.to_string(),
                point.failed.to_string(),
            ]
        };
        let rows: Vec<_> = points.iter().map(row).collect();
        let head = [
            "first calls at once",
            "× one bare call",
            "the same, bare",
            "AssumeRole",
            "different answers",
            "failures",
        ];
        table(head, &rows)?;
        for point in points.iter().filter(|point| point.starts == 50) {
            self.report
                .judge_exactly("50 first calls at once: AssumeRole", point.calls, 1);
            self.report
                .judge_exactly("the same: different answers", point.answers, 1);
            self.report
                .judge_exactly("the same: failures", point.failed, 0);
        }
        Ok(points)
    }

    pub(super) fn chains(&self) -> Result<()> {
        let rounds = self.arguments.rounds.div_ceil(6);
        let (floor, points) = growth::of_roles(&self.place, &self.programs, rounds)?;
        let shortest = points[0].cached;
        let rows: Vec<_> = points
            .iter()
            .map(|point| {
                [
                    point.roles.to_string(),
                    times(ratio(point.cached, shortest)),
                    times(ratio(point.first, floor)),
                ]
            })
            .collect();
        let head = [
            "roles in a chain",
            "cached × that of one role",
            "first × a bare call",
        ];
        table(head, &rows)
    }

    pub(super) fn picture(&self, profiles: &[WithProfiles], starts: &[AtOnce]) -> String {
        let cached = |name: &str, cost: &dyn Fn(&WithProfiles) -> f64| Line {
            name: name.to_owned(),
            points: profiles
                .iter()
                .map(|point| (float(point.profiles), cost(point)))
                .collect(),
        };
        let mut lines = vec![cached("stsx", &|point| ratio(point.stsx, point.floor))];
        for (number, rival) in self.rivals.iter().enumerate() {
            lines.push(cached(rival.name, &move |point| point.rivals[number]));
        }
        let one = starts[0].floor;
        let crowd = |name: &str, time: fn(&AtOnce) -> Duration| Line {
            name: name.to_owned(),
            points: starts
                .iter()
                .map(|point| (float(point.starts), ratio(time(point), one)))
                .collect(),
        };
        picture::svg(&[
            Panel {
                title: "A cached answer",
                across: "profiles",
                up: "× the time of /bin/true",
                lines,
            },
            Panel {
                title: "First calls of one role, all at once",
                across: "processes",
                up: "× the time of one bare AssumeRole",
                lines: vec![
                    crowd("stsx: 1 call", |point| point.stsx),
                    crowd("bare: a call each", |point| point.floor),
                ],
            },
        ])
    }
}

#[expect(clippy::cast_precision_loss, reason = "counts are small")]
fn float(count: usize) -> f64 {
    count as f64
}
