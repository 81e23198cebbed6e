//! Weights to be looked at as images.

use super::ranking::largest;

/// The length of each row of `width` weights.
pub fn norms(weights: &[f32], width: usize) -> Vec<f32> {
    let square = |row: &[f32]| row.iter().map(|&weight| f64::from(weight).powi(2)).sum::<f64>();
    weights.chunks_exact(width.max(1)).map(|row| square(row).sqrt() as f32).collect()
}

/// The mean of each column of rows of `width` values; 0 where there are none.
pub fn means(values: &[f32], width: usize) -> Vec<f32> {
    let mut sums = vec![0.0_f64; width];
    for row in values.chunks_exact(width.max(1)) {
        row.iter().zip(&mut sums).for_each(|(&value, sum)| *sum += f64::from(value));
    }
    let rows = (values.len() / width.max(1)).max(1) as f64;
    sums.into_iter().map(|sum| (sum / rows) as f32).collect()
}

/// The absolute value that all but a share `beyond` of `weights` stay within: a scale for their colours that a few large ones do
/// not set. 0 where there are none.
pub fn scale(weights: &[f32], beyond: f64) -> f32 {
    let sizes: Vec<f32> = weights.iter().map(|weight| weight.abs()).collect();
    let left_out = (beyond * sizes.len() as f64) as usize;
    largest(&sizes, left_out + 1).last().map_or(0.0, |&number| sizes[number])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_has_its_length() {
        assert_eq!(norms(&[3.0, -4.0, 0.0, 0.0, 1.0, 0.0], 2), [5.0, 0.0, 1.0]);
    }

    #[test]
    fn a_column_has_its_mean() {
        assert_eq!(means(&[1.0, 2.0, 3.0, 6.0, 5.0, 7.0], 2), [3.0, 5.0]);
        assert_eq!(means(&[], 3), [0.0; 3]);
    }

    #[test]
    fn a_scale_leaves_the_largest_out() {
        let mut weights: Vec<f32> = (1..=200).map(|weight| -(weight as f32)).collect();
        weights[7] = 1e6;
        assert_eq!((scale(&weights, 0.005), scale(&weights, 0.0), scale(&[], 0.1)), (200.0, 1e6, 0.0));
    }
}
