//! Curves over steps, with grid and tick labels, in percent from the top left.

use std::collections::BTreeSet;

use super::ticks;
use crate::ui::format::grouped;

/// A curve: its class in the style sheet, its name in the table behind the chart, and its points.
#[derive(Clone, Debug, PartialEq)]
pub struct Curve {
    pub class: &'static str,
    pub name: String,
    pub points: Vec<(f64, f64)>,
}

impl Curve {
    /// A stroke from the lower to the upper number at each place, without a name: what it shows stands in the table already.
    pub fn strokes(class: &'static str, strokes: impl IntoIterator<Item = (f64, [f64; 2])>) -> Self {
        let stroke = |(x, [low, high]): (f64, [f64; 2])| [(x, low), (x, high), (x, f64::NAN)];
        Self { class, name: String::new(), points: strokes.into_iter().flat_map(stroke).collect() }
    }

    /// The shares of equal bins of [0, 1] as a histogram's outline.
    pub fn histogram(class: &'static str, name: String, shares: &[f64]) -> Self {
        let edge = |bin: usize| bin as f64 / shares.len() as f64;
        let points = shares.iter().enumerate().flat_map(|(bin, &share)| [(edge(bin), share), (edge(bin + 1), share)]);
        Self { class, name, points: points.collect() }
    }
}

/// Curves laid out: classes and paths, the grid's path, and labels with their places.
#[derive(Clone, Debug, PartialEq)]
pub struct PlotLayout {
    pub grid: String,
    pub curves: Vec<(&'static str, String)>,
    pub x_labels: Vec<(f64, String)>,
    pub y_labels: Vec<(f64, String)>,
}

impl PlotLayout {
    /// None without a point that can be shown. With `logarithmic` what is not above 0 cannot: it leaves a gap. With
    /// `logarithmic_across` the curves begin at the left, above 0, and their places are the labels.
    pub fn new(curves: &[Curve], logarithmic: bool, logarithmic_across: bool) -> Option<Self> {
        let can_be_shown = |y: f64| y.is_finite() && (y > 0.0 || !logarithmic);
        let points = || curves.iter().flat_map(|curve| &curve.points).filter(|&&(_, y)| can_be_shown(y));
        let right = points().map(|&(x, _)| x).fold(f64::NAN, f64::max).max(1.0);
        let (mut low, mut high) = (f64::INFINITY, f64::NEG_INFINITY);
        for &(_, y) in points() {
            (low, high) = (low.min(y), high.max(y));
        }
        if low > high {
            return None;
        }
        let room = 0.05 * (high - low).max(high.abs() * 0.01).max(1e-9);
        (low, high) = if logarithmic { (low / 1.05, high * 1.05) } else { (low - room, high + room) };
        let scale = |y: f64| if logarithmic { y.ln() } else { y };
        let left = points().map(|&(x, _)| x).fold(f64::INFINITY, f64::min);
        let across = |x: f64| match logarithmic_across {
            true => (x / left).ln() / (right / left).ln().max(f64::EPSILON) * 100.0,
            false => x / right * 100.0,
        };
        let down = |y: f64| (scale(high) - scale(y)) / (scale(high) - scale(low)) * 100.0;

        let y_ticks = if logarithmic { ticks::logarithmic(low, high) } else { ticks::linear(low, high, 5.0) };
        let y_labels: Vec<_> = y_ticks.into_iter().map(|(y, text)| (down(y), text)).collect();
        let x_ticks = if logarithmic_across { places(points()) } else { ticks::linear(0.0, right, 4.0) };
        let x_labels = x_ticks.into_iter().map(|(x, text)| (across(x), text)).collect();
        let grid = y_labels.iter().map(|(y, _)| format!("M0 {y:.2}H100")).collect();
        let path = |points: &[(f64, f64)]| {
            let mut path = String::new();
            let mut is_drawing = false;
            for &(x, y) in points {
                if can_be_shown(y) {
                    // A line of no length is a dot, so that a lone point shows.
                    let end = if is_drawing { "" } else { "h0" };
                    path += &format!("{}{:.2} {:.2}{end}", if is_drawing { "L" } else { "M" }, across(x), down(y));
                    is_drawing = true;
                } else {
                    is_drawing = false;
                }
            }
            path
        };
        let curves = curves.iter().map(|curve| (curve.class, path(&curve.points))).collect();
        Some(Self { grid, curves, x_labels, y_labels })
    }
}

/// The whole numbers at which there are points.
fn places<'a>(points: impl Iterator<Item = &'a (f64, f64)>) -> Vec<(f64, String)> {
    let places: BTreeSet<u64> = points.map(|&(x, _)| x as u64).collect();
    places.into_iter().map(|x| (x as f64, grouped(x as usize))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_the_labels_where_they_are_drawn_by_their_logarithm() {
        let curve =
            Curve { class: "run-0", name: "a".to_string(), points: vec![(100.0, 0.5), (1e3, 0.75), (1e4, 1.0)] };
        let strokes = Curve::strokes("run-0", [(100.0, [0.5, 0.6]), (1e4, [0.9, 1.0])]);
        let layout = PlotLayout::new(&[curve, strokes], false, true).expect("points");
        assert_eq!(
            layout.x_labels,
            [(0.0, "100"), (50.0, "1,000"), (100.0, "10,000")].map(|(x, s)| (x, s.to_string()))
        );
        assert!(layout.curves[0].1.contains("L50.00 50.00"), "{:?}", layout.curves);
        assert_eq!(layout.curves[1].1.matches('M').count(), 2, "{:?}", layout.curves);
        let lone = Curve { class: "run-0", name: "a".to_string(), points: vec![(100.0, 0.5)] };
        assert_eq!(PlotLayout::new(&[lone], false, true).expect("a point").x_labels, [(0.0, "100".to_string())]);
    }

    #[test]
    fn curves_span_the_plot_and_leave_gaps() {
        let curve = |points: &[(f64, f64)]| Curve { class: "training", name: String::new(), points: points.to_vec() };
        assert_eq!(PlotLayout::new(&[curve(&[])], false, false), None);
        assert_eq!(PlotLayout::new(&[curve(&[(1.0, -1.0)])], true, false), None, "no logarithm");
        let points = [(0.0, 0.0), (5.0, f64::NAN), (10.0, 10.0)];
        let layout = PlotLayout::new(&[curve(&points)], false, false).expect("two points");
        assert_eq!(layout.curves, [("training", "M0.00 95.45h0M100.00 4.55h0".to_string())]);
        assert_eq!(layout.x_labels, [(0.0, "0".to_string()), (50.0, "5".to_string()), (100.0, "10".to_string())]);
        assert!(layout.grid.starts_with("M0 "));
        let histogram = Curve::histogram("run-0", String::new(), &[0.25, 0.75]);
        assert_eq!(histogram.points, [(0.0, 0.25), (0.5, 0.25), (0.5, 0.75), (1.0, 0.75)]);
    }
}
