//! Short trainings of the adversarial autoencoders: codes come to follow their prior, style and class come apart, the page sees it, and runs go
//! on bit for bit.

use std::collections::BTreeMap;
use std::rc::Rc;

use bottleneck::analysis::energy_distance::energy_distance;
use bottleneck::data::dataset::{Dataset, gather};
use bottleneck::data::random::Purpose;
use bottleneck::models::Autoencoder;
use bottleneck::models::adversarial::Adversarial;
use bottleneck::models::adversarial_style::AdversarialStyle;
use bottleneck::models::batch::Labels;
use bottleneck::models::priors::classes_or_draws;
use bottleneck::models::sampler::Sampler;
use bottleneck::protocol::{Control, GetViews, ListModels, ModelId, Prior};
use bottleneck::training::evaluation::codes;
use bottleneck::training::{Catalogue, Run};
use bottleneck::weights::{self, TrainedModel};
use burn::tensor::{Device, Tensor, TensorData};
use futures::executor::block_on;
use serde_json::{Value, json};
use support::{digits, file, request, training_engine};

mod support;

fn values<const D: usize>(tensor: Tensor<D>) -> Vec<f32> {
    tensor.into_data().iter().collect()
}

fn draws(prior: Prior, width: usize, labels: Vec<Option<u8>>, seed: u64) -> Vec<f32> {
    let sampler = Sampler::new(seed, Purpose::Samples, 0, &Device::flex());
    let classes = classes_or_draws(&Labels(labels), &sampler);
    values(prior.draw(width, classes, &sampler))
}

/// A run by the preset with other settings, on the first 4,000 test images.
fn trained(model: ModelId, preset: &str, changes: &[(&str, Value)]) -> Rc<dyn TrainedModel> {
    run(model, preset, changes).0
}

/// The model, and the parts of its loss, the mean over the last epoch.
fn run(model: ModelId, preset: &str, changes: &[(&str, Value)]) -> (Rc<dyn TrainedModel>, BTreeMap<&'static str, f32>) {
    let catalogue = Catalogue::all();
    let entry = catalogue.get(model).expect("it is in the catalogue");
    let presets = entry.describe().presets;
    let preset = presets.iter().find(|known| known.name == preset).expect("a preset");
    let mut settings: Value = serde_json::from_str(&preset.settings).unwrap();
    for (pointer, value) in changes {
        *settings.pointer_mut(pointer).expect("a setting") = value.clone();
    }
    let train = Rc::new(digits("t10k").slice(0..4_000));
    let mut run = entry.plan(&settings.to_string()).unwrap().begin(train, &Device::flex()).unwrap();
    while !run.is_done() {
        if run.progress().step.is_multiple_of(40) {
            block_on(run.losses()).unwrap();
        }
        run.step();
    }
    (run.trained(), block_on(run.losses()).unwrap().into_iter().collect())
}

/// The energy distance of the codes of images that were not trained on, with the noise of training, from as many draws of the prior.
fn distance_from_prior(model: &dyn TrainedModel) -> f64 {
    let test = digits("t10k").slice(4_000..5_000);
    let prior = model.shape().prior.expect("it has a prior");
    let labels: Vec<Option<u8>> = (0..test.count()).map(|index| test.label(index)).collect();
    let noise = draws(Prior::Normal, prior.numbers, labels.clone(), 21);
    let codes = block_on(codes(model, &test)).unwrap();
    let followed = codes.chunks_exact(model.shape().code()).flat_map(|code| code[..prior.numbers].to_vec());
    let followed: Vec<f32> = followed.zip(noise).map(|(code, noise)| code + prior.deviation as f32 * noise).collect();
    energy_distance(&followed, &draws(prior.prior, prior.numbers, labels, 22), prior.numbers)
}

/// A short training: the codes come to follow the prior while the reconstruction is learnt; without a weight on the loss against the
/// discriminator they do not.
#[test]
fn codes_come_to_follow_the_prior() {
    let epochs = ("/recipe/epochs", json!(10));
    let followed = trained(Adversarial::ID, "small", std::slice::from_ref(&epochs));
    let (alone, losses) = run(Adversarial::ID, "small", &[epochs, ("/model/adversarial_weight", json!(0.0))]);
    assert!(losses["discriminator"] < 0.05, "all codes are told from draws, which the page says: {losses:?}");
    let far_too_much = [("/recipe/epochs", json!(5)), ("/model/adversarial_weight", json!(0.3))];
    let (_, losses) = run(Adversarial::ID, "small", &far_too_much);
    assert!(losses["squared_error"] > 0.06, "the codes hardly depend on the image, which the page says: {losses:?}");
    let distances = [&followed, &alone].map(|model| distance_from_prior(&**model));
    println!("energy distances {distances:?}");
    assert!(distances[0] < 0.5 && distances[1] > 10.0 * distances[0], "{distances:?}");
    let test = digits("t10k").slice(4_000..5_000);
    let images =
        Tensor::<2>::from_data(TensorData::new(gather(&test, 0..1_000), [1_000, test.width()]), &Device::flex());
    let error: f32 = (followed.reconstruct(images.clone()) - images).square().mean().into_scalar();
    assert!(error < 0.05, "the error is {error}; the mean digit has 0.067");
}

/// The small presets of the plane, in a training shorter still: the codes come to follow each prior, with labels and without.
#[test]
fn codes_come_to_follow_the_priors_of_the_plane() {
    let narrow = [("/model/hidden", json!([200])), ("/model/discriminator", json!([100, 100]))];
    for preset in ["two_numbers_small", "mixture_small", "swiss_roll_small", "mixture_unlabelled"] {
        let model = trained(Adversarial::ID, preset, &narrow);
        let prior = model.shape().prior.expect("it has a prior");
        let distance = distance_from_prior(&*model);
        let in_the_middle = energy_distance(&[0.0; 2_000], &draws(prior.prior, 2, vec![None; 1_000], 23), 2);
        println!("{preset}: energy distance {distance}, of the origin {in_the_middle}");
        assert!(distance < 0.5 * in_the_middle, "{preset}: {distance} of {in_the_middle}");
    }
}

/// The style follows N(0, 1); the encoder tells classes that it was not told; and the decoder makes of one style ten images, each of
/// which the encoder takes for its class.
#[test]
fn style_and_class_come_apart() {
    let model = trained(AdversarialStyle::ID, "small", &[]);
    let distance = distance_from_prior(&*model);
    println!("energy distance {distance}");
    assert!(distance < 0.2, "{distance}");
    let style = model.shape().prior.expect("a prior").numbers;
    let test = digits("t10k").slice(4_000..4_200);
    let count = test.count();
    let images =
        Tensor::<2>::from_data(TensorData::new(gather(&test, 0..count), [count, test.width()]), &Device::flex());
    let largest =
        |scores: Tensor<2>| values(scores.argmax(1).float()).into_iter().map(|class| class as u8).collect::<Vec<_>>();
    let told = largest(model.classify(images.clone()).expect("it classifies"));
    let right = told.iter().enumerate().filter(|&(index, &class)| test.label(index) == Some(class)).count();
    assert!(right > count * 8 / 10, "{right} of {count}");

    let styles = model.encode(images).narrow(1, 0, style);
    let mut taken = 0;
    for class in 0..10_u8 {
        let classes = Labels(vec![Some(class); count]).one_hot(10, &Device::flex());
        let drawn = model.decode(Tensor::cat(vec![styles.clone(), classes], 1));
        taken +=
            largest(model.classify(drawn).expect("it classifies")).into_iter().filter(|&found| found == class).count();
    }
    println!("{taken} of {} images are taken for the class that they were made of", 10 * count);
    assert!(taken > 6 * count, "{taken} of them");
}

/// The page sees the codes beside draws of the prior while the model learns: the draws stay, the codes come nearer.
#[test]
fn the_view_of_the_prior_follows_a_run() {
    let mut engine = training_engine(Catalogue::all());
    let models = request(&engine, ListModels {}).expect("the models");
    let description = models.into_iter().find(|description| description.model == Adversarial::ID).expect("it is there");
    let preset = |name: &str| description.presets.iter().find(|preset| preset.name == name).expect("a preset");
    for name in ["small", "mixture", "swiss_roll"] {
        let mut settings: Value = serde_json::from_str(&preset(name).settings).unwrap();
        settings["model"]["hidden"] = json!([20]);
        settings["model"]["discriminator"] = json!([10]);
        settings["recipe"]["epochs"] = json!(1);
        let plan = engine.plan(Adversarial::ID, &settings.to_string()).expect("good settings");
        engine.begin(Adversarial::ID, plan).expect("a run");
        let mut views = Vec::new();
        for _ in 0..2 {
            block_on(engine.control(Control::Step)).unwrap();
            let report = block_on(engine.advance()).unwrap().expect("a step reports at once");
            let parts: Vec<_> = report.losses.iter().map(|(part, _)| part.as_str()).collect();
            assert_eq!(parts, ["squared_error", "discriminator", "generator"], "{name}");
            let view = request(&engine, GetViews { model: Adversarial::ID }).expect("views").prior.expect("a prior");
            assert_eq!([view.codes.len(), view.draws.len(), view.labels.len()], [500; 3], "{name}");
            assert!(view.chance < 0.05 && view.energy_distance > view.chance, "{name}: {view:?}");
            views.push(view);
        }
        assert_eq!(views[0].draws, views[1].draws, "{name}");
        assert_ne!(views[0].codes, views[1].codes, "{name}");
    }
    engine.load_weights(support::LINEAR, &file("models/linear.safetensors")).expect("good weights");
    assert_eq!(request(&engine, GetViews { model: support::LINEAR }).map(|views| views.prior), Ok(None));
}

/// A run that is interrupted goes on to the same weights, bit for bit: both optimisers' moments and all draws come back.
#[test]
fn runs_go_on_bit_for_bit() {
    for model in [Adversarial::ID, AdversarialStyle::ID] {
        let catalogue = Catalogue::all();
        let entry = catalogue.get(model).expect("it is in the catalogue");
        let mut settings: Value = serde_json::from_str(&entry.describe().presets[0].settings).unwrap();
        settings["model"]["hidden"] = json!([12]);
        settings["model"]["discriminator"] = json!([8]);
        settings["recipe"]["epochs"] = json!(2);
        let train = Rc::new(digits("t10k").slice(0..500));
        let begin = || entry.plan(&settings.to_string()).unwrap().begin(train.clone(), &Device::flex()).unwrap();
        let weights_of = |run: &Run| {
            let file = block_on(run.trained().to_file(weights::Precision::Single)).unwrap();
            let tensors = weights::read_tensors(&file).unwrap();
            tensors.into_iter().map(|(name, data)| (name, data.iter().collect())).collect::<BTreeMap<_, Vec<f32>>>()
        };
        let mut whole = begin();
        (0..10).for_each(|_| whole.step());
        assert!(whole.is_done());
        for stop in [1, 5, 7] {
            let mut first = begin();
            (0..stop).for_each(|_| first.step());
            let snapshot = block_on(first.snapshot()).unwrap();
            let plan = entry.snapshot(&snapshot).unwrap();
            let mut second = plan.begin(train.clone(), &Device::flex()).unwrap();
            (stop..10).for_each(|_| second.step());
            assert!(second.is_done());
            assert!(weights_of(&second) == weights_of(&whole), "{model}, stopped after {stop}");
        }
    }
}
