//! What the outputs of a network are taken for, and how far they are from the pixels.

use burn::tensor::{Tensor, activation};
use serde::{Deserialize, Serialize};

use super::autoencoder::cross_entropy;

/// How a reconstruction is measured in training.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reconstruction {
    /// Outputs are pixels, and may lie outside [0, 1].
    SquaredError,
    /// Outputs are the logits of pixels.
    CrossEntropy,
}

impl Reconstruction {
    /// The part of a loss for `outputs` against `targets` in [0, 1], both `[batch, pixels]`: averaged over images and pixels.
    pub fn part(self, outputs: Tensor<2>, targets: Tensor<2>) -> (&'static str, Tensor<1>) {
        match self {
            Reconstruction::SquaredError => ("squared_error", (outputs - targets).square().mean()),
            Reconstruction::CrossEntropy => ("cross_entropy", cross_entropy(outputs, targets).mean()),
        }
    }

    /// Outputs to pixels, of the same shape.
    pub fn pixels(self, outputs: Tensor<2>) -> Tensor<2> {
        match self {
            Reconstruction::SquaredError => outputs,
            Reconstruction::CrossEntropy => activation::sigmoid(outputs),
        }
    }
}
