//! Fully connected layers as the notebook has them.

use burn::module::Module;
use burn::nn::{Initializer, Linear, LinearConfig};
use burn::tensor::activation::relu;
use burn::tensor::{Device, Tensor};

use super::activations::Activations;

/// An affine layer, `[batch, inputs]` to `[batch, outputs]`; its weight is `[inputs, outputs]`.
///
/// Weights from N(0, 2 / inputs) (K. He et al., "Delving Deep into Rectifiers", ICCV 2015, eq. 10), biases 0.
pub fn linear(inputs: usize, outputs: usize, device: &Device) -> Linear {
    let he = Initializer::KaimingNormal { gain: std::f64::consts::SQRT_2, fan_out_only: false };
    let mut layer = LinearConfig::new(inputs, outputs).with_initializer(he).init(device);
    layer.bias = Some(Initializer::Zeros.init([outputs], device));
    layer
}

/// The exponential linear unit with alpha = 1 (D.-A. Clevert et al., ICLR 2016, eq. 15): x above 0, exp(x) - 1 below.
///
/// burn's own takes exp of every x, so that its gradient is not a number where x is above 88.
pub fn elu<const D: usize>(x: Tensor<D>) -> Tensor<D> {
    let below = -relu(-x.clone());
    relu(x) + (below.exp() - 1.0)
}

/// Affine layers, each followed by an ELU.
#[derive(Module, Debug)]
pub struct Mlp {
    layers: Vec<Linear>,
}

impl Mlp {
    /// Layers from `inputs` to each of `widths` in turn.
    pub fn new(inputs: usize, widths: impl IntoIterator<Item = usize>, device: &Device) -> Self {
        let mut inputs = inputs;
        let layers = widths.into_iter().map(|width| linear(std::mem::replace(&mut inputs, width), width, device));
        Mlp { layers: layers.collect() }
    }

    /// `[batch, inputs]` to `[batch, last width]`.
    pub fn forward(&self, input: Tensor<2>) -> Tensor<2> {
        self.layers.iter().fold(input, |hidden, layer| elu(layer.forward(hidden)))
    }

    /// The same, layer by layer, going on from `activations`.
    pub fn extend(&self, activations: Activations) -> Activations {
        self.layers.iter().fold(activations, |activations, layer| activations.then(|hidden| elu(layer.forward(hidden))))
    }

    /// The affine layers, from the input on.
    pub fn layers(&self) -> std::slice::Iter<'_, Linear> {
        self.layers.iter()
    }
}

/// An encoder `input`-`hidden`-`code`, the decoder that goes the same way backwards, and its affine layer to the outputs.
pub fn mirrored(input: usize, hidden: &[usize], code: usize, device: &Device) -> (Mlp, Mlp, Linear) {
    let widths = hidden.iter().copied();
    let decoded = hidden.first().copied().unwrap_or(code);
    let encoder = Mlp::new(input, widths.clone().chain([code]), device);
    (encoder, Mlp::new(code, widths.rev(), device), linear(decoded, input, device))
}

/// The part of a loss that keeps weights small: `l2` times half the sum of the squared weights, biases apart; none where `l2`
/// is 0.
pub fn decay<'a>(l2: f64, layers: impl Iterator<Item = &'a Linear>) -> Option<(&'static str, Tensor<1>)> {
    let squares = layers.map(|layer| layer.weight.val().square().sum());
    let sum = if l2 > 0.0 { squares.reduce(|sum, squares| sum + squares) } else { None };
    sum.map(|sum| ("l2", sum * (l2 / 2.0)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elu_and_its_slope_hold_at_any_size() {
        let device = Device::flex().autodiff();
        let x = Tensor::<1>::from_data([-1e4, -1.0, 2.0, 1e4], &device).require_grad();
        let y = elu(x.clone());
        let slope = x.grad(&y.clone().sum().backward()).unwrap();
        let expected = [[-1.0, (-1.0_f32).exp() - 1.0, 2.0, 1e4], [0.0, (-1.0_f32).exp(), 1.0, 1.0]];
        for (found, expected) in [y.inner(), slope].into_iter().zip(expected) {
            let found: Vec<f32> = found.into_data().iter().collect();
            assert!(found.iter().zip(expected).all(|(a, b)| (a - b).abs() < 1e-6), "{found:?}");
        }
    }
}
