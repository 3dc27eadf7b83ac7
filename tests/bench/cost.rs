//! What one answer costs: in time, in what can be counted, and beside the programs of others.

use std::fs;
use std::path::Path;
use std::time::Duration;

use anyhow::{Result, bail};

use crate::measure::{Contender, median, medians, ratio};
use crate::place::Home;
use crate::report::{say, table, times};
use crate::rivals::Rival;
use crate::tools::Instructions;
use crate::{Bench, growth};

/// How many ask at once.
const STARTS: usize = 50;

impl Bench {
    pub(super) fn cached(&mut self) -> Result<()> {
        let home = self.place.home(50)?;
        let stsx = &self.programs.stsx;
        let contenders = [
            Contender::new("`/bin/true`", || home.program(Path::new("/bin/true"), &[])),
            Contender::new("`stsx --version`", || home.program(stsx, &["--version"])),
            Contender::new("cached answer, 50 profiles", || home.answer(stsx, 1)),
        ];
        let found = medians(&contenders, self.arguments.rounds)?;
        let rows: Vec<_> = contenders
            .iter()
            .zip(&found)
            .map(|(contender, &time)| {
                [
                    contender.name.clone(),
                    times(ratio(time, found[0])),
                    times(ratio(time, found[1])),
                ]
            })
            .collect();
        table(["", "× `/bin/true`", "× `stsx --version`"], &rows)?;
        let report = &mut self.report;
        report.judge(
            "cached answer / `/bin/true`",
            ratio(found[2], found[0]),
            " ×",
            2.5,
        );
        report.judge(
            "cached answer / `stsx --version`",
            ratio(found[2], found[1]),
            " ×",
            1.2,
        );
        Ok(())
    }

    pub(super) fn first(&mut self) -> Result<()> {
        let rounds = self.arguments.rounds.div_ceil(2);
        let mut rows = Vec::new();
        for (name, place) in [("HTTP", &self.plain), ("TLS", &self.place)] {
            let home = place.home(50)?;
            let contenders = [
                Contender::new("bare", || place.bare(&self.programs.bare)),
                Contender::new("stsx", || home.first(&self.programs.stsx, 1)),
            ];
            let found = medians(&contenders, rounds)?;
            let share = ratio(found[1], found[0]);
            rows.push([format!("first call, {name}"), times(share)]);
            if name == "TLS" {
                self.report
                    .judge("first call / bare call, TLS", share, " ×", 1.15);
            }
        }
        table(["", "× a bare AssumeRole"], &rows)
    }

    /// What can be counted instead of timed, and what is big.
    pub(super) fn counts(&mut self) -> Result<()> {
        let home = self.place.home(50)?;
        let (stsx, bare) = (&self.programs.stsx, &self.programs.bare);
        let mut contenders = vec![
            Contender::new("`/bin/true`", || home.program(Path::new("/bin/true"), &[])),
            Contender::new("`stsx --version`", || home.program(stsx, &["--version"])),
        ];
        // Valgrind takes its time with the rest of a debug build.
        if !self.arguments.quick {
            contenders.push(Contender::new("cached answer", || home.answer(stsx, 1)));
            contenders.push(Contender::new("first call", || home.first(stsx, 1)));
            contenders.push(Contender::new("bare call", || self.place.bare(bare)));
        }
        let counted: Vec<Counted> = contenders
            .iter()
            .map(|contender| self.counted(contender))
            .collect::<Result<_>>()?;
        let rows: Vec<_> = counted.iter().map(Counted::row).collect();
        let head = [
            "",
            "1000 instructions",
            "without the loader's",
            "system calls",
            "peak MiB",
        ];
        table(head, &rows)?;
        let peak = |number: usize| counted.get(number)?.mebibytes;
        if let (Some(cached), Some(first)) = (peak(2), peak(3)) {
            self.report.judge("memory, cached", cached, " MiB", 6.0);
            self.report.judge("memory, first call", first, " MiB", 12.0);
        }
        #[expect(
            clippy::cast_precision_loss,
            reason = "the binary is far below 2^52 bytes"
        )]
        let megabytes = fs::metadata(stsx)?.len() as f64 / 1e6;
        self.report.judge("binary", megabytes, " MB", 10.0);
        say(&format!("binary: {megabytes:.2} MB"))
    }

    fn counted(&self, contender: &Contender<'_>) -> Result<Counted> {
        const RUNS: usize = 9;
        // What is cached is cached from here on.
        contender.check()?;
        let peaks = (0..RUNS).map(|_| self.tools.peak(&contender.make()));
        let peaks = peaks.collect::<Result<Option<Vec<u64>>>>()?;
        #[expect(clippy::cast_precision_loss, reason = "memory is far below 2^52 KiB")]
        let mebibytes = |peaks: Vec<u64>| median(peaks) as f64 / 1024.0;
        Ok(Counted {
            name: contender.name.clone(),
            instructions: self.tools.instructions(&contender.make())?,
            calls: self.tools.system_calls(&contender.make())?,
            mebibytes: peaks.map(mebibytes),
        })
    }

    /// The programs of others.
    pub(super) fn others(&self) -> Result<()> {
        if self.rivals.is_empty() {
            return Ok(());
        }
        let rounds = self.arguments.rounds.div_ceil(20);
        let home = self.place.home(50)?;
        let (home, programs) = (&home, &self.programs);
        let mut contenders = vec![
            Contender::new("true", || home.program(Path::new("/bin/true"), &[])),
            Contender::new("bare", || self.place.bare(&programs.bare)),
            Contender::new("stsx", || home.program(&programs.stsx, &["--version"])),
            Contender::new("stsx", || home.answer(&programs.stsx, 1)),
            Contender::new("stsx", || home.first(&programs.stsx, 1)),
        ];
        // In this order one that cannot call finds what the one before it has cached.
        for rival in &self.rivals {
            contenders.push(Contender::new(rival.name, || rival.start(home)));
            contenders.push(Contender::new(rival.name, || rival.cached(home)));
        }
        let found = medians(&contenders, rounds)?;
        let [floor, bare, start, cached, first, rivals @ ..] = &found[..] else {
            bail!("there are five contenders of our own");
        };
        let crowd = &growth::at_once(&self.place, programs, &[STARTS], 1)?[0];
        let crowd = Some((crowd.calls, crowd.failed));
        let first = Some(ratio(*first, *bare));
        let mut rows = vec![other("stsx", [start, cached], *floor, first, crowd)];
        for (rival, times) in self.rivals.iter().zip(rivals.chunks(2)) {
            let (first, crowd) = self.rival_calls(rival, home, *bare, rounds)?;
            rows.push(other(
                rival.name,
                [&times[0], &times[1]],
                *floor,
                first,
                crowd,
            ));
        }
        let head = [
            "",
            "start × `/bin/true`",
            "cached × `/bin/true`",
            "first × bare call",
            "50 at once: calls, failures",
        ];
        table(head, &rows)
    }

    /// The time of a rival's first call, in bare calls, and what many at once do; of one that can call.
    #[expect(clippy::type_complexity, reason = "two figures that may be missing")]
    fn rival_calls(
        &self,
        rival: &Rival,
        home: &Home<'_>,
        bare: Duration,
        rounds: usize,
    ) -> Result<(Option<f64>, Option<(usize, usize)>)> {
        if !rival.is_free {
            return Ok((None, None));
        }
        let one = [Contender::new(rival.name, || rival.first(home))];
        let first = medians(&one, rounds)?[0];
        let crowd = growth::rival_at_once(&self.place, home, rival, STARTS)?;
        Ok((Some(ratio(first, bare)), Some(crowd)))
    }
}

/// What was counted of one program.
struct Counted {
    name: String,
    instructions: Option<Instructions>,
    calls: Option<usize>,
    mebibytes: Option<f64>,
}

impl Counted {
    fn row(&self) -> [String; 5] {
        let counted = self.instructions;
        [
            self.name.clone(),
            shown(counted.map(|counted| counted.all / 1000)),
            shown(counted.map(|counted| (counted.all - counted.loader) / 1000)),
            shown(self.calls),
            shown(self.mebibytes.map(|peak| format!("{peak:.1}"))),
        ]
    }
}

/// A row of the programs of others.
fn other(
    name: &str,
    [start, cached]: [&Duration; 2],
    floor: Duration,
    first: Option<f64>,
    crowd: Option<(usize, usize)>,
) -> [String; 5] {
    [
        name.to_owned(),
        times(ratio(*start, floor)),
        times(ratio(*cached, floor)),
        shown(first.map(times)),
        shown(crowd.map(|(calls, failed)| format!("{calls}, {failed}"))),
    ]
}

fn shown(figure: Option<impl ToString>) -> String {
    figure.map_or_else(|| "-".to_owned(), |figure| figure.to_string())
}
