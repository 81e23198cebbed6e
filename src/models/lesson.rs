//! How a model is trained, measured and compared, as data.

use super::recipe::Recipe;
use crate::protocol::ModelId;
use crate::protocol::settings::Setting;

/// How a model is trained, measured and compared.
#[derive(Clone, Debug)]
pub struct Lesson<C> {
    /// Ways to train it that make sense; the first is how the shipped weights are trained.
    pub presets: Vec<Preset<C>>,
    /// What a person can change of them, and how far.
    pub settings: Vec<Setting>,
    /// What is measured on the test set.
    pub benchmarks: Vec<Benchmark>,
    /// What is trained side by side to be compared, this model first; none where there is nothing to compare it with.
    pub baselines: Vec<Baseline>,
    /// Whether the laboratory lists it; else it is trained in its chapter alone.
    pub is_in_laboratory: bool,
    /// Fields of the Config that have another name in files of earlier versions: the earlier name, and the present one.
    pub renamed: Vec<(&'static str, &'static str)>,
}

impl<C> Default for Lesson<C> {
    /// Nothing at all: what a model has no need of stays so.
    fn default() -> Self {
        Lesson {
            presets: vec![],
            settings: vec![],
            benchmarks: vec![],
            baselines: vec![],
            is_in_laboratory: true,
            renamed: vec![],
        }
    }
}

/// A model's sizes and how it is trained, under a name: `notebook`.
#[derive(Clone, Debug, PartialEq)]
pub struct Preset<C> {
    /// Its name in links and commands; the page looks up what to call it by it.
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

    /// The Parzen window estimate of the test images' log-likelihood.
    pub const fn log_likelihood(at_least: Option<f64>) -> Self {
        let (name, measure) = ("parzen_log_likelihood", Measure::ParzenLogLikelihood);
        Benchmark { name, measure, at_most: None, at_least }
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
    /// The share of examples whose class it tells, of a model that classifies.
    Accuracy,
    /// [`Sparseness::treves_rolls`](crate::analysis::sparseness::Sparseness) of the codes.
    TrevesRolls,
    /// The share of all numbers of all codes that count as inactive.
    InactiveShare,
    /// The mean of the number of the codes that is least active.
    LeastMeanActivation,
    /// The mean over the examples of the squared Frobenius norm of the Jacobian of the code, of a model that gives it. Measured natively
    /// alone, as all that follow.
    SquaredJacobianNorm,
    /// A singular value of that Jacobian by its place, 1 for the largest: the mean over the first 100 examples.
    SingularValue(usize),
    /// The mean number of classes among the images of 200 steps of the chain from each of ten test images, one of each class, of a model
    /// that has a chain.
    ChainClasses,
    /// The Parzen window estimate of the log-likelihood of the test images, in nats per image, by 10,000 images that the model draws.
    ParzenLogLikelihood,
    /// The share of the test images that softmax regression on the codes takes for another digit, after training on those of the training
    /// images.
    SoftmaxRegressionError,
    /// The same share, of a support vector machine in place of softmax regression.
    SupportVectorMachineError,
    /// The largest principal angle, in degrees, between the span of a linear decoder and that of the principal components of
    /// the training examples, as many as a code has numbers.
    PrincipalAngle,
}

/// Numbers in a code.
pub const CODE: Setting = Setting::count("code", "/model/code", (1.0, 2_000.0));
/// Weight of half the sum of the squared weights.
pub const L2: Setting = Setting::number("l2", "/model/l2", (0.0, 1.0));

/// The settings of every run, and between them those of a model.
pub fn settings(model: impl IntoIterator<Item = Setting>) -> Vec<Setting> {
    let recipe = [
        Setting::number("learning_rate", "/recipe/learning_rate", (1e-6, 1.0)),
        Setting::count("batch", "/recipe/batch", (1.0, 2_000.0)).on_demand(),
        Setting::count("epochs", "/recipe/epochs", (1.0, 1_000.0)),
        Setting::count("examples", "/recipe/examples", (100.0, 55_000.0)).on_demand(),
        Setting::number("sigma", "/recipe/corruption/sigma", (0.0, 2.0)),
        Setting::number("dropout", "/recipe/corruption/dropout", (0.0, 0.95)),
    ];
    let seed = Setting::count("seed", "/seed", (0.0, 4_294_967_295.0)).on_demand();
    recipe.into_iter().chain(model).chain([seed]).collect()
}
