//! The linear autoencoder: no activation, so that the best it can do is project onto the principal components.
//!
//! Reference: P. Baldi, K. Hornik, "Neural networks and principal component analysis", Neural Networks 2 (1989), section 2; the
//! sizes are those of the notebook of A. Géron, "Hands-On Machine Learning" (2017), chapter 15.

use burn::config::Config;
use burn::module::Module;
use burn::nn::Linear;
use burn::tensor::{Device, Tensor};

use super::activations::Activations;
use super::autoencoder::{Autoencoder, OuterWeights};
use super::batch::{Batch, Loss};
use super::layers::linear;
use super::lesson::{Benchmark, CODE, Lesson, Measure, Preset, settings};
use super::objective::ReconstructionLoss;
use super::recipe::Recipe;
use crate::data::plane::COORDINATES;
use crate::protocol::{CodeKind, ExampleKind, ModelId, Shape};

/// Sizes of a [`LinearAutoencoder`].
#[derive(Config, Debug, PartialEq)]
pub struct LinearAutoencoderConfig {
    /// Pixels of an image, or 3 coordinates of a point.
    #[config(default = 784)]
    pub input: usize,
    /// Numbers in a code.
    #[config(default = 2)]
    pub code: usize,
}

impl Default for LinearAutoencoderConfig {
    fn default() -> Self {
        Self::new()
    }
}

impl LinearAutoencoderConfig {
    /// A model with random weights.
    pub fn init(&self, device: &Device) -> LinearAutoencoder {
        LinearAutoencoder {
            encoder: linear(self.input, self.code, device),
            decoder: linear(self.code, self.input, device),
        }
    }
}

/// Autoencoder of two affine layers.
#[derive(Module, Debug)]
pub struct LinearAutoencoder {
    encoder: Linear,
    decoder: Linear,
}

impl Autoencoder for LinearAutoencoder {
    const ID: ModelId = ModelId::new("linear");

    type Config = LinearAutoencoderConfig;

    fn init(config: &LinearAutoencoderConfig, device: &Device) -> Self {
        config.init(device)
    }

    fn shape(config: &LinearAutoencoderConfig) -> Shape {
        Shape::mirrored(config.input, &[], config.code, CodeKind::Real).of(match config.input {
            COORDINATES => ExampleKind::Plane,
            _ => ExampleKind::Digits,
        })
    }

    fn lesson() -> Lesson<LinearAutoencoderConfig> {
        let recipe = |epochs| Recipe::new(epochs).with_learning_rate(0.01);
        Lesson {
            presets: vec![
                Preset { name: "digits", config: LinearAutoencoderConfig::new(), recipe: recipe(20) },
                Preset {
                    name: "plane",
                    config: LinearAutoencoderConfig::new().with_input(COORDINATES),
                    // All points are one batch: an epoch is a step.
                    recipe: recipe(1_000).with_batch(200).with_decay(false),
                },
            ],
            settings: settings([CODE]),
            // Within 1 % of two principal components' error, 0.05547 clipped as well, and near their plane.
            benchmarks: vec![
                Benchmark::squared_error(Some(0.05547 * 1.01)),
                Benchmark {
                    name: "principal_angle",
                    measure: Measure::PrincipalAngle,
                    at_most: Some(5.0),
                    at_least: None,
                },
            ],
            ..Lesson::default()
        }
    }

    /// The mean squared error per pixel or coordinate.
    fn loss(&self, batch: &Batch) -> Loss {
        let outputs = self.reconstruct(batch.input.clone());
        Loss { parts: vec![ReconstructionLoss::SquaredError.part(outputs, batch.target.clone())] }
    }

    fn encode_by_layer(&self, inputs: Tensor<2>) -> Activations {
        Activations::new(inputs).then(|inputs| self.encoder.forward(inputs))
    }

    /// Images are only near [0, 1].
    fn decode_by_layer(&self, codes: Tensor<2>) -> Activations {
        Activations::new(codes).then(|codes| self.decoder.forward(codes))
    }

    fn outer_weights(&self) -> Option<OuterWeights> {
        Some(OuterWeights { first: self.encoder.weight.val(), last: self.decoder.weight.val() })
    }
}
