//! Squares of numbers that are drawn smaller than they are.

/// The largest share of numbers other than 0 in what is [sparse](is_sparse).
const SPARSE: f32 = 0.01;

/// Whether nearly all numbers of the tiles are 0, but not all: the few would be lost where many numbers share a pixel.
pub fn is_sparse(tiles: &[Vec<f32>]) -> bool {
    let count = tiles.iter().map(Vec::len).sum::<usize>() as f32;
    let others = tiles.iter().flatten().filter(|&&number| number != 0.0).count() as f32;
    others > 0.0 && others <= SPARSE * count
}

/// The square tile with each number other than 0 in the eight places about it too: where two meet, the larger.
pub fn with_wide_dots(tile: &[f32]) -> Vec<f32> {
    let side = tile.len().isqrt();
    let near = |at: usize| at.saturating_sub(1)..(at + 2).min(side);
    let widest = |(row, column)| {
        let about = near(row).flat_map(|row| near(column).map(move |column| tile[row * side + column]));
        about.fold(0.0_f32, |largest, number| if number.abs() > largest.abs() { number } else { largest })
    };
    (0..side).flat_map(|row| (0..side).map(move |column| (row, column))).map(widest).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lone_number_becomes_a_square_of_nine() {
        let mut tile = vec![0.0; 16];
        tile[0] = 2.0;
        assert_eq!(
            with_wide_dots(&tile),
            [2.0, 2.0, 0.0, 0.0, 2.0, 2.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0]
        );
        tile[15] = -3.0;
        assert_eq!(with_wide_dots(&tile)[5..11], [2.0, 0.0, 0.0, 0.0, 0.0, -3.0]);
    }

    #[test]
    fn few_numbers_are_sparse_and_none_are_not() {
        let mut tiles = vec![vec![0.0; 100]; 2];
        assert!(!is_sparse(&tiles));
        tiles[1][3] = 1.0;
        assert!(is_sparse(&tiles));
        tiles[0][..3].fill(1.0);
        assert!(!is_sparse(&tiles));
    }
}
