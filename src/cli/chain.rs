//! The images of a model that draws them by a Markov chain: samples, and how many classes are among them.

use std::collections::{BTreeMap, BTreeSet};

use burn::tensor::Tensor;

use super::files::Examples;
use crate::analysis::parzen::ParzenWindow;
use crate::data::dataset::{Dataset, first_of_each};
use crate::data::random::Purpose;
use crate::models::lesson::{Benchmark, Measure};
use crate::models::sampler::Sampler;
use crate::training::evaluation::{example_rows, read};
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
    let mut images = example_rows(examples, 0..CHAINS, &model.device());
    let mut samples = Vec::new();
    let mut step = 0;
    while samples.len() * CHAINS < count {
        let sampler = Sampler::new(SEED, Purpose::Chain, step, &model.device());
        let chain_step = model.chain_step(images, &sampler)?;
        step += 1;
        if step as usize >= BURN_IN && (step as usize).is_multiple_of(STRIDE) {
            samples.push(chain_step.means.clone());
        }
        images = chain_step.next(&sampler);
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
    let starts = first_of_each(test, CLASSES);
    let mut images =
        Tensor::cat(starts.iter().map(|&index| example_rows(test, index..index + 1, &device)).collect(), 0);
    let mut found: Vec<BTreeSet<Option<u8>>> = vec![BTreeSet::new(); starts.len()];
    let mut path = Vec::new();
    for step in 0..STEPS {
        let sampler = Sampler::new(SEED, Purpose::Chain, step as u64, &device);
        let Some(step) = model.chain_step(images, &sampler) else { return Ok(None) };
        images = step.next(&sampler);
        path.push(step.means);
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
        let window = ParzenWindow::new(example_rows(examples, range.clone(), &images.device()));
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

#[cfg(test)]
mod tests {
    use std::rc::Rc;

    use burn::tensor::{Device, TensorData};
    use futures::executor::block_on;

    use super::*;
    use crate::models::gsn::{Gsn, GsnConfig};
    use crate::models::recipe::Recipe;
    use crate::models::settings::Settings;
    use crate::weights::{Tensors, WithWeights, apply};

    /// Pixels of an image.
    const WIDTH: usize = 2;

    /// The four images of two black or white pixels, each of a class of its own.
    struct Corners;

    impl Dataset for Corners {
        fn count(&self) -> usize {
            CHAINS
        }

        fn width(&self) -> usize {
            WIDTH
        }

        fn read(&self, index: usize, row: &mut [f32]) {
            row.copy_from_slice(&[(index % 4 / 2) as f32, (index % 2) as f32]);
        }

        fn label(&self, index: usize) -> Option<u8> {
            Some((index % 4) as u8)
        }
    }

    /// A network whose means are the corrupted image, so that its chain is that of the corruption alone.
    fn copying(salt_and_pepper: f64) -> WithWeights<Gsn> {
        let config = GsnConfig::new().with_input(WIDTH).with_hidden(WIDTH).with_code(WIDTH).with_code_noise(0.0);
        let config = config.with_salt_and_pepper(salt_and_pepper);
        let mut tensors = Tensors::new();
        // Pre-activations of 10 and -10, then the largest and the least that each activation gives.
        for (name, weight, bias) in
            [("encoder", 20.0, -10.0), ("code", 1.0, 0.0), ("decoder", 1.0, 0.0), ("output", 100.0, -20.0)]
        {
            tensors.insert(format!("{name}.weight"), TensorData::new(vec![weight, 0.0, 0.0, weight], [WIDTH, WIDTH]));
            tensors.insert(format!("{name}.bias"), TensorData::new(vec![bias; WIDTH], [WIDTH]));
        }
        let module = apply(config.init(&Device::flex()), tensors).expect("its tensors");
        WithWeights::new(module, &Settings { model: config, recipe: Recipe::new(1), seed: 1 }, 1)
    }

    #[test]
    fn classes_are_those_that_a_chain_comes_to() {
        let examples = Examples { train: Rc::new(Corners), validation: None, test: Rc::new(Corners) };
        let classes = |salt_and_pepper| block_on(classes(&copying(salt_and_pepper), &examples)).expect("a device");
        assert_eq!(classes(0.0), Some(vec![1; 4]), "without noise each chain stays where it began");
        assert_eq!(classes(0.9), Some(vec![4; 4]), "by noise alone it comes everywhere in 200 steps");
    }

    #[test]
    fn the_nearest_example_gives_its_class() {
        let near = TensorData::from([[0.1_f32, 0.8], [0.7, 0.9], [0.6, 0.3], [0.2, 0.1]]);
        let labels = block_on(nearest(Tensor::from_data(near, &Device::flex()), &Corners)).expect("a device");
        assert_eq!(labels, [1, 3, 2, 0].map(Some));
    }

    #[test]
    fn samples_are_the_means_of_every_tenth_step_after_a_thousand() {
        let device = Device::flex();
        let model = copying(0.5);
        let found = samples(&model, &Corners, 150).expect("a chain");
        assert_eq!(found.dims(), [2 * CHAINS, WIDTH], "as many as asked for, by whole steps");
        let mut images = example_rows(&Corners, 0..CHAINS, &device);
        let mut means = Vec::new();
        for number in 0..BURN_IN + STRIDE {
            let sampler = Sampler::new(SEED, Purpose::Chain, number as u64, &device);
            let step = model.chain_step(images, &sampler).expect("a chain");
            images = sampler.draw_pixels(step.means.clone());
            means.push(step.means);
        }
        // Step number n, from 0, is the (n + 1)th.
        let expected = Tensor::cat(vec![means[BURN_IN - 1].clone(), means[BURN_IN + STRIDE - 1].clone()], 0);
        let largest: f32 = (found - expected).abs().max().into_scalar();
        assert_eq!(largest, 0.0);
    }
}
