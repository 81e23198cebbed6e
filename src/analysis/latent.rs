//! Codes laid out over a latent space, to be decoded and looked at.

use crate::protocol::{Code, Sweep};

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
