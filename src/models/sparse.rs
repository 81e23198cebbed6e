//! The sparse autoencoder: more codes than pixels, of which an image may light up few.
//!
//! Reference: the notebook of A. Géron, "Hands-On Machine Learning" (2017), chapter 15; A. Ng, "Sparse autoencoder" (CS294A lecture
//! notes, 2011), section 3.

use burn::config::Config;
use burn::module::Module;
use burn::nn::Linear;
use burn::tensor::activation::sigmoid;
use burn::tensor::{Device, Tensor};

use super::activations::Activations;
use super::autoencoder::{Autoencoder, OuterWeights};
use super::batch::{Batch, Loss};
use super::layers::{decay, linear};
use super::lesson::{Baseline, Benchmark, CODE, Lesson, Measure, Preset, settings};
use super::objective::ReconstructionLoss;
use super::recipe::Recipe;
use crate::protocol::{CodeKind, ModelId, Shape, settings::Setting};

/// A mean activation is taken to be at least this far from 0 and 1, where the divergence is infinite.
const MARGIN: f64 = 1e-6;

const SPARSITY: Setting = Setting::number("sparsity", "/model/sparsity", (0.001, 0.5));
const SPARSITY_WEIGHT: Setting = Setting::number("sparsity_weight", "/model/sparsity_weight", (0.0, 100.0));
const DECODER_L2: Setting = Setting::number("decoder_l2", "/model/decoder_l2", (0.0, 1.0));

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
    /// Weight of half the sum of the decoder's squared weights. Without it they grow, and weak activations do for strong ones. The
    /// encoder's are free: where they are kept small, so are the differences between activations.
    #[config(default = 0.0)]
    pub decoder_l2: f64,
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
            decoder_l2: self.decoder_l2,
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
    decoder_l2: f64,
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
        let activations = |name, measure, at_most, at_least| Benchmark { name, measure, at_most, at_least };
        Lesson {
            presets: vec![
                // Few strong activations. The batch's mean is a guess at the mean over all images: a large weight of its divergence
                // punishes codes that differ from image to image, which sparse ones do.
                Preset {
                    name: "few_active",
                    config: config().with_sparsity(0.08).with_sparsity_weight(0.003).with_decoder_l2(1.5e-5),
                    recipe: Recipe::new(60).with_batch(500).with_learning_rate(0.01),
                },
                // The mean and the weight of its divergence as the notebook has them, and nothing else.
                preset("mean_alone", config()),
                preset("squared_error", config().with_reconstruction(ReconstructionLoss::SquaredError)),
                preset("plain", config().with_sparsity_weight(0.0)),
            ],
            settings: settings([CODE, SPARSITY, SPARSITY_WEIGHT, DECODER_L2]),
            benchmarks: vec![
                Benchmark::squared_error(None),
                activations("mean_activation", Measure::MeanActivation, Some(0.12), Some(0.08)),
                activations("treves_rolls", Measure::TrevesRolls, Some(0.3), None),
                activations("inactive", Measure::InactiveShare, None, Some(0.8)),
                activations("least_mean_activation", Measure::LeastMeanActivation, None, Some(0.01)),
            ],
            // By either loss, and without the divergence. The last one's activations stand beside those of the model in use.
            baselines: vec![
                Baseline { model: Self::ID, preset: "squared_error", epochs: 20 },
                Baseline { model: Self::ID, preset: "plain", epochs: 20 },
                Baseline { model: Self::ID, preset: "mean_alone", epochs: 20 },
            ],
            ..Lesson::default()
        }
    }

    /// The reconstruction, and the divergence and the decay of the decoder's weights where they weigh anything.
    fn loss(&self, batch: &Batch) -> Loss {
        let codes = self.encode(batch.input.clone());
        let mut parts = vec![self.reconstruction.part(self.output.forward(codes.clone()), batch.target.clone())];
        if self.sparsity_weight > 0.0 {
            parts.push(("sparsity", self.divergence(codes) * self.sparsity_weight));
        }
        parts.extend(decay(self.decoder_l2, std::iter::once(&self.output)));
        Loss { parts }
    }

    /// Codes are in (0, 1).
    fn encode_by_layer(&self, inputs: Tensor<2>) -> Activations {
        Activations::new(inputs).then_activated(|inputs| self.encoder.forward(inputs), sigmoid)
    }

    fn decode_by_layer(&self, codes: Tensor<2>) -> Activations {
        let pixels = |outputs| self.reconstruction.pixels(outputs);
        Activations::new(codes).then_activated(|codes| self.output.forward(codes), pixels)
    }

    fn outer_weights(&self) -> Option<OuterWeights> {
        Some(OuterWeights { first: self.encoder.weight.val(), last: self.output.weight.val() })
    }
}
