//! `train --parzen`: the Parzen window estimate of a generative model's log-likelihood.

use std::collections::BTreeMap;
use std::error::Error;
use std::ops::Range;

use burn::tensor::{Device, Tensor, s};
use futures::executor::block_on;

use super::files::{Examples, Files, sets};
use super::{Outcome, chain};
use crate::analysis::parzen::{LogLikelihood, ParzenWindow};
use crate::data::dataset::Dataset;
use crate::data::random::Purpose;
use crate::models::batch::Labels;
use crate::models::lesson::{Benchmark, Measure};
use crate::models::priors::classes_or_draws;
use crate::models::sampler::Sampler;
use crate::protocol::{CodeKind, CodePrior, ExampleKind, Shape};
use crate::training::Entry;
use crate::training::evaluation::{example_rows, read};
use crate::weights::{DeviceError, TrainedModel};

/// The names on the card of what goes with the estimate: its standard error in nats, and the width of the Gaussians, pixels in [0, 1].
const STANDARD_ERROR: &str = "parzen_standard_error";
const SIGMA: &str = "parzen_sigma";

/// How many samples stand for a model.
const SAMPLES: usize = 10_000;
/// Seed of the samples.
const SEED: u64 = 0;
/// Samples that are decoded at a time, and examples whose distances to all samples are worked out at a time.
const BATCH: usize = 250;

/// An estimate by the sigma that was chosen.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Estimate {
    pub sigma: f64,
    pub test: LogLikelihood,
}

/// The standard deviations that are tried, pixels in [0, 1]: 0.05 to 0.4 by steps of 0.01.
pub fn sigmas() -> Vec<f64> {
    (5..=40).map(|hundredths| f64::from(hundredths) / 100.0).collect()
}

/// Those of `benchmarks` that are the estimate, with its standard error and its width; none of a model without.
///
/// # Errors
/// If the device does not give them back.
pub async fn figures(
    model: &dyn TrainedModel,
    benchmarks: &[Benchmark],
    examples: &Examples,
) -> Result<BTreeMap<String, f64>, DeviceError> {
    let benchmark = benchmarks.iter().find(|benchmark| benchmark.measure == Measure::ParzenLogLikelihood);
    let (Some(benchmark), Some(validation)) = (benchmark, &examples.validation) else { return Ok(BTreeMap::new()) };
    let window = ParzenWindow::new(samples(model, &*examples.train, SAMPLES));
    let Estimate { sigma, test } = estimate(&window, &**validation, &*examples.test, &sigmas()).await?;
    let figures = [(benchmark.name, test.mean), (STANDARD_ERROR, test.standard_error), (SIGMA, sigma)];
    Ok(figures.map(|(name, value)| (name.to_string(), value)).into())
}

/// Prints the estimate by 10,000 samples of the stored weights, by what the model makes of the codes of as many training images in place
/// of random codes, and by these images themselves.
///
/// # Errors
/// If a file cannot be read, or the model draws no images.
pub fn measure(entry: &dyn Entry, files: &Files) -> Result<Outcome, Box<dyn Error>> {
    if !applies(entry) {
        return Err(format!("{} draws no images", entry.id()).into());
    }
    let model = entry.load(&files.read_weights()?, &Device::flex())?;
    let (train, validation, test) = sets(files.data())?;
    let estimated = |samples| block_on(estimate(&ParzenWindow::new(samples), &validation, &test, &sigmas()));
    let Estimate { sigma, test: LogLikelihood { mean, standard_error } } =
        estimated(samples(&*model, &train, SAMPLES))?;
    println!("{}: {mean:.1} ± {standard_error:.1} nats by {SAMPLES} samples, sigma {sigma}", entry.id());
    let rebuilt = batches(SAMPLES).map(|range| model.reconstruct(example_rows(&train, range, &model.device())));
    for (what, samples) in [
        ("by the codes of training images in place of random codes", Tensor::cat(rebuilt.collect(), 0)),
        ("by the training images in place of samples", example_rows(&train, 0..SAMPLES, &model.device())),
    ] {
        let Estimate { sigma, test: LogLikelihood { mean, standard_error } } = estimated(samples)?;
        println!("  {mean:.1} ± {standard_error:.1} {what}, sigma {sigma}");
    }
    Ok(Outcome::Good)
}

/// Whether the model draws images.
pub fn applies(entry: &dyn Entry) -> bool {
    let shapes = entry.describe().presets.into_iter().map(|preset| preset.shape);
    let draws = |shape: &Shape| shape.codes == CodeKind::Normal || shape.prior.is_some() || shape.has_chain;
    shapes.take(1).any(|shape| draws(&shape) && shape.examples == ExampleKind::Digits)
}

/// Codes `[count, code]` as the prior has them: draws from it or, where training makes the codes follow none, from N(0, 1). Where the prior is
/// of the first numbers alone, the others are a 1 for one class of ten, drawn at random, and 0 for the rest.
fn codes(shape: &Shape, count: usize, sampler: &Sampler) -> Tensor<2> {
    let Some(CodePrior { prior, numbers, .. }) = shape.prior else { return sampler.normal([count, shape.code()]) };
    let classes = classes_or_draws(&Labels(vec![None; count]), sampler);
    let draws = prior.draw(numbers, classes.clone(), sampler);
    if numbers < shape.code() { Tensor::cat(vec![draws, classes], 1) } else { draws }
}

/// `count` images that the model draws, `[count, input]`: by its chains, which begin at the first of `examples`, or else what it makes of
/// [codes] of the prior. Pixels are the means of their distributions.
pub(super) fn samples(model: &dyn TrainedModel, examples: &dyn Dataset, count: usize) -> Tensor<2> {
    if let Some(samples) = chain::samples(model, examples, count) {
        return samples.slice(s![..count]);
    }
    let device = model.device();
    let images = batches(count).map(|range| {
        let sampler = Sampler::new(SEED, Purpose::Samples, range.start as u64, &device);
        model.decode(codes(model.shape(), range.len(), &sampler))
    });
    Tensor::cat(images.collect(), 0)
}

/// The estimate of the log-likelihood of `test` by the one of `sigmas` that makes the mean of `validation` largest.
///
/// # Errors
/// If the device does not give it back.
///
/// # Panics
/// If there are no sigmas.
pub async fn estimate(
    window: &ParzenWindow,
    validation: &dyn Dataset,
    test: &dyn Dataset,
    sigmas: &[f64],
) -> Result<Estimate, DeviceError> {
    let by_sigma = log_likelihoods(window, validation, sigmas).await?;
    let sum = |values: &Vec<f64>| values.iter().sum::<f64>();
    let best = by_sigma.iter().zip(sigmas).max_by(|(a, _), (b, _)| sum(a).total_cmp(&sum(b)));
    let (_, &sigma) = best.expect("a sigma");
    let [values] = &log_likelihoods(window, test, &[sigma]).await?[..] else { unreachable!("one sigma") };
    Ok(Estimate { sigma, test: LogLikelihood::of(values) })
}

/// The log-likelihood of each example by each sigma.
async fn log_likelihoods(
    window: &ParzenWindow,
    data: &dyn Dataset,
    sigmas: &[f64],
) -> Result<Vec<Vec<f64>>, DeviceError> {
    let mut by_sigma = vec![vec![]; sigmas.len()];
    for range in batches(data.count()) {
        let distances = window.squared_distances(example_rows(data, range, &window.device()));
        for (values, &sigma) in by_sigma.iter_mut().zip(sigmas) {
            values.extend(read(window.log_likelihoods(distances.clone(), sigma)).await?.into_iter().map(f64::from));
        }
    }
    Ok(by_sigma)
}

fn batches(count: usize) -> impl Iterator<Item = Range<usize>> {
    (0..count).step_by(BATCH).map(move |start| start..(start + BATCH).min(count))
}
