//! The convolutional autoencoder against tests/reference/convolutional.py; its phases, its layers and its sizes.

use std::collections::BTreeMap;
use std::rc::Rc;

use bottleneck::data::PIXELS;
use bottleneck::data::dataset::Dataset;
use bottleneck::data::random::Purpose;
use bottleneck::engine::Engine;
use bottleneck::models::Autoencoder;
use bottleneck::models::batch::{Batch, Labels};
use bottleneck::models::convolutional::{Convolutional, ConvolutionalConfig, Order};
use bottleneck::models::convolutional_denoising::ConvolutionalDenoising;
use bottleneck::models::denoising::DenoisingConfig;
use bottleneck::models::recipe::Recipe;
use bottleneck::models::sampler::Sampler;
use bottleneck::models::settings::Settings;
use bottleneck::protocol::{FeatureOrder, FeatureSide, GetFeatures, GetFilters, GetShape};
use bottleneck::training::learner::ModuleLearner;
use bottleneck::training::{Catalogue, Run};
use bottleneck::weights::{self, Precision, Tensors, read_tensors};
use burn::module::Module;
use burn::tensor::{Device, Tensor, TensorData};
use futures::executor::block_on;
use serde::Deserialize;

mod support;

use support::reference::{Array, close, drawn, gradients, values};
use support::{digits, request};

/// Which layers learn in each phase, by what their names begin with.
const PHASES: [&[&str]; 4] = [&["outer"], &["inner"], &["code"], &["outer", "inner", "code"]];

#[derive(Deserialize)]
struct Reference {
    config: ConvolutionalConfig,
    /// With noise.
    input: Array,
    target: Array,
    weights: BTreeMap<String, Array>,
    /// Of the target, from itself to its reconstruction.
    layers: Vec<Array>,
    phases: Vec<Phase>,
}

#[derive(Deserialize)]
struct Phase {
    loss: f64,
    /// Of the parameters that the loss depends on.
    gradients: BTreeMap<String, Array>,
}

impl Reference {
    fn read() -> Self {
        serde_json::from_str(include_str!("reference/convolutional.json")).expect("what convolutional.py wrote")
    }

    fn model(&self, device: &Device) -> Convolutional {
        let tensors: Tensors = self.weights.iter().map(|(name, array)| (name.clone(), array.data())).collect();
        drawn(|| weights::apply(self.config.init(device), tensors).expect("all tensors"))
    }

    fn batch(&self, phase: usize, device: &Device) -> Batch {
        Batch {
            input: self.input.tensor(device),
            target: self.target.tensor(device),
            labels: Labels(vec![None; self.input.shape[0]]),
            phase,
            progress: 0.5,
            sampler: Sampler::new(0, Purpose::EvaluationEpsilon, 0, device),
        }
    }
}

#[test]
fn losses_and_gradients_of_each_phase_agree_with_pytorch() {
    let device = Device::flex().autodiff();
    let reference = Reference::read();
    let model = reference.model(&device).train();
    for (phase, expected) in reference.phases.iter().enumerate() {
        let loss = model.loss(&reference.batch(phase, &device)).total().into_scalar::<f64>();
        assert!((loss / expected.loss - 1.0).abs() < 1e-5, "phase {phase}: {loss}, not {}", expected.loss);
        let gradients = gradients(&model, &model.loss(&reference.batch(phase, &device)).total());
        assert_eq!(gradients.keys().collect::<Vec<_>>(), expected.gradients.keys().collect::<Vec<_>>());
        for (name, found) in &gradients {
            close(&format!("phase {phase}, {name}"), found, &expected.gradients[name].values);
        }
    }
}

#[test]
fn all_layers_at_once_are_the_last_phase() {
    let device = Device::flex();
    let mut reference = Reference::read();
    let last = reference.phases.len() - 1;
    let loss = |reference: &Reference, phase| {
        let model = reference.model(&device);
        model.loss(&reference.batch(phase, &device)).total().into_scalar::<f64>()
    };
    let expected = loss(&reference, last);
    reference.config.order = Order::Joint;
    assert_eq!(loss(&reference, 0), expected);
    let recipe = Recipe::new(1);
    let phases = |order| Convolutional::phases(&recipe, &ConvolutionalConfig::new().with_order(order)).len();
    assert_eq!((phases(Order::Joint), phases(Order::LayerByLayer)), (1, PHASES.len()));
}

/// The loss rises along the gradient as fast as the gradient says.
#[test]
fn gradients_of_each_phase_agree_with_differences() {
    let device = Device::flex().autodiff();
    let reference = Reference::read();
    let model = reference.model(&device).train();
    for phase in 0..PHASES.len() {
        let batch = reference.batch(phase, &device);
        let gradients = gradients(&model, &model.loss(&batch).total());
        let norm = gradients.values().flatten().map(|&g| f64::from(g).powi(2)).sum::<f64>().sqrt();
        let step = 1e-2 / norm;
        let moved = |sign: f64| {
            let tensors = block_on(weights::collect(&model)).unwrap().into_iter().map(|(name, data)| {
                let gradient = gradients.get(&name);
                let along = data.iter::<f32>().enumerate().map(|(at, weight)| {
                    let slope = gradient.map_or(0.0, |gradient| f64::from(gradient[at]));
                    weight + (sign * step * slope) as f32
                });
                (name, TensorData::new(along.collect::<Vec<_>>(), data.shape().clone()))
            });
            let model = weights::apply(model.clone(), tensors.collect()).unwrap();
            model.loss(&batch).total().into_scalar::<f64>()
        };
        let slope = (moved(1.0) - moved(-1.0)) / (2.0 * step);
        assert!((slope / norm.powi(2) - 1.0).abs() < 1e-2, "phase {phase}: {slope} along a gradient of norm {norm}");
    }
}

#[test]
fn layers_agree_with_pytorch_and_with_the_shape() {
    let device = Device::flex();
    let reference = Reference::read();
    let (model, shape) = (reference.model(&device), Convolutional::shape(&reference.config));
    let encoder = model.encode_by_layer(reference.target.tensor(&device)).into_layers();
    let codes = encoder.last().expect("the code").clone();
    let decoder = model.decode_by_layer(codes).into_layers();
    let layers: Vec<Tensor<2>> = encoder.into_iter().chain(decoder.into_iter().skip(1)).collect();
    assert_eq!(layers.iter().map(|layer| layer.dims()[1]).collect::<Vec<_>>(), shape.layers);
    for (number, (layer, expected)) in layers.into_iter().zip(&reference.layers).enumerate() {
        assert!(shape.maps_of(number).is_none_or(|maps| maps.numbers() == shape.layers[number]), "layer {number}");
        close(&format!("layer {number}"), &values(layer), &expected.values);
    }
}

/// Images whose stripes the index tells.
struct Stripes;

impl Dataset for Stripes {
    fn count(&self) -> usize {
        30
    }

    fn width(&self) -> usize {
        PIXELS
    }

    fn read(&self, index: usize, row: &mut [f32]) {
        for (position, value) in row.iter_mut().enumerate() {
            *value = 0.5 + 0.4 * ((index % 9 + 1) as f32 * position as f32 / 28.0).sin();
        }
    }
}

fn current_weights(run: &Run) -> BTreeMap<String, Vec<f32>> {
    let file = block_on(run.trained().to_file(Precision::Single)).unwrap();
    read_tensors(&file).unwrap().into_iter().map(|(name, data)| (name, data.iter().collect())).collect()
}

#[test]
fn each_phase_trains_its_own_layers() {
    let model =
        ConvolutionalConfig::new().with_outer_maps(2).with_inner_maps(2).with_code(3).with_order(Order::LayerByLayer);
    let settings = Settings { model, recipe: Recipe::new(2).with_batch(10).with_learning_rate(1e-2), seed: 1 };
    let device = Device::flex();
    let learner = drawn(|| ModuleLearner::<Convolutional>::initialise(settings, &device));
    let mut run = Run::new(Box::new(learner), Rc::new(Stripes), &device).unwrap();
    for layers in PHASES {
        let before = current_weights(&run);
        let losses: Vec<f64> = (0..6)
            .map(|_| {
                run.step();
                f64::from(block_on(run.losses()).unwrap()[0].1)
            })
            .collect();
        assert!(losses[5] < losses[0], "{layers:?} learn: {losses:?}");
        for (name, values) in current_weights(&run) {
            let is_trained = layers.iter().any(|layer| name.starts_with(layer));
            assert_eq!(values != before[&name], is_trained, "{name} where {layers:?} learn");
        }
    }
    assert!(run.is_done());
}

#[test]
fn the_denoiser_has_at_most_a_tenth_of_the_fully_connected_ones_weights() {
    let device = Device::flex();
    let config = ConvolutionalDenoising::lesson().presets.swap_remove(0).config;
    let (convolutional, connected) =
        drawn(|| (ConvolutionalDenoising::init(&config, &device), DenoisingConfig::new().init(&device)));
    let (convolutional, connected) = (convolutional.num_params(), connected.num_params());
    assert!(10 * convolutional <= connected, "{convolutional} and {connected}");
}

#[test]
fn the_engine_gives_the_filters_next_to_the_image() {
    let mut engine = Engine::new(Device::flex(), Catalogue::all());
    engine.use_test_set(digits("t10k").slice(0..50));
    let catalogue = Catalogue::all();
    for model in [Convolutional::ID, ConvolutionalDenoising::ID] {
        let entry = catalogue.get(model).expect("a model");
        let file = drawn(|| block_on(entry.initialise(&Device::flex()).to_file(Precision::Single))).unwrap();
        engine.load_weights(model, &file).expect("its own weights");
        let tensors = read_tensors(&file).unwrap();
        for (side, name) in
            [(FeatureSide::Encoder, "outer_encoder.weight"), (FeatureSide::Decoder, "outer_decoder.weight")]
        {
            let weights: Vec<f32> = tensors[name].iter().collect();
            let size = tensors[name].shape()[2] * tensors[name].shape()[3];
            let expected: Vec<Vec<f32>> = weights.chunks(size).map(<[f32]>::to_vec).collect();
            assert_eq!(request(&engine, GetFilters { model, side }), Ok(expected.clone()), "{model}, {name}");

            let get = GetFeatures { model, side, order: FeatureOrder::Norm, first: 0, count: 100 };
            let features = request(&engine, get).expect("features");
            assert_eq!((features.units as usize, features.tiles.len()), (expected.len(), expected.len()));
            assert!(features.tiles.iter().all(|tile| tile.weights == expected[tile.unit as usize]), "{model}, {name}");
            let layer =
                request(&engine, GetShape { model, settings: None }).expect("a shape").maps_of(features.layer as usize);
            assert_eq!(
                layer.map(|size| size.maps),
                Some(expected.len()),
                "{model}: the layer next to the {side:?}'s filters"
            );
        }
    }
}
