//! The convolutional winner-take-all autoencoder against tests/reference/winner_take_all_convolutional.py; its sparsity, its layers, and a
//! short training.

use std::collections::BTreeMap;
use std::rc::Rc;

use bottleneck::data::dataset::{Dataset, gather};
use bottleneck::data::random::Purpose;
use bottleneck::engine::Engine;
use bottleneck::models::Autoencoder;
use bottleneck::models::batch::{Batch, Labels};
use bottleneck::models::optimisers::Optimisers;
use bottleneck::models::sampler::Sampler;
use bottleneck::models::winner_take_all_convolutional::{
    ConvolutionalWinnerTakeAll, ConvolutionalWinnerTakeAllConfig, spatially_sparse,
};
use bottleneck::protocol::{
    Feature, FeatureOrder, FeatureSide, GetActivations, GetCodeMap, GetFeatures, GetFilters, GetTopImages,
};
use bottleneck::training::Catalogue;
use bottleneck::weights::{self, Precision, Tensors, read_tensors};
use burn::module::Module;
use burn::tensor::{Device, Tensor, TensorData};
use futures::executor::block_on;
use serde::Deserialize;
use serde_json::Value;

mod support;

use support::reference::{Array, close, drawn, gradients, values};
use support::{digits, file, request};

#[derive(Deserialize)]
struct Reference {
    config: ConvolutionalWinnerTakeAllConfig,
    /// With noise.
    input: Array,
    target: Array,
    weights: BTreeMap<String, Array>,
    loss: f64,
    gradients: BTreeMap<String, Array>,
    /// Of the maps, in the training step.
    weakest: Array,
    /// Of the first of the target, in use.
    layers: Vec<Array>,
    features: Array,
}

impl Reference {
    fn read() -> Self {
        let json = include_str!("reference/winner_take_all_convolutional.json");
        serde_json::from_str(json).expect("what winner_take_all_convolutional.py wrote")
    }

    fn model(&self, device: &Device) -> ConvolutionalWinnerTakeAll {
        let tensors: Tensors = self.weights.iter().map(|(name, array)| (name.clone(), array.data())).collect();
        drawn(|| weights::apply(self.config.init(device), tensors).expect("all tensors"))
    }

    fn batch(&self, device: &Device) -> Batch {
        Batch {
            input: self.input.tensor(device),
            target: self.target.tensor(device),
            labels: Labels(vec![None; self.input.shape[0]]),
            phase: 0,
            progress: 0.5,
            sampler: Sampler::new(0, Purpose::EvaluationEpsilon, 0, device),
        }
    }
}

#[test]
fn loss_and_gradients_agree_with_pytorch() {
    let device = Device::flex().autodiff();
    let reference = Reference::read();
    let model = reference.model(&device).train();
    let loss = model.loss(&reference.batch(&device)).total();
    let found = loss.clone().into_scalar::<f64>();
    assert!((found / reference.loss - 1.0).abs() < 1e-5, "{found}, not {}", reference.loss);
    let gradients = gradients(&model, &loss);
    assert_eq!(gradients.keys().collect::<Vec<_>>(), reference.gradients.keys().collect::<Vec<_>>());
    for (name, found) in &gradients {
        close(name, found, &reference.gradients[name].values);
    }
}

#[test]
fn layers_and_features_agree_with_pytorch_and_with_the_shape() {
    let device = Device::flex();
    let reference = Reference::read();
    let model = reference.model(&device);
    let shape = ConvolutionalWinnerTakeAll::shape(&reference.config);
    let encoder = model.encode_by_layer(reference.layers[0].tensor(&device)).into_layers();
    let codes = encoder.last().expect("the code").clone();
    let decoder = model.decode_by_layer(codes.clone()).into_layers();
    let layers: Vec<Tensor<2>> = encoder.into_iter().chain(decoder.into_iter().skip(1)).collect();
    assert_eq!(layers.iter().map(|layer| layer.dims()[1]).collect::<Vec<_>>(), shape.layers);
    for (number, (layer, expected)) in layers.into_iter().zip(&reference.layers).enumerate() {
        assert!(shape.maps_of(number).is_none_or(|maps| maps.numbers() == shape.layers[number]), "layer {number}");
        close(&format!("layer {number}"), &values(layer), &expected.values);
    }
    close("features", &values(model.features(codes)), &reference.features.values);
}

/// From 0 towards the weakest winners of each step, by a tenth of the way.
#[test]
fn the_thresholds_follow_the_weakest_winners() {
    let device = Device::flex().autodiff();
    let mut reference = Reference::read();
    let none = reference.weights["threshold"].values.iter().map(|_| 0.0).collect();
    reference.weights.insert("threshold".to_string(), Array { values: none, ..reference.weights["threshold"].clone() });
    let model = reference.model(&device).train();
    let mut optimisers = Optimisers::new(&ConvolutionalWinnerTakeAll::lesson().presets[0].recipe);
    let (model, _) = model.step(&reference.batch(&device), &mut optimisers);
    let found = block_on(weights::collect(&model)).unwrap();
    let expected: Vec<f32> = reference.weakest.values.iter().map(|weakest| 0.1 * weakest).collect();
    close("threshold", &found["threshold"].iter().collect::<Vec<f32>>(), &expected);
}

#[test]
fn of_each_map_the_largest_number_is_kept_where_it_wins() {
    let device = Device::flex();
    let codes = Tensor::<4>::from_data(
        [[[[1.0, 3.0], [2.0, 0.0]], [[0.0, 0.0], [0.0, 0.0]], [[5.0, 5.0], [4.0, 1.0]]]],
        &device,
    );
    let sparse = |kept| values(spatially_sparse(codes.clone(), Tensor::from_data([kept], &device)));
    assert_eq!(sparse([1.0, 1.0, 1.0]), [0.0, 3.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 5.0, 5.0, 0.0, 0.0]);
    assert_eq!(sparse([0.0, 1.0, 1.0]), [0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 5.0, 5.0, 0.0, 0.0]);
}

/// Where no map exceeds its threshold, nothing is decoded, and the gradient leads to the largest number of each map.
#[test]
fn gradients_pass_below_the_thresholds() {
    let device = Device::flex().autodiff();
    let mut reference = Reference::read();
    let maps = reference.config.maps;
    reference.weights.insert("threshold".to_string(), Array { shape: vec![maps], values: vec![1e6; maps] });
    let model = reference.model(&device);
    let numbers: Vec<f32> = (0..maps * 784).map(|number| number as f32).collect();
    let codes = Tensor::<2>::from_data(TensorData::new(numbers, [1, maps * 784]), &device).require_grad();
    let counted = model.above_threshold(codes.clone());
    assert!(values(counted.clone().inner()).iter().all(|&number| number == 0.0));
    let gradient = values(codes.grad(&counted.sum().backward()).expect("a gradient"));
    let is_largest = |number: usize| number % 784 == 783;
    assert!(gradient.iter().enumerate().all(|(number, &slope)| slope == f32::from(u8::from(is_largest(number)))));
}

#[test]
fn the_engine_gives_the_dictionary() {
    let mut engine = Engine::new(Device::flex(), Catalogue::all());
    let catalogue = Catalogue::all();
    let entry = catalogue.get(ConvolutionalWinnerTakeAll::ID).expect("it is in the catalogue");
    let file = drawn(|| block_on(entry.initialise(&Device::flex()).to_file(Precision::Single))).unwrap();
    engine.load_weights(entry.id(), &file).expect("its own weights");
    let tensors = read_tensors(&file).unwrap();
    for (side, name) in [(FeatureSide::Encoder, "encoder.weight"), (FeatureSide::Decoder, "decoder.weight")] {
        let weights: Vec<f32> = tensors[name].iter().collect();
        let expected: Vec<Vec<f32>> = weights.chunks(11 * 11).map(<[f32]>::to_vec).collect();
        assert_eq!(request(&engine, GetFilters { model: entry.id(), side }), Ok(expected), "{name}");
    }
}

/// Of a layer that is too wide to be kept of all images, units are read one by one, and of each map of the code one number.
#[test]
fn a_wide_layer_has_units_and_points() {
    let mut engine = Engine::new(Device::flex(), Catalogue::all());
    let model = ConvolutionalWinnerTakeAll::ID;
    engine.load_weights(model, &file(&format!("models/{model}.safetensors"))).expect("good weights");
    engine.use_test_set(digits("t10k").slice(0..100));
    // In the middle of the fourth map.
    let unit = 3 * 784 + 14 * 29;
    let top = request(&engine, GetTopImages { model, layer: 1, unit, count: 5 }).expect("images");
    assert_eq!(top.images.len(), 5);
    for top in top.images {
        let layers = request(&engine, GetActivations { model, image: top.image }).expect("activations");
        let found = layers[1][unit as usize];
        assert!((found - top.activation).abs() < 1e-4, "image {}: {found}, not {}", top.number, top.activation);
    }
    // Points by the largest number of each map, which no decoder takes.
    let map = request(&engine, GetCodeMap { model }).expect("a map");
    assert_eq!((map.points.len(), map.plane), (100, None));
    let spread = |axis: usize| map.points.iter().map(|point| point[axis].powi(2)).sum::<f32>();
    assert!(spread(0) >= spread(1) && spread(1) > 0.0, "the first direction has the most variance");
    // A map's usage is the mean of all its numbers over the images.
    let get = GetFeatures { model, side: FeatureSide::Encoder, order: FeatureOrder::Usage, first: 0, count: 1 };
    let features = request(&engine, get).expect("features");
    assert_eq!((features.units, features.layer, features.tiles[0].weights.len()), (128, 1, 11 * 11));
    let Feature { unit, usage, .. } = features.tiles[0];
    let set = digits("t10k");
    let of_image = |number: usize| {
        let image = set.images.pixels(number).to_vec();
        let layers = request(&engine, GetActivations { model, image }).expect("activations");
        layers[1][unit as usize * 784..][..784].iter().sum::<f32>() / 784.0
    };
    let mean = (0..100).map(of_image).sum::<f32>() / 100.0;
    assert!((mean - usage).abs() < 1e-4 * mean, "{usage}, not {mean}");
}

/// A short training with a fifth of the small preset's work: the error falls below that of the mean digit, and an image by itself is rebuilt
/// as among others, by at most one number of each map.
#[test]
fn it_learns_and_at_most_one_number_of_a_map_counts() {
    let train = Rc::new(digits("t10k").slice(0..1_000));
    let test = digits("t10k").slice(4_000..4_200);
    let catalogue = Catalogue::all();
    let entry = catalogue.get(ConvolutionalWinnerTakeAll::ID).expect("it is in the catalogue");
    let presets = entry.describe().presets;
    let small = presets.iter().find(|preset| preset.name == "small").expect("a preset");
    let mut settings: Value = serde_json::from_str(&small.settings).unwrap();
    settings["model"]["maps"] = 16.into();
    settings["model"]["lifetime_sparsity"] = 0.2.into();
    settings["recipe"]["batch"] = 50.into();
    let mut run = drawn(|| entry.plan(&settings.to_string()).unwrap().begin(train, &Device::flex())).unwrap();
    while !run.is_done() {
        run.step();
    }
    let model = run.trained();
    let count = test.count();
    let images =
        Tensor::<2>::from_data(TensorData::new(gather(&test, 0..count), [count, test.width()]), &Device::flex());
    let outputs = model.reconstruct(images.clone());
    let error: f32 = (outputs.clone() - images.clone()).square().mean().into_scalar();
    assert!(error < 0.06, "the error is {error}; the mean digit has 0.067");
    let alone = model.reconstruct(images.clone().narrow(0, 0, 1));
    assert!(values(alone - outputs.narrow(0, 0, 1)).iter().all(|difference| difference.abs() < 1e-4));
    let size = model.shape().maps_of(2).expect("the winners");
    let winners = values(model.layer(images, 2).expect("the winners"));
    let mut all = 0;
    for map in winners.chunks_exact(size.side * size.side) {
        let kept = map.iter().filter(|&&number| number > 0.0).count();
        assert!(kept <= 1, "{kept} numbers of a map");
        all += kept;
    }
    let share = all as f32 / (count * size.maps) as f32;
    assert!((0.1..0.3).contains(&share), "on average a map answers {share}");
}
