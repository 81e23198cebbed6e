//! The adversarial autoencoder that keeps style and class apart: the decoder is told the class, so that the style need not hold it, and so is
//! the discriminator, so that the style may not: it follows the same Gaussian for every class.
//!
//! Reference: A. Makhzani, J. Shlens, N. Jaitly, I. Goodfellow, B. Frey, "Adversarial Autoencoders", arXiv:1511.05644 (2015), section 4, with
//! the discriminator of section 2.3;
//! the classes that the encoder gives besides, by a softmax, are those of section 5, with the labels of all images.

use burn::config::Config;
use burn::module::Module;
use burn::nn::Linear;
use burn::nn::loss::{MseLoss, Reduction};
use burn::tensor::activation::sigmoid;
use burn::tensor::loss::cross_entropy_with_logits;
use burn::tensor::{Device, Tensor};

use super::activations::Activations;
use super::adversarial::{ADVERSARIAL_WEIGHT, CODE_DEVIATION, DISCRIMINATOR_RATE};
use super::autoencoder::{Autoencoder, OuterWeights};
use super::batch::{Batch, Loss};
use super::classifier::CLASSES;
use super::discriminator::Discriminator;
use super::layers::linear;
use super::lesson::{Benchmark, Lesson, Measure, Preset, settings};
use super::optimisers::Optimisers;
use super::priors::classes_or_draws;
use super::recipe::Recipe;
use super::relu_network::{ReluLayers, ReluNetwork};
use crate::protocol::{CodeKind, CodePrior, ModelId, Prior, Shape, settings::Setting};

const STYLE: Setting = Setting::count("style", "/model/style", (1.0, 100.0));

/// Sizes of an [`AdversarialStyle`], and how fast each part of it learns.
#[derive(Config, Debug, PartialEq)]
pub struct AdversarialStyleConfig {
    /// Pixels of an image.
    #[config(default = 784)]
    pub input: usize,
    /// Widths of the encoder's hidden layers; the decoder's are the same, backwards.
    #[config(default = "vec![500, 500]")]
    pub hidden: Vec<usize>,
    /// Numbers of the style; ten of the class follow them in a code.
    #[config(default = 6)]
    pub style: usize,
    /// Widths of the discriminator's hidden layers.
    #[config(default = "vec![300, 300]")]
    pub discriminator: Vec<usize>,
    /// The standard deviation of q(style | x), a Gaussian about what the encoder gives, in training; 0 is a deterministic encoder.
    #[config(default = 0.3)]
    pub code_deviation: f64,
    /// What the cross-entropy of the classes, in nats, weighs beside the squared error per pixel.
    #[config(default = 0.01)]
    pub class_weight: f64,
    /// What the encoder's loss against the discriminator, in nats, weighs beside the squared error per pixel.
    #[config(default = 0.01)]
    pub adversarial_weight: f64,
    /// The discriminator's learning rate, as a multiple of the recipe's.
    #[config(default = 1.0)]
    pub discriminator_rate: f64,
}

impl Default for AdversarialStyleConfig {
    fn default() -> Self {
        Self::new()
    }
}

impl AdversarialStyleConfig {
    /// A model with random weights.
    pub fn init(&self, device: &Device) -> AdversarialStyle {
        let hidden = || self.hidden.iter().copied();
        let encoded = hidden().next_back().unwrap_or(self.input);
        AdversarialStyle {
            encoder: ReluLayers::new(self.input, hidden(), device),
            style: linear(encoded, self.style, device),
            class: linear(encoded, CLASSES, device),
            decoder: ReluNetwork::new(self.style + CLASSES, hidden().rev(), self.input, device),
            discriminator: Discriminator::new(self.style, &self.discriminator, true, device),
            code_deviation: self.code_deviation,
            class_weight: self.class_weight,
            adversarial_weight: self.adversarial_weight,
            discriminator_rate: self.discriminator_rate,
        }
    }
}

/// Autoencoder whose code is a style that follows N(0, 1), and the probabilities of ten classes.
#[derive(Module, Debug)]
pub struct AdversarialStyle {
    encoder: ReluLayers,
    style: Linear,
    class: Linear,
    decoder: ReluNetwork,
    discriminator: Discriminator,
    #[module(skip)]
    code_deviation: f64,
    #[module(skip)]
    class_weight: f64,
    #[module(skip)]
    adversarial_weight: f64,
    #[module(skip)]
    discriminator_rate: f64,
}

impl AdversarialStyle {
    /// Draws from q(style | x), `[batch, style]`, and the logits of the classes, `[batch, 10]`, for the images of `batch`.
    fn draw_styles(&self, batch: &Batch) -> (Tensor<2>, Tensor<2>) {
        let hidden = self.encoder.forward(batch.input.clone());
        let means = self.style.forward(hidden.clone());
        let noise = batch.sampler.normal(means.dims());
        (means + noise * self.code_deviation, self.class.forward(hidden))
    }

    /// The squared error per pixel of what is decoded from the `styles`, `[batch, style]`, the decoder being told the `classes`,
    /// `[batch, 10]`.
    fn reconstruction(&self, batch: &Batch, styles: Tensor<2>, classes: Tensor<2>) -> Tensor<1> {
        let outputs = self.decode(Tensor::cat(vec![styles, classes], 1));
        MseLoss::new().forward(outputs, batch.target.clone(), Reduction::Mean)
    }

    /// What the discriminator minimises on `styles`, `[batch, style]`, and as many draws from N(0, 1), told the `classes`, `[batch, 10]`, of
    /// both.
    fn discrimination(&self, batch: &Batch, styles: Tensor<2>, classes: Tensor<2>) -> Tensor<1> {
        let draws = Prior::Normal.draw(styles.dims()[1], classes.clone(), &batch.sampler);
        self.discriminator.loss(draws, styles.detach(), classes)
    }
}

impl Autoencoder for AdversarialStyle {
    const ID: ModelId = ModelId::new("adversarial_style");

    type Config = AdversarialStyleConfig;

    fn init(config: &AdversarialStyleConfig, device: &Device) -> Self {
        config.init(device)
    }

    fn shape(config: &AdversarialStyleConfig) -> Shape {
        let prior = CodePrior { prior: Prior::Normal, numbers: config.style, deviation: config.code_deviation };
        Shape::mirrored(config.input, &config.hidden, config.style + CLASSES, CodeKind::Real).with_prior(prior)
    }

    fn lesson() -> Lesson<AdversarialStyleConfig> {
        let preset = |name, config, recipe: Recipe| Preset { name, config, recipe: recipe.with_batch(100) };
        // Few steps: more noise and a faster discriminator bring the styles to their prior sooner.
        let small = AdversarialStyleConfig::new()
            .with_hidden(vec![200])
            .with_discriminator(vec![100, 100])
            .with_code_deviation(0.5)
            .with_discriminator_rate(5.0);
        let accuracy = Benchmark { name: "accuracy", measure: Measure::Accuracy, at_most: None, at_least: None };
        Lesson {
            presets: vec![
                preset("best", AdversarialStyleConfig::new(), Recipe::new(40)),
                preset("small", small, Recipe::new(30).with_examples(4_000)),
            ],
            settings: settings([STYLE, CODE_DEVIATION, ADVERSARIAL_WEIGHT, DISCRIMINATOR_RATE.on_demand()]),
            benchmarks: vec![Benchmark::squared_error(None), accuracy, Benchmark::log_likelihood(None)],
            ..Lesson::default()
        }
    }

    /// The squared error, the cross-entropy of the classes in nats and the encoder's loss against the discriminator, of which encoder and
    /// decoder minimise a weighted sum, and what the discriminator minimises, whose gradient stops at the styles.
    fn loss(&self, batch: &Batch) -> Loss {
        let classes = classes_or_draws(&batch.labels, &batch.sampler);
        let (styles, logits) = self.draw_styles(batch);
        let discriminator = self.discrimination(batch, styles.clone(), classes.clone());
        let reconstruction = self.reconstruction(batch, styles.clone(), classes.clone());
        let classification = cross_entropy_with_logits(logits, classes.clone());
        let generator = self.discriminator.generator_loss(styles, classes);
        losses([reconstruction, classification, discriminator, generator])
    }

    /// The discriminator first, then the encoder and the decoder, as in [`Adversarial`](super::adversarial::Adversarial).
    fn step(mut self, batch: &Batch, optimisers: &mut Optimisers) -> (Self, Loss) {
        let classes = classes_or_draws(&batch.labels, &batch.sampler);
        let (styles, logits) = self.draw_styles(batch);
        let discriminator = self.discrimination(batch, styles.clone(), classes.clone());
        let rate = self.discriminator_rate;
        self.discriminator = optimisers.step_at(rate, "discriminator", self.discriminator, discriminator.clone());

        let reconstruction = self.reconstruction(batch, styles.clone(), classes.clone());
        let classification = cross_entropy_with_logits(logits, classes.clone());
        let generator = self.discriminator.generator_loss(styles, classes);
        let sum = reconstruction.clone()
            + classification.clone() * self.class_weight
            + generator.clone() * self.adversarial_weight;
        let autoencoder = (self.encoder, self.style, self.class, self.decoder);
        (self.encoder, self.style, self.class, self.decoder) = optimisers.step("autoencoder", autoencoder, sum);
        (self, losses([reconstruction, classification, discriminator, generator]))
    }

    fn classify(&self, inputs: Tensor<2>) -> Option<Tensor<2>> {
        Some(self.class.forward(self.encoder.forward(inputs)))
    }

    /// The style, then the probabilities of the classes: the sigmoid of each class's log-odds, which a gradient can follow where the
    /// probability hardly has one.
    fn encode_by_layer(&self, inputs: Tensor<2>) -> Activations {
        let hidden = self.encoder.extend(Activations::new(inputs));
        let [_, style] = self.style.weight.dims();
        hidden.then_activated(
            |hidden| Tensor::cat(vec![self.style.forward(hidden.clone()), log_odds(self.class.forward(hidden))], 1),
            |outputs| {
                let [batch, _] = outputs.dims();
                let classes = sigmoid(outputs.clone().slice([0..batch, style..style + CLASSES]));
                Tensor::cat(vec![outputs.slice([0..batch, 0..style]), classes], 1)
            },
        )
    }

    fn decode_by_layer(&self, codes: Tensor<2>) -> Activations {
        self.decoder.by_layer_with(codes, sigmoid)
    }

    fn outer_weights(&self) -> Option<OuterWeights> {
        let first = self.encoder.first().unwrap_or(&self.style).weight.val();
        Some(OuterWeights { first, last: self.decoder.last().weight.val() })
    }
}

/// The log-odds of each class against all others, log p - log(1 - p) of the softmax p of `logits`: both `[batch, classes]`.
///
/// They are l_i - log sum_(j != i) exp l_j: the softmax of l_i is the sigmoid of that.
fn log_odds(logits: Tensor<2>) -> Tensor<2> {
    /// Far below any logit: its exponential is 0 beside the others'.
    const LEFT_OUT: f32 = 1e9;
    let [batch, classes] = logits.dims();
    let own = Tensor::<2>::eye(classes, &logits.device()) * LEFT_OUT;
    let others: Tensor<3> = logits.clone().reshape([batch, 1, classes]) - own.reshape([1, classes, classes]);
    let largest = others.clone().max_dim(2);
    let sums = (others - largest.clone()).exp().sum_dim(2).log() + largest;
    logits - sums.reshape([batch, classes])
}

fn losses(parts: [Tensor<1>; 4]) -> Loss {
    Loss { parts: ["squared_error", "classification", "discriminator", "generator"].into_iter().zip(parts).collect() }
}
