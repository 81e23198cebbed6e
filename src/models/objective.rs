//! What the outputs of a network are taken for, and how far they are from the pixels.

use burn::nn::loss::{MseLoss, Reduction};
use burn::tensor::{Tensor, activation};
use serde::{Deserialize, Serialize};

/// How a reconstruction is measured in training.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReconstructionLoss {
    /// Outputs are pixels, and may lie outside [0, 1].
    SquaredError,
    /// Outputs are the logits of pixels.
    CrossEntropy,
}

impl ReconstructionLoss {
    /// The part of a loss for `outputs` against `targets` in [0, 1], both `[batch, pixels]`: averaged over images and pixels.
    pub fn part(self, outputs: Tensor<2>, targets: Tensor<2>) -> (&'static str, Tensor<1>) {
        match self {
            ReconstructionLoss::SquaredError => {
                ("squared_error", MseLoss::new().forward(outputs, targets, Reduction::Mean))
            }
            ReconstructionLoss::CrossEntropy => ("cross_entropy", cross_entropy(outputs, targets).mean()),
        }
    }

    /// Outputs to pixels, of the same shape.
    pub fn pixels(self, outputs: Tensor<2>) -> Tensor<2> {
        match self {
            ReconstructionLoss::SquaredError => outputs,
            ReconstructionLoss::CrossEntropy => activation::sigmoid(outputs),
        }
    }
}

/// The cross-entropy of pixels in [0, 1] under Bernoulli `logits`, both `[batch, pixels]`, in nats: `[batch, pixels]`.
///
/// -(x log s + (1 - x) log(1 - s)) with s = sigmoid(l) is (1 - x) l - log s. burn's own binary cross-entropy takes integer targets.
pub fn cross_entropy(logits: Tensor<2>, targets: Tensor<2>) -> Tensor<2> {
    (-targets + 1.0) * logits.clone() - activation::log_sigmoid(logits)
}
