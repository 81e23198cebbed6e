//! `train --maximise`: whether gradient ascent finds images that activate units more than any test image does.

use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;

use burn::tensor::{Device, Tensor, TensorData};
use futures::executor::block_on;
use rand::RngExt;

use super::Outcome;
use super::files::Files;
use crate::analysis::maximisation::{Maximisation, random_pixels};
use crate::data::dataset::Dataset;
use crate::data::random::{Purpose, stream};
use crate::models::activations::Activations;
use crate::protocol::{Ascent, ExampleKind};
use crate::training::Entry;
use crate::training::evaluation::{example_rows, read};
use crate::weights::{DeviceError, TrainedModel};

/// Units that are tried, of each model.
const UNITS: usize = 100;
/// In how many of 100 the ascent must win.
const WANTED: usize = 95;
const STEPS: usize = 200;
/// Seed of the units and of the images that the ascent begins with.
const SEED: u64 = 0;
/// What a sigmoid gives for more than some 17, in 32 bits: nothing is larger.
const SATURATED: f32 = 1.0;
/// Test images at a time.
const BATCH: usize = 500;

/// Tries random units of all layers of the stored weights, the output's too, and prints in how many gradient ascent from random
/// pixels, as the page has it at first, comes to a larger activation than the best test image. Dead units, ReLUs that no test image activates,
/// are counted and others drawn in their place.
///
/// # Errors
/// If a file cannot be read or used.
pub fn maximise(entry: &dyn Entry, files: &Files) -> Result<Outcome, Box<dyn Error>> {
    let model = entry.load(&files.read_weights()?, &Device::flex())?;
    if model.shape().examples != ExampleKind::Digits {
        return Err(format!("{} takes no images", entry.id()).into());
    }
    let test = files.examples(ExampleKind::Digits)?.test;
    let best = block_on(best_of_test(&*model, &*test))?;
    let (chosen, dead) = choose(&best);
    let (mut won, mut equal, mut tried) = (0, 0, 0);
    for (layer, units) in chosen {
        let found = block_on(ascend(&*model, layer, &units))?;
        for (&unit, found) in units.iter().zip(&found) {
            let best = best[layer - 1][unit];
            let is_saturated = found.activation == SATURATED && best.activation == SATURATED;
            if found.activation > best.activation || is_saturated && found.before > best.before {
                won += 1;
            } else if is_saturated {
                equal += 1;
            } else {
                let (found, best) = (found.activation, best.activation);
                println!("  layer {layer}, unit {unit}: {found:.4} by ascent, {best:.4} by the best test image");
            }
        }
        tried += units.len();
    }
    println!("{}: gradient ascent beats the best test image for {won} of {tried} units", entry.id());
    if equal > 0 {
        println!(
            "  and comes to {SATURATED}, the most that its activation gives, as that image does, for {equal} more"
        );
    }
    if dead > 0 {
        println!("  {dead} more were drawn that no test image activates");
    }
    // What cannot be surpassed is reached.
    Ok(if (won + equal) * 100 >= WANTED * tried { Outcome::Good } else { Outcome::Missed })
}

/// How far an image activates a unit.
#[derive(Clone, Copy)]
struct Excitation {
    activation: f32,
    /// What the activation function was applied to, where the layer keeps that, else the same: of two images that both saturate it, the one
    /// with the larger activates the unit more.
    before: f32,
}

/// Units that some test image activates, by layer, as many of each layer, all where there are fewer; and how many others were drawn. `best` is
/// of the units of each layer after the input.
fn choose(best: &[Vec<Excitation>]) -> (BTreeMap<usize, Vec<usize>>, usize) {
    let all: usize = best.iter().map(Vec::len).sum();
    let mut rng = stream(SEED, Purpose::Maximisation, 1);
    let (mut drawn, mut dead) = (BTreeSet::new(), BTreeSet::new());
    while drawn.len() < UNITS && drawn.len() + dead.len() < all {
        let layer = rng.random_range(0..best.len());
        let unit = rng.random_range(0..best[layer].len());
        if best[layer][unit].activation == 0.0 {
            dead.insert((layer, unit))
        } else {
            drawn.insert((layer, unit))
        };
    }
    let mut by_layer: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    drawn.into_iter().for_each(|(layer, unit)| by_layer.entry(layer + 1).or_default().push(unit));
    (by_layer, dead.len())
}

/// The largest of each unit of each layer after the input over the test images.
async fn best_of_test(model: &dyn TrainedModel, test: &dyn Dataset) -> Result<Vec<Vec<Excitation>>, DeviceError> {
    let nothing = Excitation { activation: f32::NEG_INFINITY, before: f32::NEG_INFINITY };
    let mut best: Vec<_> = model.shape().layers[1..].iter().map(|&width| vec![nothing; width]).collect();
    for start in (0..test.count()).step_by(BATCH) {
        let images = example_rows(test, start..(start + BATCH).min(test.count()), &model.device());
        let encoder = model.encode_by_layer(images);
        let decoder = model.decode_by_layer(encoder.clone().last());
        // The first of the decoder's is the code once more.
        let layers = |of: fn(Activations) -> Vec<Tensor<2>>| {
            of(encoder.clone()).into_iter().chain(of(decoder.clone()).into_iter().skip(1)).skip(1)
        };
        let before = layers(Activations::into_layers_before_activation);
        for ((best, activations), before) in best.iter_mut().zip(layers(Activations::into_layers)).zip(before) {
            let (activations, before) = (read(activations.max_dim(0)).await?, read(before.max_dim(0)).await?);
            for ((best, activation), before) in best.iter_mut().zip(activations).zip(before) {
                best.activation = best.activation.max(activation);
                best.before = best.before.max(before);
            }
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
