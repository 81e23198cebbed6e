//! Activation maximisation: images that activate a unit, by gradient ascent on the pixels.
//!
//! Reference: D. Erhan et al., "Visualizing Higher-Layer Features of a Deep Network" (2009); J. Yosinski et al., "Understanding Neural
//! Networks Through Deep Visualization" (2015), section 3, for the decay and the blur.

use burn::tensor::{Device, Tensor, TensorData};
use rand::RngExt;

use crate::data::random::{Purpose, stream};
use crate::protocol::Ascent;
use crate::weights::TrainedModel;

/// Keeps a gradient of 0 from being divided by 0.
const TINY: f64 = 1e-20;

/// Random pixels below this: dark, as most of a digit is, and every unit's gradient is not yet 0.
const BRIGHTEST: f32 = 0.2;

/// Units of one layer, each to be activated by an image of its own.
pub struct Maximisation<'a> {
    /// On the device's autodiff.
    model: &'a dyn TrainedModel,
    layer: usize,
    /// 1 at the unit of each image, `[images, width of the layer]`.
    wanted: Tensor<2>,
}

impl<'a> Maximisation<'a> {
    /// For `units` of `layer` of `model`, counted from the input, which is [`differentiable`](TrainedModel::differentiable); None
    /// where it has no such layer or unit.
    pub fn new(model: &'a dyn TrainedModel, layer: usize, units: &[usize]) -> Option<Self> {
        let device = model.device();
        let probe = model.layer(Tensor::zeros([1, model.shape().input()], &device), layer)?;
        let [_, width] = probe.dims();
        if units.is_empty() || units.iter().any(|&unit| unit >= width) {
            return None;
        }
        let mut wanted = vec![0.0_f32; units.len() * width];
        wanted.chunks_exact_mut(width).zip(units).for_each(|(row, &unit)| row[unit] = 1.0);
        let wanted = Tensor::from_data(TensorData::new(wanted, [units.len(), width]), &device.inner());
        Some(Maximisation { model, layer, wanted })
    }

    /// The units' activations, `[images, 1]`, each for its row of `images`, `[images, input]`.
    pub fn activations(&self, images: Tensor<2>) -> Tensor<2> {
        self.of_units(self.model.layer(images, self.layer))
    }

    /// The same before the activation function, where the layer keeps that: it tells images apart to which the function gives one number.
    pub fn before_activation(&self, images: Tensor<2>) -> Tensor<2> {
        self.of_units(self.model.layer_before_activation(images, self.layer))
    }

    /// `images` after one step, without autodiff as they are: along the gradient of the activation, divided by its length, then less
    /// the decay, blurred, and clipped to [0, 1]. Where the layer keeps what its activation function is applied to, the gradient is
    /// of that: a ReLU that gives 0 has none, a sigmoid near 1 hardly one.
    pub fn step(&self, images: Tensor<2>, ascent: Ascent) -> Tensor<2> {
        let inputs = Tensor::from_inner(images.clone()).require_grad();
        let gradients = self.before_activation(inputs.clone()).sum().backward();
        let slope = inputs.grad(&gradients).unwrap_or_else(|| images.zeros_like());
        let length = (slope.clone().square().sum_dim(1) + TINY).sqrt();
        let moved = images + slope / length * f64::from(ascent.step_size);
        blur(moved * (1.0 - f64::from(ascent.decay)), ascent.blur).clamp(0.0, 1.0)
    }

    /// Of a layer's outputs those of each image's unit, `[images, 1]`.
    fn of_units(&self, layer: Option<Tensor<2>>) -> Tensor<2> {
        (layer.expect("the layer was there at first") * Tensor::from_inner(self.wanted.clone())).sum_dim(1)
    }
}

/// Pixels to begin with, which follow from the seed.
pub fn random_pixels(seed: u64, count: usize) -> Vec<f32> {
    let mut rng = stream(seed, Purpose::Maximisation, 0);
    (0..count).map(|_| rng.random::<f32>() * BRIGHTEST).collect()
}

/// Square images, `[images, pixels]`, convolved with a Gaussian of this standard deviation in pixels; at the edges the image is all
/// that counts. The same images where it is 0, or they are not square.
fn blur(images: Tensor<2>, deviation: f32) -> Tensor<2> {
    let [count, pixels] = images.dims();
    let side = pixels.isqrt();
    if deviation <= 0.0 || side * side != pixels {
        return images;
    }
    let kernel = kernel(side, deviation, &images.device()).unsqueeze::<3>();
    let rows = kernel.clone().matmul(images.reshape([count, side, side]));
    rows.matmul(kernel.transpose()).reshape([count, pixels])
}

/// The weight of each pixel of a line in each blurred one, `[side, side]`, the weights of a row together 1.
fn kernel(side: usize, deviation: f32, device: &Device) -> Tensor<2> {
    let weight = |at: usize, from: usize| (-0.5 * (at.abs_diff(from) as f32 / deviation).powi(2)).exp();
    let row = |at: usize| {
        let sum: f32 = (0..side).map(|from| weight(at, from)).sum();
        (0..side).map(move |from| weight(at, from) / sum)
    };
    Tensor::from_data(TensorData::new((0..side).flat_map(row).collect::<Vec<f32>>(), [side, side]), device)
}
