//! The generative stochastic network against tests/reference/gsn.py; its noise, its training and the engine's chain.

use std::collections::BTreeMap;
use std::rc::Rc;

use bottleneck::data::PIXELS;
use bottleneck::data::dataset::gather;
use bottleneck::data::random::Purpose;
use bottleneck::engine::Engine;
use bottleneck::models::Autoencoder;
use bottleneck::models::batch::{Batch, Labels};
use bottleneck::models::gsn::{Gsn, GsnConfig};
use bottleneck::models::sampler::Sampler;
use bottleneck::models::settings::Settings;
use bottleneck::protocol::{AdvanceChain, ChainImages, EngineError, Image};
use bottleneck::training::Catalogue;
use bottleneck::training::learner::{Learner, ModuleLearner};
use bottleneck::weights::{self, Precision, Tensors, TrainedModel};
use burn::module::Module;
use burn::tensor::{Device, Tensor, TensorData};
use futures::executor::block_on;
use serde::Deserialize;
use serde_json::Value;

mod support;

use support::reference::{Array, close, drawn, gradients, values};
use support::{STACKED, digits, file, request};

#[derive(Deserialize)]
struct Reference {
    config: GsnConfig,
    target: Array,
    /// Of each step of the chain: kept pixels, coins, the code's noise before and after its activation, numbers to draw pixels by.
    draws: Vec<Vec<f32>>,
    weights: BTreeMap<String, Array>,
    cross_entropy: f64,
    gradients: BTreeMap<String, Array>,
    /// Of the first step.
    step: BTreeMap<String, Array>,
}

impl Reference {
    fn read() -> Self {
        serde_json::from_str(include_str!("reference/gsn.json")).expect("what gsn.py wrote")
    }

    fn model(&self, device: &Device) -> Gsn {
        let tensors: Tensors = self.weights.iter().map(|(name, array)| (name.clone(), array.data())).collect();
        drawn(|| weights::apply(self.config.init(device), tensors).expect("all tensors"))
    }

    fn images(&self, device: &Device) -> Tensor<2> {
        Tensor::from_data(self.target.data(), device)
    }

    fn batch(&self, device: &Device) -> Batch {
        Batch {
            input: self.images(device),
            target: self.images(device),
            labels: Labels(vec![None; self.target.shape[0]]),
            phase: 0,
            progress: 0.5,
            sampler: Sampler::fixed(self.draws.clone(), device),
        }
    }
}

#[test]
fn loss_and_gradients_are_the_references() {
    let device = Device::flex().autodiff();
    let reference = Reference::read();
    let model = reference.model(&device).train();
    let loss = model.loss(&reference.batch(&device));
    let [("cross_entropy", nats)] = &loss.parts[..] else { panic!("one part") };
    close("the loss", &values(nats.clone()), &[reference.cross_entropy as f32]);
    let found = gradients(&model, &loss.total());
    assert_eq!(found.len(), reference.gradients.len());
    for (name, gradient) in &found {
        close(name, gradient, &reference.gradients[name].values);
    }
}

#[test]
fn a_step_of_the_chain_is_the_references() {
    let device = Device::flex();
    let reference = Reference::read();
    let sampler = Sampler::fixed(reference.draws.clone(), &device);
    let step = reference.model(&device).chain_step(reference.images(&device), &sampler).expect("it has a chain");
    close("noisy", &values(step.noisy), &reference.step["noisy"].values);
    close("means", &values(step.means.clone()), &reference.step["means"].values);
    close("drawn", &values(sampler.draw_pixels(step.means)), &reference.step["drawn"].values);
}

/// Without noise on the code the means are what the model makes of the noisy image: code and decoder are those of the chain.
#[test]
fn the_chain_reconstructs_its_noisy_images() {
    let device = Device::flex();
    let model = random(GsnConfig::new().with_code_noise(0.0));
    let step = model.chain_step(test_images(&device), &sampler(1, 0)).expect("it has a chain");
    close("means", &values(step.means), &values(model.reconstruct(step.noisy)));
}

/// Random weights, always the same ones.
fn random(config: GsnConfig) -> Rc<dyn TrainedModel> {
    let recipe = Gsn::lesson().presets.swap_remove(0).recipe;
    drawn(|| {
        let settings = Settings { model: config, recipe, seed: 1 };
        ModuleLearner::<Gsn>::initialise(settings, &Device::flex()).trained(0)
    })
}

fn sampler(seed: u64, number: u64) -> Sampler {
    Sampler::new(seed, Purpose::Chain, number, &Device::flex())
}

/// Twenty test digits.
fn test_images(device: &Device) -> Tensor<2> {
    Tensor::from_data(TensorData::new(gather(&digits("test-digits"), 0..20), [20, PIXELS]), device)
}

#[test]
fn two_fifths_of_the_pixels_are_replaced_half_of_them_by_white() {
    let device = Device::flex();
    let model = random(GsnConfig::new().with_hidden(2).with_code(2).with_salt_and_pepper(0.4));
    let grey = Tensor::full([100, PIXELS], 0.5, &device);
    let noisy = values(model.chain_step(grey, &sampler(1, 0)).expect("it has a chain").noisy);
    let share = |pixel: f32| noisy.iter().filter(|&&noisy| noisy == pixel).count() as f32 / noisy.len() as f32;
    for (pixel, expected) in [(0.0, 0.2), (0.5, 0.6), (1.0, 0.2)] {
        // The standard deviation of a share is below 0.002.
        assert!((share(pixel) - expected).abs() < 0.008, "{} of the pixels are {pixel}", share(pixel));
    }
}

#[test]
fn pixels_are_drawn_white_as_often_as_their_means_say() {
    for mean in [0.0, 0.3, 1.0] {
        let drawn = values(sampler(1, 0).draw_pixels(Tensor::<2>::full([100, PIXELS], mean, &Device::flex())));
        assert!(drawn.iter().all(|pixel| [0.0, 1.0].contains(pixel)));
        let share = drawn.iter().sum::<f32>() / drawn.len() as f32;
        assert!((share - mean).abs() < 0.008, "{share}, not {mean}");
    }
}

/// A network of a preset but for sizes, noise and rate, on 2,000 digits: the loss after each epoch, the squared error without noise on twenty others,
/// and the weights.
fn trained(preset: usize, seed: u64, epochs: usize) -> (Vec<f32>, f32, Tensors) {
    let catalogue = Catalogue::all();
    let entry = catalogue.get(Gsn::ID).expect("it is in the catalogue");
    let mut settings: Value = serde_json::from_str(&entry.describe().presets[preset].settings).expect("JSON");
    settings["model"]["hidden"] = 100.into();
    settings["model"]["code"] = 50.into();
    settings["model"]["salt_and_pepper"] = 0.4.into();
    settings["recipe"]["epochs"] = epochs.into();
    settings["recipe"]["batch"] = 50.into();
    settings["recipe"]["learning_rate"] = 0.005.into();
    settings["seed"] = seed.into();
    let examples = Rc::new(digits("t10k").slice(1_000..3_000));
    let plan = entry.plan(&settings.to_string()).expect("settings");
    let mut run = drawn(|| plan.begin(examples, &Device::flex()).expect("a run"));
    let mut losses = Vec::new();
    while !run.is_done() {
        let epoch = run.progress().epoch;
        run.step();
        if run.progress().epoch > epoch || run.is_done() {
            losses.extend(block_on(run.losses()).expect("losses").into_iter().map(|(_, nats)| nats));
        }
    }
    let model = run.trained();
    let images = test_images(&Device::flex());
    let error = (model.reconstruct(images.clone()) - images).square().mean().into_scalar();
    let file = block_on(model.to_file(Precision::Single)).expect("a file");
    (losses, error, weights::read_tensors(&file).expect("its tensors"))
}

/// Walkback learns later: at first its chain leads to images that have nothing of the digit left.
#[test]
fn training_lowers_the_loss_with_walkback_and_comes_near_to_digits_without() {
    let [with, without] = [0, 1].map(|preset| trained(preset, 1, 6));
    for (losses, ..) in [&with, &without] {
        assert!(losses.len() == 6 && losses[5] < losses[0], "{losses:?}");
    }
    assert!(without.0[5] < 195.0, "{:?} nats: the mean digit has 206", without.0);
    assert!(without.1 < 0.055, "squared error {}: the mean digit has 0.067", without.1);
}

#[test]
fn the_same_seed_is_the_same_run() {
    let [first, again, other] = [1, 1, 2].map(|seed| trained(0, seed, 1).2);
    assert!(first == again, "two runs of one seed");
    assert!(first != other, "two runs of two seeds");
}

/// A file that the engine takes: a small network with random weights.
fn small() -> Vec<u8> {
    let model = random(GsnConfig::new().with_hidden(20).with_code(10));
    block_on(model.to_file(Precision::Single)).expect("a file")
}

fn engine() -> Engine {
    let mut engine = Engine::new(Device::flex(), Catalogue::all());
    engine.load_weights(Gsn::ID, &small()).expect("good weights");
    engine.load_weights(STACKED, &file("models/stacked.safetensors")).expect("good weights");
    engine
}

fn advance(engine: &Engine, image: &Image, seed: u64, step: u32) -> ChainImages {
    request(engine, AdvanceChain { model: Gsn::ID, image: image.clone(), seed, step }).expect("a step")
}

#[test]
fn the_engine_goes_on_with_the_chain() {
    let engine = engine();
    let start: Image = digits("test-digits").images.pixels(3).to_vec();
    let step = advance(&engine, &start, 1, 0);
    assert!([&step.noisy, &step.means, &step.drawn].iter().all(|image| image.len() == PIXELS));
    assert!(step.drawn.iter().all(|pixel| [0, 255].contains(pixel)), "pixels are drawn");
    let changed = step.noisy.iter().zip(&start).filter(|(noisy, pixel)| noisy != pixel).count();
    assert!((100..400).contains(&changed), "{changed} pixels were replaced by others");
    assert_eq!(step, advance(&engine, &start, 1, 0));
    for (seed, number) in [(2, 0), (1, 1)] {
        assert_ne!(step.noisy, advance(&engine, &start, seed, number).noisy, "seed {seed}, step {number}");
    }

    // What the model itself makes of it.
    let (model, _) = weights::load_own::<Gsn>(&small(), &Device::flex()).expect("its weights");
    let sampler = sampler(1, 0);
    let pixels: Vec<f32> = start.iter().map(|&pixel| f32::from(pixel) / 255.0).collect();
    let images = Tensor::from_data(TensorData::new(pixels, [1, PIXELS]), &Device::flex());
    let means = model.chain_step(images, &sampler).expect("it has a chain").means;
    let drawn: Image = values(sampler.draw_pixels(means)).into_iter().map(|pixel| 255 * pixel as u8).collect();
    assert_eq!(step.drawn, drawn);
}

#[test]
fn a_chain_of_a_model_without_one_or_from_no_image_is_refused() {
    let engine = engine();
    for (model, pixels) in [(STACKED, PIXELS), (Gsn::ID, PIXELS - 1), (Gsn::ID, 0)] {
        let refused = request(&engine, AdvanceChain { model, image: vec![0; pixels], seed: 1, step: 0 });
        assert!(matches!(refused, Err(EngineError::Malformed(_))), "{model}, {pixels} pixels: {refused:?}");
    }
}
