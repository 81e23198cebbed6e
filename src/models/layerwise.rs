//! The stacked autoencoder trained layer by layer: the outer layers on the images, the inner ones on the outer ones' codes, then
//! all of them together.
//!
//! Reference: G. Hinton, R. Salakhutdinov, "Reducing the Dimensionality of Data with Neural Networks", Science 313 (2006), whose
//! layers are Boltzmann machines; Y. Bengio et al., "Greedy Layer-Wise Training of Deep Networks" (NIPS 2006), section 4, with
//! autoencoders as here.

use burn::config::Config;
use burn::module::Module;
use burn::nn::Linear;
use burn::tensor::{Device, Tensor};
use serde::{Deserialize, Serialize};

use super::activations::Activations;
use super::autoencoder::{Autoencoder, OuterWeights};
use super::batch::{Batch, Loss};
use super::layers::{elu, linear};
use super::lesson::{Baseline, Benchmark, CODE, Lesson, Preset, settings};
use super::objective::ReconstructionLoss;
use super::recipe::{Phase, Recipe};
use super::stacked::Stacked;
use crate::protocol::{CodeKind, ModelId, Shape};

/// The outer layers learn `input-hidden-input` on the images.
const OUTER: usize = 0;
/// The inner layers learn `hidden-code-hidden` on the outer layers' codes.
const INNER: usize = 1;
/// All layers learn together, which is fine-tuning.
const JOINT: usize = 2;

/// How the inner layers come by the codes that they learn from. Both ways give the same losses; they differ in time and memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Greedy {
    /// One network: images go through the outer encoder, which is frozen, in each step.
    #[serde(alias = "Frozen")]
    FrozenEncoder,
    /// A network for each phase, stacked in the end: the codes of all examples are computed once, and kept.
    #[serde(alias = "Separate")]
    CachedCodes,
}

/// Sizes of a [`Layerwise`], and how it is trained.
#[derive(Config, Debug, PartialEq)]
pub struct LayerwiseConfig {
    /// Pixels of an image.
    #[config(default = 784)]
    pub input: usize,
    /// Width of the outer codes.
    #[config(default = 300)]
    pub hidden: usize,
    /// Numbers in a code.
    #[config(default = 150)]
    pub code: usize,
    #[config(default = "Greedy::FrozenEncoder")]
    pub greedy: Greedy,
}

impl Default for LayerwiseConfig {
    fn default() -> Self {
        Self::new()
    }
}

impl LayerwiseConfig {
    /// A model with random weights.
    pub fn init(&self, device: &Device) -> Layerwise {
        Layerwise {
            outer_encoder: linear(self.input, self.hidden, device),
            inner_encoder: linear(self.hidden, self.code, device),
            inner_decoder: linear(self.code, self.hidden, device),
            outer_decoder: linear(self.hidden, self.input, device),
            greedy: self.greedy,
        }
    }
}

/// Stacked autoencoder of two layers, ELU but for its linear outputs.
#[derive(Module, Debug)]
pub struct Layerwise {
    outer_encoder: Linear,
    inner_encoder: Linear,
    inner_decoder: Linear,
    outer_decoder: Linear,
    #[module(skip)]
    greedy: Greedy,
}

impl Layerwise {
    /// Images `[batch, input]` to outer codes `[batch, hidden]`.
    fn outer_codes(&self, images: Tensor<2>) -> Tensor<2> {
        elu(self.outer_encoder.forward(images))
    }

    /// The same, without a gradient. A detached tensor would leave its part of the graph behind, which burn frees by a backward pass
    /// alone: memory would grow with every step.
    fn frozen_codes(&self, images: Tensor<2>) -> Tensor<2> {
        Tensor::from_inner(elu(self.outer_encoder.valid().forward(images.inner())))
    }

    /// Outer codes `[batch, hidden]` through the inner layers to outer codes again.
    fn rebuilt_codes(&self, outer: Tensor<2>) -> Tensor<2> {
        let codes = elu(self.inner_encoder.forward(outer));
        elu(self.inner_decoder.forward(codes))
    }
}

impl Autoencoder for Layerwise {
    const ID: ModelId = ModelId::new("layerwise");

    type Config = LayerwiseConfig;

    fn init(config: &LayerwiseConfig, device: &Device) -> Self {
        config.init(device)
    }

    fn shape(config: &LayerwiseConfig) -> Shape {
        Shape::mirrored(config.input, &[config.hidden], config.code, CodeKind::Real)
    }

    fn lesson() -> Lesson<LayerwiseConfig> {
        let config = LayerwiseConfig::new;
        let notebook = Recipe::new(4).with_learning_rate(0.01).with_decay(false);
        Lesson {
            presets: vec![
                Preset { name: "best", config: config(), recipe: Recipe::new(40) },
                Preset { name: "separate", config: config().with_greedy(Greedy::CachedCodes), recipe: Recipe::new(40) },
                Preset { name: "notebook", config: config(), recipe: notebook },
            ],
            settings: settings([CODE]),
            // The bar is the error of 150 principal components, clipped as well.
            benchmarks: vec![Benchmark::squared_error(Some(0.00273))],
            // Both ways, and all layers together from the start, for as many epochs in all.
            baselines: vec![
                Baseline { model: Self::ID, preset: "best", epochs: 20 },
                Baseline { model: Self::ID, preset: "separate", epochs: 20 },
                Baseline { model: Stacked::ID, preset: "squared_error", epochs: 60 },
            ],
            renamed: vec![("way", "greedy")],
            ..Lesson::default()
        }
    }

    fn phases(recipe: &Recipe, _config: &LayerwiseConfig) -> Vec<Phase> {
        vec![Phase::whole(recipe); 3]
    }

    fn phase_inputs(&self, examples: Tensor<2>, phase: usize) -> Option<Tensor<2>> {
        (phase == INNER && self.greedy == Greedy::CachedCodes).then(|| self.outer_codes(examples))
    }

    /// The mean squared error of what the phase rebuilds, which the parameters of the other layers have no part in.
    fn loss(&self, batch: &Batch) -> Loss {
        let Batch { input, target, phase, .. } = batch.clone();
        let (output, target) = match (phase, self.greedy) {
            (OUTER, _) => (self.outer_decoder.forward(self.outer_codes(input)), target),
            (INNER, Greedy::FrozenEncoder) => (self.rebuilt_codes(self.frozen_codes(input)), self.frozen_codes(target)),
            (INNER, Greedy::CachedCodes) => (self.rebuilt_codes(input), target),
            (JOINT.., _) => (self.reconstruct(input), target),
        };
        Loss { parts: vec![ReconstructionLoss::SquaredError.part(output, target)] }
    }

    fn encode_by_layer(&self, inputs: Tensor<2>) -> Activations {
        let outer = Activations::new(inputs).then_activated(|images| self.outer_encoder.forward(images), elu);
        outer.then_activated(|outer| self.inner_encoder.forward(outer), elu)
    }

    /// Images are only near [0, 1]: the outputs are linear.
    fn decode_by_layer(&self, codes: Tensor<2>) -> Activations {
        let hidden = Activations::new(codes).then_activated(|codes| self.inner_decoder.forward(codes), elu);
        hidden.then(|hidden| self.outer_decoder.forward(hidden))
    }

    fn outer_weights(&self) -> Option<OuterWeights> {
        Some(OuterWeights { first: self.outer_encoder.weight.val(), last: self.outer_decoder.weight.val() })
    }
}
