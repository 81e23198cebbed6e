//! Fully connected layers with ReLUs between them.

use burn::module::Module;
use burn::nn::Linear;
use burn::tensor::activation::relu;
use burn::tensor::{Device, Tensor};

use super::activations::Activations;
use super::layers::linear;

/// Affine layers, each followed by a ReLU.
#[derive(Module, Debug)]
pub struct ReluLayers {
    layers: Vec<Linear>,
}

impl ReluLayers {
    /// Layers from `inputs` to each of `widths` in turn.
    pub fn new(inputs: usize, widths: impl IntoIterator<Item = usize>, device: &Device) -> Self {
        let mut inputs = inputs;
        let layers = widths.into_iter().map(|width| linear(std::mem::replace(&mut inputs, width), width, device));
        ReluLayers { layers: layers.collect() }
    }

    /// `[batch, inputs]` to `[batch, last width]`.
    pub fn forward(&self, inputs: Tensor<2>) -> Tensor<2> {
        self.extend(Activations::new(inputs)).last()
    }

    /// The same, layer by layer, going on from `activations`.
    pub fn extend(&self, activations: Activations) -> Activations {
        let then =
            |activations: Activations, layer: &Linear| activations.then_activated(|hidden| layer.forward(hidden), relu);
        self.layers.iter().fold(activations, then)
    }

    /// The affine layer next to the inputs.
    pub fn first(&self) -> Option<&Linear> {
        self.layers.first()
    }
}

/// Hidden layers, each followed by a ReLU, and an affine layer.
#[derive(Module, Debug)]
pub struct ReluNetwork {
    hidden: ReluLayers,
    output: Linear,
}

impl ReluNetwork {
    /// Layers from `inputs` to each of `hidden` in turn, then to `outputs`.
    pub fn new(inputs: usize, hidden: impl IntoIterator<Item = usize>, outputs: usize, device: &Device) -> Self {
        let mut last = inputs;
        let hidden = ReluLayers::new(inputs, hidden.into_iter().inspect(|&width| last = width), device);
        ReluNetwork { hidden, output: linear(last, outputs, device) }
    }

    /// What each layer makes of `inputs`, `[batch, inputs]`: those first, `activation` of the outputs, `[batch, outputs]`, last.
    pub fn by_layer_with(&self, inputs: Tensor<2>, activation: impl FnOnce(Tensor<2>) -> Tensor<2>) -> Activations {
        let hidden = self.hidden.extend(Activations::new(inputs));
        hidden.then_activated(|hidden| self.output.forward(hidden), activation)
    }

    /// The same, without an activation at the end.
    pub fn by_layer(&self, inputs: Tensor<2>) -> Activations {
        self.by_layer_with(inputs, |outputs| outputs)
    }

    /// `[batch, inputs]` to `[batch, outputs]`.
    pub fn forward(&self, inputs: Tensor<2>) -> Tensor<2> {
        self.by_layer(inputs).last()
    }

    /// The affine layer next to the inputs.
    pub fn first(&self) -> &Linear {
        self.hidden.first().unwrap_or(&self.output)
    }

    /// The affine layer next to the outputs.
    pub fn last(&self) -> &Linear {
        &self.output
    }
}
