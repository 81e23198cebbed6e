//! `train --maximise`: whether gradient ascent finds images that activate units more than any test image does.

use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;

use burn::tensor::{Device, Tensor, TensorData};
use futures::executor::block_on;
use rand::RngExt;

use super::Outcome;
use super::files::Files;
use crate::analysis::maximisation::{Maximisation, random_pixels};
use crate::data::dataset::{Dataset, gather};
use crate::data::random::{Purpose, stream};
use crate::protocol::{Ascent, ExampleKind};
use crate::training::Entry;
use crate::training::evaluation::read;
use crate::weights::{DeviceError, TrainedModel};

/// Units that are tried, of each model.
const UNITS: usize = 100;
/// In how many of 100 that are not dead the ascent must win.
const WANTED: usize = 95;
const STEPS: usize = 200;
/// Seed of the units and of the images that the ascent begins with.
const SEED: u64 = 0;
/// What a sigmoid gives for more than some 17, in 32 bits: nothing is larger.
const SATURATED: f32 = 1.0;
/// Test images at a time.
const BATCH: usize = 500;

/// Tries random units of the hidden layers and the code of the stored weights, and prints in how many gradient ascent from random
/// pixels, as the page has it at first, comes to a larger activation than the best test image.
///
/// # Errors
/// If a file cannot be read or used.
pub fn maximise(entry: &dyn Entry, files: &Files) -> Result<Outcome, Box<dyn Error>> {
    let model = entry.load(&files.read_weights()?, &Device::flex())?;
    if model.shape().examples != ExampleKind::Digits {
        return Err(format!("{} takes no images", entry.id()).into());
    }
    let test = files.examples(ExampleKind::Digits)?.test;
    let (mut won, mut equal, mut dead, mut tried) = (0, 0, 0, 0);
    for (layer, units) in chosen(&model.shape().layers) {
        let best = block_on(best_of_test(&*model, &*test, layer, &units))?;
        let found = block_on(ascend(&*model, layer, &units))?;
        for ((unit, found), best) in units.iter().zip(&found).zip(&best) {
            let is_saturated = found.activation == SATURATED && best.activation == SATURATED;
            if found.activation > best.activation || is_saturated && found.before > best.before {
                won += 1;
            } else if is_saturated {
                equal += 1;
            } else if found.activation == 0.0 && best.activation == 0.0 {
                dead += 1;
            } else {
                let (found, best) = (found.activation, best.activation);
                println!("  layer {layer}, unit {unit}: {found:.4} by ascent, {best:.4} by the best test image");
            }
        }
        tried += units.len();
    }
    let active = tried - dead;
    println!("{}: gradient ascent beats the best test image for {won} of {active} units", entry.id());
    if equal > 0 {
        println!(
            "  and comes to {SATURATED}, the most that its activation gives, as that image does, for {equal} more"
        );
    }
    if dead > 0 {
        println!("  {dead} more, of {tried}, are dead: no test image activates them, nor does ascent");
    }
    // What cannot be surpassed is reached.
    Ok(if (won + equal) * 100 >= WANTED * active { Outcome::Good } else { Outcome::Missed })
}

/// How far an image activates a unit.
#[derive(Clone, Copy)]
struct Excitation {
    activation: f32,
    /// What the activation function was applied to, where the layer keeps that, else the same: of two images that both saturate it, the one
    /// with the larger activates the unit more.
    before: f32,
}

/// Units of the layers between input and output, by layer: as many of each, all where there are fewer.
fn chosen(layers: &[usize]) -> BTreeMap<usize, Vec<usize>> {
    let inner = 1..layers.len() - 1;
    let all: usize = layers[inner.clone()].iter().sum();
    let mut rng = stream(SEED, Purpose::Maximisation, 1);
    let mut units = BTreeSet::new();
    while units.len() < UNITS.min(all) {
        let layer = rng.random_range(inner.clone());
        units.insert((layer, rng.random_range(0..layers[layer])));
    }
    let mut by_layer: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    units.into_iter().for_each(|(layer, unit)| by_layer.entry(layer).or_default().push(unit));
    by_layer
}

/// The largest of each unit over the test images.
async fn best_of_test(
    model: &dyn TrainedModel,
    test: &dyn Dataset,
    layer: usize,
    units: &[usize],
) -> Result<Vec<Excitation>, DeviceError> {
    let mut best = vec![Excitation { activation: f32::NEG_INFINITY, before: f32::NEG_INFINITY }; units.len()];
    for start in (0..test.count()).step_by(BATCH) {
        let range = start..(start + BATCH).min(test.count());
        let shape = [range.len(), test.width()];
        let images = Tensor::from_data(TensorData::new(gather(test, range), shape), &model.device());
        let activations = model.layer(images.clone(), layer).expect("the shape tells the layers").max_dim(0);
        let before = model.layer_before_activation(images, layer).expect("the shape tells the layers").max_dim(0);
        let (activations, before) = (read(activations).await?, read(before).await?);
        for (best, &unit) in best.iter_mut().zip(units) {
            best.activation = best.activation.max(activations[unit]);
            best.before = best.before.max(before[unit]);
        }
    }
    Ok(best)
}

/// What gradient ascent brings each unit to.
async fn ascend(model: &dyn TrainedModel, layer: usize, units: &[usize]) -> Result<Vec<Excitation>, DeviceError> {
    let (width, device) = (model.shape().input(), model.device());
    let model = model.differentiable();
    let maximisation = Maximisation::new(&*model, layer, units).expect("the shape tells the units");
    let pixels = random_pixels(SEED, units.len() * width);
    let mut images = Tensor::from_data(TensorData::new(pixels, [units.len(), width]), &device);
    for _ in 0..STEPS {
        images = maximisation.step(images, Ascent::default());
    }
    let images = Tensor::from_inner(images);
    let activations = read(maximisation.activations(images.clone()).inner()).await?;
    let before = read(maximisation.before_activation(images).inner()).await?;
    Ok(activations.into_iter().zip(before).map(|(activation, before)| Excitation { activation, before }).collect())
}
