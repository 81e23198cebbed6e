//! The adversarial autoencoder: its losses and a step of its optimisers against tests/reference/adversarial.py, its priors, and the energy
//! distance.

use std::collections::BTreeMap;

use bottleneck::analysis::energy_distance::energy_distance;
use bottleneck::data::random::Purpose;
use bottleneck::models::Autoencoder;
use bottleneck::models::adversarial::{Adversarial, AdversarialConfig};
use bottleneck::models::adversarial_style::AdversarialStyleConfig;
use bottleneck::models::batch::{Batch, Labels};
use bottleneck::models::optimisers::Optimisers;
use bottleneck::models::priors::classes_or_draws;
use bottleneck::models::recipe::Recipe;
use bottleneck::models::sampler::Sampler;
use bottleneck::protocol::Prior;
use bottleneck::weights::{self, Tensors};
use burn::module::Module;
use burn::tensor::activation::softmax;
use burn::tensor::{Device, Tensor};
use futures::executor::block_on;
use serde::Deserialize;

mod support;

use support::reference::{Array, gradients, values};

#[derive(Deserialize)]
struct Reference {
    config: AdversarialConfig,
    progress: f64,
    learning_rate: f64,
    labels: Vec<u8>,
    input: Array,
    draws: Vec<Vec<f32>>,
    weights: BTreeMap<String, Array>,
    parts: BTreeMap<String, f64>,
    gradients: BTreeMap<String, BTreeMap<String, Array>>,
    step: Stepped,
}

#[derive(Deserialize)]
struct Stepped {
    parts: BTreeMap<String, f64>,
    weights: BTreeMap<String, Array>,
}

impl Reference {
    fn read() -> Self {
        serde_json::from_str(include_str!("reference/adversarial.json")).unwrap()
    }

    fn model(&self, device: &Device) -> Adversarial {
        self.model_with(device, self.weights.iter().map(|(name, array)| (name.clone(), array.data())).collect())
    }

    fn model_with(&self, device: &Device, tensors: Tensors) -> Adversarial {
        weights::apply(self.config.init(device), tensors).unwrap().train()
    }

    fn batch(&self, device: &Device) -> Batch {
        let input = Tensor::<2>::from_data(self.input.data(), device);
        let labels = Labels(self.labels.iter().map(|&label| Some(label)).collect());
        let sampler = Sampler::fixed(self.draws.clone(), device);
        Batch { target: input.clone(), input, labels, phase: 0, progress: self.progress, sampler }
    }
}

fn close(what: &str, found: &[f32], expected: &[f32], absolute: f32, relative: f32) {
    assert_eq!(found.len(), expected.len(), "{what}");
    for (found, expected) in found.iter().zip(expected) {
        assert!((found - expected).abs() <= absolute + relative * expected.abs(), "{what}: {found}, not {expected}");
    }
}

fn parts_close(found: &[(&'static str, Tensor<1>)], expected: &BTreeMap<String, f64>) {
    assert_eq!(found.len(), expected.len());
    for (name, part) in found {
        close(name, &values(part.clone().inner()), &[expected[*name] as f32], 0.0, 1e-5);
    }
}

/// The value of each loss, and its gradients: the discriminator's alone stop at the codes.
#[test]
fn losses_and_gradients_agree_with_the_reference() {
    let device = Device::flex().autodiff();
    let reference = Reference::read();
    let model = reference.model(&device);
    parts_close(&model.loss(&reference.batch(&device)).parts, &reference.parts);
    for (index, (part, _)) in model.loss(&reference.batch(&device)).parts.iter().enumerate() {
        let found = gradients(&model, &model.loss(&reference.batch(&device)).parts[index].1);
        let expected = &reference.gradients[*part];
        assert_eq!(found.keys().collect::<Vec<_>>(), expected.keys().collect::<Vec<_>>(), "{part}");
        for (name, found) in &found {
            close(&format!("{part}: {name}"), found, &expected[name].values, 1e-6, 1e-4);
        }
    }
}

/// The loss of what an optimiser steps rises along its gradient as fast as the gradient says.
#[test]
fn gradients_agree_with_differences() {
    let device = Device::flex().autodiff();
    let reference = Reference::read();
    let model = reference.model(&device);
    for (index, stepped) in [&["encoder", "decoder"][..], &["discriminator"], &["encoder"]].into_iter().enumerate() {
        let loss = |model: &Adversarial| model.loss(&reference.batch(&device)).parts[index].1.clone();
        let mut gradients = gradients(&model, &loss(&model));
        gradients.retain(|name, _| stepped.iter().any(|part| name.starts_with(part)));
        let norm = gradients.values().flatten().map(|&g| f64::from(g).powi(2)).sum::<f64>().sqrt();
        let step = 1e-2 / norm;
        let moved = |sign: f64| {
            let tensors = reference.weights.iter().map(|(name, array)| {
                let mut moved = array.clone();
                if let Some(gradient) = gradients.get(name) {
                    let along = moved.values.iter_mut().zip(gradient);
                    along.for_each(|(weight, &g)| *weight += (sign * step * f64::from(g)) as f32);
                }
                (name.clone(), moved.data())
            });
            loss(&reference.model_with(&device, tensors.collect())).into_scalar::<f64>()
        };
        let slope = (moved(1.0) - moved(-1.0)) / (2.0 * step);
        assert!((slope / norm.powi(2) - 1.0).abs() < 2e-2, "part {index}: {slope} along a gradient of norm {norm}");
    }
}

/// Each optimiser changes its own part at its own rate, the encoder's against the discriminator as that is after its step.
#[test]
fn a_step_of_the_two_optimisers_agrees_with_the_reference() {
    let device = Device::flex().autodiff();
    let reference = Reference::read();
    let mut optimisers = Optimisers::new(&Recipe::new(1).with_learning_rate(reference.learning_rate));
    let (model, loss) = reference.model(&device).step(&reference.batch(&device), &mut optimisers);
    parts_close(&loss.parts, &reference.step.parts);
    let stepped = block_on(weights::collect(&model)).unwrap();
    assert_eq!(stepped.len(), reference.step.weights.len());
    for (name, expected) in &reference.step.weights {
        close(name, &stepped[name].iter::<f32>().collect::<Vec<_>>(), &expected.values, 2e-5, 1e-4);
    }
}

fn draws(prior: Prior, width: usize, labels: Vec<Option<u8>>, seed: u64) -> Vec<f32> {
    let sampler = Sampler::new(seed, Purpose::Samples, 0, &Device::flex());
    let classes = classes_or_draws(&Labels(labels), &sampler);
    values(prior.draw(width, classes, &sampler))
}

fn mean_and_deviation(numbers: &[f32]) -> (f64, f64) {
    let mean = numbers.iter().map(|&number| f64::from(number)).sum::<f64>() / numbers.len() as f64;
    let square = numbers.iter().map(|&number| (f64::from(number) - mean).powi(2)).sum::<f64>() / numbers.len() as f64;
    (mean, square.sqrt())
}

fn near(what: &str, found: f64, expected: f64, tolerance: f64) {
    assert!((found - expected).abs() <= tolerance, "{what}: {found}, not {expected}");
}

/// The class tells which Gaussian of the mixture a draw is from, and which tenth of the roll.
#[test]
fn priors_have_their_moments_class_by_class() {
    const COUNT: usize = 20_000;
    let normal = draws(Prior::Normal, 8, vec![None; COUNT], 1);
    let (mean, deviation) = mean_and_deviation(&normal);
    near("mean", mean, 0.0, 0.01);
    near("deviation", deviation, 1.0, 0.01);

    for class in [0_u8, 3, 9] {
        let turn = |points: Vec<f32>, angle: f64| -> [Vec<f32>; 2] {
            let (sin, cos) = (angle.sin() as f32, angle.cos() as f32);
            let [x, y] = [[cos, sin], [-sin, cos]]
                .map(|[a, b]| points.chunks_exact(2).map(|point| a * point[0] + b * point[1]).collect::<Vec<f32>>());
            [x, y]
        };
        let angle = 2.0 * std::f64::consts::PI * f64::from(class) / 10.0;
        let [along, across] =
            turn(draws(Prior::Mixture, 2, vec![Some(class); COUNT], 2), angle).map(|n| mean_and_deviation(&n));
        near("radius", along.0, 2.0, 0.02);
        near("deviation outwards", along.1, 0.6, 0.02);
        near("deviation across", across.1, 0.2, 0.01);
        near("side", across.0, 0.0, 0.01);

        let roll = draws(Prior::SwissRoll, 2, vec![Some(class); COUNT], 3);
        let distances: Vec<f32> = roll.chunks_exact(2).map(|point| point[0].hypot(point[1])).collect();
        let (least, largest) = [0.0, 1.0].map(|share| 3.0 * ((f64::from(class) + share) / 10.0).sqrt()).into();
        let inside = distances.iter().filter(|&&d| (least - 0.4..largest + 0.4).contains(&f64::from(d))).count();
        assert!(inside as f64 > 0.999 * COUNT as f64, "class {class}: {inside} between {least} and {largest}");
        // The mean of 3 sqrt(s) over the shares s of the class.
        let power = |share: f64| ((f64::from(class) + share) / 10.0).powf(1.5);
        near("distance", mean_and_deviation(&distances).0, 20.0 * (power(1.0) - power(0.0)), 0.03);
    }
}

/// Draws without a class are of all ten alike.
#[test]
fn unknown_classes_are_drawn() {
    const COUNT: usize = 20_000;
    let sampler = Sampler::new(4, Purpose::Samples, 0, &Device::flex());
    let mut labels = vec![None; COUNT];
    labels[0] = Some(7);
    let classes = classes_or_draws(&Labels(labels), &sampler);
    assert_eq!(values(classes.clone().narrow(0, 0, 1)).iter().position(|&share| share == 1.0), Some(7));
    assert!(values(classes.clone().sum_dim(1)).iter().all(|&sum| sum == 1.0));
    assert!(values(classes.mean_dim(0)).iter().all(|share| (share - 0.1).abs() < 0.01));
}

/// Large logits too, where a softmax gives 1 and 0.
#[test]
fn the_classes_in_a_code_are_a_softmax_and_their_log_odds_are_kept() {
    let config = AdversarialStyleConfig::new().with_input(4).with_hidden(vec![6]).with_style(3);
    let model = config.init(&Device::flex());
    for scale in [1.0, 1_000.0] {
        let images = Tensor::<2>::from_data([[0.1, 0.9, 0.4, 0.7], [1.0, 0.0, 0.3, 0.2]], &Device::flex()) * scale;
        let expected = softmax(model.classify(images.clone()).expect("it tells classes"), 1);
        let activations = model.encode_by_layer(images);
        let classes = |codes: Tensor<2>| codes.narrow(1, 3, 10);
        close("classes", &values(classes(activations.clone().last())), &values(expected.clone()), 1e-6, 1e-4);
        let log_odds = classes(activations.into_layers_before_activation().pop().expect("a code"));
        let by_probability = (expected.clone() / (-expected.clone() + 1.0)).log();
        for (found, expected) in values(log_odds).into_iter().zip(values(by_probability)) {
            // Of a probability that is 0 or 1 they are finite still.
            let agree = if expected.abs() < 5.0 { (found - expected).abs() < 1e-3 } else { found.is_finite() };
            assert!(agree, "log-odds {found}, by the probability {expected}");
        }
    }
}

#[derive(Deserialize)]
struct Distance {
    a: Array,
    b: Array,
    energy_distance: f64,
}

#[test]
fn the_energy_distance_agrees_with_the_reference_and_tells_a_shift() {
    let reference: Distance = serde_json::from_str(include_str!("reference/energy_distance.json")).unwrap();
    let (a, b) = (&reference.a.values, &reference.b.values);
    near("reference", energy_distance(a, b, 3), reference.energy_distance, 1e-6);
    near("itself", energy_distance(a, a, 3), 0.0, 1e-9);

    let normal = |seed| draws(Prior::Normal, 8, vec![None; 500], seed);
    let moved = |by: f32| normal(12).into_iter().map(|number| number + by).collect::<Vec<_>>();
    let equal = energy_distance(&normal(11), &moved(0.0), 8);
    assert!((0.0..0.03).contains(&equal), "draws of one distribution: {equal}");
    let [near, far] = [0.3, 1.0].map(|by| energy_distance(&normal(11), &moved(by), 8));
    assert!(near > 3.0 * equal && far > 3.0 * near, "{equal}, {near}, {far}");
    let narrow: Vec<f32> = normal(12).into_iter().map(|number| number * 0.5).collect();
    assert!(energy_distance(&normal(11), &narrow, 8) > 3.0 * equal, "a narrower distribution");
}
