//! Ridge regression: the linear map of least squares whose weights are kept small, in closed form.
//!
//! Reference: A. Hoerl, R. Kennard, "Ridge Regression: Biased Estimation for Nonorthogonal Problems", Technometrics 12 (1970);
//! with one-hot targets it classifies (T. Hastie et al., "The Elements of Statistical Learning", 2nd ed., section 4.2).

use super::eigen::{add, dot};

/// Sums over examples that the solution follows from, in one pass.
#[derive(Clone, Debug)]
pub struct RidgeSums {
    count: f64,
    inputs: Vec<f64>,
    targets: Vec<f64>,
    /// `x x'`, the upper triangle from the diagonal on counting.
    gram: Vec<Vec<f64>>,
    /// `x y'`, a row for each input.
    products: Vec<Vec<f64>>,
}

/// `y = W' (x - mean) + intercept`.
#[derive(Clone, Debug)]
pub struct Ridge {
    mean: Vec<f64>,
    intercept: Vec<f64>,
    /// A row for each target.
    weights: Vec<Vec<f64>>,
}

impl RidgeSums {
    /// Of no examples, of so many inputs and targets.
    pub fn new(inputs: usize, targets: usize) -> Self {
        RidgeSums {
            count: 0.0,
            inputs: vec![0.0; inputs],
            targets: vec![0.0; targets],
            gram: vec![vec![0.0; inputs]; inputs],
            products: vec![vec![0.0; targets]; inputs],
        }
    }

    /// Adds sums over `count` examples: of `x`, of `y`, of `x x'` and of `x y'`, row by row.
    pub fn add(&mut self, count: usize, inputs: &[f64], targets: &[f64], gram: &[f64], products: &[f64]) {
        self.count += count as f64;
        add(&mut self.inputs, 1.0, inputs);
        add(&mut self.targets, 1.0, targets);
        for (sums, row) in self.gram.iter_mut().zip(gram.chunks_exact(inputs.len().max(1))) {
            add(sums, 1.0, row);
        }
        for (sums, row) in self.products.iter_mut().zip(products.chunks_exact(targets.len().max(1))) {
            add(sums, 1.0, row);
        }
    }

    /// The minimum of the sum of the squared errors and `lambda` times the sum of the squared weights; the intercept is free.
    ///
    /// None where it is not unique: without `lambda`, where one input follows from others.
    pub fn solve(&self, lambda: f64) -> Option<Ridge> {
        let mean = |sums: &[f64]| sums.iter().map(|sum| sum / self.count.max(1.0)).collect::<Vec<_>>();
        let (centre, intercept) = (mean(&self.inputs), mean(&self.targets));
        let mut matrix = self.gram.clone();
        for (index, row) in matrix.iter_mut().enumerate() {
            add(row, -self.inputs[index], &centre);
            row[index] += lambda;
        }
        let lower = cholesky(matrix)?;
        let weights = (0..intercept.len()).map(|target| {
            let products = self.products.iter().zip(&self.inputs);
            let side = products.map(|(row, sum)| row[target] - sum * intercept[target]);
            substitute(&lower, side.collect())
        });
        Some(Ridge { mean: centre, weights: weights.collect(), intercept })
    }
}

impl Ridge {
    /// The targets as it estimates them.
    pub fn predict(&self, inputs: &[f32]) -> Vec<f64> {
        let centred: Vec<f64> = inputs.iter().zip(&self.mean).map(|(&x, mean)| f64::from(x) - mean).collect();
        self.weights.iter().zip(&self.intercept).map(|(row, intercept)| dot(row, &centred) + intercept).collect()
    }

    /// The target that it estimates to be largest, the first of equals.
    pub fn classify(&self, inputs: &[f32]) -> usize {
        let targets = self.predict(inputs);
        let largest = (1..targets.len()).fold(0, |best, at| if targets[at] > targets[best] { at } else { best });
        largest.min(targets.len().saturating_sub(1))
    }
}

/// The lower triangular L with L L' = `matrix` (Golub & Van Loan, section 4.2, by rows); None where the matrix is not positive
/// definite.
fn cholesky(mut matrix: Vec<Vec<f64>>) -> Option<Vec<Vec<f64>>> {
    for row in 0..matrix.len() {
        let (above, below) = matrix.split_at_mut(row);
        let current = &mut below[0];
        for (column, other) in above.iter().enumerate() {
            let known = dot(&current[..column], &other[..column]);
            current[column] = (current[column] - known) / other[column];
        }
        let rest = current[row] - dot(&current[..row], &current[..row]);
        if rest.is_nan() || rest <= 0.0 {
            return None;
        }
        current[row] = rest.sqrt();
        current[row + 1..].fill(0.0);
    }
    Some(matrix)
}

/// x with L L' x = `side`.
fn substitute(lower: &[Vec<f64>], mut side: Vec<f64>) -> Vec<f64> {
    for row in 0..lower.len() {
        let known = dot(&lower[row][..row], &side[..row]);
        side[row] = (side[row] - known) / lower[row][row];
    }
    for row in (0..lower.len()).rev() {
        side[row] /= lower[row][row];
        let value = side[row];
        add(&mut side[..row], -value, &lower[row][..row]);
    }
    side
}
