//! The contractive autoencoder: its penalty is the norm of the Jacobian, and makes it small.

use std::path::Path;
use std::rc::Rc;

use bottleneck::analysis::jacobian::{gram_matrices, singular_values, squared_norms};
use bottleneck::cli::files::Files;
use bottleneck::cli::jacobian;
use bottleneck::data::dataset::{Dataset, gather};
use bottleneck::models::Autoencoder;
use bottleneck::models::contractive::{Contractive, ContractiveConfig};
use bottleneck::training::Catalogue;
use burn::tensor::{Device, Tensor, TensorData};
use futures::executor::block_on;
use serde_json::Value;

mod support;

use support::digits;

const INPUT: usize = 6;
const CODE: usize = 4;
const IMAGES: usize = 3;

fn model(device: &Device) -> Contractive {
    device.seed(1);
    ContractiveConfig::new().with_input(INPUT).with_code(CODE).init(device)
}

/// Pixels in (0, 1) without a pattern.
fn images(device: &Device) -> Tensor<2> {
    let pixels: Vec<f32> = (0..IMAGES * INPUT).map(|place| 0.5 + 0.4 * (place as f32 * 1.7).sin()).collect();
    Tensor::from_data(TensorData::new(pixels, [IMAGES, INPUT]), device)
}

fn values<const D: usize>(tensor: Tensor<D>) -> Vec<f32> {
    tensor.into_data().iter().collect()
}

fn close(label: &str, found: &[f32], expected: &[f32], tolerance: f32) {
    assert_eq!(found.len(), expected.len(), "{label}");
    for (at, (found, expected)) in found.iter().zip(expected).enumerate() {
        assert!((found - expected).abs() < tolerance, "{label}, {at}: {found}, not {expected}");
    }
}

/// J of each image by automatic differentiation, a row at a time: `[batch, code, input]`.
fn jacobians_by_autodiff(model: &Contractive, device: &Device) -> Tensor<3> {
    let rows = (0..CODE).map(|unit| {
        let inputs = images(device).require_grad();
        let unit = model.encode(inputs.clone()).narrow(1, unit, 1).sum();
        inputs.grad(&unit.backward()).expect("the code depends on the input")
    });
    Tensor::stack(rows.collect(), 1)
}

#[test]
fn the_closed_form_is_the_jacobian_by_autodiff() {
    let device = Device::flex().autodiff();
    let model = model(&device);
    let expected = jacobians_by_autodiff(&model, &device);
    let found = model.encoder_jacobian(images(&device)).expect("it has one").inner();
    assert_eq!(found.dims(), [IMAGES, CODE, INPUT]);
    close("the Jacobian", &values(found), &values(expected.clone()), 1e-6);
    let penalty = model.squared_jacobian_norm(model.encode(images(&device))).inner();
    assert_eq!(penalty.dims(), [IMAGES, 1]);
    close("its squared norm", &values(penalty), &values(squared_norms(expected)), 1e-6);
}

#[test]
fn the_closed_form_is_the_slope_by_differences() {
    const STEP: f32 = 1e-2;
    let device = Device::flex();
    let model = model(&device);
    let found = values(model.encoder_jacobian(images(&device)).expect("it has one"));
    for pixel in 0..INPUT {
        let moved = |sign: f32| {
            let step: Vec<f32> = (0..INPUT).map(|place| if place == pixel { sign * STEP } else { 0.0 }).collect();
            model.encode(images(&device) + Tensor::from_data(TensorData::new(step, [1, INPUT]), &device))
        };
        let slopes = values((moved(1.0) - moved(-1.0)) / (2.0 * STEP));
        let column: Vec<f32> = found.iter().copied().skip(pixel).step_by(INPUT).collect();
        close(&format!("pixel {pixel}"), &column, &slopes, 1e-4);
    }
}

/// Of diag(3, 2, 1) turned, and of a matrix of rank one, whose only singular value is the product of two lengths; wide and tall.
#[test]
fn known_matrices_have_their_singular_values() {
    let device = Device::flex();
    let (cosine, sine) = (0.6_f32, 0.8_f32);
    let turned = [3.0 * cosine, -2.0 * sine, 0.0, 3.0 * sine, 2.0 * cosine, 0.0, 0.0, 0.0, 1.0];
    let one: Vec<f32> = [3.0, 4.0].iter().flat_map(|a| [1.0, 2.0, 2.0].map(|b| a * b)).collect();
    for (matrix, shape, expected) in [
        (turned.to_vec(), [1, 3, 3], vec![3.0, 2.0, 1.0]),
        (one.clone(), [1, 2, 3], vec![15.0, 0.0]),
        (one, [1, 3, 2], vec![]),
    ] {
        let matrix = Tensor::<3>::from_data(TensorData::new(matrix, shape), &device);
        let norm = values(squared_norms(matrix.clone()))[0];
        let gram = gram_matrices(matrix);
        let size = gram.dims()[1];
        assert_eq!(size, shape[1].min(shape[2]));
        let found: Vec<f32> = singular_values(&values(gram), size).into_iter().map(|value| value as f32).collect();
        close("the norm", &[found.iter().map(|value| value * value).sum()], &[norm], 1e-3);
        if !expected.is_empty() {
            close("singular values", &found, &expected, 2e-3);
        }
    }
}

/// A short training with the penalty and one without, by the presets but for the sizes; few steps need a large weight.
#[test]
fn the_penalty_makes_the_jacobian_small() {
    let train = Rc::new(digits("t10k").slice(0..2_000));
    let test = digits("test-digits");
    let catalogue = Catalogue::all();
    let entry = catalogue.get(Contractive::ID).expect("it is in the catalogue");
    let [with, without] = [0, 1].map(|preset| {
        let mut settings: Value = serde_json::from_str(&entry.describe().presets[preset].settings).unwrap();
        settings["model"]["code"] = 100.into();
        if preset == 0 {
            settings["model"]["contraction"] = 1.0.into();
        }
        settings["recipe"]["epochs"] = 8.into();
        settings["recipe"]["batch"] = 50.into();
        let mut run = entry.plan(&settings.to_string()).unwrap().begin(train.clone(), &Device::flex()).unwrap();
        while !run.is_done() {
            run.step();
        }
        let model = run.trained();
        let images = Tensor::from_data(TensorData::new(gather(&test, 0..100), [100, test.width()]), &Device::flex());
        let norm: f32 = squared_norms(model.encoder_jacobian(images.clone()).unwrap()).mean().into_scalar();
        let error: f32 = (model.reconstruct(images.clone()) - images).square().mean().into_scalar();
        (norm, error)
    });
    assert!(with.0 < without.0 / 2.0, "norms {} and {}", with.0, without.0);
    assert!(with.1 < 0.04 && without.1 < 0.04, "errors {} and {}: the mean digit has 0.067", with.1, without.1);
}

/// The committed weights' Jacobians on the first test images, near what the card says of all.
#[test]
fn the_shipped_jacobian_is_the_cards() {
    let files = Files::new(Contractive::ID, Path::new("www/data/mnist"), Path::new("www/models"), Path::new("runs"));
    let catalogue = Catalogue::all();
    let entry = catalogue.get(Contractive::ID).expect("it is in the catalogue");
    let model = entry.load(&files.read_weights().unwrap(), &Device::flex()).unwrap();
    let test = digits("t10k").slice(0..200);
    let figures = block_on(jacobian::figures(&*model, &entry.benchmarks()[..2], &test)).unwrap();
    let (found, told) = (figures["squared_jacobian_norm"], files.read_card().unwrap().metrics["squared_jacobian_norm"]);
    assert!((found / told - 1.0).abs() < 0.1, "{found}, and {told} on the card");
}
