//! The stacked autoencoder: several layers down to the code and as many up again.
//!
//! Reference: the sizes, the initialisation and the regularisation are those of the notebook of A. Géron, "Hands-On Machine
//! Learning" (2017), chapter 15.

use burn::config::Config;
use burn::module::Module;
use burn::nn::Linear;
use burn::tensor::{Device, Tensor};

use super::activations::Activations;
use super::autoencoder::{Autoencoder, OuterWeights};
use super::batch::{Batch, Loss};
use super::layers::{Mlp, decay, mirrored};
use super::lesson::{Baseline, Benchmark, CODE, L2, Lesson, Preset, settings};
use super::objective::ReconstructionLoss;
use super::recipe::Recipe;
use crate::protocol::{CodeKind, ModelId, Shape};

/// Sizes of a [`Stacked`], and what it minimises.
#[derive(Config, Debug, PartialEq)]
pub struct StackedConfig {
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

impl Default for StackedConfig {
    fn default() -> Self {
        Self::new()
    }
}

impl StackedConfig {
    /// A model with random weights.
    pub fn init(&self, device: &Device) -> Stacked {
        let (encoder, decoder, output) = mirrored(self.input, &self.hidden, self.code, device);
        Stacked { encoder, decoder, output, l2: self.l2, reconstruction: self.reconstruction }
    }
}

/// Stacked autoencoder.
#[derive(Module, Debug)]
pub struct Stacked {
    encoder: Mlp,
    decoder: Mlp,
    output: Linear,
    #[module(skip)]
    l2: f64,
    #[module(skip)]
    reconstruction: ReconstructionLoss,
}

impl Stacked {
    /// Codes `[batch, code]` to what the last layer gives, `[batch, input]`.
    fn outputs(&self, codes: Tensor<2>) -> Tensor<2> {
        self.output.forward(self.decoder.forward(codes))
    }
}

impl Autoencoder for Stacked {
    const ID: ModelId = ModelId::new("stacked");

    type Config = StackedConfig;

    fn init(config: &StackedConfig, device: &Device) -> Self {
        config.init(device)
    }

    fn shape(config: &StackedConfig) -> Shape {
        Shape::mirrored(config.input, &config.hidden, config.code, CodeKind::Real)
    }

    fn lesson() -> Lesson<StackedConfig> {
        Lesson {
            presets: vec![
                Preset { name: "best", config: StackedConfig::new(), recipe: Recipe::new(60).with_warmup(500) },
                // The loss and the rates of training layer by layer, so that the two ways can be compared.
                Preset {
                    name: "squared_error",
                    config: StackedConfig::new().with_reconstruction(ReconstructionLoss::SquaredError),
                    recipe: Recipe::new(60),
                },
                Preset {
                    name: "notebook",
                    config: StackedConfig::new().with_l2(0.001).with_reconstruction(ReconstructionLoss::SquaredError),
                    recipe: Recipe::new(5).with_learning_rate(0.01).with_decay(false),
                },
            ],
            settings: settings([CODE, L2]),
            // The bar is the error of 150 principal components, clipped as well.
            benchmarks: vec![Benchmark::squared_error(Some(0.00273))],
            baselines: vec![
                Baseline { model: Self::ID, preset: "best", epochs: 60 },
                Baseline { model: Self::ID, preset: "notebook", epochs: 5 },
            ],
            ..Lesson::default()
        }
    }

    /// The reconstruction, and the decay of all weights where it weighs anything.
    fn loss(&self, batch: &Batch) -> Loss {
        let outputs = self.outputs(self.encode(batch.input.clone()));
        let layers = self.encoder.layers().chain(self.decoder.layers()).chain([&self.output]);
        let mut parts = vec![self.reconstruction.part(outputs, batch.target.clone())];
        parts.extend(decay(self.l2, layers));
        Loss { parts }
    }

    fn encode_by_layer(&self, inputs: Tensor<2>) -> Activations {
        self.encoder.extend(Activations::new(inputs))
    }

    fn decode_by_layer(&self, codes: Tensor<2>) -> Activations {
        let hidden = self.decoder.extend(Activations::new(codes));
        hidden.then_activated(|hidden| self.output.forward(hidden), |outputs| self.reconstruction.pixels(outputs))
    }

    fn outer_weights(&self) -> Option<OuterWeights> {
        let first = self.encoder.layers().next()?.weight.val();
        Some(OuterWeights { first, last: self.output.weight.val() })
    }
}
