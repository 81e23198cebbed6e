//! How likely examples are under a model that can be sampled: the Parzen window estimate.
//!
//! Reference: I. Goodfellow et al., "Generative Adversarial Nets", NIPS 2014, section 5. It is a weak measure: L. Theis, A. van den
//! Oord, M. Bethge, "A note on the evaluation of generative models", ICLR 2016, section 3.2.

use std::f64::consts::PI;

use burn::tensor::{Device, Tensor};

/// A Gaussian of one width about each sample, all of the same weight.
#[derive(Clone, Debug)]
pub struct ParzenWindow {
    /// `[samples, width]`
    samples: Tensor<2>,
    /// The squared length of each, `[1, samples]`.
    squared_lengths: Tensor<2>,
}

impl ParzenWindow {
    /// About `samples`, `[samples, width]`.
    pub fn new(samples: Tensor<2>) -> Self {
        let squared_lengths = samples.clone().square().sum_dim(1).transpose();
        ParzenWindow { samples, squared_lengths }
    }

    /// Where the samples are.
    pub fn device(&self) -> Device {
        self.samples.device()
    }

    /// |x - c|^2 = |x|^2 - 2 x c + |c|^2 of examples x, `[batch, width]`, to all samples c, `[batch, samples]`: one matrix product.
    pub fn squared_distances(&self, examples: Tensor<2>) -> Tensor<2> {
        let products = examples.clone().matmul(self.samples.clone().transpose());
        examples.square().sum_dim(1) - products * 2.0 + self.squared_lengths.clone()
    }

    /// log p(x) in nats, `[batch, 1]`, by Gaussians of standard deviation `sigma`, from each x's [squared
    /// distances](Self::squared_distances): log sum_c exp(-|x - c|^2 / (2 sigma^2)) - log(samples) - width / 2 log(2 pi sigma^2).
    pub fn log_likelihoods(&self, squared_distances: Tensor<2>, sigma: f64) -> Tensor<2> {
        let [samples, width] = self.samples.dims();
        let exponents = squared_distances * (-0.5 / sigma.powi(2));
        // The largest is taken out first: far below 0 all exponentials would be 0.
        let largest = exponents.clone().max_dim(1);
        let sums = (exponents - largest.clone()).exp().sum_dim(1).log() + largest;
        sums - ((samples as f64).ln() + width as f64 / 2.0 * (2.0 * PI * sigma.powi(2)).ln())
    }
}

/// A mean log-likelihood in nats, and how far it is known.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LogLikelihood {
    pub mean: f64,
    /// The standard deviation of the values over the square root of their number.
    pub standard_error: f64,
}

impl LogLikelihood {
    /// Of the log-likelihoods of examples, at least two.
    pub fn of(values: &[f64]) -> Self {
        let count = values.len() as f64;
        let mean = values.iter().sum::<f64>() / count;
        let variance = values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / (count - 1.0);
        LogLikelihood { mean, standard_error: (variance / count).sqrt() }
    }
}
