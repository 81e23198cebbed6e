//! Codes laid out over a latent space, to be decoded and looked at.

use crate::protocol::{Code, Sweep};

/// Sines of angles below this tell no way.
const TELLING: f64 = 1e-4;

/// For every dimension, `code` with that dimension moved to `-extent`; then the same with `extent`.
pub fn traversal(code: &[f32], extent: f32) -> Vec<Code> {
    [-extent, extent]
        .into_iter()
        .flat_map(|value| (0..code.len()).map(move |dimension| with(code, &[(dimension, value)])))
        .collect()
}

/// The codes of a [`Sweep`] through `code`, row by row from the top left.
pub fn sweep(code: &[f32], sweep: Sweep) -> Vec<Code> {
    let [across, up] = sweep.dimensions;
    let cells = (0..sweep.side).flat_map(|row| (0..sweep.side).map(move |column| (row, column)));
    cells
        .map(|(row, column)| {
            let (x, y) = sweep.point(row, column);
            with(code, &[(across, x), (up, y)])
        })
        .collect()
}

/// `count` codes on the way from `from` to `to`, both among them: at even steps on the straight line, or, where `spherical`, by even
/// angles between the two as directions (K. Shoemake, "Animating Rotation with Quaternion Curves", SIGGRAPH 1985). In many
/// dimensions draws from N(0, 1) lie near a sphere, which a straight line leaves (T. White, "Sampling Generative Networks", 2016).
///
/// The straight line where the two have no angle between them, or half a turn, that tells the way.
pub fn path(from: &[f32], to: &[f32], count: usize, spherical: bool) -> Vec<Code> {
    let product = |a: &[f32], b: &[f32]| -> f64 { a.iter().zip(b).map(|(&a, &b)| f64::from(a) * f64::from(b)).sum() };
    let lengths = (product(from, from) * product(to, to)).sqrt();
    let angle = (product(from, to) / lengths).clamp(-1.0, 1.0).acos();
    let turns = spherical && angle.sin() > TELLING;
    let step = |index: usize| {
        let along = index as f64 / count.saturating_sub(1).max(1) as f64;
        let shares = match turns {
            true => [(1.0 - along) * angle, along * angle].map(|part| part.sin() / angle.sin()),
            false => [1.0 - along, along],
        };
        let [before, after] = shares.map(|share| share as f32);
        from.iter().zip(to).map(|(from, to)| before * from + after * to).collect()
    };
    (0..count).map(step).collect()
}

fn with(code: &[f32], moved: &[(usize, f32)]) -> Code {
    let mut code = code.to_vec();
    for &(dimension, value) in moved {
        code[dimension] = value;
    }
    code
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_traversal_moves_one_dimension_at_a_time() {
        let codes = traversal(&[0.5, -0.5], 3.0);
        assert_eq!(codes, [[-3.0, -0.5], [0.5, -3.0], [3.0, -0.5], [0.5, 3.0]]);
    }

    fn close(found: &[Code], expected: &[[f32; 2]]) {
        assert_eq!(found.len(), expected.len());
        let pairs = found.iter().flatten().zip(expected.iter().flatten());
        assert!(pairs.into_iter().all(|(found, expected)| (found - expected).abs() < 1e-6), "{found:?}");
    }

    #[test]
    fn a_straight_path_has_even_steps_and_a_spherical_one_even_angles() {
        let half = 0.5_f32.sqrt();
        close(&path(&[2.0, 0.0], &[0.0, 2.0], 3, false), &[[2.0, 0.0], [1.0, 1.0], [0.0, 2.0]]);
        close(&path(&[2.0, 0.0], &[0.0, 2.0], 3, true), &[[2.0, 0.0], [2.0 * half, 2.0 * half], [0.0, 2.0]]);
        close(&path(&[1.0, 0.0], &[0.0, 3.0], 2, true), &[[1.0, 0.0], [0.0, 3.0]]);
    }

    #[test]
    fn where_no_angle_tells_the_way_a_path_is_straight() {
        close(&path(&[1.0, 0.0], &[-1.0, 0.0], 3, true), &[[1.0, 0.0], [0.0, 0.0], [-1.0, 0.0]]);
        close(&path(&[1.0, 1.0], &[3.0, 3.0], 3, true), &[[1.0, 1.0], [2.0, 2.0], [3.0, 3.0]]);
        close(&path(&[0.0, 0.0], &[4.0, 0.0], 3, true), &[[0.0, 0.0], [2.0, 0.0], [4.0, 0.0]]);
        close(&path(&[5.0, 6.0], &[7.0, 8.0], 1, true), &[[5.0, 6.0]]);
        assert_eq!(path(&[1.0], &[2.0], 0, false).len(), 0);
    }

    #[test]
    fn a_sweep_runs_right_and_up_through_the_code() {
        let plane = Sweep { dimensions: [2, 0], side: 3, extent: 3.0 };
        let codes = sweep(&[0.1, 0.2, 0.3], plane);
        assert_eq!(codes.len(), 9);
        assert_eq!(codes[0], [3.0, 0.2, -3.0]);
        assert_eq!(codes[4], [0.0, 0.2, 0.0]);
        assert_eq!(codes[8], [-3.0, 0.2, 3.0]);
    }
}
