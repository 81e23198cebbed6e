//! How far two distributions are apart, by draws of each: the energy distance.
//!
//! Reference: G. J. Szekely, M. L. Rizzo, "Energy statistics: A class of statistics based on distances", Journal of Statistical Planning
//! and Inference 143 (2013), eq. 5 for draws: it is 0 between equal distributions alone.

/// 2 E|a - b| - E|a - a'| - E|b - b'| of the points `a` and `b`, `width` numbers each, by their Euclidean distances: the means are over
/// all pairs, a point with itself among them. At least 0; about 0 for draws of one distribution.
///
/// # Panics
/// If there are no points, or no whole number of them.
pub fn energy_distance(a: &[f32], b: &[f32], width: usize) -> f64 {
    2.0 * mean_distance(a, b, width) - mean_distance(a, a, width) - mean_distance(b, b, width)
}

/// The mean Euclidean distance over all pairs of the points `a` and `b`, `width` numbers each.
///
/// # Panics
/// If there are no points, or no whole number of them.
pub fn mean_distance(a: &[f32], b: &[f32], width: usize) -> f64 {
    assert!(width > 0 && [a, b].iter().all(|points| !points.is_empty() && points.len() % width == 0));
    let distance = |x: &[f32], y: &[f32]| x.iter().zip(y).map(|(x, y)| (x - y).powi(2)).sum::<f32>().sqrt();
    let sum: f64 =
        a.chunks_exact(width).flat_map(|x| b.chunks_exact(width).map(move |y| f64::from(distance(x, y)))).sum();
    sum / ((a.len() / width) * (b.len() / width)) as f64
}
