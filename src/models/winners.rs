//! The competition of a unit with itself over the images of a batch, which the winner-take-all autoencoders share.
//!
//! Reference: A. Makhzani, B. Frey, "Winner-Take-All Autoencoders", NIPS 2015.

use burn::module::Param;
use burn::tensor::{Device, Tensor};

use crate::protocol::settings::Setting;

/// The share of a batch's images that each unit may answer.
pub const LIFETIME_SPARSITY: Setting = Setting::number("lifetime_sparsity", "/model/lifetime_sparsity", (0.005, 0.2));

/// What one step weighs in the running mean of the thresholds, the share that is usual for running means of batches: the mean of about the
/// last ten steps.
const STEP_WEIGHT: f64 = 0.1;

/// The winners among the activations of a batch.
pub struct Winners {
    /// 1 where an activation is among the largest of its unit, else 0, `[batch, units]`.
    pub mask: Tensor<2>,
    /// The weakest of each unit's winners, `[units]`.
    pub weakest: Tensor<1>,
}

impl Winners {
    /// The `count` largest activations of each column of `[batch, units]`, which are at least 0, without gradients. Equal ones count once and
    /// win together; where fewer are above 0, the rest win with 0, which changes nothing.
    ///
    /// One is taken away after another: sorting reads from the device, which WebGPU in a browser does not allow in between.
    pub fn of(activations: Tensor<2>, count: usize) -> Self {
        let activations = activations.detach();
        let mut rest = activations.clone();
        let mut weakest = rest.clone().max_dim(0);
        for _ in 1..count {
            rest = rest.clone() * is_below(&weakest, &rest);
            weakest = rest.clone().max_dim(0);
        }
        let mask = activations.ones_like() - is_below(&weakest, &activations);
        Winners { mask, weakest: weakest.squeeze_dim(0) }
    }

    /// How many images of a `batch` each unit may answer: the `share`, rounded, and one at least.
    pub fn count(share: f64, batch: usize) -> usize {
        ((share * batch as f64).round() as usize).clamp(1, batch)
    }
}

/// 1 where `rest` is smaller than `largest`, else 0; `largest` has one number for each row or column of `rest`.
pub fn is_below<const D: usize>(largest: &Tensor<D>, rest: &Tensor<D>) -> Tensor<D> {
    largest.clone().greater(rest.clone()).float()
}

/// What an activation must exceed to count where there is no batch, `[units]`: the running mean over the steps of each unit's weakest
/// winner, at first 0. No gradient changes it. It is not in the paper, which reconstructs batches alone: an image by itself has no other to
/// compete with.
pub fn thresholds(units: usize, device: &Device) -> Param<Tensor<1>> {
    Param::from_tensor(Tensor::zeros([units], device)).set_require_grad(false)
}

/// The thresholds after a step whose weakest winners are `weakest`, `[units]`.
#[must_use]
pub fn followed(thresholds: Param<Tensor<1>>, weakest: Tensor<1>) -> Param<Tensor<1>> {
    thresholds.map(|mean| mean * (1.0 - STEP_WEIGHT) + weakest * STEP_WEIGHT)
}
