//! The sparse autoencoder: more codes than pixels, of which an image may light up few.
//!
//! Reference: the notebook of A. Géron, "Hands-On Machine Learning" (2017), chapter 15; A. Ng, "Sparse autoencoder" (CS294A lecture
//! notes, 2011), section 3.

use burn::config::Config;
use burn::module::Module;
use burn::nn::Linear;
use burn::tensor::activation::sigmoid;
use burn::tensor::{Device, Tensor};

use super::autoencoder::Autoencoder;
use super::batch::{Batch, Loss};
use super::layers::linear;
use super::lesson::{Baseline, Benchmark, CODE, Lesson, Measure, Preset, settings};
use super::objective::ReconstructionLoss;
use super::recipe::Recipe;
use crate::protocol::{CodeKind, ModelId, Shape, settings::Setting};

/// A mean activation is taken to be at least this far from 0 and 1, where the divergence is infinite.
const MARGIN: f64 = 1e-6;

const SPARSITY: Setting = Setting::number("sparsity", "/model/sparsity", (0.001, 0.5));
const SPARSITY_WEIGHT: Setting = Setting::number("sparsity_weight", "/model/sparsity_weight", (0.0, 100.0));

/// Sizes of a [`Sparse`], and what it minimises.
#[derive(Config, Debug, PartialEq)]
pub struct SparseConfig {
    /// Pixels of an image.
    #[config(default = 784)]
    pub input: usize,
    /// Numbers in a code.
    #[config(default = 1000)]
    pub code: usize,
    /// The mean activation that each unit of the code is to have over a batch, in (0, 1).
    #[config(default = 0.1)]
    pub sparsity: f64,
    /// Weight of the divergence from it; 0 makes a plain autoencoder.
    #[config(default = 0.2)]
    pub sparsity_weight: f64,
    #[config(default = "ReconstructionLoss::CrossEntropy")]
    pub reconstruction: ReconstructionLoss,
}

impl Default for SparseConfig {
    fn default() -> Self {
        Self::new()
    }
}

impl SparseConfig {
    /// A model with random weights.
    pub fn init(&self, device: &Device) -> Sparse {
        Sparse {
            encoder: linear(self.input, self.code, device),
            output: linear(self.code, self.input, device),
            sparsity: self.sparsity,
            sparsity_weight: self.sparsity_weight,
            reconstruction: self.reconstruction,
        }
    }
}

/// Sparse autoencoder with sigmoid codes.
#[derive(Module, Debug)]
pub struct Sparse {
    encoder: Linear,
    output: Linear,
    #[module(skip)]
    sparsity: f64,
    #[module(skip)]
    sparsity_weight: f64,
    #[module(skip)]
    reconstruction: ReconstructionLoss,
}

impl Sparse {
    /// The sum over the units of KL(p || q) = p log(p / q) + (1 - p) log((1 - p) / (1 - q)) in nats, `[1]`: p is the sparsity
    /// wanted, q a unit's mean activation over the batch (Ng, section 3).
    fn divergence(&self, codes: Tensor<2>) -> Tensor<1> {
        let p = self.sparsity;
        let q = codes.mean_dim(0).clamp(MARGIN, 1.0 - MARGIN);
        let entropy = p * p.ln() + (1.0 - p) * (1.0 - p).ln();
        (-(q.clone().log() * p) - (-q + 1.0).log() * (1.0 - p) + entropy).sum()
    }
}

impl Autoencoder for Sparse {
    const ID: ModelId = ModelId::new("sparse");

    type Config = SparseConfig;

    fn init(config: &SparseConfig, device: &Device) -> Self {
        config.init(device)
    }

    fn shape(config: &SparseConfig) -> Shape {
        Shape::mirrored(config.input, &[], config.code, CodeKind::Activations)
    }

    fn lesson() -> Lesson<SparseConfig> {
        let preset =
            |name, config| Preset { name, config, recipe: Recipe::new(60).with_batch(1_000).with_learning_rate(0.01) };
        let config = SparseConfig::new;
        Lesson {
            presets: vec![
                preset("cross_entropy", config()),
                preset("squared_error", config().with_reconstruction(ReconstructionLoss::SquaredError)),
                preset("plain", config().with_sparsity_weight(0.0)),
            ],
            settings: settings([CODE, SPARSITY, SPARSITY_WEIGHT]),
            benchmarks: vec![
                Benchmark::squared_error(None),
                Benchmark {
                    name: "mean_activation",
                    measure: Measure::MeanActivation,
                    at_most: Some(0.12),
                    at_least: Some(0.08),
                },
            ],
            // By either loss, and without the divergence.
            baselines: vec![
                Baseline { model: Self::ID, preset: "cross_entropy", epochs: 20 },
                Baseline { model: Self::ID, preset: "squared_error", epochs: 20 },
                Baseline { model: Self::ID, preset: "plain", epochs: 20 },
            ],
            ..Lesson::default()
        }
    }

    /// The reconstruction, and the divergence where it weighs anything.
    fn loss(&self, batch: &Batch) -> Loss {
        let codes = self.encode(batch.input.clone());
        let mut parts = vec![self.reconstruction.part(self.output.forward(codes.clone()), batch.target.clone())];
        if self.sparsity_weight > 0.0 {
            parts.push(("sparsity", self.divergence(codes) * self.sparsity_weight));
        }
        Loss { parts }
    }

    /// Codes are in (0, 1).
    fn encode(&self, inputs: Tensor<2>) -> Tensor<2> {
        sigmoid(self.encoder.forward(inputs))
    }

    fn decode(&self, codes: Tensor<2>) -> Tensor<2> {
        self.reconstruction.pixels(self.output.forward(codes))
    }
}
