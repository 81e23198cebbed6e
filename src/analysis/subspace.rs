//! The few leading eigenvectors of a large symmetric matrix, without all the others.
//!
//! Reference: G. Golub, C. Van Loan, "Matrix Computations" (4th ed., 2013), section 8.2 (orthogonal iteration with Ritz
//! acceleration).

use super::eigen::{Eigen, add, dot, eigen};
use super::ranking::largest;

/// Vectors that are iterated beside those that are wanted: the next eigenvalues, not the one after the last, set the pace.
const SPARE: usize = 8;
/// Iterations at most.
const MOST: usize = 200;
/// Share of the largest eigenvalue that one may still change by in an iteration.
const SETTLED: f64 = 1e-9;

/// The `count` largest eigenvalues of the positive semidefinite `matrix`, given by its rows, and their unit vectors; the sign of each
/// is such that its largest coordinate is positive. All there are where they are fewer.
///
/// # Panics
/// If the matrix is not square.
pub fn leading(matrix: &[Vec<f64>], count: usize) -> Eigen {
    let size = matrix.len();
    assert!(matrix.iter().all(|row| row.len() == size), "a square matrix");
    if size <= count + SPARE {
        let mut all = eigen(matrix.to_vec());
        all.values.truncate(count);
        all.vectors.truncate(count);
        all.vectors.iter_mut().for_each(|vector| point(vector));
        return all;
    }
    // The rows of the largest diagonal, which no eigenvector that matters is orthogonal to all of.
    let diagonal: Vec<f32> = matrix.iter().enumerate().map(|(index, row)| row[index] as f32).collect();
    let mut basis: Vec<Vec<f64>> =
        largest(&diagonal, count + SPARE).into_iter().map(|row| matrix[row].clone()).collect();
    let mut values = vec![f64::INFINITY; count];
    for _ in 0..MOST {
        orthonormalise(&mut basis);
        let images: Vec<Vec<f64>> =
            basis.iter().map(|vector| matrix.iter().map(|row| dot(row, vector)).collect()).collect();
        let projected = basis.iter().map(|vector| images.iter().map(|image| dot(vector, image)).collect()).collect();
        let Eigen { values: ritz, vectors } = eigen(projected);
        let largest = ritz.first().map_or(0.0, |value| value.abs());
        let change = values.iter().zip(&ritz).fold(0.0_f64, |change, (a, b)| change.max((a - b).abs()));
        values = ritz[..count].to_vec();
        basis = vectors.iter().map(|weights| combine(weights, &images)).collect();
        if change.is_nan() || change <= SETTLED * largest {
            break;
        }
    }
    orthonormalise(&mut basis);
    basis.truncate(count);
    basis.iter_mut().for_each(|vector| point(vector));
    Eigen { values, vectors: basis }
}

/// An eigenvector's sign is arbitrary: that of its largest coordinate is made positive.
pub fn point(vector: &mut [f64]) {
    let largest = vector.iter().copied().reduce(|a, b| if b.abs() > a.abs() { b } else { a });
    if largest.is_some_and(|value| value < 0.0) {
        vector.iter_mut().for_each(|value| *value = -*value);
    }
}

fn combine(weights: &[f64], vectors: &[Vec<f64>]) -> Vec<f64> {
    let mut sum = vec![0.0; vectors[0].len()];
    weights.iter().zip(vectors).for_each(|(&weight, vector)| add(&mut sum, weight, vector));
    sum
}

/// Gram-Schmidt, twice as rounding wants it; what follows from the vectors before it becomes 0.
fn orthonormalise(basis: &mut [Vec<f64>]) {
    for index in 0..basis.len() {
        let (before, rest) = basis.split_at_mut(index);
        let vector = &mut rest[0];
        let length = dot(vector, vector).sqrt();
        for _ in 0..2 {
            for other in &*before {
                let along = dot(vector, other);
                add(vector, -along, other);
            }
        }
        let left = dot(vector, vector).sqrt();
        let factor = if left > f64::EPSILON * length { left.recip() } else { 0.0 };
        vector.iter_mut().for_each(|value| *value *= factor);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_leading_ones_are_those_of_all() {
        let size = 40;
        // A B' B of a wavy B, with eigenvalues that fall slowly.
        let wave =
            |row: usize, column: usize| ((row * column + 3 * row + column) as f64 * 0.37).sin() / (1 + row) as f64;
        let entry = |a: usize, b: usize| (0..size).map(|row| wave(row, a) * wave(row, b)).sum();
        let matrix: Vec<Vec<f64>> = (0..size).map(|a| (0..size).map(|b| entry(a, b)).collect()).collect();
        let all = eigen(matrix.clone());
        let found = leading(&matrix, 5);
        assert_eq!((found.values.len(), found.vectors.len()), (5, 5));
        for index in 0..5 {
            let (value, expected) = (found.values[index], all.values[index]);
            assert!((value - expected).abs() < 1e-7 * all.values[0], "{index}: {value}, not {expected}");
            let along = dot(&found.vectors[index], &all.vectors[index]);
            assert!((along.abs() - 1.0).abs() < 1e-5, "{index}: {along}");
        }
    }

    #[test]
    fn few_or_no_dimensions_are_enough() {
        let found = leading(&[vec![2.0, 1.0], vec![1.0, 2.0]], 5);
        assert!((found.values[0] - 3.0).abs() < 1e-12 && (found.values[1] - 1.0).abs() < 1e-12, "{found:?}");
        assert!(found.vectors[0].iter().all(|value| *value > 0.0), "{found:?}");
        let nothing = leading(&vec![vec![0.0; 20]; 20], 2);
        assert_eq!(nothing.values, [0.0, 0.0]);
    }
}
