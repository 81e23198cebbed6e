//! The classifier whose encoder is pretrained without labels, on a small network and few images.

mod support;

use std::collections::BTreeMap;
use std::rc::Rc;

use bottleneck::data::balanced::balanced;
use bottleneck::data::dataset::{Dataset, gather};
use bottleneck::data::labelled::LabelledImages;
use bottleneck::models::Autoencoder;
use bottleneck::models::classifier::{CLASSES, Classifier};
use bottleneck::models::settings::SettingsError;
use bottleneck::training::evaluation::{accuracy, losses};
use bottleneck::training::snapshot::{SnapshotError, with_settings};
use bottleneck::training::{Catalogue, Run};
use bottleneck::weights::{Precision, read_tensors};
use burn::tensor::{Device, Tensor, TensorData};
use futures::executor::block_on;
use serde_json::{Value, json};
use support::digits;

const IMAGES: usize = 400;
const LABELS: usize = 40;
const SEED: u64 = 7;
/// Steps of either phase: 2 epochs of 2, for pretraining has batches of 150; then 6 epochs of 4.
const STEPS: [usize; 2] = [4, 24];

type Weights = BTreeMap<String, Vec<f32>>;

fn images() -> LabelledImages {
    digits("t10k").slice(0..IMAGES)
}

/// The settings of `preset` made small.
fn settings(preset: &str) -> Value {
    let catalogue = Catalogue::all();
    let presets = catalogue.get(Classifier::ID).expect("it is in the catalogue").describe().presets;
    let preset = presets.into_iter().find(|found| found.name == preset).expect("a preset");
    let mut settings: Value = serde_json::from_str(&preset.settings).expect("JSON");
    settings["seed"] = SEED.into();
    settings["model"]["hidden"] = json!([24]);
    settings["model"]["code"] = 12.into();
    if let Some(pretraining) = settings.pointer_mut("/model/pretraining").filter(|pretraining| !pretraining.is_null()) {
        pretraining["epochs"] = 2.into();
    }
    let recipe = &mut settings["recipe"];
    (recipe["examples"], recipe["batch"], recipe["epochs"]) = (LABELS.into(), 10.into(), 6.into());
    recipe["learning_rate"] = 0.02.into();
    settings
}

fn begin(settings: &Value, data: impl Dataset + 'static) -> Result<Run, SnapshotError> {
    let catalogue = Catalogue::all();
    let plan = catalogue.get(Classifier::ID).expect("it is in the catalogue").plan(&settings.to_string());
    plan.expect("good settings").begin(Rc::new(data), &Device::flex())
}

fn resume(snapshot: &[u8], data: impl Dataset + 'static) -> Run {
    let catalogue = Catalogue::all();
    let plan = catalogue.get(Classifier::ID).expect("it is in the catalogue").snapshot(snapshot);
    plan.expect("a good snapshot").begin(Rc::new(data), &Device::flex()).expect("a run")
}

fn steps(mut run: Run, count: usize) -> Run {
    (0..count).for_each(|_| run.step());
    run
}

fn finish(run: Run) -> Run {
    let progress = run.progress();
    steps(run, progress.steps - progress.step)
}

fn weights(run: &Run) -> Weights {
    let file = block_on(run.trained().to_file(Precision::Single)).expect("a file");
    read_tensors(&file).expect("good weights").into_iter().map(|(name, data)| (name, data.iter().collect())).collect()
}

/// Those of the part `name` of the network.
fn part(weights: &Weights, name: &str) -> Weights {
    let part: Weights = weights.clone().into_iter().filter(|(path, _)| path.starts_with(name)).collect();
    assert!(!part.is_empty(), "{name}");
    part
}

fn loss(run: &Run, phase: usize) -> f64 {
    block_on(losses(&*run.trained(), &images(), phase)).expect("losses").values().sum()
}

#[test]
fn either_phase_learns_and_a_frozen_encoder_stays_bit_for_bit() {
    for (preset, is_frozen) in [("denoising_tuned", false), ("denoising_frozen", true), ("stacked_frozen", true)] {
        let begun = begin(&settings(preset), images()).expect("a run");
        assert_eq!(begun.progress().steps, STEPS[0] + STEPS[1], "{preset}");
        let (untrained, reconstruction) = (weights(&begun), loss(&begun, 0));
        let pretrained = steps(begun, STEPS[0]);
        assert_eq!(pretrained.phase(), 1, "{preset}");
        let (before, classification) = (weights(&pretrained), loss(&pretrained, 1));
        assert!(loss(&pretrained, 0) < reconstruction, "{preset}");
        assert_eq!(part(&before, "classes"), part(&untrained, "classes"), "{preset}: pretraining has no part in it");

        let tuned = finish(pretrained);
        let after = weights(&tuned);
        assert!(loss(&tuned, 1) < classification, "{preset}");
        assert_ne!(part(&after, "classes"), part(&before, "classes"), "{preset}");
        assert_eq!(part(&after, "encoder") == part(&before, "encoder"), is_frozen, "{preset}");
        assert_eq!(part(&after, "decoder"), part(&before, "decoder"), "{preset}: no label says anything of it");
    }
}

#[test]
fn without_pretraining_the_same_encoder_begins() {
    let [scratch, pretrained] = ["scratch", "stacked_tuned"].map(|preset| begin(&settings(preset), images()).unwrap());
    assert_eq!(scratch.progress().steps, STEPS[1]);
    assert_eq!(weights(&scratch), weights(&pretrained));
    assert_ne!(part(&weights(&finish(scratch)), "encoder"), part(&weights(&pretrained), "encoder"));
}

#[test]
fn a_run_goes_on_from_the_middle_of_either_phase() {
    for preset in ["denoising_tuned", "denoising_frozen", "scratch"] {
        let whole = weights(&finish(begin(&settings(preset), images()).expect("a run")));
        for stop in [1, STEPS[0], STEPS[0] + 7] {
            let stopped = steps(begin(&settings(preset), images()).expect("a run"), stop);
            let resumed = resume(&block_on(stopped.snapshot()).expect("a snapshot"), images());
            assert_eq!(resumed.progress().step, stop, "{preset}");
            assert!(weights(&finish(resumed)) == whole, "{preset}, stopped after {stop}");
        }
    }
}

/// What is pretrained once can be fine-tuned in many ways, each as if it had been pretrained for it alone.
#[test]
fn fine_tuning_goes_on_from_another_ones_pretraining() {
    let pretrained = steps(begin(&settings("denoising_tuned"), images()).expect("a run"), STEPS[0]);
    let snapshot = block_on(pretrained.snapshot()).expect("a snapshot");
    let mut others = settings("denoising_frozen");
    (others["recipe"]["examples"], others["recipe"]["learning_rate"]) = (100.into(), 0.01.into());
    let whole = finish(begin(&others, images()).expect("a run"));
    let file = with_settings(&snapshot, &others.to_string()).expect("a snapshot");
    assert!(weights(&finish(resume(&file, images()))) == weights(&whole));
}

/// The images, some of them blank.
struct Blanked(LabelledImages, Vec<u32>);

impl Dataset for Blanked {
    fn count(&self) -> usize {
        self.0.count()
    }

    fn width(&self) -> usize {
        self.0.width()
    }

    fn read(&self, index: usize, row: &mut [f32]) {
        match self.1.contains(&(index as u32)) {
            true => row.fill(0.0),
            false => self.0.read(index, row),
        }
    }

    fn label(&self, index: usize) -> Option<u8> {
        self.0.label(index)
    }
}

#[test]
fn fine_tuning_sees_the_images_whose_labels_are_told_and_no_others() {
    let drawn = balanced(&images(), LABELS, SEED);
    for digit in 0..CLASSES as u8 {
        let count = drawn.iter().filter(|&&index| images().label(index as usize) == Some(digit)).count();
        assert_eq!(count, LABELS / CLASSES, "of digit {digit}");
    }
    let others = (0..IMAGES as u32).filter(|index| !drawn.contains(index)).collect();
    let train = |preset, blank| weights(&finish(begin(&settings(preset), Blanked(images(), blank)).expect("a run")));
    let whole = train("scratch", vec![]);
    assert!(train("scratch", others) == whole, "the others are not seen");
    assert!(train("scratch", vec![drawn[LABELS - 1]]) != whole, "the last of them is seen");
    let unseen = (0..IMAGES as u32).find(|index| !drawn.contains(index)).into_iter().collect();
    assert!(train("stacked_tuned", unseen) != train("stacked_tuned", vec![]), "pretraining sees all");
}

#[test]
fn labels_that_nobody_knows_are_missed() {
    let unlabelled = LabelledImages::unlabelled(images().images);
    let Err(error) = begin(&settings("scratch"), unlabelled) else { panic!("nothing to learn from") };
    assert_eq!(error, SettingsError::Labels { found: 0, expected: LABELS }.into());
}

/// Against what the scores say, summed up in double precision.
#[test]
fn loss_and_accuracy_are_those_of_the_scores() {
    let run = finish(begin(&settings("denoising_frozen"), images()).expect("a run"));
    let model = run.trained();
    let pixels = TensorData::new(gather(&images(), 0..IMAGES), [IMAGES, images().width()]);
    let scores = model.classify(Tensor::from_data(pixels, &Device::flex())).expect("it classifies");
    assert_eq!(scores.dims(), [IMAGES, CLASSES]);
    let (mut right, mut nats) = (0, 0.0);
    let scores: Vec<f64> = scores.into_data().iter().collect();
    for (index, scores) in scores.chunks(CLASSES).enumerate() {
        let label = usize::from(images().label(index).expect("a label"));
        right += usize::from((0..CLASSES).all(|other| other == label || scores[other] < scores[label]));
        nats += scores.iter().map(|score| (score - scores[label]).exp()).sum::<f64>().ln();
    }
    assert!(right > IMAGES / 5, "better than chance: {right} of {IMAGES}");
    assert_eq!(block_on(accuracy(&*model, &images())).expect("a figure"), Some(right as f64 / IMAGES as f64));
    let found = loss(&run, 1);
    assert!((found - nats / IMAGES as f64).abs() < 1e-4, "{found} where the scores say {}", nats / IMAGES as f64);
}
