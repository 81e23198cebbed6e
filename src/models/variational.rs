//! The variational autoencoder: codes are distributions, close to a standard normal, so random codes make digits.
//!
//! Reference: D. P. Kingma, M. Welling, "Auto-Encoding Variational Bayes", ICLR 2014; the sizes are those of the notebook of
//! A. Géron, "Hands-On Machine Learning" (2017), chapter 15, and so are the two parameters of the posterior.

use burn::config::Config;
use burn::module::Module;
use burn::nn::Linear;
use burn::tensor::{Device, Tensor, activation};
use serde::{Deserialize, Serialize};

use super::activations::Activations;
use super::autoencoder::{Autoencoder, OuterWeights};
use super::batch::{Batch, Loss};
use super::layers::{Mlp, linear};
use super::lesson::{Benchmark, CODE, Lesson, Measure, Preset, settings};
use super::objective::cross_entropy;
use super::recipe::Recipe;
use crate::protocol::{CodeKind, ModelId, Shape, settings::Setting};

/// Keeps the logarithm of sigma^2 finite where sigma is 0, as the notebook has it.
const EPSILON: f64 = 1e-10;

const KL_WEIGHT: Setting = Setting::number("kl_weight", "/model/kl_weight", (0.0, 100.0));

/// What the layer beside the mean's gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PosteriorScale {
    /// log sigma^2, of either sign as a linear layer's outputs are (Kingma & Welling, appendix C.2).
    LogVariance,
    /// sigma itself, whose sign means nothing.
    Sigma,
}

/// Sizes of a [`Variational`], the parameter of its posterior, and what it minimises.
#[derive(Config, Debug, PartialEq)]
pub struct VariationalConfig {
    /// Pixels of an image.
    #[config(default = 784)]
    pub input: usize,
    /// Widths of the encoder's hidden layers; the decoder's are the same, backwards.
    #[config(default = "vec![500, 500]")]
    pub hidden: Vec<usize>,
    /// Numbers in a code.
    #[config(default = 20)]
    pub code: usize,
    #[config(default = "PosteriorScale::LogVariance")]
    pub posterior_scale: PosteriorScale,
    /// Weight of the divergence of the codes from a standard normal; 1 makes the loss a bound of the likelihood.
    #[config(default = 1.0)]
    pub kl_weight: f64,
    /// Whether each pixel is drawn as 0 or 1 in every step, its brightness being the probability of 1: then the loss is a bound of a probability,
    /// not of a density (R. Salakhutdinov, I. Murray, "On the Quantitative Analysis of Deep Belief Networks", ICML 2008).
    #[config(default = "false")]
    pub binarises: bool,
}

impl Default for VariationalConfig {
    fn default() -> Self {
        Self::new()
    }
}

impl VariationalConfig {
    /// A model with random weights.
    pub fn init(&self, device: &Device) -> Variational {
        let hidden = || self.hidden.iter().copied();
        let encoded = hidden().next_back().unwrap_or(self.input);
        let decoded = hidden().next().unwrap_or(self.code);
        let head = || linear(encoded, self.code, device);
        Variational {
            encoder: Mlp::new(self.input, hidden(), device),
            mean: head(),
            log_variance: (self.posterior_scale == PosteriorScale::LogVariance).then(head),
            sigma: (self.posterior_scale == PosteriorScale::Sigma).then(head),
            decoder: Mlp::new(self.code, hidden().rev(), device),
            logits: linear(decoded, self.input, device),
            kl_weight: self.kl_weight,
            binarises: self.binarises,
        }
    }
}

/// Variational autoencoder with a Gaussian posterior and a Bernoulli likelihood.
#[derive(Module, Debug)]
pub struct Variational {
    encoder: Mlp,
    mean: Linear,
    /// One of these two, by the posterior scale: a file says by its names which it is of.
    log_variance: Option<Linear>,
    sigma: Option<Linear>,
    decoder: Mlp,
    logits: Linear,
    #[module(skip)]
    kl_weight: f64,
    #[module(skip)]
    binarises: bool,
}

/// A diagonal Gaussian over codes, q(z | x).
#[derive(Clone, Debug)]
pub struct Posterior {
    /// `[batch, code]`
    pub mean: Tensor<2>,
    /// `[batch, code]`: what `parameter` says.
    pub scale: Tensor<2>,
    pub parameter: PosteriorScale,
}

impl Posterior {
    /// mean + sigma * `epsilon`, all `[batch, code]` (Kingma & Welling, section 2.4).
    pub fn sample(&self, epsilon: Tensor<2>) -> Tensor<2> {
        let sigma = match self.parameter {
            PosteriorScale::LogVariance => (self.scale.clone() * 0.5).exp(),
            PosteriorScale::Sigma => self.scale.clone(),
        };
        self.mean.clone() + sigma * epsilon
    }

    /// log N(z; 0, 1) - log q(z | x) in nats of the codes that [`sample`](Self::sample) makes of `epsilon`, `[batch, code]`: `[batch, 1]`.
    /// The constants of the two densities are the same.
    pub fn log_prior_ratio(&self, epsilon: Tensor<2>) -> Tensor<2> {
        let log_sigma = match self.parameter {
            PosteriorScale::LogVariance => self.scale.clone() * 0.5,
            PosteriorScale::Sigma => (self.scale.clone().square() + EPSILON).log() * 0.5,
        };
        let codes = self.sample(epsilon.clone());
        ((epsilon.square() - codes.square()) * 0.5 + log_sigma).sum_dim(1)
    }

    /// KL(q(z | x) || N(0, 1)) in nats, `[batch, 1]`: the sum over the code of (sigma^2 + m^2 - 1 - log sigma^2) / 2
    /// (appendix B).
    pub fn kl_divergence(&self) -> Tensor<2> {
        let (variance, log_variance) = match self.parameter {
            PosteriorScale::LogVariance => (self.scale.clone().exp(), self.scale.clone()),
            PosteriorScale::Sigma => {
                let variance = self.scale.clone().square();
                (variance.clone(), (variance + EPSILON).log())
            }
        };
        (variance + self.mean.clone().square() - 1.0 - log_variance).sum_dim(1) * 0.5
    }
}

impl Variational {
    /// Images `[batch, input]` in [0, 1] to the distributions of their codes.
    pub fn posterior(&self, images: Tensor<2>) -> Posterior {
        let hidden = self.encoder.forward(images);
        let (parameter, head) = match (&self.log_variance, &self.sigma) {
            (Some(head), _) => (PosteriorScale::LogVariance, head),
            (None, head) => (PosteriorScale::Sigma, head.as_ref().expect("a model has one of the two")),
        };
        Posterior { mean: self.mean.forward(hidden.clone()), scale: head.forward(hidden), parameter }
    }

    /// log p(x, z) - log q(z | x) in nats, `[samples, 1]`, of one image of 0 and 1, `[1, input]`, and the codes that its posterior makes of draws
    /// `epsilon` from N(0, 1), `[samples, code]`. The logarithm of the mean of their exponentials is a bound of log p(x), the tighter the more
    /// samples (Y. Burda, R. Grosse, R. Salakhutdinov, "Importance Weighted Autoencoders", ICLR 2016, eq. 8).
    pub fn log_importance_weights(&self, image: Tensor<2>, epsilon: Tensor<2>) -> Tensor<2> {
        let posterior = self.posterior(image.clone());
        let logits = self.logits(posterior.sample(epsilon.clone()));
        let targets = image.expand(logits.dims());
        posterior.log_prior_ratio(epsilon) - cross_entropy(logits, targets).sum_dim(1)
    }

    /// Codes `[batch, code]` to the logits of the pixels, `[batch, input]`.
    pub fn logits(&self, codes: Tensor<2>) -> Tensor<2> {
        self.logits.forward(self.decoder.forward(codes))
    }
}

impl Autoencoder for Variational {
    const ID: ModelId = ModelId::new("vae");

    type Config = VariationalConfig;

    fn init(config: &VariationalConfig, device: &Device) -> Self {
        config.init(device)
    }

    fn shape(config: &VariationalConfig) -> Shape {
        Shape::mirrored(config.input, &config.hidden, config.code, CodeKind::Normal)
    }

    fn lesson() -> Lesson<VariationalConfig> {
        let preset =
            |name, scale, recipe| Preset { name, config: VariationalConfig::new().with_posterior_scale(scale), recipe };
        Lesson {
            presets: vec![
                preset("best", PosteriorScale::LogVariance, Recipe::new(60)),
                preset("notebook", PosteriorScale::LogVariance, Recipe::new(50).with_decay(false)),
                preset("sigma_form", PosteriorScale::Sigma, Recipe::new(60)),
                // The sizes of Burda et al. 2016, section 5 and table 1, with one layer of stochastic units; theirs are tanh.
                Preset {
                    name: "binarised",
                    config: VariationalConfig::new().with_hidden(vec![200, 200]).with_code(50).with_binarises(true),
                    recipe: Recipe::new(80).with_batch(100),
                },
            ],
            settings: settings([CODE, KL_WEIGHT]),
            benchmarks: vec![
                Benchmark { name: "loss", measure: Measure::Loss, at_most: Some(98.5), at_least: None },
                Benchmark::squared_error(None),
                Benchmark::log_likelihood(None),
            ],
            renamed: vec![("form", "posterior_scale")],
            ..Lesson::default()
        }
    }

    /// The negative evidence lower bound, nats per image, by one posterior sample (Kingma & Welling, eq. 10), its divergence
    /// weighted.
    fn loss(&self, batch: &Batch) -> Loss {
        let (input, target) = if self.binarises {
            let drawn = batch.sampler.draw_pixels(batch.target.clone());
            (drawn.clone(), drawn)
        } else {
            (batch.input.clone(), batch.target.clone())
        };
        let posterior = self.posterior(input);
        let codes = posterior.sample(batch.sampler.normal(posterior.mean.dims()));
        let pixels = cross_entropy(self.logits(codes), target);
        Loss {
            parts: vec![
                ("cross_entropy", pixels.sum_dim(1).mean()),
                ("kl_divergence", posterior.kl_divergence().mean() * self.kl_weight),
            ],
        }
    }

    fn encode_by_layer(&self, inputs: Tensor<2>) -> Activations {
        self.encoder.extend(Activations::new(inputs)).then(|hidden| self.mean.forward(hidden))
    }

    fn decode_by_layer(&self, codes: Tensor<2>) -> Activations {
        let hidden = self.decoder.extend(Activations::new(codes));
        hidden.then_activated(|hidden| self.logits.forward(hidden), activation::sigmoid)
    }

    fn outer_weights(&self) -> Option<OuterWeights> {
        let first = self.encoder.layers().next().unwrap_or(&self.mean).weight.val();
        Some(OuterWeights { first, last: self.logits.weight.val() })
    }
}
