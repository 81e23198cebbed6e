//! Training as the page asks for it, without a worker.

use std::collections::BTreeMap;
use std::io::Read;
use std::path::Path;

use bottleneck::data::PIXELS;
use bottleneck::engine::Engine;
use bottleneck::protocol::settings::OutOfRange;
use bottleneck::protocol::{
    Answer, Asset, Command, Control, EngineError, Knob, ModelId, Report, RunState, VARIATIONAL_CODE,
};
use bottleneck::weights::{WeightsError, read_tensors};
use burn::tensor::Device;
use flate2::read::GzDecoder;
use futures::executor::block_on;
use serde_json::{Value, json};

const MODEL: ModelId = ModelId::Vae;

/// Images of the training set that the tests use: 600 to train on, 5,000 for validation.
const IMAGES: usize = 5_600;

fn unpacked(name: &str) -> Vec<u8> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("www/data/mnist").join(name);
    let mut bytes = Vec::new();
    GzDecoder::new(std::fs::File::open(path).expect("a committed file")).read_to_end(&mut bytes).expect("a gzip file");
    bytes
}

/// An engine with the test set, and a training set cut from it: that is read faster.
fn engine() -> Engine {
    let mut engine = Engine::new(Device::flex());
    let images = unpacked("t10k-images-idx3-ubyte.gz");
    engine.load_test_set(&images, &unpacked("t10k-labels-idx1-ubyte.gz")).expect("a good test set");
    let mut training = images[..16 + IMAGES * PIXELS].to_vec();
    training[4..8].copy_from_slice(&(IMAGES as u32).to_be_bytes());
    engine.load_training_set(&training).expect("a good training set");
    engine
}

/// A small model: 3 epochs of 10 steps.
fn settings() -> Value {
    let mut settings: Value = serde_json::from_str(&presets(&engine())[0].1).unwrap();
    settings["model"]["hidden"] = json!([32]);
    settings["model"]["code"] = json!(3);
    let knobs = [(Knob::Epochs, 3.0), (Knob::Batch, 50.0), (Knob::Examples, 500.0), (Knob::LearningRate, 1e-2)];
    for (knob, number) in knobs {
        knob.set(&mut settings, number).unwrap();
    }
    settings
}

fn presets(engine: &Engine) -> Vec<(String, String)> {
    match block_on(engine.answer(Command::Presets { model: MODEL })) {
        Ok(Answer::Presets { presets }) => presets,
        other => panic!("{other:?}"),
    }
}

fn begin(engine: &mut Engine, settings: &Value) {
    let report = engine.begin(MODEL, &settings.to_string()).expect("good settings");
    assert_eq!((report.state, report.progress.step), (RunState::Paused, 0));
}

fn control(engine: &mut Engine, control: Control) -> Report {
    block_on(engine.control(control)).unwrap().expect("there is a run")
}

/// The report of one batch more.
fn step(engine: &mut Engine) -> Report {
    assert_eq!(control(engine, Control::Step).state, RunState::Running);
    block_on(engine.advance()).unwrap().expect("a step reports at once")
}

/// Runs to the end; every report of it.
fn finish(engine: &mut Engine) -> Vec<Report> {
    let mut reports = vec![control(engine, Control::Resume)];
    while engine.is_training() {
        reports.extend(block_on(engine.advance()).unwrap());
    }
    reports
}

fn weights(engine: &Engine) -> BTreeMap<String, Vec<f32>> {
    tensors(&block_on(engine.weights(MODEL)).unwrap())
}

fn tensors(file: &[u8]) -> BTreeMap<String, Vec<f32>> {
    let tensors = read_tensors(file).unwrap();
    tensors.into_iter().map(|(name, data)| (name, data.iter().collect())).collect()
}

fn total(losses: &[(String, f32)]) -> f32 {
    losses.iter().map(|(_, value)| value).sum()
}

fn gallery_error(engine: &Engine) -> f32 {
    match block_on(engine.answer(Command::Gallery { model: MODEL })) {
        Ok(Answer::Gallery { originals, reconstructions, error, .. }) => {
            assert_eq!((originals.len(), reconstructions.len()), (10, 10));
            error
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_run_learns_and_its_weights_are_in_use() {
    let mut engine = engine();
    begin(&mut engine, &settings());
    let first = step(&mut engine);
    assert_eq!((first.state.clone(), first.progress.step, first.progress.steps), (RunState::Paused, 1, 30));
    let names: Vec<&str> = first.losses.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["cross_entropy", "kl_divergence"]);
    let before = gallery_error(&engine);

    let reports = finish(&mut engine);
    let last = reports.last().unwrap();
    assert_eq!((last.state.clone(), last.progress.step, last.progress.epoch), (RunState::Done, 30, 3));
    assert!(total(&last.losses) < 0.8 * total(&first.losses), "{last:?} after {first:?}");
    assert!(total(&last.validation) < 0.8 * total(&first.losses), "{last:?}");
    assert!(gallery_error(&engine) < 0.8 * before);
    assert_eq!(engine.in_training(), None, "a run that is done is over");
}

#[test]
fn the_same_seed_is_the_same_run() {
    let run = |seed: u64, halts: bool| {
        let mut engine = engine();
        let mut settings = settings();
        settings["seed"] = json!(seed);
        begin(&mut engine, &settings);
        if halts {
            step(&mut engine);
            control(&mut engine, Control::Resume);
            block_on(engine.advance()).unwrap();
            control(&mut engine, Control::Pause);
        }
        finish(&mut engine);
        weights(&engine)
    };
    assert!(run(1, false) == run(1, true), "when it is halted and read makes no difference");
    assert!(run(1, false) != run(2, false));
}

#[test]
fn a_run_pauses_steps_resumes_and_stops() {
    let mut engine = engine();
    assert_eq!(block_on(engine.control(Control::Resume)), Ok(None), "there is no run");
    begin(&mut engine, &settings());
    assert!(!engine.is_training());
    assert_eq!(block_on(engine.advance()), Ok(None), "a paused run takes no step");

    assert_eq!(control(&mut engine, Control::Resume).state, RunState::Running);
    for _ in 0..2 {
        block_on(engine.advance()).unwrap();
    }
    let paused = control(&mut engine, Control::Pause);
    assert_eq!((paused.state, paused.progress.step), (RunState::Paused, 2));
    assert!(!paused.losses.is_empty(), "the losses of its steps are told");
    assert!(!engine.is_training());
    assert_eq!(step(&mut engine).progress.step, 3);
    let before = weights(&engine);
    assert_eq!(step(&mut engine).progress.step, 4);
    assert!(weights(&engine) != before, "each batch changes the weights in use");

    let stopped = control(&mut engine, Control::Stop);
    assert_eq!((stopped.state, stopped.progress.step), (RunState::Stopped, 4));
    assert!(total(&stopped.validation).is_finite() && !stopped.validation.is_empty());
    assert_eq!(engine.in_training(), None);
    assert!(gallery_error(&engine).is_finite(), "its weights stay in use");
}

#[test]
fn a_diverging_run_stops_with_its_last_good_weights() {
    let mut engine = engine();
    let mut settings = settings();
    Knob::LearningRate.set(&mut settings, 1.0).unwrap();
    settings["recipe"]["decay"] = json!(false);
    Knob::Epochs.set(&mut settings, 20.0).unwrap();
    begin(&mut engine, &settings);
    let reports = finish(&mut engine);
    assert_eq!(reports.last().unwrap().state, RunState::Failed(EngineError::Diverged));
    assert_eq!(engine.in_training(), None);
    assert!(gallery_error(&engine) < 1.0);
}

#[test]
fn a_recovered_run_goes_on_as_if_nothing_had_happened() {
    let mut whole = engine();
    begin(&mut whole, &settings());
    finish(&mut whole);

    let mut first = engine();
    begin(&mut first, &settings());
    (0..13).for_each(|_| drop(step(&mut first)));
    let snapshot = block_on(first.snapshot()).unwrap().expect("a run under way");
    let mut second = engine();
    let report = second.recover(MODEL, &snapshot).expect("a good snapshot");
    assert_eq!((report.state, report.progress.step), (RunState::Paused, 13));
    assert!(weights(&second) == weights(&first), "its weights are in use");
    finish(&mut second);
    assert!(weights(&second) == weights(&whole));

    let refused = second.recover(ModelId::Denoising, &snapshot).unwrap_err();
    assert!(matches!(refused, EngineError::Snapshot { model: ModelId::Denoising, .. }), "{refused:?}");
    let refused = second.recover(MODEL, &snapshot[..snapshot.len() / 2]).unwrap_err();
    assert!(matches!(refused, EngineError::Snapshot { model: MODEL, .. }), "{refused:?}");
}

#[test]
fn settings_that_make_no_run_are_refused_and_the_run_goes_on() {
    let mut engine = engine();
    begin(&mut engine, &settings());
    let mut refusal = |pointer: &str, value: Value| {
        let mut settings = settings();
        *settings.pointer_mut(pointer).expect("a place in the settings") = value;
        engine.begin(MODEL, &settings.to_string()).unwrap_err()
    };
    for (knob, value) in [(Knob::LearningRate, json!(2.0)), (Knob::Code, json!(0)), (Knob::Batch, json!(1.5))] {
        assert_eq!(refusal(knob.pointer(), value), EngineError::OutOfRange(OutOfRange { knob }));
    }
    for (pointer, value) in [
        ("/model/hidden", json!([1_000_000_000])),
        ("/model/hidden", json!(vec![10; 1_000])),
        ("/model/input", json!(700)),
        ("/recipe/epochs", json!("many")),
    ] {
        let refused = refusal(pointer, value);
        assert!(matches!(refused, EngineError::Settings(_)), "{pointer}: {refused:?}");
    }
    assert_eq!(engine.in_training(), Some(MODEL));
    assert_eq!(step(&mut engine).progress.step, 1);
    let mut empty = Engine::new(Device::flex());
    assert_eq!(empty.begin(MODEL, &settings().to_string()), Err(EngineError::NotLoaded(Asset::TrainingSet)));
}

#[test]
fn every_preset_of_every_model_makes_a_run() {
    let mut engine = engine();
    for model in ModelId::ALL {
        let Ok(Answer::Presets { presets }) = block_on(engine.answer(Command::Presets { model })) else {
            panic!("no presets of {model:?}");
        };
        for (name, settings) in presets {
            assert_eq!(engine.begin(model, &settings).map(|report| report.model), Ok(model), "{name}");
        }
    }
}

#[test]
fn exported_weights_are_the_same_when_imported() {
    let mut engine = engine();
    begin(&mut engine, &settings());
    finish(&mut engine);
    let Ok(Answer::Exported { weights: file, card }) = block_on(engine.export(MODEL, "2026-02-03")) else {
        panic!("no export");
    };
    let card: Value = serde_json::from_str(&card).unwrap();
    assert_eq!((&card["config"], &card["recipe"]), (&settings()["model"], &settings()["recipe"]));
    assert_eq!((&card["epochs"], &card["date"], &card["model"]), (&json!(3), &json!("2026-02-03"), &json!("vae")));
    assert_eq!(card["parameters"], json!(784 * 32 + 32 + 2 * (32 * 3 + 3) + 3 * 32 + 32 + 32 * 784 + 784));
    assert!(card["metrics"]["squared_error_of_1000"].as_f64().unwrap() > 0.0);

    let error = gallery_error(&engine);
    let mut other = self::engine();
    other.load_weights(MODEL, &file).expect("the file tells its size");
    assert_eq!(gallery_error(&other), error);
    assert!(weights(&other) == tensors(&file));
    let refused = other.load_weights(ModelId::Denoising, &file);
    assert!(matches!(refused, Err(WeightsError::Model { .. })), "{refused:?}");
    let code = vec![0.0; VARIATIONAL_CODE];
    let refused = block_on(other.answer(Command::Decode { model: MODEL, codes: vec![code] }));
    assert!(matches!(refused, Err(EngineError::Malformed(_))), "the code has another size: {refused:?}");
}
