//! The eigenvectors of a symmetric matrix.
//!
//! Reference: G. Golub, C. Van Loan, "Matrix Computations" (4th ed., 2013), algorithms 8.3.1 (Householder tridiagonalisation) and
//! 8.3.3 (the implicit symmetric QR step, here as QL). Written out because the crates that have it are generic throughout: in
//! a program built for tests they take half a minute for MNIST's pixels; this takes seconds.

/// Share of the matrix below which a number counts as 0.
const NEGLIGIBLE: f64 = f64::EPSILON;

/// Eigenvalues, the largest first, and the unit eigenvectors that belong to them.
#[derive(Clone, Debug)]
pub struct Eigen {
    pub values: Vec<f64>,
    pub vectors: Vec<Vec<f64>>,
}

/// The eigenvectors of the symmetric `matrix`, given by its rows.
///
/// # Panics
/// If the matrix is not square.
pub fn eigen(mut matrix: Vec<Vec<f64>>) -> Eigen {
    assert!(matrix.iter().all(|row| row.len() == matrix.len()), "a square matrix");
    let reflections = tridiagonalise(&mut matrix);
    let (mut diagonal, mut beside) = (diagonal_of(&matrix), below_diagonal_of(&matrix));
    let mut vectors = product(&reflections, matrix.len());
    diagonalise(&mut diagonal, &mut beside, &mut vectors);

    let mut pairs: Vec<(f64, Vec<f64>)> = diagonal.into_iter().zip(vectors).collect();
    pairs.sort_by(|(a, _), (b, _)| b.total_cmp(a));
    let (values, vectors) = pairs.into_iter().unzip();
    Eigen { values, vectors }
}

/// The eigenvalues of the symmetric `matrix` alone, the largest first: a fraction of the work.
///
/// # Panics
/// If the matrix is not square.
pub fn eigenvalues(mut matrix: Vec<Vec<f64>>) -> Vec<f64> {
    assert!(matrix.iter().all(|row| row.len() == matrix.len()), "a square matrix");
    tridiagonalise(&mut matrix);
    let (mut diagonal, mut beside) = (diagonal_of(&matrix), below_diagonal_of(&matrix));
    // Vectors without places are turned at no cost.
    diagonalise(&mut diagonal, &mut beside, &mut vec![vec![]; matrix.len()]);
    diagonal.sort_by(|a, b| b.total_cmp(a));
    diagonal
}

fn diagonal_of(matrix: &[Vec<f64>]) -> Vec<f64> {
    matrix.iter().enumerate().map(|(index, row)| row[index]).collect()
}

fn below_diagonal_of(matrix: &[Vec<f64>]) -> Vec<f64> {
    matrix.iter().enumerate().skip(1).map(|(index, row)| row[index - 1]).collect()
}

/// The sum of the products of the elements of two vectors of one length.
pub fn dot(a: &[f64], b: &[f64]) -> f64 {
    // Four at a time, so that no sum waits for the one before it.
    let ((fours, rest), (other_fours, other_rest)) = (a.as_chunks(), b.as_chunks());
    let mut sum: f64 = rest.iter().zip(other_rest).map(|(a, b)| a * b).sum();
    for (&[a, b, c, d], &[w, x, y, z]) in fours.iter().zip(other_fours) {
        sum += (a * w + b * x) + (c * y + d * z);
    }
    sum
}

/// `a + factor * b`, in place; both have one length.
pub fn add(a: &mut [f64], factor: f64, b: &[f64]) {
    let ((fours, rest), (other_fours, other_rest)) = (a.as_chunks_mut(), b.as_chunks());
    rest.iter_mut().zip(other_rest).for_each(|(a, b)| *a += factor * b);
    for ([a, b, c, d], &[w, x, y, z]) in fours.iter_mut().zip(other_fours) {
        *a += factor * w;
        *b += factor * x;
        *c += factor * y;
        *d += factor * z;
    }
}

/// Makes the matrix tridiagonal by reflections I - 2 v v', one for each column; gives the unit vectors v. Vector number k holds
/// the places from k + 1 on.
fn tridiagonalise(matrix: &mut [Vec<f64>]) -> Vec<Vec<f64>> {
    let mut reflections = Vec::new();
    for column in 0..matrix.len().saturating_sub(2) {
        let (upper, rows) = matrix.split_at_mut(column + 1);
        let mut vector = upper[column][column + 1..].to_vec();
        let norm = dot(&vector, &vector).sqrt();
        // The sign that does not cancel.
        let image = if vector[0] > 0.0 { -norm } else { norm };
        vector[0] -= image;
        let length = dot(&vector, &vector).sqrt();
        if length > 0.0 {
            vector.iter_mut().for_each(|value| *value /= length);
            let mut change: Vec<f64> = rows.iter().map(|row| 2.0 * dot(&row[column + 1..], &vector)).collect();
            let along = dot(&change, &vector);
            add(&mut change, -along, &vector);
            for (row, (&v, &w)) in rows.iter_mut().zip(vector.iter().zip(&change)) {
                let row = &mut row[column + 1..];
                add(row, -v, &change);
                add(row, -w, &vector);
            }
        }
        rows[0][column] = image;
        upper[column][column + 1] = image;
        reflections.push(vector);
    }
    reflections
}

/// The columns of the product of the reflections, the first of them leftmost.
fn product(reflections: &[Vec<f64>], size: usize) -> Vec<Vec<f64>> {
    let mut columns: Vec<Vec<f64>> =
        (0..size).map(|row| (0..size).map(|column| f64::from(row == column)).collect()).collect();
    for (index, vector) in reflections.iter().enumerate().rev() {
        for column in &mut columns[index + 1..] {
            let column = &mut column[index + 1..];
            let along = dot(column, vector);
            add(column, -2.0 * along, vector);
        }
    }
    columns
}

/// Makes the tridiagonal matrix of `diagonal` and `beside` diagonal, turning `vectors` with it.
fn diagonalise(diagonal: &mut [f64], beside: &mut [f64], vectors: &mut [Vec<f64>]) {
    let size = diagonal.iter().chain(beside.iter()).fold(0.0_f64, |size, value| size.max(value.abs()));
    for first in 0..beside.len() {
        // The block from `first` that nothing couples to the rest; what is not a number must not keep it going.
        loop {
            let coupled = beside[first..].iter().take_while(|value| value.abs() > NEGLIGIBLE * size).count();
            if coupled == 0 {
                break;
            }
            sweep(first, first + coupled, diagonal, beside, vectors);
        }
    }
}

/// One QL step, shifted as Wilkinson has it, on the block from `first` to `last`.
fn sweep(first: usize, last: usize, diagonal: &mut [f64], beside: &mut [f64], vectors: &mut [Vec<f64>]) {
    let half = (diagonal[first + 1] - diagonal[first]) / (2.0 * beside[first]);
    let root = half.hypot(1.0).copysign(half);
    let mut bulge = diagonal[last] - diagonal[first] + beside[first] / (half + root);
    let (mut sine, mut cosine, mut shift) = (1.0, 1.0, 0.0);
    for at in (first..last).rev() {
        let (out, in_place) = (sine * beside[at], cosine * beside[at]);
        let length = out.hypot(bulge);
        if at + 1 < last {
            beside[at + 1] = length;
        }
        if length == 0.0 {
            diagonal[at + 1] -= shift;
            return;
        }
        (sine, cosine) = (out / length, bulge / length);
        let centre = diagonal[at + 1] - shift;
        let slope = (diagonal[at] - centre) * sine + 2.0 * cosine * in_place;
        shift = sine * slope;
        diagonal[at + 1] = centre + shift;
        bulge = cosine * slope - in_place;
        let (lower, upper) = vectors.split_at_mut(at + 1);
        rotate(&mut lower[at], &mut upper[0], sine, cosine);
    }
    diagonal[first] -= shift;
    beside[first] = bulge;
}

fn rotate(a: &mut [f64], b: &mut [f64], sine: f64, cosine: f64) {
    let turn = |a: &mut f64, b: &mut f64| (*a, *b) = (cosine * *a - sine * *b, sine * *a + cosine * *b);
    let ((fours, rest), (other_fours, other_rest)) = (a.as_chunks_mut(), b.as_chunks_mut());
    rest.iter_mut().zip(other_rest).for_each(|(a, b)| turn(a, b));
    for ([a, b, c, d], [w, x, y, z]) in fours.iter_mut().zip(other_fours) {
        turn(a, w);
        turn(b, x);
        turn(c, y);
        turn(d, z);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(matrix: Vec<Vec<f64>>) -> Vec<f64> {
        let Eigen { values, vectors } = eigen(matrix.clone());
        for (index, (value, vector)) in values.iter().zip(&vectors).enumerate() {
            for (row, coordinate) in matrix.iter().zip(vector) {
                assert!((dot(row, vector) - value * coordinate).abs() < 1e-11, "vector {index}");
            }
            for (other, another) in vectors.iter().enumerate() {
                assert!((dot(vector, another) - f64::from(index == other)).abs() < 1e-12, "{index} and {other}");
            }
        }
        assert!(values.is_sorted_by(|a, b| a >= b));
        close(&eigenvalues(matrix), &values);
        values
    }

    fn close(found: &[f64], expected: &[f64]) {
        assert_eq!(found.len(), expected.len());
        assert!(found.iter().zip(expected).all(|(a, b)| (a - b).abs() < 1e-12), "{found:?}");
    }

    #[test]
    fn small_matrices_have_their_known_eigenvalues() {
        close(&check(vec![]), &[]);
        close(&check(vec![vec![3.0]]), &[3.0]);
        close(&check(vec![vec![2.0, 1.0], vec![1.0, 2.0]]), &[3.0, 1.0]);
        close(&check(vec![vec![0.0; 3]; 3]), &[0.0; 3]);
        close(&check(vec![vec![1.0; 4]; 4]), &[4.0, 0.0, 0.0, 0.0]);
        close(&check(vec![vec![-1.0, 0.0, 0.0], vec![0.0, 5.0, 0.0], vec![0.0, 0.0, 2.0]]), &[5.0, 2.0, -1.0]);
    }

    #[test]
    fn the_second_difference_has_the_eigenvalues_of_the_text_books() {
        let size = 40;
        let entry = |row: usize, column: usize| match row.abs_diff(column) {
            0 => 2.0,
            1 => -1.0,
            _ => 0.0,
        };
        let matrix = (0..size).map(|row| (0..size).map(|column| entry(row, column)).collect()).collect();
        let angle = |index: usize| std::f64::consts::PI * (size - index) as f64 / (size + 1) as f64;
        let expected: Vec<f64> = (0..size).map(|index| 2.0 - 2.0 * angle(index).cos()).collect();
        close(&check(matrix), &expected);
    }

    #[test]
    fn any_symmetric_matrix_is_taken_apart() {
        let size = 60;
        // Rows and columns of zeros, as pixels that are never lit have.
        let is_lit = |index: usize| f64::from(!index.is_multiple_of(7));
        let entry = |row, column| is_lit(row) * is_lit(column) * ((row * column + 3 * (row + column)) as f64).sin();
        check((0..size).map(|row| (0..size).map(|column| entry(row, column)).collect()).collect());
    }
}
