//! Round numbers for axes, and how they are written.

use crate::ui::format::grouped;

/// Round numbers from `low` to `high`, about so many.
pub fn linear(low: f64, high: f64, about: f64) -> Vec<(f64, String)> {
    let rough = (high - low) / about;
    let decade = 10f64.powf(rough.log10().floor());
    let step = [1.0, 2.0, 5.0, 10.0].into_iter().map(|m| m * decade).find(|&step| step >= rough).unwrap_or(rough);
    let digits = (-step.log10().floor()).max(0.0) as usize;
    let first = (low / step).ceil();
    let ticks = (0..20).map(|number| (first + f64::from(number)) * step).take_while(|&tick| tick <= high);
    ticks.map(|tick| (tick, written(tick, digits))).collect()
}

/// 1, 2 and 5 times the powers of ten from `low` to `high`; round numbers where these are too few.
pub fn logarithmic(low: f64, high: f64) -> Vec<(f64, String)> {
    let (first, last) = (low.log10().floor() as i32, high.log10().ceil() as i32);
    let factors: &[f64] = if last - first > 4 { &[1.0] } else { &[1.0, 2.0, 5.0] };
    let all = (first..=last).flat_map(|power| factors.iter().map(move |factor| (power, factor * 10f64.powi(power))));
    let mut found = Vec::new();
    for (power, tick) in all.filter(|(_, tick)| (low..=high).contains(tick)) {
        let digits = (-power).max(0) as usize;
        found.push((tick, written(tick, digits)));
    }
    if found.len() < 3 { linear(low, high, 4.0) } else { found }
}

/// `tick` with so many decimals: thousands have their commas.
fn written(tick: f64, digits: usize) -> String {
    if tick >= 1e3 { grouped(tick.round() as usize) } else { format!("{tick:.digits$}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_round() {
        let texts = |ticks: Vec<(f64, String)>| ticks.into_iter().map(|(_, text)| text).collect::<Vec<_>>();
        assert_eq!(texts(linear(0.0, 10.0, 4.0)), ["0", "5", "10"]);
        assert_eq!(texts(linear(0.011, 0.032, 5.0)), ["0.015", "0.020", "0.025", "0.030"]);
        assert_eq!(texts(logarithmic(0.02, 0.3)), ["0.02", "0.05", "0.1", "0.2"]);
        assert_eq!(texts(logarithmic(1e-3, 1e3)), ["0.001", "0.01", "0.1", "1", "10", "100", "1,000"]);
        assert_eq!(texts(logarithmic(0.021, 0.027)), ["0.022", "0.024", "0.026"], "no decade in reach");
    }
}
