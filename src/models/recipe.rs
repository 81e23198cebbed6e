//! How a model is trained.

use burn::config::Config;

/// Adam with a learning rate that rises linearly over `warmup` steps and falls along a cosine to 0 at the end of the last epoch.
///
/// Source: D. P. Kingma, J. Ba, "Adam" (ICLR 2015); I. Loshchilov, F. Hutter, "SGDR" (ICLR 2017), eq. 5 without restarts.
#[derive(Config, Debug, PartialEq)]
pub struct Recipe {
    /// Passes over the training images.
    pub epochs: usize,
    /// Examples in a step.
    #[config(default = 150)]
    pub batch: usize,
    /// Peak learning rate.
    #[config(default = 1e-3)]
    pub learning_rate: f64,
    /// Steps until the peak.
    #[config(default = 0)]
    pub warmup: usize,
    /// Adam's epsilon.
    #[config(default = 1e-8)]
    pub epsilon: f64,
    /// Largest norm of the gradient of a layer's weight, and of its bias; a longer gradient is scaled down to it (R. Pascanu et
    /// al., "On the difficulty of training recurrent neural networks", ICML 2013, algorithm 1).
    #[config(default = "None")]
    pub gradient_norm: Option<f32>,
    /// Noise put on the input, the target staying clean.
    #[config(default = "None")]
    pub corruption: Option<Corruption>,
}

/// Noise of many strengths: each example draws, with the given probabilities, Gaussian noise, dropout, or both, else none.
#[derive(Config, Debug, PartialEq, Copy)]
pub struct Corruption {
    /// The largest standard deviation; an example's is uniform from 0 to it.
    pub sigma: f32,
    /// The largest dropout rate; an example's is uniform from 0 to it.
    pub dropout: f32,
    /// Probability of Gaussian noise alone.
    pub gaussian: f32,
    /// Probability of dropout alone.
    pub masking: f32,
    /// Probability of both, each at half its strength: dropout scales up the noise that it keeps, and a few inputs far out of
    /// range outweigh all others in a step.
    pub both: f32,
}
