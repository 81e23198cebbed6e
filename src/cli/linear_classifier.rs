//! Linear classifiers on codes that stay as they are, by softmax regression and by a support vector machine, beside the one by least squares.
//!
//! Reference: T. Hastie et al., "The Elements of Statistical Learning", 2nd ed., section 4.4; R.-E. Fan et al.,
//! "LIBLINEAR: A Library for Large Linear Classification", JMLR 9 (2008), of which the support vector machine is that of L2 loss.

use std::collections::BTreeMap;

use burn::module::Module;
use burn::nn::loss::CrossEntropyLossConfig;
use burn::nn::{Initializer, Linear, LinearConfig};
use burn::optim::decay::WeightDecayConfig;
use burn::optim::{AdamConfig, GradientsParams};
use burn::tensor::activation::relu;
use burn::tensor::{Device, Int, Tensor, TensorData};
use rand::seq::SliceRandom;

use super::classifier::labelled_batches;
use super::files::Examples;
use crate::data::dataset::Dataset;
use crate::data::random::{Purpose, stream};
use crate::models::lesson::{Benchmark, Measure};
use crate::training::evaluation::read;
use crate::weights::{DeviceError, TrainedModel};

/// The digits.
const CLASSES: usize = 10;
/// Weights of half the sum of the squared weights and biases beside the mean loss of an example; the validation images choose.
const DECAYS: [f32; 3] = [1e-6, 1e-5, 1e-4];
/// Passes over the training images for each, in which the learning rate falls to 0.
const EPOCHS: usize = 30;
/// Images in a step.
const BATCH: usize = 500;
/// Adam's learning rate at first; it falls along half a cosine to 0. Codes are divided by their standard deviation, one for all.
const LEARNING_RATE: f64 = 1e-3;
/// Seed of the order of the images.
const SEED: u64 = 0;

/// What a linear classifier makes least, beside the squares of its weights.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Criterion {
    /// The cross-entropy of the classes, in nats: softmax regression.
    CrossEntropy,
    /// The squares of what the score of the example's own class lacks of 1, and of what those of the others exceed -1 by, added up: a support
    /// vector machine of squared hinge loss for each class against the rest.
    SquaredHinge,
}

impl Criterion {
    /// What `measure` is the errors of, where that is a linear classifier's.
    fn of(measure: Measure) -> Option<Self> {
        match measure {
            Measure::SoftmaxRegressionError => Some(Criterion::CrossEntropy),
            Measure::SupportVectorMachineError => Some(Criterion::SquaredHinge),
            _ => None,
        }
    }

    /// The mean over the examples, of scores `[examples, classes]` and classes `[examples]`.
    fn loss(self, scores: Tensor<2>, targets: Tensor<1, Int>) -> Tensor<1> {
        match self {
            Criterion::CrossEntropy => CrossEntropyLossConfig::new().init(&scores.device()).forward(scores, targets),
            Criterion::SquaredHinge => {
                let [_, classes] = scores.dims();
                let sides = targets.one_hot::<2>(classes).float() * 2.0 - 1.0;
                relu(-(scores * sides) + 1.0).square().sum_dim(1).mean()
            }
        }
    }
}

/// Codes and the classes that they belong to.
pub struct Coded {
    /// `[examples, code]`.
    pub codes: Tensor<2>,
    /// `[examples]`, from 0.
    pub classes: Vec<usize>,
}

/// A linear classifier, and what it mistakes.
pub struct Fitted {
    layer: Linear,
    /// The chosen weight of half the sum of the squared weights.
    pub decay: f32,
    /// The share of the validation examples that it takes for another class.
    pub validation_error: f64,
}

/// The figures of `benchmarks` that are of one of these classifiers, of a model of digits; none where none is.
///
/// # Errors
/// If the device does not give the codes back.
pub async fn figures(
    model: &dyn TrainedModel,
    benchmarks: &[Benchmark],
    examples: &Examples,
) -> Result<BTreeMap<String, f64>, DeviceError> {
    let mut figures = BTreeMap::new();
    let Some(validation) = &examples.validation else { return Ok(figures) };
    let wanted = benchmarks.iter().filter_map(|benchmark| Some((benchmark.name, Criterion::of(benchmark.measure)?)));
    let wanted: Vec<_> = wanted.collect();
    if wanted.is_empty() {
        return Ok(figures);
    }
    let coded = |data: &dyn Dataset| {
        let (codes, classes): (Vec<_>, Vec<_>) = labelled_batches(data, &model.device())
            .map(|(images, classes)| (model.features(model.encode(images)), classes))
            .unzip();
        Coded { codes: Tensor::cat(codes, 0), classes: classes.concat() }
    };
    let (mut train, mut validation, mut test) = (coded(&*examples.train), coded(&**validation), coded(&*examples.test));
    let deviation = read(train.codes.clone().var(0).mean().sqrt()).await?[0];
    for part in [&mut train, &mut validation, &mut test] {
        part.codes = part.codes.clone() / deviation;
    }
    for (name, criterion) in wanted {
        let fitted = Fitted::of(&train, &validation, CLASSES, criterion).await?;
        figures.insert(name.to_string(), fitted.error(&test).await?);
    }
    Ok(figures)
}

impl Fitted {
    /// Trained on `train` by each of [`DECAYS`]; the one that mistakes the fewest of `validation`.
    ///
    /// # Errors
    /// If the device does not give the scores back.
    pub async fn of(
        train: &Coded,
        validation: &Coded,
        classes: usize,
        criterion: Criterion,
    ) -> Result<Self, DeviceError> {
        let mut best: Option<Fitted> = None;
        for decay in DECAYS {
            let mut fitted = Fitted { layer: trained(train, classes, decay, criterion), decay, validation_error: 0.0 };
            fitted.validation_error = fitted.error(validation).await?;
            if best.as_ref().is_none_or(|best| fitted.validation_error < best.validation_error) {
                best = Some(fitted);
            }
        }
        Ok(best.expect("there are decays"))
    }

    /// The share of `coded` that it takes for another class.
    ///
    /// # Errors
    /// If the device does not give the scores back.
    pub async fn error(&self, coded: &Coded) -> Result<f64, DeviceError> {
        let [count, _] = coded.codes.dims();
        let scores = self.layer.forward(coded.codes.clone());
        let [_, classes] = scores.dims();
        let scores = read(scores).await?;
        let wrong = scores.chunks_exact(classes).zip(&coded.classes).filter(|(row, class)| largest(row) != **class);
        Ok(wrong.count() as f64 / count as f64)
    }
}

/// The place of the largest number, the first of equals.
fn largest(row: &[f32]) -> usize {
    (1..row.len()).fold(0, |best, at| if row[at] > row[best] { at } else { best })
}

/// The affine layer that makes the mean `criterion` of `train` and the weighted squares least, from zeros.
fn trained(train: &Coded, classes: usize, decay: f32, criterion: Criterion) -> Linear {
    let [count, width] = train.codes.dims();
    let device: Device = train.codes.device().autodiff();
    let mut layer = LinearConfig::new(width, classes).with_initializer(Initializer::Zeros).init(&device);
    let decay = WeightDecayConfig::new(decay);
    let mut adam = AdamConfig::new().with_epsilon(1e-8).with_weight_decay(Some(decay)).init();
    let steps = EPOCHS * count.div_ceil(BATCH);
    let mut order: Vec<usize> = (0..count).collect();
    let mut step = 0;
    for epoch in 0..EPOCHS {
        order.shuffle(&mut stream(SEED, Purpose::Shuffle, epoch as u64));
        for rows in order.chunks(BATCH) {
            let rate = LEARNING_RATE * 0.5 * (1.0 + (std::f64::consts::PI * step as f64 / steps as f64).cos());
            step += 1;
            let scores = layer.forward(Tensor::from_inner(select(&train.codes, rows)));
            let targets: Vec<i64> = rows.iter().map(|&row| train.classes[row] as i64).collect();
            let targets = Tensor::<1, Int>::from_data(TensorData::new(targets, [rows.len()]), &device);
            let gradients = GradientsParams::from_grads(criterion.loss(scores, targets).backward(), &layer);
            layer = adam.step(rate, layer, gradients);
        }
    }
    layer.valid()
}

/// These rows of `codes`.
fn select(codes: &Tensor<2>, rows: &[usize]) -> Tensor<2> {
    let rows: Vec<i64> = rows.iter().map(|&row| row as i64).collect();
    let count = rows.len();
    codes.clone().select(0, Tensor::from_data(TensorData::new(rows, [count]), &codes.device()))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// By hand: the first example is on the right side of its own class by 1 more than it must, and of the other's by 1.5 less; the second as
    /// far as it must of both.
    #[test]
    fn squared_hinges_are_those_of_each_class_against_the_rest() {
        let device = Device::flex();
        let scores = Tensor::from_data([[2.0, 0.5], [-1.0, 1.0]], &device);
        let loss = Criterion::SquaredHinge.loss(scores, Tensor::from_data([0_i64, 1], &device));
        assert_eq!(loss.into_scalar::<f32>(), 2.25 / 2.0);
    }
}
