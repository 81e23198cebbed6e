//! The variational autoencoder: codes are distributions, close to a standard normal, so random codes make digits.
//!
//! Source: D. P. Kingma, M. Welling, "Auto-Encoding Variational Bayes", ICLR 2014; the sizes are those of the notebook of
//! A. Géron, "Hands-On Machine Learning" (2017), chapter 15, in its log-variance form.

use burn::config::Config;
use burn::module::Module;
use burn::nn::Linear;
use burn::tensor::{Device, Tensor, activation};

use super::autoencoder::{Autoencoder, Batch, Benchmark, Loss, Measure, Preset, cross_entropy};
use super::catalogue::VARIATIONAL_CODE;
use super::mlp::{Mlp, linear};
use super::recipe::Recipe;

/// Sizes of a [`Variational`].
#[derive(Config, Debug, PartialEq)]
pub struct VariationalConfig {
    /// Pixels of an image.
    #[config(default = 784)]
    pub input: usize,
    /// Widths of the encoder's hidden layers; the decoder's are the same, backwards.
    #[config(default = "vec![500, 500]")]
    pub hidden: Vec<usize>,
    /// Numbers in a code.
    #[config(default = "VARIATIONAL_CODE")]
    pub code: usize,
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
        Variational {
            encoder: Mlp::new(self.input, hidden(), device),
            mean: linear(encoded, self.code, device),
            log_variance: linear(encoded, self.code, device),
            decoder: Mlp::new(self.code, hidden().rev(), device),
            logits: linear(decoded, self.input, device),
        }
    }
}

/// Variational autoencoder with a Gaussian posterior and a Bernoulli likelihood.
#[derive(Module, Debug)]
pub struct Variational {
    encoder: Mlp,
    mean: Linear,
    log_variance: Linear,
    decoder: Mlp,
    logits: Linear,
}

/// A diagonal Gaussian over codes, q(z | x).
#[derive(Clone, Debug)]
pub struct Posterior {
    /// `[batch, code]`
    pub mean: Tensor<2>,
    /// `[batch, code]`, log sigma^2.
    pub log_variance: Tensor<2>,
}

impl Posterior {
    /// mean + sigma * `epsilon`, all `[batch, code]` (Kingma & Welling, section 2.4).
    pub fn sample(&self, epsilon: Tensor<2>) -> Tensor<2> {
        self.mean.clone() + (self.log_variance.clone() * 0.5).exp() * epsilon
    }

    /// KL(q(z | x) || N(0, 1)) in nats, `[batch, 1]`: the sum over the code of (exp v + m^2 - 1 - v) / 2 (appendix B).
    pub fn kl_divergence(&self) -> Tensor<2> {
        let (mean, log_variance) = (self.mean.clone(), self.log_variance.clone());
        (log_variance.clone().exp() + mean.square() - 1.0 - log_variance).sum_dim(1) * 0.5
    }
}

impl Variational {
    /// Images `[batch, input]` in [0, 1] to the distributions of their codes.
    pub fn posterior(&self, images: Tensor<2>) -> Posterior {
        let hidden = self.encoder.forward(images);
        Posterior { mean: self.mean.forward(hidden.clone()), log_variance: self.log_variance.forward(hidden) }
    }

    /// Codes `[batch, code]` to the logits of the pixels, `[batch, input]`.
    pub fn logits(&self, codes: Tensor<2>) -> Tensor<2> {
        self.logits.forward(self.decoder.forward(codes))
    }
}

impl Autoencoder for Variational {
    type Config = VariationalConfig;

    fn init(config: &VariationalConfig, device: &Device) -> Self {
        config.init(device)
    }

    fn presets() -> Vec<Preset<VariationalConfig>> {
        let preset = |name, recipe| Preset { name, config: VariationalConfig::new(), recipe };
        vec![preset("best", Recipe::new(60)), preset("notebook", Recipe::new(50).with_decay(false))]
    }

    fn benchmarks() -> Vec<Benchmark> {
        vec![
            Benchmark { name: "loss", measure: Measure::Loss, at_most: Some(98.5) },
            Benchmark {
                name: "squared_error",
                measure: Measure::SquaredError { sigma: 0.0, dropout: 0.0 },
                at_most: None,
            },
        ]
    }

    fn input_width(config: &VariationalConfig) -> usize {
        config.input
    }

    fn code_width(config: &VariationalConfig) -> usize {
        config.code
    }

    fn epsilon_width(config: &VariationalConfig) -> usize {
        config.code
    }

    /// The negative evidence lower bound, nats per image, by one posterior sample (Kingma & Welling, eq. 10).
    ///
    /// # Panics
    /// Without `epsilon`.
    fn loss(&self, batch: Batch) -> Loss {
        let posterior = self.posterior(batch.input);
        let codes = posterior.sample(batch.epsilon.expect("a variational loss samples its codes"));
        let pixels = cross_entropy(self.logits(codes), batch.target);
        Loss {
            parts: vec![
                ("cross_entropy", pixels.sum_dim(1).mean()),
                ("kl_divergence", posterior.kl_divergence().mean()),
            ],
        }
    }

    fn encode(&self, inputs: Tensor<2>) -> Tensor<2> {
        self.posterior(inputs).mean
    }

    fn decode(&self, codes: Tensor<2>) -> Tensor<2> {
        activation::sigmoid(self.logits(codes))
    }
}
