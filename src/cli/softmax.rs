//! Softmax regression on codes that stay as they are: the linear classifier by maximum likelihood, beside the one by least squares.
//!
//! Reference: T. Hastie et al., "The Elements of Statistical Learning", 2nd ed., section 4.4.

use std::collections::BTreeMap;

use burn::module::Module;
use burn::nn::loss::{CrossEntropyLoss, CrossEntropyLossConfig};
use burn::nn::{Initializer, Linear, LinearConfig};
use burn::optim::decay::WeightDecayConfig;
use burn::optim::{AdamConfig, GradientsParams};
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
/// Weights of half the sum of the squared weights and biases beside the mean cross-entropy in nats; the validation images choose.
const DECAYS: [f32; 3] = [1e-6, 1e-5, 1e-4];
/// Passes over the training images for each, in which the learning rate falls to 0.
const EPOCHS: usize = 30;
/// Images in a step.
const BATCH: usize = 500;
/// Adam's learning rate at first; it falls along half a cosine to 0. Codes are divided by their standard deviation, one for all.
const LEARNING_RATE: f64 = 1e-3;
/// Seed of the order of the images.
const SEED: u64 = 0;

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

/// The figure of `benchmarks` that is of softmax regression, of a model of digits; none where none is.
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
    for benchmark in benchmarks.iter().filter(|benchmark| benchmark.measure == Measure::SoftmaxRegressionError) {
        let coded = |data: &dyn Dataset| {
            let (codes, classes): (Vec<_>, Vec<_>) = labelled_batches(data, &model.device())
                .map(|(images, classes)| (model.features(model.encode(images)), classes))
                .unzip();
            Coded { codes: Tensor::cat(codes, 0), classes: classes.concat() }
        };
        let (mut train, mut validation, mut test) =
            (coded(&*examples.train), coded(&**validation), coded(&*examples.test));
        let deviation = read(train.codes.clone().var(0).mean().sqrt()).await?[0];
        for part in [&mut train, &mut validation, &mut test] {
            part.codes = part.codes.clone() / deviation;
        }
        let fitted = Fitted::of(&train, &validation, CLASSES).await?;
        figures.insert(benchmark.name.to_string(), fitted.error(&test).await?);
    }
    Ok(figures)
}

impl Fitted {
    /// Trained on `train` by each of [`DECAYS`]; the one that mistakes the fewest of `validation`.
    ///
    /// # Errors
    /// If the device does not give the scores back.
    pub async fn of(train: &Coded, validation: &Coded, classes: usize) -> Result<Self, DeviceError> {
        let mut best: Option<Fitted> = None;
        for decay in DECAYS {
            let mut fitted = Fitted { layer: trained(train, classes, decay), decay, validation_error: 0.0 };
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

/// The affine layer that makes the mean cross-entropy and the weighted squares of `train` least, from zeros.
fn trained(train: &Coded, classes: usize, decay: f32) -> Linear {
    let [count, width] = train.codes.dims();
    let device: Device = train.codes.device().autodiff();
    let mut layer = LinearConfig::new(width, classes).with_initializer(Initializer::Zeros).init(&device);
    let decay = WeightDecayConfig::new(decay);
    let mut adam = AdamConfig::new().with_epsilon(1e-8).with_weight_decay(Some(decay)).init();
    let loss: CrossEntropyLoss = CrossEntropyLossConfig::new().init(&device);
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
            let gradients = GradientsParams::from_grads(loss.forward(scores, targets).backward(), &layer);
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
