//! Models that the catalogue does not have, one file each under tests/support: added in one line, they are trained, resumed and
//! shown.

#[path = "support/adversarial.rs"]
mod adversarial;
#[path = "support/classifier.rs"]
mod classifier;
#[path = "support/convolutional.rs"]
mod convolutional;
mod support;

use std::collections::BTreeMap;

use adversarial::Adversarial;
use bottleneck::data::PIXELS;
use bottleneck::data::labelled::LabelledImages;
use bottleneck::data::random::Purpose;
use bottleneck::engine::Engine;
use bottleneck::models::Autoencoder;
use bottleneck::models::batch::{Batch, Labels};
use bottleneck::models::sampler::Sampler;
use bottleneck::protocol::{
    CodeKind, Control, Decode, EngineError, FeatureOrder, FeatureSide, GetActivations, GetCodeMap, GetFeatures,
    GetGallery, GetShape, GetTestDigit, GetTopImages, GetViews, ListModels, ModelId, Noise, Reconstruct, Report,
    RunState, Shape,
};
use bottleneck::training::{Catalogue, Entry};
use bottleneck::weights::{Precision, TrainedModel, read_tensors};
use burn::tensor::{Device, Tensor, TensorData};
use classifier::{Classifier, EXAMPLES, LABELLED};
use convolutional::Convolutional;
use futures::executor::block_on;
use support::{TRAINING_IMAGES, digits, idx_files, request, training_engine, training_set};

fn catalogue() -> Catalogue {
    Catalogue::all().with::<Adversarial>().with::<Classifier>().with::<Convolutional>()
}

fn begin(engine: &mut Engine, model: ModelId) -> Report {
    let models = request(engine, ListModels {}).expect("the models");
    let description = models.into_iter().find(|description| description.model == model).expect("it was added");
    let plan = engine.plan(model, &description.presets[0].settings).expect("good settings");
    engine.begin(model, plan).expect("a run")
}

fn step(engine: &mut Engine) -> Report {
    block_on(engine.control(Control::Step)).unwrap();
    block_on(engine.advance()).unwrap().expect("a step reports at once")
}

/// Runs to the end; the last report.
fn finish(engine: &mut Engine) -> Report {
    let mut last = block_on(engine.control(Control::Resume)).unwrap().expect("a run");
    while engine.is_training() {
        last = block_on(engine.advance()).unwrap().unwrap_or(last);
    }
    last
}

fn weights(engine: &Engine, model: ModelId) -> BTreeMap<String, Vec<f32>> {
    let tensors = read_tensors(&block_on(engine.weights(model)).unwrap()).unwrap();
    tensors.into_iter().map(|(name, data)| (name, data.iter().collect())).collect()
}

/// A run that is interrupted after any of `stops` comes to the same weights, bit for bit.
fn resumes_bit_for_bit<M: Autoencoder>(steps: usize, stops: &[usize]) {
    let mut whole = training_engine(catalogue());
    assert_eq!(begin(&mut whole, M::ID).progress.steps, steps);
    let done = finish(&mut whole);
    assert_eq!((done.state, done.progress.step), (RunState::Done, steps));
    for &stop in stops {
        let mut first = training_engine(catalogue());
        begin(&mut first, M::ID);
        (0..stop).for_each(|_| drop(step(&mut first)));
        let snapshot = block_on(first.snapshot()).unwrap().expect("a run under way");
        let mut second = training_engine(catalogue());
        let plan = second.read_snapshot(M::ID, &snapshot).expect("a good snapshot");
        assert_eq!(second.begin(M::ID, plan).expect("a run").progress.step, stop);
        finish(&mut second);
        assert!(weights(&second, M::ID) == weights(&whole, M::ID), "{}, stopped after {stop}", M::ID);
    }
}

#[test]
fn several_optimisers_go_on_bit_for_bit() {
    // Two epochs of ten steps.
    resumes_bit_for_bit::<Adversarial>(20, &[3, 10, 13]);
}

#[test]
fn phases_of_different_examples_go_on_bit_for_bit() {
    // An epoch of ten steps, then four of eight.
    resumes_bit_for_bit::<Classifier>(42, &[4, 10, 13, 30]);
}

#[test]
fn convolutions_and_several_kinds_of_draws_go_on_bit_for_bit() {
    resumes_bit_for_bit::<Convolutional>(10, &[3, 5]);
}

#[test]
fn each_optimiser_keeps_its_own_moments() {
    let mut engine = training_engine(catalogue());
    begin(&mut engine, Adversarial::ID);
    (0..3).for_each(|_| drop(step(&mut engine)));
    let tensors = read_tensors(&block_on(engine.snapshot()).unwrap().unwrap()).unwrap();
    let moment = |optimiser: &str, part: &str| {
        let name = format!("{optimiser}/moment_1.{part}.output.weight");
        tensors.get(&name).map(|data| data.iter::<f32>().collect::<Vec<_>>())
    };
    let [reconstruction, generator] = ["reconstruction", "generator"].map(|optimiser| moment(optimiser, "encoder"));
    assert!(reconstruction.is_some() && generator.is_some() && reconstruction != generator);
    assert!(moment("discriminator", "discriminator").is_some());
    assert_eq!(moment("discriminator", "encoder"), None, "it learns its own part alone");
    assert_eq!(moment("generator", "discriminator"), None);
}

#[test]
fn losses_are_those_of_the_phase_under_way() {
    let mut engine = training_engine(catalogue());
    begin(&mut engine, Classifier::ID);
    let names = |losses: &[(String, f32)]| losses.iter().map(|(name, _)| name.clone()).collect::<Vec<_>>();
    let mut classification = Vec::new();
    for number in 1..=42 {
        let report = step(&mut engine);
        let progress = report.losses[1].1;
        if number <= 10 {
            assert_eq!(names(&report.losses), ["cross_entropy", "progress"], "step {number}");
            assert_eq!(progress, (number - 1) as f32 / 10.0);
        } else {
            assert_eq!(names(&report.losses), ["classification", "progress"], "step {number}");
            assert_eq!(progress, (number - 11) as f32 / 32.0);
            classification.push(report.losses[0].1);
        }
        if number == 42 {
            assert_eq!(
                (report.state.clone(), names(&report.validation)),
                (RunState::Done, vec!["classification".into(), "progress".into()])
            );
        }
    }
    let mean = |losses: &[f32]| losses.iter().sum::<f32>() / losses.len() as f32;
    let (first, last) = (mean(&classification[..8]), mean(&classification[24..]));
    assert!(last < 0.8 * first, "the classes are learnt: {first} comes to {last}");
}

/// Of the second phase's 80 examples, the classes of the first 30 count.
#[test]
fn few_labels_are_told() {
    let run = |change: &dyn Fn(usize) -> bool| {
        let [images, labels] = idx_files("t10k");
        let (images, mut labels) = training_set(&images, &labels);
        let changed = labels[8..].iter_mut().enumerate().filter(|(index, _)| change(*index));
        changed.for_each(|(_, label)| *label = (*label + 1) % 10);
        assert_eq!(labels.len(), 8 + TRAINING_IMAGES);
        let mut engine = training_engine(catalogue());
        engine.use_training_set(LabelledImages::parse(&images, &labels).expect("a good training set"));
        begin(&mut engine, Classifier::ID);
        finish(&mut engine);
        weights(&engine, Classifier::ID)
    };
    let told = run(&|_| false);
    assert!(run(&|index| (LABELLED..EXAMPLES).contains(&index)) == told, "their classes are not told");
    assert!(run(&|index| index < LABELLED) != told);
}

/// In training pixels and maps are dropped out, as the draws of the step say; in use none are.
#[test]
fn training_may_compute_otherwise_than_use() {
    let catalogue = catalogue();
    let model = untrained(catalogue.get(Convolutional::ID).expect("it was added"));
    let device = model.device();
    let pixels: Vec<f32> = (0..PIXELS).map(|at| 0.5 + 0.4 * (at as f32 * 0.13).sin()).collect();
    let input = Tensor::<2>::from_data(TensorData::new(pixels, [1, PIXELS]), &device);
    let loss = |step: u64| -> f32 {
        let sampler = Sampler::new(1, Purpose::Epsilon, step, &device);
        let labels = Labels(vec![None]);
        let batch = Batch { input: input.clone(), target: input.clone(), labels, phase: 0, progress: 0.5, sampler };
        model.loss(&batch).total().into_scalar()
    };
    assert!((loss(1) - loss(1)).abs() < 1e-6, "the same draws are the same loss");
    assert!((loss(1) - loss(2)).abs() > 1e-6, "other draws are another");
    let output = || -> Vec<f32> { model.reconstruct(input.clone()).into_data().iter().collect() };
    assert_eq!(output(), output(), "use draws nothing");
}

/// What the page asks for to show a model, and no more.
fn is_shown<M: Autoencoder>(codes: CodeKind) {
    let mut engine = training_engine(catalogue());
    let models = request(&engine, ListModels {}).expect("the models");
    let description = models.into_iter().find(|description| description.model == M::ID).expect("it was added");
    let settings = description.presets[0].settings.clone();
    let shape: Shape = request(&engine, GetShape { model: M::ID, settings: Some(settings.clone()) }).expect("a shape");
    assert_eq!((shape.input(), shape.codes), (PIXELS, codes));
    let learning_rate = description.settings.iter().find(|setting| setting.key == "learning_rate").expect("a rate");
    let mut wrong = serde_json::from_str(&settings).unwrap();
    learning_rate.set(&mut wrong, 0.5).expect("within its range");
    assert!(learning_rate.set(&mut wrong, 2.0).is_err(), "out of its range");

    let image = request(&engine, GetTestDigit { digit: 4, nth: 0 }).expect("a digit");
    let noise = Noise { sigma: 0.0, dropout: 0.0, seed: 0 };
    let reconstruct = Reconstruct { model: M::ID, image: image.clone(), noise };
    let before = request(&engine, reconstruct.clone());
    assert!(matches!(before, Err(EngineError::NotLoaded(_))), "{before:?}");
    begin(&mut engine, M::ID);
    finish(&mut engine);

    let reconstruction = request(&engine, reconstruct).expect("a reconstruction");
    assert_eq!((reconstruction.output.len(), reconstruction.code.len()), (PIXELS, shape.code()));
    let images = request(&engine, Decode { model: M::ID, codes: vec![reconstruction.code] }).expect("an image");
    let difference = |(a, b): (&u8, &u8)| a.abs_diff(*b);
    assert!(
        images[0].iter().zip(&reconstruction.output).map(difference).max() <= Some(1),
        "a code decodes to its image"
    );
    assert_eq!(request(&engine, GetGallery { model: M::ID }).expect("a gallery").reconstructions.len(), 10);
    let views = request(&engine, GetViews { model: M::ID }).expect("views");
    assert_eq!((views.codes.is_some(), views.activations.is_some()), (shape.code() == 2, false));
    is_looked_into(&mut engine, M::ID, &shape, image);

    let exported = block_on(engine.export(M::ID, "2026-01-01")).expect("a file");
    let mut other = training_engine(catalogue());
    other.load_weights(M::ID, &exported.weights).expect("its own file");
    assert!(weights(&other, M::ID) == weights(&engine, M::ID));
}

/// What the page asks for to look into a model of `shape`.
fn is_looked_into(engine: &mut Engine, model: ModelId, shape: &Shape, image: Vec<u8>) {
    const IMAGES: usize = 500;
    engine.use_test_set(digits("t10k").slice(0..IMAGES));
    let layers = request(engine, GetActivations { model, image }).expect("activations");
    assert_eq!(layers.iter().map(Vec::len).collect::<Vec<_>>(), shape.layers);
    for layer in 0..shape.layers.len() as u32 {
        let top = request(engine, GetTopImages { model, layer, unit: 1, count: 10 }).expect("images");
        assert_eq!(top.images.len(), 10, "layer {layer}");
    }
    let map = request(engine, GetCodeMap { model }).expect("a map");
    assert_eq!((map.points.len(), map.plane.is_some()), (IMAGES, true));
    for (side, layer) in [(FeatureSide::Encoder, 1), (FeatureSide::Decoder, shape.layers.len() - 2)] {
        let get = GetFeatures { model, side, order: FeatureOrder::Usage, first: 1, count: 4 };
        match request(engine, get) {
            Ok(features) => {
                assert_eq!((features.units as usize, features.layer as usize), (shape.layers[layer], layer));
                assert_eq!(features.tiles.len(), 4.min(shape.layers[layer] - 1));
            }
            Err(error) => {
                assert!(matches!(error, EngineError::Malformed(_)) && shape.maps_of(layer).is_some(), "{error}");
            }
        }
    }
}

#[test]
fn an_adversarial_model_is_shown() {
    is_shown::<Adversarial>(CodeKind::Normal);
}

#[test]
fn a_classifier_is_shown() {
    is_shown::<Classifier>(CodeKind::Real);
}

#[test]
fn a_convolutional_model_is_shown() {
    is_shown::<Convolutional>(CodeKind::Images { channels: 2, height: 14, width: 14 });
}

/// The gradient of the squared error with respect to the input, against differences along it.
#[test]
fn gradients_with_respect_to_the_input_agree_with_differences() {
    let catalogue = catalogue();
    for id in [Adversarial::ID, Classifier::ID, ModelId::new("vae")] {
        let entry: &dyn Entry = catalogue.get(id).expect("it was added");
        let model = untrained(entry);
        let device = model.device();
        let pixels: Vec<f32> = (0..PIXELS).map(|at| 0.5 + 0.4 * (at as f32 * 0.13).sin()).collect();
        let error = |model: &dyn TrainedModel, input: Tensor<2>| model.reconstruct(input).square().sum();

        let differentiable = model.differentiable();
        let data = TensorData::new(pixels.clone(), [1, PIXELS]);
        let input = Tensor::<2>::from_data(data, &differentiable.device()).require_grad();
        let gradients = error(&*differentiable, input.clone()).backward();
        let gradient: Vec<f32> = input.grad(&gradients).expect("a gradient").into_data().iter().collect();
        let norm = gradient.iter().map(|&g| f64::from(g).powi(2)).sum::<f64>().sqrt();
        assert!(norm > 0.0, "{id}");

        let moved = |step: f64| -> f64 {
            let along = pixels.iter().zip(&gradient).map(|(p, &g)| p + (step / norm * f64::from(g)) as f32).collect();
            error(&*model, Tensor::from_data(TensorData::new(along, [1, PIXELS]), &device)).into_scalar::<f64>()
        };
        let step = 1e-2;
        let slope = (moved(step) - moved(-step)) / (2.0 * step);
        assert!((slope / norm - 1.0).abs() < 1e-2, "{id}: {slope} along a gradient of norm {norm}");
    }
}

/// The model as its first preset makes it, with random weights.
fn untrained(entry: &dyn Entry) -> std::rc::Rc<dyn TrainedModel> {
    let plan = entry.plan(&entry.describe().presets[0].settings).expect("good settings");
    let run = plan.begin(std::rc::Rc::new(digits("t10k")), &Device::flex()).expect("a run");
    let file = block_on(run.trained().to_file(Precision::Single)).expect("a file");
    entry.load(&file, &Device::flex()).expect("its own file")
}
