//! The stacked convolutional autoencoder: what a stroke looks like is learnt once, for every place of the image.
//!
//! Reference: J. Masci, U. Meier, D. Ciresan, J. Schmidhuber, "Stacked Convolutional Auto-Encoders for Hierarchical Feature Extraction",
//! ICANN 2011. There the maps are the code, and the decoder's filters the encoder's, flipped (not checked against the paper's text); here
//! the decoder has its own, and a fully connected layer makes the code of the maps.

use burn::config::Config;
use burn::module::Module;
use burn::nn::Linear;
use burn::nn::conv::{Conv2d, ConvTranspose2d};
use burn::nn::pool::MaxPool2d;
use burn::tensor::activation::sigmoid;
use burn::tensor::{Device, Tensor};
use serde::{Deserialize, Serialize};

use super::activations::Activations;
use super::autoencoder::{Autoencoder, OuterWeights};
use super::batch::{Batch, Loss};
use super::convolutions::{
    INNER_SIDE, OUTER_SIDE, TRANSPOSED_KERNEL, convolution, max_pooling, outer_weights, transposed_convolution,
};
use super::layers::{elu, linear};
use super::lesson::{Benchmark, CODE, Lesson, Preset, settings};
use super::objective::ReconstructionLoss;
use super::recipe::{Phase, Recipe};
use crate::data::IMAGE_SIDE;
use crate::protocol::settings::Setting;
use crate::protocol::{CodeKind, MapSize, ModelId, Shape};

/// Maps of the outer layers.
pub const OUTER_MAPS: Setting = Setting::count("outer_maps", "/model/outer_maps", (1.0, 64.0));
/// Maps of the inner layers.
pub const INNER_MAPS: Setting = Setting::count("inner_maps", "/model/inner_maps", (1.0, 64.0));
const KERNEL: Setting = Setting::count("kernel", "/model/kernel", (1.0, 9.0));

/// The outer convolution and its transposed one learn on the images.
const OUTER: usize = 0;
/// The inner ones learn on the outer maps.
const INNER: usize = 1;
/// The fully connected layers about the code learn on the inner maps.
const CONNECTED: usize = 2;
/// All layers learn together, which is fine-tuning.
const JOINT: usize = 3;

/// Which layers learn at a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Order {
    /// All, from the start.
    Joint,
    /// The outer ones, the inner ones, those about the code; then all: greedily, as Masci et al. train a stack.
    LayerByLayer,
}

/// Sizes of a [`Convolutional`], and how it is trained.
#[derive(Config, Debug, PartialEq)]
pub struct ConvolutionalConfig {
    /// Maps of the first convolution.
    #[config(default = 16)]
    pub outer_maps: usize,
    /// Maps of the second convolution.
    #[config(default = 32)]
    pub inner_maps: usize,
    /// Side of a filter, in pixels.
    #[config(default = 3)]
    pub kernel: usize,
    /// Numbers in a code.
    #[config(default = 150)]
    pub code: usize,
    #[config(default = "Order::Joint")]
    pub order: Order,
}

impl Default for ConvolutionalConfig {
    fn default() -> Self {
        Self::new()
    }
}

impl ConvolutionalConfig {
    /// A model with random weights.
    pub fn init(&self, device: &Device) -> Convolutional {
        let ConvolutionalConfig { outer_maps, inner_maps, kernel, code, order } = *self;
        let inner = MapSize { maps: inner_maps, side: INNER_SIDE }.numbers();
        Convolutional {
            outer_encoder: convolution(1, outer_maps, kernel, device),
            inner_encoder: convolution(outer_maps, inner_maps, kernel, device),
            code_encoder: linear(inner, code, device),
            code_decoder: linear(code, inner, device),
            inner_decoder: transposed_convolution(inner_maps, outer_maps, TRANSPOSED_KERNEL, device),
            outer_decoder: transposed_convolution(outer_maps, 1, TRANSPOSED_KERNEL, device),
            pooling: max_pooling(),
            order,
        }
    }
}

/// Stacked convolutional autoencoder: ELU but for its code and its outputs, which are logits.
#[derive(Module, Debug)]
pub struct Convolutional {
    outer_encoder: Conv2d,
    inner_encoder: Conv2d,
    code_encoder: Linear,
    code_decoder: Linear,
    inner_decoder: ConvTranspose2d,
    outer_decoder: ConvTranspose2d,
    pooling: MaxPool2d,
    #[module(skip)]
    order: Order,
}

impl Convolutional {
    /// Images `[batch, 784]` to the outer maps, `[batch, outer_maps, 14, 14]`. The ELU grows with its input, so that after the maximum it
    /// gives what it gives before, from a quarter of the numbers.
    fn outer_maps(&self, images: Tensor<2>) -> Tensor<4> {
        let [batch, _] = images.dims();
        let images = images.reshape([batch, 1, IMAGE_SIDE, IMAGE_SIDE]);
        elu(self.pooling.forward(self.outer_encoder.forward(images)))
    }

    /// Outer maps to the inner maps, `[batch, inner_maps, 7, 7]`.
    fn inner_maps(&self, outer: Tensor<4>) -> Tensor<4> {
        elu(self.pooling.forward(self.inner_encoder.forward(outer)))
    }

    /// Inner maps to codes, `[batch, code]`.
    fn codes(&self, inner: Tensor<4>) -> Tensor<2> {
        self.code_encoder.forward(inner.flatten(1, 3))
    }

    /// The outer maps of images without a gradient. A detached tensor would leave its part of the graph behind, which burn frees by a
    /// backward pass alone: memory would grow with every step.
    fn frozen_outer(&self, images: Tensor<2>) -> Tensor<4> {
        Tensor::from_inner(self.valid().outer_maps(images.inner()))
    }

    /// The inner maps of images, likewise.
    fn frozen_inner(&self, images: Tensor<2>) -> Tensor<4> {
        let model = self.valid();
        Tensor::from_inner(model.inner_maps(model.outer_maps(images.inner())))
    }

    /// Codes to inner maps.
    fn rebuilt_inner(&self, codes: Tensor<2>) -> Tensor<4> {
        let [batch, _] = codes.dims();
        elu(self.code_decoder.forward(codes)).reshape([
            batch,
            self.inner_encoder.weight.dims()[0],
            INNER_SIDE,
            INNER_SIDE,
        ])
    }

    /// Inner maps to outer maps.
    fn rebuilt_outer(&self, inner: Tensor<4>) -> Tensor<4> {
        elu(self.inner_decoder.forward(inner))
    }

    /// Outer maps to the logits of the pixels, `[batch, 784]`.
    fn logits(&self, outer: Tensor<4>) -> Tensor<2> {
        self.outer_decoder.forward(outer).flatten(1, 3)
    }
}

/// The mean squared difference of maps, `[batch, maps, side, side]`, as a part of a loss.
fn squared_error(rebuilt: Tensor<4>, maps: Tensor<4>) -> (&'static str, Tensor<1>) {
    ReconstructionLoss::SquaredError.part(rebuilt.flatten(1, 3), maps.flatten(1, 3))
}

impl Autoencoder for Convolutional {
    const ID: ModelId = ModelId::new("convolutional");

    type Config = ConvolutionalConfig;

    fn init(config: &ConvolutionalConfig, device: &Device) -> Self {
        config.init(device)
    }

    fn shape(config: &ConvolutionalConfig) -> Shape {
        let outer = MapSize { maps: config.outer_maps, side: OUTER_SIDE };
        let inner = MapSize { maps: config.inner_maps, side: INNER_SIDE };
        let shape =
            Shape::mirrored(IMAGE_SIDE * IMAGE_SIDE, &[outer.numbers(), inner.numbers()], config.code, CodeKind::Real);
        shape.with_maps([None, Some(outer), Some(inner), None, Some(inner), Some(outer), None])
    }

    fn lesson() -> Lesson<ConvolutionalConfig> {
        Lesson {
            presets: vec![
                Preset {
                    name: "best",
                    config: ConvolutionalConfig::new(),
                    recipe: Recipe::new(60).with_batch(100).with_learning_rate(2e-3).with_warmup(200),
                },
                Preset {
                    name: "layer_by_layer",
                    config: ConvolutionalConfig::new().with_order(Order::LayerByLayer),
                    recipe: Recipe::new(5).with_batch(100).with_learning_rate(2e-3),
                },
                Preset {
                    name: "small",
                    config: ConvolutionalConfig::new().with_outer_maps(8).with_inner_maps(8).with_code(32),
                    recipe: Recipe::new(3).with_batch(100).with_learning_rate(4e-3),
                },
            ],
            settings: settings([CODE, OUTER_MAPS, INNER_MAPS, KERNEL]),
            // The bar is the error of the fully connected one with as many numbers in a code and tied weights.
            benchmarks: vec![Benchmark::squared_error(Some(0.001374))],
            ..Lesson::default()
        }
    }

    fn phases(recipe: &Recipe, config: &ConvolutionalConfig) -> Vec<Phase> {
        let count = match config.order {
            Order::Joint => 1,
            Order::LayerByLayer => JOINT + 1,
        };
        vec![Phase::whole(recipe); count]
    }

    /// The cross-entropy of the pixels, or the squared error of the maps that the phase rebuilds, averaged over them. Parameters of other
    /// layers have no part in it.
    fn loss(&self, batch: &Batch) -> Loss {
        let Batch { input, target, phase, .. } = batch.clone();
        let phase = if self.order == Order::Joint { JOINT } else { phase };
        let part = match phase {
            OUTER => ReconstructionLoss::CrossEntropy.part(self.logits(self.outer_maps(input)), target),
            INNER => {
                let rebuilt = self.rebuilt_outer(self.inner_maps(self.frozen_outer(input)));
                squared_error(rebuilt, self.frozen_outer(target))
            }
            CONNECTED => {
                let rebuilt = self.rebuilt_inner(self.codes(self.frozen_inner(input)));
                squared_error(rebuilt, self.frozen_inner(target))
            }
            _ => {
                let codes = self.encode(input);
                let logits = self.logits(self.rebuilt_outer(self.rebuilt_inner(codes)));
                ReconstructionLoss::CrossEntropy.part(logits, target)
            }
        };
        Loss { parts: vec![part] }
    }

    fn outer_weights(&self) -> Option<OuterWeights> {
        Some(outer_weights(&self.outer_encoder, &self.outer_decoder))
    }

    fn encode_by_layer(&self, inputs: Tensor<2>) -> Activations {
        let outer = self.outer_maps(inputs.clone());
        let inner = self.inner_maps(outer.clone());
        let activations = Activations::new(inputs).then(|_| outer.flatten(1, 3)).then(|_| inner.clone().flatten(1, 3));
        activations.then(|_| self.codes(inner))
    }

    fn decode_by_layer(&self, codes: Tensor<2>) -> Activations {
        let inner = self.rebuilt_inner(codes.clone());
        let outer = self.rebuilt_outer(inner.clone());
        let activations = Activations::new(codes).then(|_| inner.flatten(1, 3)).then(|_| outer.clone().flatten(1, 3));
        activations.then_activated(|_| self.logits(outer), sigmoid)
    }
}
