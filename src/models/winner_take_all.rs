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
use crate::protocol::{CodeKind, ModelId, Shape, settings::Setting};

/// The standard deviation of the first weights: small, so that what they were drawn as does not remain in the dictionary.
const FIRST_DEVIATION: f64 = 0.01;

/// What one step weighs in the running mean of the thresholds, the share that is usual for running means of batches: the mean of about the
/// last ten steps.
const STEP_WEIGHT: f64 = 0.1;

const LIFETIME_SPARSITY: Setting = Setting::number("lifetime_sparsity", "/model/lifetime_sparsity", (0.005, 0.2));

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
        let zeros = |width| Param::from_tensor(Tensor::zeros([width], device));
        let normal = Initializer::Normal { mean: 0.0, std: FIRST_DEVIATION };
        let mut encoder = LinearConfig::new(self.input, self.code).with_initializer(normal).init(device);
        // From a positive bias units stay above 0 for nearly all images for longer, since no gradient lowers what does not win.
        encoder.bias = Some(Initializer::Zeros.init([self.code], device));
        WinnerTakeAll {
            encoder,
            output_bias: zeros(self.input),
            threshold: zeros(self.code).set_require_grad(false),
            lifetime_sparsity: self.lifetime_sparsity,
        }
    }
}

/// Autoencoder with ReLU codes, a linear decoder and tied weights.
#[derive(Module, Debug)]
pub struct WinnerTakeAll {
    encoder: Linear,
    output_bias: Param<Tensor<1>>,
    /// What an activation must exceed to count in a reconstruction, `[code]`: the running mean over the steps of each unit's weakest
    /// winner. No gradient changes it. It is not in the paper, which reconstructs batches alone: an image by itself has no other to
    /// compete with.
    threshold: Param<Tensor<1>>,
    #[module(skip)]
    lifetime_sparsity: f64,
}

/// The winners among the activations of a batch.
pub struct Winners {
    /// 1 where an activation is among the largest of its unit, else 0, `[batch, code]`.
    pub mask: Tensor<2>,
    /// The weakest of each unit's winners, `[code]`.
    pub weakest: Tensor<1>,
}

impl Winners {
    /// The `count` largest activations of each column of `[batch, code]`, which are at least 0, without gradients. Equal ones count once and
    /// win together; where fewer are above 0, the rest win with 0, which changes nothing.
    ///
    /// One is taken away after another: sorting reads from the device, which WebGPU in a browser does not allow in between.
    pub fn of(activations: Tensor<2>, count: usize) -> Self {
        let activations = activations.detach();
        let is_below = |largest: &Tensor<2>, rest: &Tensor<2>| largest.clone().greater(rest.clone()).float();
        let mut rest = activations.clone();
        let mut weakest = rest.clone().max_dim(0);
        for _ in 1..count {
            rest = rest.clone() * is_below(&weakest, &rest);
            weakest = rest.clone().max_dim(0);
        }
        let mask = activations.ones_like() - is_below(&weakest, &activations);
        Winners { mask, weakest: weakest.squeeze_dim(0) }
    }
}

impl WinnerTakeAll {
    /// How many images of a batch each unit may answer: the share, rounded, and one at least.
    pub fn winners(&self, batch: usize) -> usize {
        ((self.lifetime_sparsity * batch as f64).round() as usize).clamp(1, batch)
    }

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
        let winners = Winners::of(codes.clone(), self.winners(codes.dims()[0]));
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
        let recipe = || Recipe::new(30).with_batch(100).with_learning_rate(1e-3);
        let benchmark = |name, measure, at_most| Benchmark { name, measure, at_most, at_least: None };
        Lesson {
            presets: vec![Preset { name: "best", config: WinnerTakeAllConfig::new(), recipe: recipe() }],
            settings: settings([CODE, LIFETIME_SPARSITY]),
            benchmarks: vec![
                Benchmark::squared_error(None),
                benchmark("softmax_regression_error", Measure::SoftmaxRegressionError, Some(0.015)),
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
        let weakest = winners.weakest;
        model.threshold = model.threshold.map(|mean| mean * (1.0 - STEP_WEIGHT) + weakest * STEP_WEIGHT);
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
