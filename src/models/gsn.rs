//! The generative stochastic network: noise, denoise, draw, and again; the chain's pictures are samples of what it learnt.
//!
//! Reference: Y. Bengio, E. Thibodeau-Laufer, G. Alain, J. Yosinski, "Deep Generative Stochastic Networks Trainable by Backprop", ICML
//! 2014; walkback: Y. Bengio, L. Yao, G. Alain, P. Vincent, "Generalized Denoising Auto-Encoders as Generative Models", NIPS 2013,
//! algorithm 1.

use burn::config::Config;
use burn::module::Module;
use burn::nn::Linear;
use burn::tensor::activation::{sigmoid, tanh};
use burn::tensor::{Device, Tensor};

use super::activations::Activations;
use super::autoencoder::{Autoencoder, ChainStep, OuterWeights};
use super::batch::{Batch, Loss};
use super::layers::{elu, linear};
use super::lesson::{Benchmark, CODE, Lesson, Measure, Preset, settings};
use super::objective::cross_entropy;
use super::recipe::Recipe;
use super::sampler::Sampler;
use crate::protocol::{CodeKind, ModelId, Shape, settings::Setting};

const SALT_AND_PEPPER: Setting = Setting::number("salt_and_pepper", "/model/salt_and_pepper", (0.0, 0.9));
const CODE_NOISE: Setting = Setting::number("code_noise", "/model/code_noise", (0.0, 5.0));
const WALKBACK: Setting = Setting::count("walkback", "/model/walkback", (1.0, 10.0));

/// Sizes of a [`Gsn`], its noise, and how far its chain is followed in training.
#[derive(Config, Debug, PartialEq)]
pub struct GsnConfig {
    /// Pixels of an image.
    #[config(default = 784)]
    pub input: usize,
    /// Units between the image and the code, and as many on the way back.
    #[config(default = 800)]
    pub hidden: usize,
    /// Numbers in a code.
    #[config(default = 400)]
    pub code: usize,
    /// Probability of a pixel to be replaced by 0 or 1, each as likely.
    #[config(default = 0.5)]
    pub salt_and_pepper: f64,
    /// Standard deviation of the Gaussian noise that is put on the code twice, before and after its activation. The paper's is 2, with
    /// which our network learns nothing but the mean digit.
    #[config(default = 0.3)]
    pub code_noise: f64,
    /// Steps of the chain from each training image, after each of which it is to lead back to it; 1 is denoising alone.
    #[config(default = 3)]
    pub walkback: usize,
}

impl Default for GsnConfig {
    fn default() -> Self {
        Self::new()
    }
}

impl GsnConfig {
    /// A model with random weights.
    pub fn init(&self, device: &Device) -> Gsn {
        Gsn {
            encoder: linear(self.input, self.hidden, device),
            code: linear(self.hidden, self.code, device),
            decoder: linear(self.code, self.hidden, device),
            output: linear(self.hidden, self.input, device),
            salt_and_pepper: self.salt_and_pepper,
            code_noise: self.code_noise,
            walkback: self.walkback,
        }
    }
}

/// Generative stochastic network with two hidden layers, noise on the image and on the code.
#[derive(Module, Debug)]
pub struct Gsn {
    encoder: Linear,
    code: Linear,
    decoder: Linear,
    output: Linear,
    #[module(skip)]
    salt_and_pepper: f64,
    #[module(skip)]
    code_noise: f64,
    #[module(skip)]
    walkback: usize,
}

impl Gsn {
    /// C(x~ | x): images `[batch, input]` of which each pixel is replaced by a coin's throw with the probability of salt and pepper.
    fn corrupt(&self, images: Tensor<2>, sampler: &Sampler) -> Tensor<2> {
        let shape = images.dims();
        let kept = sampler.bernoulli(1.0 - self.salt_and_pepper as f32, shape);
        let coins = sampler.bernoulli(0.5, shape);
        kept * (images - coins.clone()) + coins
    }

    /// h = n' + tanh(a + n) with the pre-activations a of images `[batch, input]` and noise n, n', `[batch, code]` (Bengio et al. 2014,
    /// section 5).
    fn noisy_codes(&self, images: Tensor<2>, sampler: &Sampler) -> Tensor<2> {
        let codes = self.code.forward(elu(self.encoder.forward(images)));
        let shape = codes.dims();
        let [before, after] = [(); 2].map(|()| sampler.normal(shape) * self.code_noise);
        tanh(codes + before) + after
    }

    /// Codes `[batch, code]` to the logits of the pixels, `[batch, input]`.
    fn logits(&self, codes: Tensor<2>) -> Tensor<2> {
        self.output.forward(elu(self.decoder.forward(codes)))
    }
}

impl Autoencoder for Gsn {
    const ID: ModelId = ModelId::new("gsn");

    type Config = GsnConfig;

    fn init(config: &GsnConfig, device: &Device) -> Self {
        config.init(device)
    }

    fn shape(config: &GsnConfig) -> Shape {
        Shape::mirrored(config.input, &[config.hidden], config.code, CodeKind::Real).with_chain()
    }

    fn lesson() -> Lesson<GsnConfig> {
        let preset = |name, config, epochs| Preset { name, config, recipe: Recipe::new(epochs) };
        let classes = |name, measure, at_least| Benchmark { name, measure, at_most: None, at_least };
        Lesson {
            presets: vec![
                preset("best", GsnConfig::new(), 25),
                preset("without_walkback", GsnConfig::new().with_walkback(1), 25),
                Preset {
                    name: "small",
                    config: GsnConfig::new().with_hidden(400).with_code(200).with_salt_and_pepper(0.4).with_walkback(2),
                    recipe: Recipe::new(10).with_batch(50).with_learning_rate(0.003).with_examples(10_000),
                },
            ],
            settings: settings([CODE, SALT_AND_PEPPER, CODE_NOISE, WALKBACK]),
            benchmarks: vec![
                Benchmark::squared_error(None),
                classes("chain_classes", Measure::ChainClasses, Some(8.0)),
                Benchmark::log_likelihood(Some(214.0)),
            ],
            ..Lesson::default()
        }
    }

    /// The mean over the steps of the chain from each image of the cross-entropy, in nats per image, of the image under what the step
    /// gives (Bengio et al. 2013, algorithm 1, with a fixed number of steps).
    fn loss(&self, batch: &Batch) -> Loss {
        let mut images = batch.input.clone();
        let mut sum: Option<Tensor<1>> = None;
        for _ in 0..self.walkback {
            let noisy = self.corrupt(images, &batch.sampler);
            let logits = self.logits(self.noisy_codes(noisy, &batch.sampler));
            let nats = cross_entropy(logits.clone(), batch.target.clone()).sum_dim(1).mean();
            sum = Some(sum.map_or(nats.clone(), |sum| sum + nats));
            // What was drawn is where the next step begins, and is not learnt from.
            images = batch.sampler.draw_pixels(sigmoid(logits.detach()));
        }
        let sum = sum.expect("at least one step");
        Loss { parts: vec![("cross_entropy", sum / self.walkback as f64)] }
    }

    /// x~ from C(x~ | x), and the means of P(x' | x~, n, n').
    fn chain_step(&self, images: Tensor<2>, sampler: &Sampler) -> Option<ChainStep> {
        let noisy = self.corrupt(images, sampler);
        let means = sigmoid(self.logits(self.noisy_codes(noisy.clone(), sampler)));
        Some(ChainStep { noisy, means, draws_pixels: true })
    }

    /// Without noise.
    fn encode_by_layer(&self, inputs: Tensor<2>) -> Activations {
        Activations::new(inputs)
            .then_activated(|inputs| self.encoder.forward(inputs), elu)
            .then_activated(|hidden| self.code.forward(hidden), tanh)
    }

    fn decode_by_layer(&self, codes: Tensor<2>) -> Activations {
        Activations::new(codes)
            .then_activated(|codes| self.decoder.forward(codes), elu)
            .then_activated(|hidden| self.output.forward(hidden), sigmoid)
    }

    fn outer_weights(&self) -> Option<OuterWeights> {
        Some(OuterWeights { first: self.encoder.weight.val(), last: self.output.weight.val() })
    }
}
