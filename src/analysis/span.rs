//! Spans of vectors, and how far they are apart.

use super::eigen::{add, dot, eigen};

/// A vector counts as one of those before it where less than this share of it is new.
const DEPENDENT: f64 = 1e-9;

/// The largest principal angle between the spans of `a` and `b`, in degrees, 0 to 90: the largest that a vector in the span of `b`
/// makes with the span of `a`. It is 90 where `a` spans less than `b`.
///
/// Reference: A. Bjorck, G. Golub, "Numerical Methods for Computing Angles Between Linear Subspaces", Mathematics of Computation 27
/// (1973), by the sines, which tell small angles.
pub fn largest_angle(a: &[Vec<f64>], b: &[Vec<f64>]) -> f64 {
    let (a, b) = (orthonormal(a), orthonormal(b));
    let outside: Vec<Vec<f64>> = b.into_iter().map(|vector| without(vector, &a)).collect();
    let products = outside.iter().map(|row| outside.iter().map(|column| dot(row, column)).collect()).collect();
    let sine = eigen(products).values.first().map_or(0.0, |square| square.max(0.0).sqrt());
    sine.min(1.0).asin().to_degrees()
}

/// Orthonormal vectors of the same span (Gram-Schmidt, twice as rounding wants it).
fn orthonormal(vectors: &[Vec<f64>]) -> Vec<Vec<f64>> {
    let mut basis: Vec<Vec<f64>> = Vec::new();
    for vector in vectors {
        let mut rest = without(without(vector.clone(), &basis), &basis);
        let length = dot(&rest, &rest).sqrt();
        if length > DEPENDENT * dot(vector, vector).sqrt() {
            rest.iter_mut().for_each(|value| *value /= length);
            basis.push(rest);
        }
    }
    basis
}

/// The part of `vector` that is orthogonal to the orthonormal `basis`.
fn without(mut vector: Vec<f64>, basis: &[Vec<f64>]) -> Vec<f64> {
    for direction in basis {
        let along = dot(&vector, direction);
        add(&mut vector, -along, direction);
    }
    vector
}

#[cfg(test)]
mod tests {
    use super::*;

    fn angle(a: &[[f64; 3]], b: &[[f64; 3]]) -> f64 {
        let vectors = |rows: &[[f64; 3]]| rows.iter().map(|row| row.to_vec()).collect::<Vec<_>>();
        largest_angle(&vectors(a), &vectors(b))
    }

    #[test]
    fn known_angles() {
        let (x, y, z) = ([1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]);
        assert_eq!(angle(&[x], &[y]), 90.0);
        assert!((angle(&[x], &[[-2.0, 2.0, 0.0]]) - 45.0).abs() < 1e-9);
        assert!(angle(&[x, y], &[[1.0, 2.0, 0.0], [-3.0, 1.0, 0.0]]) < 1e-9, "another basis of the same plane");
        // One axis in common, the other turned by 30 degrees.
        assert!((angle(&[x, y], &[[7.0, 0.0, 0.0], [5.0, 3.0_f64.sqrt(), 1.0]]) - 30.0).abs() < 1e-9);
        assert!((angle(&[x, y], &[x, [0.0, 1.0, 1e-6]]) - 1e-6_f64.to_degrees()).abs() < 1e-12, "small angles hold");
        assert_eq!(angle(&[x, [2.0, 0.0, 0.0]], &[x, z]), 90.0, "a line is not a plane");
    }
}
