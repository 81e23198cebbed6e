//! The adversarial autoencoder: a discriminator learns to tell codes from draws of a prior, and the encoder to make it fail, until the codes
//! follow the prior.
//!
//! Reference: A. Makhzani, J. Shlens, N. Jaitly, I. Goodfellow, B. Frey, "Adversarial Autoencoders", arXiv:1511.05644 (2015), sections 2 and
//! 2.3.

use burn::config::Config;
use burn::module::Module;
use burn::nn::loss::{MseLoss, Reduction};
use burn::tensor::activation::sigmoid;
use burn::tensor::{Device, Tensor};

use super::activations::Activations;
use super::autoencoder::{Autoencoder, OuterWeights};
use super::batch::{Batch, Loss};
use super::discriminator::Discriminator;
use super::lesson::{Benchmark, Lesson, Preset, settings};
use super::optimisers::Optimisers;
use super::priors::classes_or_draws;
use super::recipe::Recipe;
use super::relu_network::ReluNetwork;
use crate::protocol::{CodeKind, CodePrior, ModelId, Prior, Shape, settings::Setting};

pub(super) const CODE_DEVIATION: Setting = Setting::number("code_deviation", "/model/code_deviation", (0.0, 2.0));
pub(super) const ADVERSARIAL_WEIGHT: Setting =
    Setting::number("adversarial_weight", "/model/adversarial_weight", (0.0, 1.0));
const ADVERSARIAL_GROWTH: Setting = Setting::number("adversarial_growth", "/model/adversarial_growth", (1.0, 100.0));
pub(super) const DISCRIMINATOR_RATE: Setting =
    Setting::number("discriminator_rate", "/model/discriminator_rate", (0.0, 10.0));

/// Sizes of an [`Adversarial`], its prior, and how fast each part of it learns.
#[derive(Config, Debug, PartialEq)]
pub struct AdversarialConfig {
    /// Pixels of an image.
    #[config(default = 784)]
    pub input: usize,
    /// Widths of the encoder's hidden layers; the decoder's are the same, backwards.
    #[config(default = "vec![1000, 1000]")]
    pub hidden: Vec<usize>,
    /// Numbers in a code, where the prior is one of any number.
    #[config(default = 8)]
    pub code: usize,
    /// Widths of the discriminator's hidden layers. The paper's are those of the encoder.
    #[config(default = "vec![500, 500]")]
    pub discriminator: Vec<usize>,
    /// What the codes are to follow.
    #[config(default = "Prior::Normal")]
    pub prior: Prior,
    /// Whether the discriminator is told the class of each code, so that each class has its part of the prior.
    #[config(default = "false")]
    pub has_labels: bool,
    /// The standard deviation of q(z | x), a Gaussian about what the encoder gives, in training; 0 is the paper's deterministic encoder.
    #[config(default = 0.2)]
    pub code_deviation: f64,
    /// What the encoder's loss against the discriminator, in nats, weighs beside the squared error per pixel, at first.
    #[config(default = 0.01)]
    pub adversarial_weight: f64,
    /// How many times as much it weighs at the end of training; it grows geometrically.
    #[config(default = 1.0)]
    pub adversarial_growth: f64,
    /// The discriminator's learning rate, as a multiple of the recipe's.
    #[config(default = 1.0)]
    pub discriminator_rate: f64,
}

impl Default for AdversarialConfig {
    fn default() -> Self {
        Self::new()
    }
}

impl AdversarialConfig {
    /// Numbers in a code: the prior's, where it has a number of its own.
    pub fn code(&self) -> usize {
        self.prior.width().unwrap_or(self.code)
    }

    /// A model with random weights.
    pub fn init(&self, device: &Device) -> Adversarial {
        let hidden = || self.hidden.iter().copied();
        Adversarial {
            encoder: ReluNetwork::new(self.input, hidden(), self.code(), device),
            decoder: ReluNetwork::new(self.code(), hidden().rev(), self.input, device),
            discriminator: Discriminator::new(self.code(), &self.discriminator, self.has_labels, device),
            prior: self.prior,
            code_deviation: self.code_deviation,
            adversarial_weight: self.adversarial_weight,
            adversarial_growth: self.adversarial_growth,
            discriminator_rate: self.discriminator_rate,
        }
    }
}

/// Autoencoder whose codes follow a prior.
#[derive(Module, Debug)]
pub struct Adversarial {
    encoder: ReluNetwork,
    decoder: ReluNetwork,
    discriminator: Discriminator,
    #[module(skip)]
    prior: Prior,
    #[module(skip)]
    code_deviation: f64,
    #[module(skip)]
    adversarial_weight: f64,
    #[module(skip)]
    adversarial_growth: f64,
    #[module(skip)]
    discriminator_rate: f64,
}

impl Adversarial {
    /// Draws from q(z | x) for the images of `batch`, `[batch, code]`.
    fn draw_codes(&self, batch: &Batch) -> Tensor<2> {
        let means = self.encode(batch.input.clone());
        let noise = batch.sampler.normal(means.dims());
        means + noise * self.code_deviation
    }

    /// The squared error per pixel of what is decoded from `codes`, `[batch, code]`.
    fn reconstruction(&self, batch: &Batch, codes: Tensor<2>) -> Tensor<1> {
        MseLoss::new().forward(self.decode(codes), batch.target.clone(), Reduction::Mean)
    }

    /// What the discriminator minimises on `codes`, `[batch, code]`, and as many draws of the prior, and the classes of both.
    fn discrimination(&self, batch: &Batch, codes: Tensor<2>) -> (Tensor<1>, Tensor<2>) {
        let classes = classes_or_draws(&batch.labels, &batch.sampler);
        let draws = self.prior.draw(codes.dims()[1], classes.clone(), &batch.sampler);
        (self.discriminator.loss(draws, codes.detach(), classes.clone()), classes)
    }
}

impl Autoencoder for Adversarial {
    const ID: ModelId = ModelId::new("adversarial");

    type Config = AdversarialConfig;

    fn init(config: &AdversarialConfig, device: &Device) -> Self {
        config.init(device)
    }

    fn shape(config: &AdversarialConfig) -> Shape {
        let codes = if config.prior == Prior::Normal { CodeKind::Normal } else { CodeKind::Real };
        let prior = CodePrior { prior: config.prior, numbers: config.code(), deviation: config.code_deviation };
        Shape::mirrored(config.input, &config.hidden, config.code(), codes).with_prior(prior)
    }

    fn lesson() -> Lesson<AdversarialConfig> {
        let preset = |name, config, recipe: Recipe| Preset { name, config, recipe: recipe.with_batch(100) };
        let plane = || {
            let hidden = AdversarialConfig::new().with_hidden(vec![500, 500]).with_discriminator(vec![300, 300]);
            hidden.with_code(2).with_adversarial_weight(0.004)
        };
        let in_plane = |prior| plane().with_prior(prior).with_has_labels(true).with_code_deviation(0.0);
        let narrow = |config: AdversarialConfig| config.with_hidden(vec![200]).with_discriminator(vec![100, 100]);
        let few = || Recipe::new(20).with_examples(10_000);
        // Few steps: more noise and a faster discriminator bring the codes to their prior sooner.
        let small = AdversarialConfig::new()
            .with_hidden(vec![200])
            .with_discriminator(vec![100, 100])
            .with_code_deviation(0.3)
            .with_adversarial_weight(0.003)
            .with_discriminator_rate(3.0);
        // The reconstructions first, the prior then: at one weight throughout either the one or the other is worse.
        let best = AdversarialConfig::new().with_adversarial_weight(0.004).with_adversarial_growth(10.0);
        Lesson {
            presets: vec![
                preset("best", best, Recipe::new(60)),
                preset("small", small, Recipe::new(10)),
                preset("two_numbers", plane(), Recipe::new(20)),
                preset("mixture", in_plane(Prior::Mixture), Recipe::new(20)),
                preset("swiss_roll", in_plane(Prior::SwissRoll), Recipe::new(20)),
                preset("mixture_unlabelled", in_plane(Prior::Mixture).with_has_labels(false), Recipe::new(20)),
                preset("two_numbers_small", narrow(plane()), few()),
                preset("mixture_small", narrow(in_plane(Prior::Mixture)), few()),
                preset("swiss_roll_small", narrow(in_plane(Prior::SwissRoll)), few()),
            ],
            settings: settings([
                CODE_DEVIATION,
                ADVERSARIAL_WEIGHT,
                ADVERSARIAL_GROWTH.on_demand(),
                DISCRIMINATOR_RATE.on_demand(),
            ]),
            // The paper's is 340.
            benchmarks: vec![Benchmark::squared_error(None), Benchmark::log_likelihood(None)],
            ..Lesson::default()
        }
    }

    /// The squared error and the encoder's loss against the discriminator, of which encoder and decoder minimise a weighted sum, and what the
    /// discriminator minimises, whose gradient stops at the codes.
    fn loss(&self, batch: &Batch) -> Loss {
        let codes = self.draw_codes(batch);
        let (discriminator, classes) = self.discrimination(batch, codes.clone());
        let reconstruction = self.reconstruction(batch, codes.clone());
        losses(reconstruction, discriminator, self.discriminator.generator_loss(codes, classes))
    }

    /// The discriminator first, then the encoder and the decoder.
    ///
    /// The paper descends the error of the reconstruction and the loss against the discriminator in turns, by the gradient alone. Adam
    /// makes the steps of both equally long, however small one gradient is beside the other, and codes and prior stay apart: here one
    /// step of Adam goes down their weighted sum.
    fn step(mut self, batch: &Batch, optimisers: &mut Optimisers) -> (Self, Loss) {
        let codes = self.draw_codes(batch);
        let (discriminator, classes) = self.discrimination(batch, codes.clone());
        let rate = self.discriminator_rate;
        self.discriminator = optimisers.step_at(rate, "discriminator", self.discriminator, discriminator.clone());

        let reconstruction = self.reconstruction(batch, codes.clone());
        let generator = self.discriminator.generator_loss(codes, classes);
        let weight = self.adversarial_weight * self.adversarial_growth.powf(batch.progress);
        let sum = reconstruction.clone() + generator.clone() * weight;
        (self.encoder, self.decoder) = optimisers.step("autoencoder", (self.encoder, self.decoder), sum);
        (self, losses(reconstruction, discriminator, generator))
    }

    fn encode_by_layer(&self, inputs: Tensor<2>) -> Activations {
        self.encoder.by_layer(inputs)
    }

    fn decode_by_layer(&self, codes: Tensor<2>) -> Activations {
        self.decoder.by_layer_with(codes, sigmoid)
    }

    fn outer_weights(&self) -> Option<OuterWeights> {
        Some(OuterWeights { first: self.encoder.first().weight.val(), last: self.decoder.last().weight.val() })
    }
}

fn losses(reconstruction: Tensor<1>, discriminator: Tensor<1>, generator: Tensor<1>) -> Loss {
    let parts = [("squared_error", reconstruction), ("discriminator", discriminator), ("generator", generator)];
    Loss { parts: parts.into() }
}
