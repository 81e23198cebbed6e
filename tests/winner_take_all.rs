//! The winner-take-all autoencoder: who wins, what its thresholds come to, what activates its units, and the linear classifier that
//! measures its codes.

use std::rc::Rc;

use bottleneck::analysis::maximisation::{Maximisation, random_pixels};
use bottleneck::cli::linear_classifier::{Coded, Criterion, Fitted};
use bottleneck::data::dataset::{Dataset, gather};
use bottleneck::models::Autoencoder;
use bottleneck::models::winner_take_all::{WinnerTakeAll, WinnerTakeAllConfig};
use bottleneck::models::winners::Winners;
use bottleneck::protocol::{Ascent, Card};
use bottleneck::training::Catalogue;
use burn::tensor::{Device, Tensor, TensorData};
use futures::executor::block_on;
use serde_json::Value;
use support::digits;

mod support;

/// Numbers in a code of the short training.
const CODE: usize = 200;

fn values<const D: usize>(tensor: Tensor<D>) -> Vec<f32> {
    tensor.into_data().iter().collect()
}

/// As many win as were asked for, equal ones together, and each unit by itself.
#[test]
fn the_largest_win() {
    let device = Device::flex();
    let activations = [[3.0, 0.0], [1.0, 0.5], [3.0, 5.0], [2.0, 0.0], [0.5, 0.0]];
    for (count, mask, weakest) in [
        (1, vec![[1.0, 0.0], [0.0, 0.0], [1.0, 1.0], [0.0, 0.0], [0.0, 0.0]], [3.0, 5.0]),
        (2, vec![[1.0, 0.0], [0.0, 1.0], [1.0, 1.0], [1.0, 0.0], [0.0, 0.0]], [2.0, 0.5]),
        (3, vec![[1.0, 1.0], [1.0, 1.0], [1.0, 1.0], [1.0, 1.0], [0.0, 1.0]], [1.0, 0.0]),
    ] {
        let winners = Winners::of(Tensor::<2>::from_data(activations, &device), count);
        assert_eq!(values(winners.mask), mask.concat(), "{count} winners");
        assert_eq!(values(winners.weakest), weakest, "{count} winners");
    }
}

#[test]
fn the_number_of_winners_is_the_rounded_share_and_one_at_least() {
    for (sparsity, batch, winners) in [(0.05, 100, 5), (0.05, 500, 25), (0.05, 30, 2), (0.05, 10, 1), (0.005, 20, 1)] {
        assert_eq!(Winners::count(sparsity, batch), winners, "{sparsity} of {batch}");
    }
}

/// A short training by the preset but for the sizes: the error falls below that of the mean digit, the thresholds let about the share
/// of training through on images that were not trained on, one by one as well as together, and at most one unit in twenty is dead. Gradient
/// ascent finds what activates a unit from an image that does not.
#[test]
fn it_learns_and_each_unit_answers_its_share() {
    let train = Rc::new(digits("t10k").slice(0..4_000));
    let test = digits("t10k").slice(4_000..5_000);
    let catalogue = Catalogue::all();
    let entry = catalogue.get(WinnerTakeAll::ID).expect("it is in the catalogue");
    let mut settings: Value = serde_json::from_str(&entry.describe().presets[0].settings).unwrap();
    settings["model"]["code"] = CODE.into();
    settings["recipe"]["epochs"] = 15.into();
    settings["recipe"]["learning_rate"] = 0.002.into();
    let mut run = entry.plan(&settings.to_string()).unwrap().begin(train, &Device::flex()).unwrap();
    while !run.is_done() {
        run.step();
    }
    let model = run.trained();
    let count = test.count();
    let images =
        Tensor::<2>::from_data(TensorData::new(gather(&test, 0..count), [count, test.width()]), &Device::flex());
    let outputs = model.reconstruct(images.clone());
    let error: f32 = (outputs.clone() - images.clone()).square().mean().into_scalar();
    assert!(error < 0.035, "the error is {error}; the mean digit has 0.067");
    let alone = model.reconstruct(images.clone().narrow(0, 0, 1));
    let together = outputs.narrow(0, 0, 1);
    assert!(values(alone - together).iter().all(|difference| difference.abs() < 1e-4));
    let file = block_on(model.to_file(bottleneck::weights::Precision::Single)).unwrap();
    let config: WinnerTakeAllConfig = serde_json::from_value(settings["model"].clone()).unwrap();
    let module = bottleneck::weights::load(WinnerTakeAll::init(&config, &Device::flex()), &file).unwrap();
    let codes = module.encode(images.clone());
    let by_all: f32 = (module.pixels(codes.clone()).clamp(0.0, 1.0) - images).square().mean().into_scalar();
    assert!(
        by_all > 1.5 * error,
        "after a short training all that is above 0 gives an error of {by_all}, the thresholds {error}"
    );
    let kept = module.above_threshold(codes);
    let shares = values(kept.greater_scalar(0.0).float().mean_dim(0));
    let mean = shares.iter().sum::<f32>() / shares.len() as f32;
    assert!((0.03..0.07).contains(&mean), "on average a unit answers {mean}");
    let dead = shares.iter().filter(|&&share| share == 0.0).count();
    assert!(dead <= CODE / 20, "{dead} units are dead");

    let model = model.differentiable();
    let units: Vec<usize> = (0..CODE).collect();
    let ascent = Maximisation::new(&*model, 1, &units).expect("units");
    let begin = TensorData::new(random_pixels(0, CODE * test.width()), [CODE, test.width()]);
    let begin = Tensor::from_data(begin, &Device::flex());
    let inactive = |images: &Tensor<2>| {
        let activations = values(ascent.activations(Tensor::from_inner(images.clone())).inner());
        activations.into_iter().filter(|&activation| activation == 0.0).count()
    };
    assert!(inactive(&begin) > 0, "no unit is inactive at first");
    let end = (0..100).fold(begin, |images, _| ascent.step(images, Ascent::default()));
    assert_eq!(inactive(&end), 0);
}

/// What the chapter and the README say of the shipped weights beside the figures of their card, on all test images.
#[test]
fn most_activations_are_0_and_no_unit_is_dead() {
    let device = Device::flex();
    let card: Card = serde_json::from_slice(&std::fs::read("www/models/wta.json").unwrap()).unwrap();
    let config: WinnerTakeAllConfig = serde_json::from_value(card.config).unwrap();
    let file = std::fs::read("www/models/wta.safetensors").unwrap();
    let model = bottleneck::weights::load(WinnerTakeAll::init(&config, &device), &file).unwrap();
    let test = digits("t10k");
    let count = test.count();
    let images = Tensor::<2>::from_data(TensorData::new(gather(&test, 0..count), [count, test.width()]), &device);
    let codes = model.encode(images.clone());
    let kept = model.above_threshold(codes.clone());
    let shares = |codes: &Tensor<2>| values(codes.clone().greater_scalar(0.0).float().mean_dim(0));
    let mean = |shares: &[f32]| shares.iter().sum::<f32>() / shares.len() as f32;
    let (active, answered) = (shares(&codes), shares(&kept));
    let near = |what: &str, found: f32, expected: f32, tolerance: f32| {
        assert!((found - expected).abs() <= tolerance, "{what}: {found}, not {expected}");
    };
    near("activations above 0", mean(&active), 0.109, 5e-4);
    near("activations above the threshold", mean(&answered), 0.044, 5e-4);
    near("the least of a unit", answered.iter().copied().fold(1.0, f32::min), 0.025, 5e-4);
    near("the most of a unit", answered.iter().copied().fold(0.0, f32::max), 0.071, 5e-4);
    let error = |codes| -> f32 { (model.pixels(codes).clamp(0.0, 1.0) - images.clone()).square().mean().into_scalar() };
    near("error by what is above the threshold", error(kept), card.metrics["squared_error"] as f32, 1e-5);
    near("error by all that is above 0", error(codes), 0.0023, 5e-5);
}

/// Points of three classes about three corners, far enough apart: all are told, and no more than half of them where classes are shuffled.
#[test]
fn linear_classifiers_tell_what_is_separable() {
    let device = Device::flex();
    let corners = [[2.0, 0.0], [-2.0, 1.0], [0.0, -2.0]];
    let coded = |shift: usize, mixed: bool| {
        let classes: Vec<usize> = (0..600).map(|row| row % 3).collect();
        let noise = |row: usize, column: usize| ((row * 7 + column * 3 + shift) as f32 * 1.7).sin() * 0.8;
        let points: Vec<f32> =
            (0..600).flat_map(|row| [0, 1].map(|column| corners[row % 3][column] + noise(row, column))).collect();
        let classes = if mixed { classes.iter().enumerate().map(|(row, _)| row / 3 % 3).collect() } else { classes };
        Coded { codes: Tensor::from_data(TensorData::new(points, [600, 2]), &device), classes }
    };
    for criterion in [Criterion::CrossEntropy, Criterion::SquaredHinge] {
        let fitted = block_on(Fitted::of(&coded(0, false), &coded(1, false), 3, criterion)).unwrap();
        assert_eq!(block_on(fitted.error(&coded(2, false))).unwrap(), 0.0, "{criterion:?}");
        let mixed = block_on(Fitted::of(&coded(0, true), &coded(1, true), 3, criterion)).unwrap();
        assert!(block_on(mixed.error(&coded(2, true))).unwrap() > 0.5, "{criterion:?}");
    }
}
