//! Curves over steps, with grid and tick labels, in percent from the top left.

use super::ticks;

/// A curve: its class in the style sheet, its name in the table behind the chart, and its points.
#[derive(Clone, Debug, PartialEq)]
pub struct Curve {
    pub class: &'static str,
    pub name: String,
    pub points: Vec<(f64, f64)>,
}

impl Curve {
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
    /// None without a point that can be shown. With `logarithmic` what is not above 0 cannot: it leaves a gap.
    pub fn new(curves: &[Curve], logarithmic: bool) -> Option<Self> {
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
        let across = |x: f64| x / right * 100.0;
        let down = |y: f64| (scale(high) - scale(y)) / (scale(high) - scale(low)) * 100.0;

        let y_ticks = if logarithmic { ticks::logarithmic(low, high) } else { ticks::linear(low, high, 5.0) };
        let y_labels: Vec<_> = y_ticks.into_iter().map(|(y, text)| (down(y), text)).collect();
        let x_ticks = ticks::linear(0.0, right, 4.0);
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn curves_span_the_plot_and_leave_gaps() {
        let curve = |points: &[(f64, f64)]| Curve { class: "training", name: String::new(), points: points.to_vec() };
        assert_eq!(PlotLayout::new(&[curve(&[])], false), None);
        assert_eq!(PlotLayout::new(&[curve(&[(1.0, -1.0)])], true), None, "no logarithm");
        let points = [(0.0, 0.0), (5.0, f64::NAN), (10.0, 10.0)];
        let layout = PlotLayout::new(&[curve(&points)], false).expect("two points");
        assert_eq!(layout.curves, [("training", "M0.00 95.45h0M100.00 4.55h0".to_string())]);
        assert_eq!(layout.x_labels, [(0.0, "0".to_string()), (50.0, "5".to_string()), (100.0, "10".to_string())]);
        assert!(layout.grid.starts_with("M0 "));
        let histogram = Curve::histogram("run-0", String::new(), &[0.25, 0.75]);
        assert_eq!(histogram.points, [(0.0, 0.25), (0.5, 0.25), (0.5, 0.75), (1.0, 0.75)]);
    }
}
