//! Draws from the distributions that an adversarial autoencoder's codes are made to follow.
//!
//! Reference: A. Makhzani et al., "Adversarial Autoencoders", arXiv:1511.05644 (2015), section 2.3. The numbers of the mixture and of the
//! roll are ours.

use std::f32::consts::PI;

use burn::tensor::{Device, Tensor, TensorData};

use super::batch::Labels;
use super::classifier::CLASSES;
use super::sampler::Sampler;
use crate::protocol::Prior;

/// How far the mixture's means are from the origin.
const MIXTURE_RADIUS: f32 = 2.0;
/// The standard deviations of each of its Gaussians: along the line to the origin, and across it.
const MIXTURE_DEVIATIONS: [f32; 2] = [0.6, 0.2];

/// The largest distance of the roll from the origin.
const ROLL_RADIUS: f32 = 3.0;
/// Turns of the roll.
const ROLL_TURNS: f32 = 2.0;
/// The standard deviation of the distance from the roll's middle line, in each number: without it the roll has no density to follow.
const ROLL_DEVIATION: f32 = 0.1;

/// The classes of a batch as a tensor `[batch, 10]` of zeros with a 1 in each row. An example whose class is unknown draws one.
pub fn classes_or_draws(labels: &Labels, sampler: &Sampler) -> Tensor<2> {
    let count = labels.0.len();
    let uniform = sampler.uniform([count, 1]);
    let device = uniform.device();
    let bounds = |shift: f32| {
        row(std::array::from_fn::<_, CLASSES, _>(|class| (class as f32 + shift) / CLASSES as f32), &device)
    };
    let is_from = uniform.clone().greater_equal(bounds(0.0)).float();
    let drawn = is_from * uniform.lower(bounds(1.0)).float();
    let known = labels.one_hot(CLASSES, &device);
    let unknown = -known.clone().sum_dim(1) + 1.0;
    known + drawn * unknown
}

impl Prior {
    /// Numbers that it is a distribution of; None where any number will do.
    pub fn width(self) -> Option<usize> {
        match self {
            Prior::Normal => None,
            Prior::Mixture | Prior::SwissRoll => Some(2),
        }
    }

    /// Independent draws of `width` numbers, one for each row of `classes`, `[batch, 10]`: `[batch, width]`. The class tells which Gaussian
    /// of the mixture, or which tenth of the roll; of the normal distribution, nothing.
    ///
    /// # Panics
    /// If it is a distribution of another [width](Self::width).
    pub fn draw(self, width: usize, classes: Tensor<2>, sampler: &Sampler) -> Tensor<2> {
        assert!(self.width().is_none_or(|own| own == width), "{self:?} is of two numbers");
        let [count, _] = classes.dims();
        match self {
            Prior::Normal => sampler.normal([count, width]),
            Prior::Mixture => mixture(classes, sampler),
            Prior::SwissRoll => roll(classes, sampler),
        }
    }
}

/// The unit vector u of each class at its angle, times the distance from the origin, and the one at right angles to it: (r + s e) u +
/// t e' v.
fn mixture(classes: Tensor<2>, sampler: &Sampler) -> Tensor<2> {
    let ([count, _], device) = (classes.dims(), classes.device());
    let turned = |quarter: f32| {
        let angle = |class: usize| 2.0 * PI * class as f32 / CLASSES as f32 + quarter;
        let rows: Vec<f32> = (0..CLASSES).flat_map(|class| [angle(class).cos(), angle(class).sin()]).collect();
        classes.clone().matmul(Tensor::from_data(TensorData::new(rows, [CLASSES, 2]), &device))
    };
    let [along, across] = MIXTURE_DEVIATIONS.map(|deviation| sampler.normal([count, 1]) * deviation);
    turned(0.0) * (along + MIXTURE_RADIUS) + turned(PI / 2.0) * across
}

/// The point at the share s of the roll's length, from the middle on, is at the distance R sqrt(s) and at the angle 2 pi n sqrt(s), so that
/// equal shares are about equally long; and Gaussian noise.
fn roll(classes: Tensor<2>, sampler: &Sampler) -> Tensor<2> {
    let ([count, _], device) = (classes.dims(), classes.device());
    let column = TensorData::new((0..CLASSES).map(|class| class as f32).collect(), [CLASSES, 1]);
    let class = classes.matmul(Tensor::from_data(column, &device));
    let root = ((class + sampler.uniform([count, 1])) / CLASSES as f32).sqrt();
    let angle = root.clone() * (2.0 * PI * ROLL_TURNS);
    let point = Tensor::cat(vec![angle.clone().cos(), angle.sin()], 1) * root * ROLL_RADIUS;
    point + sampler.normal([count, 2]) * ROLL_DEVIATION
}

fn row<const N: usize>(values: [f32; N], device: &Device) -> Tensor<2> {
    Tensor::from_data(TensorData::new(values.to_vec(), [1, N]), device)
}
