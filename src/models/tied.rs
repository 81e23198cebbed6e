//! The stacked autoencoder with tied weights: the decoder's are the encoder's, transposed, so that there are half as many.
//!
//! Reference: the notebook of A. Géron, "Hands-On Machine Learning" (2017), chapter 15; P. Vincent et al., "Stacked Denoising
//! Autoencoders", JMLR 11 (2010), section 2.2.

use burn::config::Config;
use burn::module::{Module, Param};
use burn::tensor::{Device, Tensor};

use super::activations::Activations;
use super::autoencoder::{Autoencoder, OuterWeights};
use super::batch::{Batch, Loss};
use super::layers::{Mlp, decay, elu};
use super::lesson::{Baseline, Benchmark, CODE, L2, Lesson, Preset, settings};
use super::objective::ReconstructionLoss;
use super::recipe::Recipe;
use super::stacked::Stacked;
use crate::protocol::{CodeKind, ModelId, Shape};

/// Sizes of a [`Tied`], and what it minimises.
#[derive(Config, Debug, PartialEq)]
pub struct TiedConfig {
    /// Pixels of an image.
    #[config(default = 784)]
    pub input: usize,
    /// Widths of the encoder's hidden layers; the decoder's are the same, backwards.
    #[config(default = "vec![300]")]
    pub hidden: Vec<usize>,
    /// Numbers in a code.
    #[config(default = 150)]
    pub code: usize,
    /// Weight of half the sum of the squared weights.
    #[config(default = 0.0)]
    pub l2: f64,
    #[config(default = "ReconstructionLoss::CrossEntropy")]
    pub reconstruction: ReconstructionLoss,
}

impl Default for TiedConfig {
    fn default() -> Self {
        Self::new()
    }
}

impl TiedConfig {
    /// A model with random weights.
    pub fn init(&self, device: &Device) -> Tied {
        let hidden = || self.hidden.iter().copied();
        let outputs = hidden().rev().chain([self.input]);
        Tied {
            encoder: Mlp::new(self.input, hidden().chain([self.code]), device),
            biases: outputs.map(|width| Param::from_tensor(Tensor::zeros([width], device))).collect(),
            l2: self.l2,
            reconstruction: self.reconstruction,
        }
    }
}

/// Stacked autoencoder with tied weights.
#[derive(Module, Debug)]
pub struct Tied {
    encoder: Mlp,
    /// Of the decoder's layers, from the code on.
    biases: Vec<Param<Tensor<1>>>,
    #[module(skip)]
    l2: f64,
    #[module(skip)]
    reconstruction: ReconstructionLoss,
}

impl Tied {
    /// Codes `[batch, code]` through the decoder, and `finish` for what its last layer gives: each layer is x W^T + b with the weight
    /// of its mirror image in the encoder.
    fn outputs(&self, codes: Tensor<2>, finish: impl Fn(Tensor<2>) -> Tensor<2>) -> Activations {
        let layers = self.encoder.layers().rev().zip(&self.biases).enumerate();
        layers.fold(Activations::new(codes), |activations, (index, (layer, bias))| {
            let layer = |input: Tensor<2>| input.matmul(layer.weight.val().transpose()) + bias.val().unsqueeze();
            activations.then_activated(
                layer,
                |output| if index + 1 < self.biases.len() { elu(output) } else { finish(output) },
            )
        })
    }
}

impl Autoencoder for Tied {
    const ID: ModelId = ModelId::new("tied");

    type Config = TiedConfig;

    fn init(config: &TiedConfig, device: &Device) -> Self {
        config.init(device)
    }

    fn shape(config: &TiedConfig) -> Shape {
        Shape::mirrored(config.input, &config.hidden, config.code, CodeKind::Real)
    }

    fn lesson() -> Lesson<TiedConfig> {
        Lesson {
            // The recipe of "best" is that of the untied model, so that the two can be compared.
            presets: vec![
                Preset { name: "best", config: TiedConfig::new(), recipe: Recipe::new(60).with_warmup(500) },
                Preset {
                    name: "notebook",
                    config: TiedConfig::new().with_l2(0.0005).with_reconstruction(ReconstructionLoss::SquaredError),
                    recipe: Recipe::new(5).with_learning_rate(0.01).with_decay(false),
                },
            ],
            settings: settings([CODE, L2]),
            benchmarks: vec![Benchmark::squared_error(None)],
            // The same network with weights of the decoder's own.
            baselines: vec![
                Baseline { model: Self::ID, preset: "best", epochs: 20 },
                Baseline { model: Stacked::ID, preset: "best", epochs: 20 },
            ],
            ..Lesson::default()
        }
    }

    /// The reconstruction, and the decay of all weights, each counted once, where it weighs anything.
    fn loss(&self, batch: &Batch) -> Loss {
        let outputs = self.outputs(self.encode(batch.input.clone()), |outputs| outputs).last();
        let mut parts = vec![self.reconstruction.part(outputs, batch.target.clone())];
        parts.extend(decay(self.l2, self.encoder.layers()));
        Loss { parts }
    }

    fn encode_by_layer(&self, inputs: Tensor<2>) -> Activations {
        self.encoder.extend(Activations::new(inputs))
    }

    fn decode_by_layer(&self, codes: Tensor<2>) -> Activations {
        self.outputs(codes, |outputs| self.reconstruction.pixels(outputs))
    }

    fn outer_weights(&self) -> Option<OuterWeights> {
        let first = self.encoder.layers().next()?.weight.val();
        Some(OuterWeights { last: first.clone().transpose(), first })
    }
}
