//! How a model is trained, and in which phases.

use burn::config::Config;

/// Adam with a learning rate that rises linearly over `warmup` steps and, with `decay`, falls along a cosine to 0 at the end of
/// the last epoch.
///
/// Reference: D. P. Kingma, J. Ba, "Adam" (ICLR 2015); I. Loshchilov, F. Hutter, "SGDR" (ICLR 2017), eq. 5 without restarts.
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
    /// Whether the learning rate falls after the peak; else it stays.
    #[config(default = "true")]
    pub decay: bool,
    /// Examples that are trained on: the first of the training set, all of them where it has fewer.
    #[config(default = 55_000)]
    pub examples: usize,
    /// Noise put on the input, the target staying clean.
    #[config(default = "None")]
    pub corruption: Option<Corruption>,
}

/// Each example draws, with the given probabilities, Gaussian noise, dropout, or both, else none.
#[derive(Config, Debug, PartialEq, Copy)]
pub struct Corruption {
    /// The largest standard deviation, pixels in [0, 1].
    pub sigma: f32,
    /// The largest dropout rate, in [0, 1).
    pub dropout: f32,
    /// Whether an example's strength is uniform from 0 to the largest; else it is the largest.
    pub varied: bool,
    /// Probability of Gaussian noise alone.
    pub gaussian: f32,
    /// Probability of dropout alone.
    pub masking: f32,
    /// Probability of both, each at half its strength: dropout scales up the noise that it keeps, and a few inputs far out of
    /// range outweigh all others in a step.
    pub both: f32,
}

/// A part of a run, with epochs, examples and rates of its own. The optimisers and the schedule begin anew with each.
#[derive(Clone, Debug, PartialEq)]
pub struct Phase {
    pub recipe: Recipe,
    /// How many of its examples have their class in the batch: the first.
    pub labelled: usize,
    /// Whether its examples are drawn by the run's seed, as many of each class as of any other; else they are the first of the
    /// training set.
    pub is_balanced: bool,
}

impl Phase {
    /// All of the recipe, with the classes of all examples.
    pub fn whole(recipe: &Recipe) -> Self {
        Phase { recipe: recipe.clone(), labelled: usize::MAX, is_balanced: false }
    }
}
