//! The fully connected winner-take-all autoencoder: of the images of a batch, each unit of the code may answer a fixed share, those
//! that activate it most.
//!
//! Reference: A. Makhzani, B. Frey, "Winner-Take-All Autoencoders", NIPS 2015, section 2.

use burn::config::Config;
use burn::module::{Module, Param};
use burn::nn::loss::{MseLoss, Reduction};
use burn::nn::{Initializer, Linear, LinearConfig};
use burn::tensor::activation::relu;
use burn::tensor::{Device, Tensor};

use super::activations::Activations;
use super::autoencoder::{Autoencoder, OuterWeights, WHOLE};
use super::batch::{Batch, Loss};
use super::lesson::{Benchmark, CODE, Lesson, Measure, Preset, settings};
use super::optimisers::Optimisers;
use super::recipe::Recipe;
use super::winners::{LIFETIME_SPARSITY, Winners, followed, thresholds};
use crate::protocol::{CodeKind, ModelId, Shape};

/// The standard deviation of the first weights: small, so that what they were drawn as does not remain in the dictionary.
const FIRST_DEVIATION: f64 = 0.01;

/// Sizes of a [`WinnerTakeAll`], and its sparsity.
#[derive(Config, Debug, PartialEq)]
pub struct WinnerTakeAllConfig {
    /// Pixels of an image.
    #[config(default = 784)]
    pub input: usize,
    /// Numbers in a code.
    #[config(default = 2000)]
    pub code: usize,
    /// The share of a batch's images that each unit may answer in training, in (0, 1).
    #[config(default = 0.05)]
    pub lifetime_sparsity: f64,
}

impl Default for WinnerTakeAllConfig {
    fn default() -> Self {
        Self::new()
    }
}

impl WinnerTakeAllConfig {
    /// A model with random weights.
    pub fn init(&self, device: &Device) -> WinnerTakeAll {
        let normal = Initializer::Normal { mean: 0.0, std: FIRST_DEVIATION };
        let mut encoder = LinearConfig::new(self.input, self.code).with_initializer(normal).init(device);
        // From a positive bias units stay above 0 for nearly all images for longer, since no gradient lowers what does not win.
        encoder.bias = Some(Initializer::Zeros.init([self.code], device));
        WinnerTakeAll {
            encoder,
            output_bias: Param::from_tensor(Tensor::zeros([self.input], device)),
            threshold: thresholds(self.code, device),
            lifetime_sparsity: self.lifetime_sparsity,
        }
    }
}

/// Autoencoder with ReLU codes, a linear decoder and tied weights.
#[derive(Module, Debug)]
pub struct WinnerTakeAll {
    encoder: Linear,
    output_bias: Param<Tensor<1>>,
    /// See [`thresholds`], `[code]`.
    threshold: Param<Tensor<1>>,
    #[module(skip)]
    lifetime_sparsity: f64,
}

impl WinnerTakeAll {
    /// Codes `[batch, code]` to pixels, h W^T + c, `[batch, input]`: the decoder's weights are the encoder's, transposed.
    pub fn pixels(&self, codes: Tensor<2>) -> Tensor<2> {
        codes.matmul(self.encoder.weight.val().transpose()) + self.output_bias.val().unsqueeze()
    }

    /// Codes `[batch, code]` with 0 in place of what does not exceed its unit's threshold.
    pub fn above_threshold(&self, codes: Tensor<2>) -> Tensor<2> {
        let is_above = codes.clone().greater(self.threshold.val().unsqueeze());
        codes * is_above.float()
    }

    /// The squared error per pixel of the reconstruction by the winners alone, and those.
    fn reconstruction(&self, batch: &Batch) -> (Loss, Winners) {
        let codes = self.encode(batch.input.clone());
        let count = Winners::count(self.lifetime_sparsity, codes.dims()[0]);
        let winners = Winners::of(codes.clone(), count);
        let outputs = self.pixels(codes * winners.mask.clone());
        let error = MseLoss::new().forward(outputs, batch.target.clone(), Reduction::Mean);
        (Loss { parts: vec![("squared_error", error)] }, winners)
    }
}

impl Autoencoder for WinnerTakeAll {
    const ID: ModelId = ModelId::new("wta");

    type Config = WinnerTakeAllConfig;

    fn init(config: &WinnerTakeAllConfig, device: &Device) -> Self {
        config.init(device)
    }

    fn shape(config: &WinnerTakeAllConfig) -> Shape {
        Shape::mirrored(config.input, &[], config.code, CodeKind::Real)
    }

    fn lesson() -> Lesson<WinnerTakeAllConfig> {
        let recipe = |epochs| Recipe::new(epochs).with_batch(100).with_learning_rate(1e-3);
        let benchmark = |name, measure, at_most| Benchmark { name, measure, at_most, at_least: None };
        Lesson {
            presets: vec![
                Preset { name: "best", config: WinnerTakeAllConfig::new(), recipe: recipe(30) },
                Preset {
                    name: "small",
                    config: WinnerTakeAllConfig::new().with_code(500),
                    recipe: recipe(20).with_learning_rate(2e-3).with_examples(10_000),
                },
            ],
            settings: settings([CODE, LIFETIME_SPARSITY]),
            benchmarks: vec![
                Benchmark::squared_error(None),
                benchmark("softmax_regression_error", Measure::SoftmaxRegressionError, Some(0.015)),
                benchmark("support_vector_machine_error", Measure::SupportVectorMachineError, None),
                benchmark("treves_rolls", Measure::TrevesRolls, None),
                benchmark("inactive", Measure::InactiveShare, None),
                benchmark("least_mean_activation", Measure::LeastMeanActivation, None),
            ],
            ..Lesson::default()
        }
    }

    fn loss(&self, batch: &Batch) -> Loss {
        self.reconstruction(batch).0
    }

    /// The thresholds follow the batches that are learnt from.
    fn step(self, batch: &Batch, optimisers: &mut Optimisers) -> (Self, Loss) {
        let (loss, winners) = self.reconstruction(batch);
        let mut model = optimisers.step(WHOLE, self, loss.total());
        model.threshold = followed(model.threshold, winners.weakest);
        (model, loss)
    }

    /// Codes are at least 0. No unit is held back: these are the paper's features.
    fn encode_by_layer(&self, inputs: Tensor<2>) -> Activations {
        Activations::new(inputs).then_activated(|inputs| self.encoder.forward(inputs), relu)
    }

    fn decode_by_layer(&self, codes: Tensor<2>) -> Activations {
        Activations::new(codes).then(|codes| self.pixels(self.above_threshold(codes)))
    }

    fn outer_weights(&self) -> Option<OuterWeights> {
        let first = self.encoder.weight.val();
        Some(OuterWeights { last: first.clone().transpose(), first })
    }
}
