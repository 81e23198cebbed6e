//! What every autoencoder has in common: the page, training and evaluation need no more.

use burn::config::Config;
use burn::module::Module;
use burn::tensor::{Device, Tensor, activation};

use super::recipe::Recipe;
use super::source::Source;
use crate::protocol::ModelId;

/// An entry of the catalogue; implemented there.
pub trait Listed {
    const ID: ModelId;
}

/// A network that rebuilds its input from a code.
pub trait Autoencoder: Module + Listed + 'static {
    type Config: Config + Clone + Default;

    /// A model with random weights.
    fn init(config: &Self::Config, device: &Device) -> Self;

    /// Ways to train it that make sense; the first is how the shipped weights are trained.
    fn presets() -> Vec<Preset<Self::Config>>;

    /// What it learns from.
    fn source(_config: &Self::Config) -> Source {
        Source::Digits
    }

    /// What is measured on the test set.
    fn benchmarks() -> Vec<Benchmark>;

    /// What is trained side by side to be compared, this model first; none where there is nothing to compare it with.
    fn baselines() -> Vec<Baseline> {
        vec![]
    }

    /// Whether every number of a code is an activation in [0, 1].
    fn has_activations() -> bool {
        false
    }

    /// Numbers in an example.
    fn input_width(config: &Self::Config) -> usize;

    /// Numbers in a code.
    fn code_width(config: &Self::Config) -> usize;

    /// Standard normal numbers that [`loss`](Self::loss) wants for each example.
    fn epsilon_width(_config: &Self::Config) -> usize {
        0
    }

    /// Parts that are trained one after another, each for the recipe's epochs; [`Batch::phase`] tells the loss which.
    fn phases(_config: &Self::Config) -> usize {
        1
    }

    /// What `phase` learns from in place of the `examples`, `[batch, input]`: codes of an earlier phase, `[batch, any]`, computed
    /// once when the phase begins. The phase must not change the parameters that they follow from. None: the examples.
    fn phase_inputs(&self, _examples: Tensor<2>, _phase: usize) -> Option<Tensor<2>> {
        None
    }

    /// What training minimises.
    fn loss(&self, batch: Batch) -> Loss;

    /// Inputs `[batch, input]` to codes `[batch, code]`; the mean where codes are stochastic.
    fn encode(&self, inputs: Tensor<2>) -> Tensor<2>;

    /// Codes `[batch, code]` to outputs `[batch, input]`, images in [0, 1].
    fn decode(&self, codes: Tensor<2>) -> Tensor<2>;

    /// Inputs `[batch, input]`, which may be noisy, to outputs of the same shape.
    fn reconstruct(&self, inputs: Tensor<2>) -> Tensor<2> {
        self.decode(self.encode(inputs))
    }
}

/// A model's sizes and how it is trained, under a name: `notebook`.
#[derive(Clone, Debug, PartialEq)]
pub struct Preset<C> {
    /// Its name in links and commands.
    pub name: &'static str,
    pub config: C,
    pub recipe: Recipe,
}

/// A model to be trained beside others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Baseline {
    pub model: ModelId,
    /// Name of one of its presets.
    pub preset: &'static str,
    /// Epochs of each phase, in place of the preset's.
    pub epochs: usize,
}

/// What a model learns from in one step.
#[derive(Clone, Debug)]
pub struct Batch {
    /// What the model sees, `[batch, input]`; noisy where the recipe says so. In a phase with a
    /// [`phase_inputs`](Autoencoder::phase_inputs) of its own, that, without noise.
    pub input: Tensor<2>,
    /// What it is to give back, of the width of `input`.
    pub target: Tensor<2>,
    /// Standard normal numbers, `[batch, epsilon]`, where the model wants any.
    pub epsilon: Option<Tensor<2>>,
    /// Which part is trained, from 0.
    pub phase: usize,
}

/// A loss by its parts, each a scalar `[1]`, averaged over the batch; training minimises their sum.
#[derive(Clone, Debug)]
pub struct Loss {
    pub parts: Vec<(&'static str, Tensor<1>)>,
}

impl Loss {
    /// The sum of the parts.
    ///
    /// # Panics
    /// If there are none.
    pub fn total(&self) -> Tensor<1> {
        let parts = self.parts.iter().map(|(_, part)| part.clone());
        parts.reduce(|sum, part| sum + part).expect("a loss has parts")
    }
}

/// A figure to be measured.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Benchmark {
    /// Its name on the card.
    pub name: &'static str,
    pub measure: Measure,
    /// The value that the shipped weights must not exceed.
    pub at_most: Option<f64>,
    /// The value that they must reach.
    pub at_least: Option<f64>,
}

impl Benchmark {
    /// The squared error of reconstructions from clean inputs.
    pub const fn squared_error(at_most: Option<f64>) -> Self {
        let measure = Measure::SquaredError { sigma: 0.0, dropout: 0.0 };
        Benchmark { name: "squared_error", measure, at_most, at_least: None }
    }

    /// Whether `value` is on the right side of each bar, with `slack` times the room: 1 is the bar itself. What is not a number
    /// is not.
    pub fn is_met(&self, value: f64, slack: f64) -> bool {
        !value.is_nan()
            && self.at_most.is_none_or(|bar| value <= bar * slack)
            && self.at_least.is_none_or(|bar| value * slack >= bar)
    }
}

/// How a figure is measured.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Measure {
    /// The loss, and each of its parts under its own name.
    Loss,
    /// The mean squared error per pixel of the reconstruction of inputs with Gaussian noise of `sigma` and then `dropout`,
    /// against the clean images; outputs of images are clipped to [0, 1].
    SquaredError { sigma: f32, dropout: f32 },
    /// The mean of all numbers of all codes.
    MeanActivation,
    /// The largest principal angle, in degrees, between the span of a linear decoder and that of the principal components of
    /// the training examples, as many as a code has numbers. Measured natively alone.
    PrincipalAngle,
}

/// The cross-entropy of pixels in [0, 1] under Bernoulli `logits`, both `[batch, pixels]`, in nats: `[batch, pixels]`.
///
/// -(x log s + (1 - x) log(1 - s)) with s = sigmoid(l) is (1 - x) l - log s. burn's own binary cross-entropy takes integer targets.
pub fn cross_entropy(logits: Tensor<2>, targets: Tensor<2>) -> Tensor<2> {
    (-targets + 1.0) * logits.clone() - activation::log_sigmoid(logits)
}
