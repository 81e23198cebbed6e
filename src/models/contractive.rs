//! The contractive autoencoder: its code is to change little where the image changes a little.
//!
//! Reference: S. Rifai et al., "Contractive Auto-Encoders: Explicit Invariance During Feature Extraction", ICML 2011.

use burn::config::Config;
use burn::module::{Module, Param};
use burn::nn::Linear;
use burn::tensor::activation::sigmoid;
use burn::tensor::{Device, Tensor};

use super::activations::Activations;
use super::autoencoder::{Autoencoder, OuterWeights};
use super::batch::{Batch, Loss};
use super::layers::linear;
use super::lesson::{Baseline, Benchmark, CODE, Lesson, Measure, Preset, settings};
use super::objective::cross_entropy;
use super::recipe::Recipe;
use crate::protocol::{CodeKind, ModelId, Shape, settings::Setting};

pub(super) const CONTRACTION: Setting = Setting::number("contraction", "/model/contraction", (0.0, 100.0));

/// Sizes of a [`Contractive`], and what it minimises.
#[derive(Config, Debug, PartialEq)]
pub struct ContractiveConfig {
    /// Pixels of an image.
    #[config(default = 784)]
    pub input: usize,
    /// Numbers in a code.
    #[config(default = 1000)]
    pub code: usize,
    /// Weight of the squared norm of the encoder's Jacobian, lambda in the paper; 0 makes a plain autoencoder.
    #[config(default = 0.0005)]
    pub contraction: f64,
}

impl Default for ContractiveConfig {
    fn default() -> Self {
        Self::new()
    }
}

impl ContractiveConfig {
    /// A model with random weights.
    pub fn init(&self, device: &Device) -> Contractive {
        Contractive {
            encoder: linear(self.input, self.code, device),
            output_bias: Param::from_tensor(Tensor::zeros([self.input], device)),
            contraction: self.contraction,
        }
    }
}

/// Contractive autoencoder with sigmoid codes and tied weights.
#[derive(Module, Debug)]
pub struct Contractive {
    pub(super) encoder: Linear,
    output_bias: Param<Tensor<1>>,
    #[module(skip)]
    contraction: f64,
}

impl Contractive {
    /// Codes `[batch, code]` to the logits of the pixels, h W^T + c, `[batch, input]`: the decoder's weights are the encoder's,
    /// transposed.
    pub(super) fn logits(&self, codes: Tensor<2>) -> Tensor<2> {
        codes.matmul(self.encoder.weight.val().transpose()) + self.output_bias.val().unsqueeze()
    }

    /// ||J(x)||^2, the sum of the squares of all dh_j / dx_i, `[batch, 1]`, by the codes h of x, `[batch, code]`: with h = sigmoid(x W
    /// + b) it is sum_j (h_j (1 - h_j))^2 sum_i W_ij^2 (Rifai et al., section 5.1).
    pub fn squared_jacobian_norm(&self, codes: Tensor<2>) -> Tensor<2> {
        let squared_weights = self.encoder.weight.val().square().sum_dim(0);
        (slopes(codes).square() * squared_weights).sum_dim(1)
    }

    /// J v of vectors v, `[batch, input]`, where the codes are h, `[batch, code]`: of the codes' shape.
    pub fn jacobian_times(&self, codes: Tensor<2>, vectors: Tensor<2>) -> Tensor<2> {
        slopes(codes) * vectors.matmul(self.encoder.weight.val())
    }

    /// J^T u of vectors u, `[batch, code]`, where the codes are h, of the same shape: `[batch, input]`.
    pub fn jacobian_transposed_times(&self, codes: Tensor<2>, vectors: Tensor<2>) -> Tensor<2> {
        (slopes(codes) * vectors).matmul(self.encoder.weight.val().transpose())
    }
}

/// The slope of the sigmoid where it is h: h (1 - h), of the same shape.
fn slopes(codes: Tensor<2>) -> Tensor<2> {
    codes.clone() * (-codes + 1.0)
}

/// The error, the norm of the Jacobian, and its spectrum at some places. The bars follow from the same network without the penalty: 1.2
/// times its error, 0.000607, and a third of its norm, 3350.
fn benchmarks() -> Vec<Benchmark> {
    let mut benchmarks = vec![
        Benchmark::squared_error(Some(0.00073)),
        Benchmark {
            name: "squared_jacobian_norm",
            measure: Measure::SquaredJacobianNorm,
            at_most: Some(1116.0),
            at_least: None,
        },
    ];
    let spectrum = [
        ("singular_value_1", 1),
        ("singular_value_2", 2),
        ("singular_value_5", 5),
        ("singular_value_10", 10),
        ("singular_value_20", 20),
        ("singular_value_50", 50),
        ("singular_value_100", 100),
        ("singular_value_200", 200),
        ("singular_value_400", 400),
    ];
    benchmarks.extend(spectrum.map(|(name, place)| Benchmark {
        name,
        measure: Measure::SingularValue(place),
        at_most: None,
        at_least: None,
    }));
    benchmarks
}

impl Autoencoder for Contractive {
    const ID: ModelId = ModelId::new("contractive");

    type Config = ContractiveConfig;

    fn init(config: &ContractiveConfig, device: &Device) -> Self {
        config.init(device)
    }

    fn shape(config: &ContractiveConfig) -> Shape {
        Shape::mirrored(config.input, &[], config.code, CodeKind::Activations)
    }

    fn lesson() -> Lesson<ContractiveConfig> {
        let recipe = || Recipe::new(30).with_batch(100).with_learning_rate(0.01);
        Lesson {
            presets: vec![
                Preset { name: "best", config: ContractiveConfig::new(), recipe: recipe() },
                Preset {
                    name: "without_penalty",
                    config: ContractiveConfig::new().with_contraction(0.0),
                    recipe: recipe(),
                },
                // Few steps leave the norm small without the penalty too: it takes a larger weight to show.
                Preset {
                    name: "small",
                    config: ContractiveConfig::new().with_code(300).with_contraction(0.05),
                    recipe: Recipe::new(20).with_batch(100).with_learning_rate(0.01).with_examples(10_000),
                },
            ],
            settings: settings([CODE, CONTRACTION]),
            benchmarks: benchmarks(),
            // The same network without the penalty.
            baselines: vec![
                Baseline { model: Self::ID, preset: "best", epochs: 30 },
                Baseline { model: Self::ID, preset: "without_penalty", epochs: 30 },
            ],
            ..Lesson::default()
        }
    }

    /// The cross-entropy of the pixels in nats per image, and the weighted penalty where it weighs anything (eq. 3).
    fn loss(&self, batch: &Batch) -> Loss {
        let codes = self.encode(batch.input.clone());
        let pixels = cross_entropy(self.logits(codes.clone()), batch.target.clone());
        let mut parts = vec![("cross_entropy", pixels.sum_dim(1).mean())];
        if self.contraction > 0.0 {
            parts.push(("contraction", self.squared_jacobian_norm(codes).mean() * self.contraction));
        }
        Loss { parts }
    }

    /// Codes are in (0, 1).
    fn encode_by_layer(&self, inputs: Tensor<2>) -> Activations {
        Activations::new(inputs).then_activated(|inputs| self.encoder.forward(inputs), sigmoid)
    }

    fn decode_by_layer(&self, codes: Tensor<2>) -> Activations {
        Activations::new(codes).then_activated(|codes| self.logits(codes), sigmoid)
    }

    fn outer_weights(&self) -> Option<OuterWeights> {
        let first = self.encoder.weight.val();
        Some(OuterWeights { last: first.clone().transpose(), first })
    }

    /// J_ji = h_j (1 - h_j) W_ij.
    fn encoder_jacobian(&self, inputs: Tensor<2>) -> Option<Tensor<3>> {
        let weights = self.encoder.weight.val().transpose().unsqueeze_dim::<3>(0);
        Some(slopes(self.encode(inputs)).unsqueeze_dim::<3>(2) * weights)
    }
}
