//! What a chart shows as rows of text: few, however many points it has. The first row holds the names of the columns, the first
//! cell of each other row what the row is about.

use super::plot::Curve;
use crate::ui::format::four_digits;

pub type Rows = Vec<Vec<String>>;

/// Rows of curves and codes at most.
const MOST: usize = 20;

/// The curves at some of the longest one's steps, each with its latest value up to there.
pub fn curve_rows(across: String, curves: &[Curve]) -> Rows {
    let curves: Vec<&Curve> = curves.iter().filter(|curve| !curve.points.is_empty()).collect();
    let mut rows = vec![[across].into_iter().chain(curves.iter().map(|curve| curve.name.clone())).collect()];
    let longest = curves.iter().map(|curve| &curve.points[..]).max_by_key(|points| points.len()).unwrap_or_default();
    let mut steps: Vec<f64> = longest.iter().map(|point| point.0).collect();
    steps.dedup();
    if steps.len() < longest.len() {
        // The outline of a histogram: no bin begins where the last one ends.
        steps.pop();
    }
    let count = steps.len().min(MOST);
    for row in 0..count {
        let x = steps[row * (steps.len() - 1) / (count - 1).max(1)];
        rows.push([step(x)].into_iter().chain(curves.iter().map(|curve| latest(curve, x))).collect());
    }
    rows
}

/// What [`curve_rows`] has in a row, in a line, at the last step that is not beyond this share of the way to the last of all; empty where
/// there are no points.
pub fn curve_values(across: &str, curves: &[Curve], share: f64) -> String {
    let steps = || curves.iter().flat_map(|curve| &curve.points).map(|point| point.0);
    let wanted = share * steps().fold(0.0, f64::max);
    let Some(x) = steps().filter(|x| *x <= wanted).reduce(f64::max).or_else(|| steps().reduce(f64::min)) else {
        return String::new();
    };
    let value = |curve: &Curve| format!(" · {} {}", curve.name, latest(curve, x));
    let values = curves.iter().filter(|curve| !curve.points.is_empty()).map(value);
    [format!("{across} {}", step(x))].into_iter().chain(values).collect()
}

/// The curve's value at the last of its points up to `x`.
fn latest(curve: &Curve, x: f64) -> String {
    let point = curve.points.iter().rev().find(|point| point.0 <= x);
    point.map_or("–".to_string(), |point| four_digits(point.1))
}

fn step(x: f64) -> String {
    ((x * 100.0).round() / 100.0).to_string()
}

/// The numbers of a code with their places; of a long code the largest, whatever their signs.
pub fn code_rows(names: [&str; 2], code: &[f32]) -> Rows {
    let mut places: Vec<usize> = (0..code.len()).collect();
    if places.len() > MOST {
        for done in 0..MOST {
            let left = done + 1..places.len();
            let largest = left.fold(done, |a, b| if code[places[b]].abs() > code[places[a]].abs() { b } else { a });
            places.swap(done, largest);
        }
        places.truncate(MOST);
    }
    let row = |place: usize| vec![place.to_string(), format!("{:.3}", code[place])];
    [names.map(str::to_string).to_vec()].into_iter().chain(places.into_iter().map(row)).collect()
}

/// How many points each digit has, and their centre in each cloud; `all` where the points have no `labels`.
pub fn centre_rows(names: Vec<String>, all: &str, labels: &[u8], clouds: &[&[[f32; 2]]]) -> Rows {
    let mut rows = vec![names];
    for digit in 0..if labels.is_empty() { 1 } else { 10 } {
        let is_member = |place: &usize| labels.get(*place).is_none_or(|&label| label == digit);
        let members: Vec<usize> = (0..clouds.first().map_or(0, |cloud| cloud.len())).filter(is_member).collect();
        if members.is_empty() {
            continue;
        }
        let name = if labels.is_empty() { all.to_string() } else { digit.to_string() };
        let mut row = vec![name, members.len().to_string()];
        for cloud in clouds.iter().filter(|cloud| !cloud.is_empty()) {
            for axis in 0..2 {
                let sum: f32 = members.iter().map(|&place| cloud[place][axis]).sum();
                row.push(format!("{:.2}", sum / members.len() as f32));
            }
        }
        rows.push(row);
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn curves_are_thinned_and_told_as_of_each_row() {
        let curve = |name: &str, points: Vec<(f64, f64)>| Curve { class: "", name: name.to_string(), points };
        let long = curve("training", (1..=100).map(|step| (f64::from(step), f64::from(step) / 10.0)).collect());
        let curves = [long, curve("validation", vec![(50.0, 2.0)]), curve("none", vec![])];
        let rows = curve_rows("step".into(), &curves);
        assert_eq!(rows.len(), 1 + MOST);
        assert_eq!(rows[0], ["step", "training", "validation"]);
        assert_eq!(rows[1], ["1", "0.1000", "–"]);
        assert_eq!(rows[MOST], ["100", "10.00", "2.000"]);
        assert_eq!(curve_rows("step".into(), &[]), [["step"]]);
        assert_eq!(curve_values("step", &curves, 0.505), "step 50 · training 5.000 · validation 2.000");
        assert_eq!(curve_values("step", &curves, 0.0), "step 1 · training 0.1000 · validation –");
        assert_eq!(curve_values("step", &[], 0.5), "");
        let bins = curve_rows("from".into(), &[Curve::histogram("", "share".into(), &[0.25, 0.0])]);
        assert_eq!(bins[1..], [["0", "0.2500"], ["0.5", "0"]]);
    }

    #[test]
    fn of_a_long_code_the_largest_numbers_are_told() {
        assert_eq!(code_rows(["place", "number"], &[1.0, -2.0])[1..], [["0", "1.000"], ["1", "-2.000"]]);
        let code: Vec<f32> = (0..100).map(|place| if place % 2 == 0 { 0.0 } else { -(place as f32) }).collect();
        let rows = code_rows(["place", "number"], &code);
        assert_eq!(
            (rows.len(), &rows[1][..], &rows[MOST][0][..]),
            (1 + MOST, &["99", "-99.000"].map(String::from)[..], "61")
        );
    }

    #[test]
    fn clouds_are_told_by_their_centres() {
        let points = [[0.0, 0.0], [2.0, 1.0], [1.0, 0.5]];
        let rows = centre_rows(Vec::new(), "all", &[3, 7, 3], &[&points, &[]]);
        assert_eq!(rows[1..], [["3", "2", "0.50", "0.25"], ["7", "1", "2.00", "1.00"]]);
        assert_eq!(centre_rows(Vec::new(), "all", &[], &[&points])[1..], [["all", "3", "1.00", "0.50"]]);
        assert!(centre_rows(Vec::new(), "all", &[], &[&[]])[1..].is_empty());
    }
}
