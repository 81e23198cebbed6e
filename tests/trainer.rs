//! Training as the page asks for it, without a worker.

mod support;

use std::collections::BTreeMap;

use bottleneck::engine::Engine;
use bottleneck::protocol::{
    Asset, Control, Decode, EngineError, Exported, GetGallery, ModelDescription, ModelId, PresetDescription, Report,
    RunState,
};
use bottleneck::training::Catalogue;
use bottleneck::weights::{WeightsError, read_tensors};
use burn::tensor::Device;
use futures::executor::block_on;
use serde_json::{Value, json};
use support::{DENOISING, VAE, VAE_CODE, request, training_engine};

const MODEL: ModelId = VAE;

fn engine() -> Engine {
    training_engine(Catalogue::all())
}

fn describe(engine: &Engine, model: ModelId) -> ModelDescription {
    engine.describe().into_iter().find(|description| description.model == model).expect("it is in the catalogue")
}

fn set(settings: &mut Value, key: &str, number: f64) {
    let description = describe(&engine(), MODEL);
    let setting = description.settings.iter().find(|setting| setting.key == key).expect(key);
    setting.set(settings, number).unwrap();
}

/// A small model: 3 epochs of 10 steps.
fn settings() -> Value {
    let mut settings: Value = serde_json::from_str(&describe(&engine(), MODEL).presets[0].settings).unwrap();
    settings["model"]["hidden"] = json!([32]);
    settings["model"]["code"] = json!(3);
    for (key, number) in [("epochs", 3.0), ("batch", 50.0), ("examples", 500.0), ("learning_rate", 1e-2)] {
        set(&mut settings, key, number);
    }
    settings
}

fn try_begin(engine: &mut Engine, settings: &Value) -> Result<Report, EngineError> {
    let plan = engine.plan(MODEL, &settings.to_string())?;
    engine.begin(MODEL, plan)
}

fn begin(engine: &mut Engine, settings: &Value) {
    let report = try_begin(engine, settings).expect("good settings");
    assert_eq!((report.state, report.progress.step), (RunState::Paused, 0));
}

fn recover(engine: &mut Engine, model: ModelId, snapshot: &[u8]) -> Result<Report, EngineError> {
    let plan = engine.read_snapshot(model, snapshot)?;
    engine.begin(model, plan)
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
    let gallery = request(engine, GetGallery { model: MODEL }).expect("a gallery");
    assert_eq!((gallery.originals.len(), gallery.reconstructions.len()), (10, 10));
    gallery.error
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

    let in_use = weights(&engine);
    let stopped = control(&mut engine, Control::Stop);
    assert_eq!((stopped.state, stopped.progress.step), (RunState::Stopped, 4));
    assert!(!stopped.validation.is_empty());
    assert_eq!(engine.in_training(), None);
    assert!(weights(&engine) == in_use, "its weights stay in use");
}

#[test]
fn a_diverging_run_stops_with_its_last_good_weights() {
    let mut engine = engine();
    let mut settings = settings();
    set(&mut settings, "learning_rate", 1.0);
    settings["recipe"]["decay"] = json!(false);
    set(&mut settings, "epochs", 20.0);
    begin(&mut engine, &settings);
    let reports = finish(&mut engine);
    assert_eq!(reports.last().unwrap().state, RunState::Failed(EngineError::Diverged));
    assert_eq!(engine.in_training(), None);

    // The same run step by step: the weights before each step, and the loss that they have in it.
    let mut traced = self::engine();
    begin(&mut traced, &settings);
    let mut trace = Vec::new();
    loop {
        let before = run_weights(&traced);
        let report = step(&mut traced);
        if report.state != RunState::Paused {
            break;
        }
        trace.push((before, report.losses[0].1));
    }
    for (way, engine) in [("at once", &engine), ("step by step", &traced)] {
        let kept = weights(engine);
        let (at, (_, loss)) =
            trace.iter().enumerate().find(|(_, (before, _))| *before == kept).expect("weights of the run");
        let first = trace[0].1;
        assert!(*loss <= 10.0 * first, "{way}: the weights before step {at} have a loss of {loss}, first {first}");
    }
}

/// The weights of the run under way.
fn run_weights(engine: &Engine) -> BTreeMap<String, Vec<f32>> {
    let snapshot = tensors(&block_on(engine.snapshot()).unwrap().expect("a run under way")).into_iter();
    snapshot.filter_map(|(name, values)| Some((name.strip_prefix("model.")?.to_string(), values))).collect()
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
    let report = recover(&mut second, MODEL, &snapshot).expect("a good snapshot");
    assert_eq!((report.state, report.progress.step), (RunState::Paused, 13));
    assert!(weights(&second) == weights(&first), "its weights are in use");
    finish(&mut second);
    assert!(weights(&second) == weights(&whole));

    let refused = recover(&mut second, DENOISING, &snapshot).unwrap_err();
    assert!(matches!(refused, EngineError::Snapshot { model: DENOISING, .. }), "{refused:?}");
    let refused = recover(&mut second, MODEL, &snapshot[..snapshot.len() / 2]).unwrap_err();
    assert!(matches!(refused, EngineError::Snapshot { model: MODEL, .. }), "{refused:?}");
}

#[test]
fn settings_that_make_no_run_are_refused_and_the_run_goes_on() {
    let mut engine = engine();
    begin(&mut engine, &settings());
    let mut refusal = |pointer: &str, value: Value| {
        let mut settings = settings();
        *settings.pointer_mut(pointer).expect("a place in the settings") = value;
        try_begin(&mut engine, &settings).unwrap_err()
    };
    for (key, pointer, value) in [
        ("learning_rate", "/recipe/learning_rate", json!(2.0)),
        ("code", "/model/code", json!(0)),
        ("batch", "/recipe/batch", json!(1.5)),
    ] {
        let refused = refusal(pointer, value);
        assert!(matches!(&refused, EngineError::OutOfRange(error) if error.key == key), "{key}: {refused:?}");
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
    let mut empty = Engine::new(Device::flex(), Catalogue::all());
    assert_eq!(try_begin(&mut empty, &settings()), Err(EngineError::NotLoaded(Asset::TrainingSet)));
    let mut narrow = settings();
    narrow["model"]["input"] = json!(700);
    let refused = try_begin(&mut empty, &narrow);
    assert!(matches!(refused, Err(EngineError::Settings(_))), "before the training set is fetched: {refused:?}");
}

#[test]
fn every_preset_of_every_model_makes_a_run() {
    let mut engine = engine();
    for ModelDescription { model, presets, .. } in engine.describe() {
        for PresetDescription { name, settings, shape } in presets {
            let plan = engine.plan(model, &settings).expect(&name);
            assert_eq!((&plan.settings, &plan.shape), (&settings, &shape), "{model} {name}");
            assert_eq!(engine.begin(model, plan).map(|report| report.model), Ok(model), "{name}");
        }
    }
}

#[test]
fn exported_weights_are_the_same_when_imported() {
    let mut engine = engine();
    begin(&mut engine, &settings());
    finish(&mut engine);
    let Exported { weights: file, card } = block_on(engine.export(MODEL, "2026-02-03")).expect("an export");
    let card: Value = serde_json::from_str(&card).unwrap();
    assert_eq!((&card["config"], &card["recipe"]), (&settings()["model"], &settings()["recipe"]));
    assert_eq!((&card["epochs"], &card["date"], &card["model"]), (&json!(3), &json!("2026-02-03"), &json!("vae")));
    assert_eq!(card["parameters"], json!(784 * 32 + 32 + 2 * (32 * 3 + 3) + 3 * 32 + 32 + 32 * 784 + 784));
    assert!(card["metrics"]["squared_error_of_500"].as_f64().unwrap() > 0.0);

    let error = gallery_error(&engine);
    let mut other = self::engine();
    other.load_weights(MODEL, &file).expect("the file tells its size");
    assert_eq!(gallery_error(&other), error);
    assert!(weights(&other) == tensors(&file));
    let refused = other.load_weights(DENOISING, &file).unwrap_err();
    assert!(matches!(refused, EngineError::Weights { error: WeightsError::Model { .. }, .. }), "{refused:?}");
    let refused = request(&other, Decode { model: MODEL, codes: vec![vec![0.0; VAE_CODE]] });
    assert!(matches!(refused, Err(EngineError::Malformed(_))), "the code has another size: {refused:?}");
}
