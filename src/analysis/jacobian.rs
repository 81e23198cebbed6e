//! How much a code changes where the input changes a little: the Jacobian of an encoder, by its norm and its singular values.
//!
//! Reference: S. Rifai et al., "Contractive Auto-Encoders: Explicit Invariance During Feature Extraction", ICML 2011, sections 5.2 and
//! 5.3.

use burn::tensor::Tensor;

use super::eigen::eigenvalues;

/// The sum of the squares of all numbers of each of the `jacobians`, `[batch, code, input]`: `[batch, 1]`.
pub fn squared_norms(jacobians: Tensor<3>) -> Tensor<2> {
    let [batch, code, input] = jacobians.dims();
    jacobians.reshape([batch, code * input]).square().sum_dim(1)
}

/// The product of each of the `jacobians`, `[batch, code, input]`, with itself, transposed, on the side where it is smaller: `[batch,
/// size, size]`, whose eigenvalues are the squares of the singular values.
pub fn gram_matrices(jacobians: Tensor<3>) -> Tensor<3> {
    let [_, code, input] = jacobians.dims();
    let transposed = jacobians.clone().transpose();
    if code < input { jacobians.matmul(transposed) } else { transposed.matmul(jacobians) }
}

/// The singular values, the largest first, from a [Gram matrix](gram_matrices) row by row. Those below a thousandth of the largest are
/// as wrong as float32 makes them.
pub fn singular_values(gram: &[f32], size: usize) -> Vec<f64> {
    let rows = gram.chunks_exact(size).map(|row| row.iter().map(|&value| f64::from(value)).collect());
    eigenvalues(rows.collect()).into_iter().map(|value| value.max(0.0).sqrt()).collect()
}
