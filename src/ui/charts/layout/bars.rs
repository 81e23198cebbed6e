//! The numbers of a code as bars about a line at 0.

/// The share of a bar's place that is left empty beside it.
const GAP: f64 = 0.2;

/// The outline of all bars in a square of 100 by 100, the line at 0 in the middle; the largest number, of either sign, reaches its
/// edge.
pub fn bar_paths(numbers: &[f32]) -> String {
    let largest = largest(numbers);
    let width = 100.0 / numbers.len().max(1) as f64;
    let bar = |(place, &number): (usize, &f32)| {
        let (left, right) = ((place as f64 + GAP / 2.0) * width, (place as f64 + 1.0 - GAP / 2.0) * width);
        let end = 50.0 - f64::from(number / largest) * 50.0;
        format!("M{left:.2} 50V{end:.1}H{right:.2}V50Z")
    };
    numbers.iter().enumerate().map(bar).collect()
}

/// The largest of the numbers, whatever its sign; 1 where all are 0, so that it can be divided by.
pub fn largest(numbers: &[f32]) -> f32 {
    let largest = numbers.iter().fold(0.0_f32, |largest, number| largest.max(number.abs()));
    if largest > 0.0 { largest } else { 1.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_stand_on_the_line_at_zero() {
        assert_eq!(bar_paths(&[1.0, -2.0]), "M5.00 50V25.0H45.00V50ZM55.00 50V100.0H95.00V50Z");
        assert_eq!((bar_paths(&[]).as_str(), largest(&[0.0])), ("", 1.0));
    }
}
