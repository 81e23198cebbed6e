//! The images of a model that draws them by a Markov chain: samples, and how many classes are among them.

use std::collections::{BTreeMap, BTreeSet};

use burn::tensor::{Device, Tensor, TensorData};

use super::files::Examples;
use crate::analysis::parzen::ParzenWindow;
use crate::data::dataset::{Dataset, gather};
use crate::data::random::Purpose;
use crate::models::autoencoder::ChainStep;
use crate::models::lesson::{Benchmark, Measure};
use crate::models::sampler::Sampler;
use crate::training::evaluation::read;
use crate::weights::{DeviceError, TrainedModel};

/// Chains side by side, each from a training image of its own.
const CHAINS: usize = 100;
/// Steps of each before its first sample.
const BURN_IN: usize = 1_000;
/// Steps from one sample to the next.
const STRIDE: usize = 10;
/// Steps in which classes are counted.
const STEPS: usize = 200;
/// The digits.
const CLASSES: u8 = 10;
/// Seed of the chains.
const SEED: u64 = 0;
/// Training images that are compared with at a time.
const BATCH: usize = 5_000;

/// The means of the pixels at every tenth step, after a thousand, of a hundred chains from the first of `examples`: `count` images or a few
/// more, `[images, input]`. None where the model has no chain.
pub fn samples(model: &dyn TrainedModel, examples: &dyn Dataset, count: usize) -> Option<Tensor<2>> {
    let mut images = rows(examples, 0..CHAINS, &model.device());
    let mut samples = Vec::new();
    let mut step = 0;
    while samples.len() * CHAINS < count {
        let sampler = Sampler::new(SEED, Purpose::Chain, step, &model.device());
        let ChainStep { means, .. } = model.chain_step(images, &sampler)?;
        step += 1;
        if step as usize >= BURN_IN && (step as usize).is_multiple_of(STRIDE) {
            samples.push(means.clone());
        }
        images = sampler.draw_pixels(means);
    }
    Some(Tensor::cat(samples, 0))
}

/// Those of `benchmarks` that are of the chain; none of a model that has none.
///
/// # Errors
/// If the device does not give them back.
pub async fn figures(
    model: &dyn TrainedModel,
    benchmarks: &[Benchmark],
    examples: &Examples,
) -> Result<BTreeMap<String, f64>, DeviceError> {
    let mut figures = BTreeMap::new();
    for benchmark in benchmarks.iter().filter(|benchmark| benchmark.measure == Measure::ChainClasses) {
        if let Some(counts) = classes(model, examples).await? {
            let mean = counts.iter().sum::<usize>() as f64 / counts.len() as f64;
            figures.insert(benchmark.name.to_string(), mean);
        }
    }
    Ok(figures)
}

/// How many classes are among the images of each chain: one from the first test image of each digit. An image has the class of the training
/// image that is nearest to it. None where the model has no chain.
async fn classes(model: &dyn TrainedModel, examples: &Examples) -> Result<Option<Vec<usize>>, DeviceError> {
    let (test, device) = (&*examples.test, model.device());
    let first = |class| (0..test.count()).find(|&index| test.label(index) == Some(class));
    let starts: Vec<usize> = (0..CLASSES).filter_map(first).collect();
    let mut images = Tensor::cat(starts.iter().map(|&index| rows(test, index..index + 1, &device)).collect(), 0);
    let mut found: Vec<BTreeSet<Option<u8>>> = vec![BTreeSet::new(); starts.len()];
    let mut path = Vec::new();
    for step in 0..STEPS {
        let sampler = Sampler::new(SEED, Purpose::Chain, step as u64, &device);
        let Some(ChainStep { means, .. }) = model.chain_step(images, &sampler) else { return Ok(None) };
        path.push(means.clone());
        images = sampler.draw_pixels(means);
    }
    let labels = nearest(Tensor::cat(path, 0), &*examples.train).await?;
    for chains in labels.chunks_exact(starts.len()) {
        for (found, &label) in found.iter_mut().zip(chains) {
            found.insert(label);
        }
    }
    Ok(Some(found.iter().map(BTreeSet::len).collect()))
}

/// The label of the example that is nearest to each of `images`, `[batch, input]`.
async fn nearest(images: Tensor<2>, examples: &dyn Dataset) -> Result<Vec<Option<u8>>, DeviceError> {
    let [count, _] = images.dims();
    let mut nearest = vec![(f32::INFINITY, None); count];
    for start in (0..examples.count()).step_by(BATCH) {
        let range = start..(start + BATCH).min(examples.count());
        let window = ParzenWindow::new(rows(examples, range.clone(), &images.device()));
        let distances = read(window.squared_distances(images.clone())).await?;
        for (nearest, distances) in nearest.iter_mut().zip(distances.chunks_exact(range.len())) {
            for (&distance, index) in distances.iter().zip(range.clone()) {
                if distance < nearest.0 {
                    *nearest = (distance, examples.label(index));
                }
            }
        }
    }
    Ok(nearest.into_iter().map(|(_, label)| label).collect())
}

fn rows(data: &dyn Dataset, range: std::ops::Range<usize>, device: &Device) -> Tensor<2> {
    let shape = [range.len(), data.width()];
    Tensor::from_data(TensorData::new(gather(data, range), shape), device)
}
