//! The stacked contractive autoencoder, and the random walk that draws images by the Jacobian of its encoder.
//!
//! Reference: S. Rifai, Y. Bengio, Y. Dauphin, P. Vincent, "A Generative Process for Sampling Contractive Auto-Encoders", ICML 2012;
//! walkback: Y. Bengio, L. Yao, G. Alain, P. Vincent, "Generalized Denoising Auto-Encoders as Generative Models", NIPS 2013,
//! algorithm 1.

use burn::config::Config;
use burn::module::Module;
use burn::tensor::activation::sigmoid;
use burn::tensor::{Device, Tensor};

use super::activations::Activations;
use super::autoencoder::{Autoencoder, ChainStep, OuterWeights};
use super::batch::{Batch, Loss};
use super::contractive::{CONTRACTION, Contractive, ContractiveConfig};
use super::lesson::{Benchmark, CODE, Lesson, Measure, Preset, settings};
use super::objective::cross_entropy;
use super::recipe::{Phase, Recipe};
use super::sampler::Sampler;
use crate::protocol::{CodeKind, ModelId, Shape, settings::Setting};

/// The outer layer learns on the images.
const OUTER: usize = 0;
/// The inner layer learns on the outer one's codes.
const INNER: usize = 1;
/// Both layers learn together to have the walk lead back to the images that it began from.
const JOINT: usize = 2;

const WALK_SIGMA: Setting = Setting::number("walk_sigma", "/model/walk_sigma", (0.0, 100.0));
const WALKBACK: Setting = Setting::count("walkback", "/model/walkback", (0.0, 10.0));
const WALKBACK_SIGMA: Setting = Setting::number("walkback_sigma", "/model/walkback_sigma", (0.0, 100.0));

/// Sizes of a [`ContractiveStacked`], what its layers minimise, and how far its walk steps.
#[derive(Config, Debug, PartialEq)]
pub struct ContractiveStackedConfig {
    /// Pixels of an image.
    #[config(default = 784)]
    pub input: usize,
    /// Numbers in an outer code.
    #[config(default = 400)]
    pub hidden: usize,
    /// Numbers in a code.
    #[config(default = 400)]
    pub code: usize,
    /// Weight of the squared norm of each layer's Jacobian, lambda in the paper.
    #[config(default = 0.1)]
    pub contraction: f64,
    /// Standard deviation of the Gaussian noise of the walk, sigma in the paper. Training has no use for it.
    #[config(default = 1.2)]
    pub walk_sigma: f64,
    /// Steps of the walk from each training image in the last phase, after each of which it is to lead back to it; 0 leaves that phase
    /// out.
    #[config(default = 3)]
    pub walkback: usize,
    /// Standard deviation of the noise of those steps.
    #[config(default = 0.6)]
    pub walkback_sigma: f64,
}

impl Default for ContractiveStackedConfig {
    fn default() -> Self {
        Self::new()
    }
}

impl ContractiveStackedConfig {
    /// A model with random weights.
    pub fn init(&self, device: &Device) -> ContractiveStacked {
        let layer = |input, code| {
            ContractiveConfig::new().with_input(input).with_code(code).with_contraction(self.contraction).init(device)
        };
        ContractiveStacked {
            outer: layer(self.input, self.hidden),
            inner: layer(self.hidden, self.code),
            contraction: self.contraction,
            walk_sigma: self.walk_sigma,
            walkback: self.walkback,
            walkback_sigma: self.walkback_sigma,
        }
    }
}

/// Two contractive autoencoders, the second of the first one's codes.
#[derive(Module, Debug)]
pub struct ContractiveStacked {
    outer: Contractive,
    inner: Contractive,
    #[module(skip)]
    contraction: f64,
    #[module(skip)]
    walk_sigma: f64,
    #[module(skip)]
    walkback: usize,
    #[module(skip)]
    walkback_sigma: f64,
}

impl ContractiveStacked {
    /// A step of the walk from images `[batch, input]`: x + J^T e, and the logits of the pixels of g(h + J J^T e) with e from N(0, sigma^2
    /// I), both `[batch, input]`.
    fn step_of_walk(&self, images: Tensor<2>, sigma: f64, sampler: &Sampler) -> (Tensor<2>, Tensor<2>) {
        let (noisy, codes) = self.moved(images, |shape| sampler.normal(shape) * sigma);
        (noisy, self.outer.logits(self.inner.decode(codes)))
    }

    /// The weighted penalties of both layers, each by what it is given of the images `[batch, input]`.
    fn contraction(&self, images: Tensor<2>) -> Tensor<1> {
        let outer = self.outer.encode(images);
        let inner = self.inner.encode(outer.clone());
        let norms = self.outer.squared_jacobian_norm(outer) + self.inner.squared_jacobian_norm(inner);
        norms.mean() * self.contraction
    }

    /// The mean over the steps of the walk from each image of the cross-entropy, in nats per image, of the image under what the step gives
    /// (Bengio et al. 2013, algorithm 1, with a fixed number of steps), and the penalties.
    fn walkback_loss(&self, batch: &Batch) -> Loss {
        let mut images = batch.input.clone();
        let mut sum: Option<Tensor<1>> = None;
        for _ in 0..self.walkback {
            let (_, logits) = self.step_of_walk(images, self.walkback_sigma, &batch.sampler);
            let nats = cross_entropy(logits.clone(), batch.target.clone()).sum_dim(1).mean();
            sum = Some(sum.map_or(nats.clone(), |sum| sum + nats));
            // Where the next step begins is not learnt from.
            images = sigmoid(logits.detach());
        }
        let sum = sum.expect("at least one step");
        let mut parts = vec![("cross_entropy", sum / self.walkback as f64)];
        if self.contraction > 0.0 {
            parts.push(("contraction", self.contraction(batch.input.clone())));
        }
        Loss { parts }
    }

    /// From images x, `[batch, input]`, and noise e, `[batch, code]`: x + J^T e, `[batch, input]`, and h + J J^T e, `[batch, code]`, with
    /// the code h = f(x) and the encoder's Jacobian at x, J = J_inner J_outer (Rifai et al. 2012). J itself is not worked out.
    fn moved(&self, images: Tensor<2>, noise: impl Fn([usize; 2]) -> Tensor<2>) -> (Tensor<2>, Tensor<2>) {
        let outer = self.outer.encode(images.clone());
        let codes = self.inner.encode(outer.clone());
        let back = self.inner.jacobian_transposed_times(codes.clone(), noise(codes.dims()));
        let direction = self.outer.jacobian_transposed_times(outer.clone(), back);
        let along = self.outer.jacobian_times(outer, direction.clone());
        let change = self.inner.jacobian_times(codes.clone(), along);
        (images + direction, codes + change)
    }
}

impl Autoencoder for ContractiveStacked {
    const ID: ModelId = ModelId::new("contractive_stacked");

    type Config = ContractiveStackedConfig;

    fn init(config: &ContractiveStackedConfig, device: &Device) -> Self {
        config.init(device)
    }

    fn shape(config: &ContractiveStackedConfig) -> Shape {
        Shape::mirrored(config.input, &[config.hidden], config.code, CodeKind::Activations).with_chain()
    }

    fn lesson() -> Lesson<ContractiveStackedConfig> {
        let recipe = || Recipe::new(6).with_batch(100).with_learning_rate(0.003);
        let chain_classes =
            Benchmark { name: "chain_classes", measure: Measure::ChainClasses, at_most: None, at_least: None };
        Lesson {
            presets: vec![
                Preset { name: "best", config: ContractiveStackedConfig::new(), recipe: recipe() },
                Preset {
                    name: "layer_by_layer",
                    config: ContractiveStackedConfig::new().with_walkback(0),
                    recipe: recipe(),
                },
                Preset {
                    name: "small",
                    config: ContractiveStackedConfig::new().with_hidden(200).with_code(200),
                    recipe: Recipe::new(3).with_batch(50).with_learning_rate(0.006).with_examples(10_000),
                },
            ],
            settings: settings([CODE, CONTRACTION, WALK_SIGMA, WALKBACK, WALKBACK_SIGMA]),
            benchmarks: vec![Benchmark::squared_error(None), chain_classes, Benchmark::log_likelihood(Some(121.0))],
            ..Lesson::default()
        }
    }

    fn phases(recipe: &Recipe, config: &ContractiveStackedConfig) -> Vec<Phase> {
        vec![Phase::whole(recipe); if config.walkback > 0 { 3 } else { 2 }]
    }

    fn phase_inputs(&self, examples: Tensor<2>, phase: usize) -> Option<Tensor<2>> {
        (phase == INNER).then(|| self.outer.encode(examples))
    }

    /// That of the layer that the phase trains, of images or of outer codes; in the end that of the walk.
    fn loss(&self, batch: &Batch) -> Loss {
        match batch.phase {
            OUTER => self.outer.loss(batch),
            INNER => self.inner.loss(batch),
            JOINT.. => self.walkback_loss(batch),
        }
    }

    /// x + J^T e, and g(h + J J^T e), which to the first order is what the stack makes of it.
    fn chain_step(&self, images: Tensor<2>, sampler: &Sampler) -> Option<ChainStep> {
        let (noisy, logits) = self.step_of_walk(images, self.walk_sigma, sampler);
        Some(ChainStep { noisy, means: sigmoid(logits), draws_pixels: false })
    }

    /// Codes are in (0, 1).
    fn encode_by_layer(&self, inputs: Tensor<2>) -> Activations {
        self.outer.encode_by_layer(inputs).then_activated(|outer| self.inner.encoder.forward(outer), sigmoid)
    }

    fn decode_by_layer(&self, codes: Tensor<2>) -> Activations {
        let outer = Activations::new(codes).then_activated(|codes| self.inner.logits(codes), sigmoid);
        outer.then_activated(|outer| self.outer.logits(outer), sigmoid)
    }

    fn outer_weights(&self) -> Option<OuterWeights> {
        self.outer.outer_weights()
    }

    /// The product of both layers' Jacobians.
    fn encoder_jacobian(&self, inputs: Tensor<2>) -> Option<Tensor<3>> {
        let inner = self.inner.encoder_jacobian(self.outer.encode(inputs.clone()))?;
        Some(inner.matmul(self.outer.encoder_jacobian(inputs)?))
    }
}
