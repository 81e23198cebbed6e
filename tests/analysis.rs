//! What is read out of models, against tests/reference/analysis.py.

use bottleneck::analysis::latent::path;
use bottleneck::analysis::maximisation::{Maximisation, random_pixels};
use bottleneck::analysis::ridge::RidgeSums;
use bottleneck::analysis::sparseness::Sparseness;
use bottleneck::analysis::subspace::leading;
use bottleneck::analysis::tsne::{STEPS, Tsne};
use bottleneck::models::Autoencoder;
use bottleneck::models::recipe::Recipe;
use bottleneck::models::settings::Settings;
use bottleneck::models::stacked::{Stacked, StackedConfig};
use bottleneck::protocol::Ascent;
use bottleneck::weights::{self, Tensors, TrainedModel, WithWeights};
use burn::tensor::{Device, Tensor, TensorData};
use serde_json::Value;

fn reference(case: &str) -> Value {
    let all: Value = serde_json::from_str(include_str!("reference/analysis.json")).unwrap();
    all[case].clone()
}

fn numbers(value: &Value) -> Vec<f32> {
    value.as_array().unwrap().iter().map(|number| number.as_f64().unwrap() as f32).collect()
}

fn count(value: &Value) -> usize {
    value.as_u64().unwrap() as usize
}

/// Rows of numbers, and how wide they are.
fn rows(value: &Value) -> (Vec<f32>, usize) {
    (numbers(&value["values"]), count(&value["shape"][1]))
}

fn tensor(value: &Value) -> Tensor<2> {
    let (values, width) = rows(value);
    let shape = [values.len() / width, width];
    Tensor::from_data(TensorData::new(values, shape), &Device::flex())
}

fn close(label: &str, found: &[f32], expected: &[f32], tolerance: f32) {
    assert_eq!(found.len(), expected.len(), "{label}");
    for (at, (found, expected)) in found.iter().zip(expected).enumerate() {
        assert!((found - expected).abs() < tolerance, "{label}, {at}: {found}, not {expected}");
    }
}

/// The stacked autoencoder of the reference.
fn network() -> WithWeights<Stacked> {
    let network = reference("network");
    let config = &network["config"];
    let model = StackedConfig::new()
        .with_input(count(&config["input"]))
        .with_hidden(vec![count(&config["hidden"][0])])
        .with_code(count(&config["code"]));
    let data = |value: &Value| {
        let shape: Vec<usize> = value["shape"].as_array().unwrap().iter().map(count).collect();
        TensorData::new(numbers(&value["values"]), shape)
    };
    let tensors: Tensors =
        network["weights"].as_object().unwrap().iter().map(|(name, value)| (name.clone(), data(value))).collect();
    let module = weights::apply(Stacked::init(&model, &Device::flex()), tensors).unwrap();
    WithWeights::new(module, &Settings { model, recipe: Recipe::new(1), seed: 0 }, 1)
}

fn values(tensor: Tensor<2>) -> Vec<f32> {
    tensor.into_data().iter().collect()
}

#[test]
fn every_layer_has_the_activations_of_numpy() {
    let (network, expected) = (network(), reference("network"));
    let model: &dyn TrainedModel = &network;
    let images = tensor(&expected["images"]);
    let layers = model.activations(images.clone());
    let expected = expected["layers"].as_array().unwrap();
    assert_eq!(layers.len(), expected.len());
    for (layer, (found, expected)) in layers.into_iter().zip(expected).enumerate() {
        let expected = numbers(&expected["values"]);
        close(&format!("layer {layer}"), &values(found), &expected, 1e-5);
        let alone = model.layer(images.clone(), layer).expect("a layer");
        close(&format!("layer {layer} alone"), &values(alone), &expected, 1e-5);
    }
    assert!(model.layer(images, expected.len()).is_none());
}

#[test]
fn gradient_ascent_takes_the_steps_of_numpy() {
    let (model, case) = (network().differentiable(), reference("ascent"));
    let setting = |name: &str| case[name].as_f64().unwrap() as f32;
    let ascent = Ascent { step_size: setting("step_size"), decay: setting("decay"), blur: setting("blur") };
    let (layer, unit) = (count(&case["layer"]), count(&case["unit"]));
    let maximisation = Maximisation::new(&*model, layer, &[unit]).expect("a unit");
    let (pixels, width) = rows(&reference("network")["images"]);
    let mut image = Tensor::from_data(TensorData::new(pixels[..width].to_vec(), [1, width]), &Device::flex());
    for _ in 0..count(&case["steps"]) {
        image = maximisation.step(image, ascent);
    }
    close("pixels", &values(image.clone()), &numbers(&case["pixels"]["values"]), 1e-5);
    let activation = values(maximisation.activations(Tensor::from_inner(image)).inner());
    close("activation", &activation, &[setting("activation")], 1e-5);
}

#[test]
fn units_of_one_layer_are_maximised_side_by_side() {
    let model = network().differentiable();
    let begin =
        |rows| Tensor::from_data(TensorData::new(random_pixels(7, 16).repeat(rows), [rows, 16]), &Device::flex());
    let ascend = |units: &[usize]| {
        let maximisation = Maximisation::new(&*model, 1, units).expect("units");
        let image = (0..4).fold(begin(units.len()), |image, _| maximisation.step(image, Ascent::default()));
        values(image)
    };
    let together = ascend(&[3, 0]);
    close("the first", &together[..16], &ascend(&[3]), 1e-6);
    close("the second", &together[16..], &ascend(&[0]), 1e-6);
    assert!(together.iter().all(|pixel| (0.0..=1.0).contains(pixel)));
    assert!(Maximisation::new(&*model, 1, &[5]).is_none() && Maximisation::new(&*model, 9, &[0]).is_none());
}

#[test]
fn ridge_regression_predicts_as_numpy_does() {
    let case = reference("ridge");
    let ((inputs, width), classes) = (rows(&case["inputs"]), numbers(&case["classes"]));
    let (expected, targets) = rows(&case["predictions"]);
    let mut sums = RidgeSums::new(width, targets);
    // An example at a time: sums add up.
    for (row, &class) in inputs.chunks_exact(width).zip(&classes) {
        let row: Vec<f64> = row.iter().map(|&x| f64::from(x)).collect();
        let target: Vec<f64> = (0..targets).map(|at| f64::from(u8::from(at == class as usize))).collect();
        let product =
            |a: &[f64], b: &[f64]| -> Vec<f64> { a.iter().flat_map(|a| b.iter().map(move |b| a * b)).collect() };
        sums.add(1, &row, &target, &product(&row, &row), &product(&row, &target));
    }
    let ridge = sums.solve(case["lambda"].as_f64().unwrap()).expect("a solution");
    for (row, expected) in inputs.chunks_exact(width).zip(expected.chunks_exact(targets)) {
        let found: Vec<f32> = ridge.predict(row).into_iter().map(|value| value as f32).collect();
        close("predictions", &found, expected, 1e-6);
        let largest = (0..targets).max_by(|&a, &b| expected[a].total_cmp(&expected[b])).unwrap();
        assert_eq!(ridge.classify(row), largest);
    }
    assert!(RidgeSums::new(2, 1).solve(0.0).is_none(), "without examples or lambda there is no one solution");
}

#[test]
fn sparseness_is_that_of_numpy() {
    let case = reference("sparseness");
    let (activations, units) = rows(&case["activations"]);
    let Sparseness { mean, treves_rolls, inactive, least_mean } = Sparseness::of(&activations, units);
    let found = [mean, treves_rolls, inactive, least_mean].map(|value| value as f32);
    close("mean, Treves-Rolls, inactive, least mean", &found, &numbers(&case["expected"]), 1e-6);
}

#[test]
fn the_leading_directions_are_the_principal_components_of_numpy() {
    let case = reference("principal");
    let points = tensor(&case["points"]);
    let [rows, width] = points.dims();
    let centred = points.clone() - points.mean_dim(0);
    let covariance = values(centred.clone().transpose().matmul(centred) / rows as f64);
    let covariance: Vec<Vec<f64>> =
        covariance.chunks(width).map(|row| row.iter().map(|&value| f64::from(value)).collect()).collect();
    let found = leading(&covariance, 3);
    let flat: Vec<f32> = found.vectors.concat().into_iter().map(|value| value as f32).collect();
    close("components", &flat, &numbers(&case["components"]["values"]), 1e-3);
    let variances: Vec<f32> = found.values.iter().map(|&value| value as f32).collect();
    close("variances", &variances, &numbers(&case["variances"]), 1e-3);
}

#[test]
fn a_spherical_path_is_that_of_numpy() {
    let case = reference("spherical");
    let (ends, width) = rows(&case["ends"]);
    let (expected, _) = rows(&case["codes"]);
    let found = path(&ends[..width], &ends[width..], expected.len() / width, true).concat();
    close("codes", &found, &expected, 1e-5);
}

/// Points about the corners of a cube in ten dimensions.
fn clusters() -> (Vec<f32>, usize) {
    let width = 10;
    let noise = random_pixels(3, 240 * width);
    let corner = |point: usize, axis: usize| f32::from(u8::from(axis < 3 && (point % 8) >> axis & 1 == 1));
    let points = noise.into_iter().enumerate().map(|(at, noise)| 3.0 * corner(at / width, at % width) + 4.0 * noise);
    (points.collect(), width)
}

/// The share of each point's ten nearest neighbours that a map keeps among its ten nearest.
fn kept(points: &[f32], width: usize, map: &[[f32; 2]]) -> f64 {
    let nearest = |of: &dyn Fn(usize) -> f32| {
        let mut others: Vec<usize> = (0..map.len()).collect();
        others.sort_by(|&a, &b| of(a).total_cmp(&of(b)));
        others[1..=10].to_vec()
    };
    let square = |a: &[f32], b: &[f32]| a.iter().zip(b).map(|(a, b)| (a - b).powi(2)).sum::<f32>();
    let row = |at: usize| &points[at * width..][..width];
    let shares = (0..map.len()).map(|at| {
        let before = nearest(&|other| square(row(at), row(other)));
        let after = nearest(&|other| square(&map[at], &map[other]));
        before.iter().filter(|other| after.contains(other)).count() as f64 / 10.0
    });
    shares.sum::<f64>() / map.len() as f64
}

#[test]
fn tsne_keeps_neighbours_whether_it_is_done_in_one_or_in_parts() {
    let (points, width) = clusters();
    let mut whole = Tsne::new(points.clone(), width);
    whole.advance(STEPS);
    let mut parts = Tsne::new(points.clone(), width);
    while parts.step() < STEPS {
        parts.advance(40);
    }
    let first: Vec<[f32; 2]> = points.chunks(width).map(|point| [point[0], point[1]]).collect();
    let plane = kept(&points, width, &first);
    for (label, tsne) in [("in one", &whole), ("in parts", &parts)] {
        assert_eq!(tsne.step(), STEPS);
        let map = tsne.points();
        assert!(map.as_flattened().iter().all(|x| x.is_finite()));
        let kept = kept(&points, width, &map);
        assert!(kept > 0.45 && kept > 2.0 * plane, "{label}: {kept} of the neighbours, two of the axes keep {plane}");
        // A cluster is the 30 points of one corner.
        let of_a_corner = (0..map.len()).filter(|&at| {
            let square = |other: usize| (map[at][0] - map[other][0]).powi(2) + (map[at][1] - map[other][1]).powi(2);
            let nearest = (0..map.len()).filter(|&other| other != at).min_by(|&a, &b| square(a).total_cmp(&square(b)));
            nearest.is_some_and(|other| other % 8 == at % 8)
        });
        assert!(of_a_corner.count() > 230, "{label}: nearly all points have a neighbour of their own corner");
    }
    // Several threads add up in any order: for a few steps that is too little to see.
    let [first, second] = [(); 2].map(|()| {
        let mut begun = Tsne::new(points.clone(), width);
        begun.advance(5);
        begun.points()
    });
    let far = first.as_flattened().iter().fold(0.0_f32, |far, x| far.max(x.abs()));
    let pairs = first.as_flattened().iter().zip(second.as_flattened());
    assert!(pairs.into_iter().all(|(a, b)| (a - b).abs() < 1e-3 * far), "the same points make the same map");
}
