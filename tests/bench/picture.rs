//! The picture of growth, an SVG for light and dark pages: it brings its own background.

use std::fmt::Write;

const WIDTH: f64 = 860.0;
const HEIGHT: f64 = 380.0;
/// Of a panel's axes, within the picture.
const TOP: f64 = 70.0;
const BOTTOM: f64 = 320.0;
const STYLE: &str = "text{font:13px system-ui,sans-serif;fill:#1f2328}.t{font-weight:600;font-size:14px}\
    .b{fill:#fff;stroke:#d1d9e0}.g{stroke:#d1d9e0;stroke-width:1}.l{fill:none;stroke-width:2.5}\
    .c0{stroke:#0969da;fill:#0969da}.c1{stroke:#59636e;fill:#59636e}.c2{stroke:#bc4c00;fill:#bc4c00}\
    .c3{stroke:#8250df;fill:#8250df}.c4{stroke:#1a7f37;fill:#1a7f37}.c5{stroke:#9a6700;fill:#9a6700}\
    path{fill:none!important}text.n{stroke:none}\
    @media(prefers-color-scheme:dark){text{fill:#f0f6fc}.b{fill:#0d1117;stroke:#3d444d}.g{stroke:#3d444d}\
    .c0{stroke:#4493f8;fill:#4493f8}.c1{stroke:#9198a1;fill:#9198a1}.c2{stroke:#f0883e;fill:#f0883e}\
    .c3{stroke:#ab7df8;fill:#ab7df8}.c4{stroke:#3fb950;fill:#3fb950}.c5{stroke:#d29922;fill:#d29922}}";

/// A line of a panel.
#[derive(Debug)]
pub(crate) struct Line {
    pub(crate) name: String,
    pub(crate) points: Vec<(f64, f64)>,
}

/// A pair of axes, both logarithmic, and its lines.
#[derive(Debug)]
pub(crate) struct Panel {
    pub(crate) title: &'static str,
    /// What stands below and beside the axes.
    pub(crate) across: &'static str,
    pub(crate) up: &'static str,
    pub(crate) lines: Vec<Line>,
}

/// The picture of two panels side by side.
pub(crate) fn svg(panels: &[Panel; 2]) -> String {
    let mut text = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" role=\"img\">\n\
         <title>{}; {}</title>\n<style>{STYLE}</style>\n\
         <rect class=\"b\" x=\"0.5\" y=\"0.5\" width=\"{}\" height=\"{}\" rx=\"6\"/>\n",
        panels[0].title,
        panels[1].title,
        WIDTH - 1.0,
        HEIGHT - 1.0
    );
    for (panel, left) in panels.iter().zip([64.0, 500.0]) {
        panel.draw(left, &mut text);
    }
    text.push_str("</svg>\n");
    text
}

/// A logarithmic axis from one power of ten to another.
#[derive(Clone, Copy)]
struct Axis {
    low: f64,
    high: f64,
    start: f64,
    end: f64,
}

impl Axis {
    fn of(values: impl Iterator<Item = f64> + Clone, start: f64, end: f64) -> Self {
        let low = values.clone().fold(f64::INFINITY, f64::min).log10().floor();
        let high = values.fold(0.0, f64::max).log10().ceil().max(low + 1.0);
        Self {
            low,
            high,
            start,
            end,
        }
    }

    fn place(self, value: f64) -> f64 {
        let share = (value.log10() - self.low) / (self.high - self.low);
        self.start + share * (self.end - self.start)
    }

    fn powers(self) -> impl Iterator<Item = f64> {
        let count = self.high - self.low;
        let step = move |number: i32| 10f64.powf(self.low + f64::from(number));
        (0..)
            .take_while(move |&number| f64::from(number) <= count)
            .map(step)
    }
}

impl Panel {
    fn draw(&self, left: f64, text: &mut String) {
        let points = self.lines.iter().flat_map(|line| &line.points);
        let across = Axis::of(points.clone().map(|point| point.0), left, left + 220.0);
        let up = Axis::of(points.map(|point| point.1), BOTTOM, TOP);
        let _ = writeln!(
            text,
            "<text class=\"t\" x=\"{x}\" y=\"28\">{}</text><text x=\"{x}\" y=\"50\">{}</text>\
             <text x=\"{}\" y=\"{}\" text-anchor=\"middle\">{}</text>",
            self.title,
            self.up,
            left + 110.0,
            BOTTOM + 42.0,
            self.across,
            x = left - 40.0,
        );
        for value in up.powers() {
            let y = up.place(value);
            let _ = writeln!(
                text,
                "<path class=\"g\" d=\"M{left} {y:.1}h220\"/>\
                 <text x=\"{}\" y=\"{:.1}\" text-anchor=\"end\">{}</text>",
                left - 8.0,
                y + 4.0,
                grouped(value)
            );
        }
        for value in across.powers() {
            let x = across.place(value);
            let _ = writeln!(
                text,
                "<path class=\"g\" d=\"M{x:.1} {BOTTOM}v5\"/>\
                 <text x=\"{x:.1}\" y=\"{}\" text-anchor=\"middle\">{}</text>",
                BOTTOM + 20.0,
                grouped(value)
            );
        }
        self.draw_lines(across, up, text);
    }

    /// The lines, each with its name where it ends; names that would meet move apart.
    fn draw_lines(&self, across: Axis, up: Axis, text: &mut String) {
        const APART: f64 = 16.0;
        let end = |line: &Line| line.points.last().map_or(BOTTOM, |point| up.place(point.1));
        let mut order: Vec<(usize, &Line)> = self.lines.iter().enumerate().collect();
        order.sort_by(|one, other| end(one.1).total_cmp(&end(other.1)));
        let mut free = TOP - APART;
        for (colour, line) in order {
            let mut way = String::new();
            for (number, &(x, y)) in line.points.iter().enumerate() {
                let (x, y) = (across.place(x), up.place(y));
                let _ = write!(way, "{}{x:.1} {y:.1}", if number == 0 { 'M' } else { 'L' });
                let _ = writeln!(
                    text,
                    "<circle class=\"c{colour}\" cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"2.5\"/>"
                );
            }
            let y = (end(line) + 4.0).max(free + APART);
            free = y;
            let _ = writeln!(
                text,
                "<path class=\"l c{colour}\" d=\"{way}\"/>\
                 <text class=\"n c{colour}\" x=\"{:.1}\" y=\"{y:.1}\">{}</text>",
                line.points
                    .last()
                    .map_or(0.0, |point| across.place(point.0))
                    + 8.0,
                line.name
            );
        }
    }
}

/// 10000 as 10,000.
fn grouped(value: f64) -> String {
    if value < 1.0 {
        return format!("{value}");
    }
    let digits = format!("{value:.0}");
    let mut text = String::new();
    for (number, digit) in digits.chars().enumerate() {
        if number > 0 && (digits.len() - number) % 3 == 0 {
            text.push(',');
        }
        text.push(digit);
    }
    text
}
