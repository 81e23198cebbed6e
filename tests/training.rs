//! Runs: the same seed is the same run, a snapshot goes on as if nothing had happened, losses fall.

use std::collections::BTreeMap;

use bottleneck::data::dataset::Dataset;
use bottleneck::models::Autoencoder;
use bottleneck::models::denoising::{Denoising, DenoisingConfig};
use bottleneck::models::recipe::Recipe;
use bottleneck::models::variational::{Variational, VariationalConfig};
use bottleneck::models::weights::{WeightsError, collect};
use bottleneck::training::evaluation;
use bottleneck::training::run::SettingsError;
use bottleneck::training::snapshot::SnapshotError;
use bottleneck::training::{Run, Settings};
use burn::tensor::Device;
use futures::executor::block_on;

/// Bright bars at places that the index tells: easy to learn.
#[derive(Clone)]
struct Bars;

impl Dataset for Bars {
    fn count(&self) -> usize {
        70
    }

    fn width(&self) -> usize {
        16
    }

    fn read(&self, index: usize, row: &mut [f32]) {
        for (position, value) in row.iter_mut().enumerate() {
            *value = if position / 4 == index % 4 { 0.9 } else { 0.1 };
        }
    }
}

fn recipe<M: Autoencoder>() -> Recipe {
    Recipe { epochs: 5, batch: 10, warmup: 3, learning_rate: 5e-3, ..M::presets().swap_remove(0).recipe }
}

fn variational(seed: u64) -> Settings<VariationalConfig> {
    let model = VariationalConfig::new().with_input(16).with_hidden(vec![12]).with_code(2);
    Settings { model, recipe: recipe::<Variational>(), seed }
}

fn denoising(seed: u64) -> Settings<DenoisingConfig> {
    let model = DenoisingConfig::new().with_input(16).with_hidden(vec![12]).with_code(6);
    Settings { model, recipe: recipe::<Denoising>(), seed }
}

fn begin<M: Autoencoder>(settings: Settings<M::Config>) -> Run<M, Bars> {
    Run::new(settings, Bars, &Device::flex()).unwrap()
}

fn advance<M: Autoencoder>(mut run: Run<M, Bars>, steps: usize) -> Run<M, Bars> {
    (0..steps).for_each(|_| run.step());
    run
}

fn weights<M: Autoencoder>(run: &Run<M, Bars>) -> BTreeMap<String, Vec<f32>> {
    let tensors = block_on(collect(&run.model())).unwrap();
    tensors.into_iter().map(|(name, data)| (name, data.iter().collect())).collect()
}

fn same_seed_same_run<M: Autoencoder>(settings: fn(u64) -> Settings<M::Config>) {
    let run = |seed| weights(&advance(begin::<M>(settings(seed)), 12));
    assert_eq!(run(1), run(1));
    assert_ne!(run(1), run(2));
}

fn resumes_as_if_nothing_had_happened<M: Autoencoder>(settings: fn(u64) -> Settings<M::Config>) {
    let whole = advance(begin::<M>(settings(3)), 20);
    for stop in [0, 1, 7, 13] {
        let snapshot = block_on(advance(begin::<M>(settings(3)), stop).snapshot()).unwrap();
        let resumed = Run::<M, Bars>::resume(&snapshot, Bars, &Device::flex()).unwrap();
        assert_eq!(resumed.progress().step, stop);
        assert_eq!(weights(&advance(resumed, 20 - stop)), weights(&whole), "stopped after {stop}");
    }
}

fn loss_falls<M: Autoencoder>(settings: fn(u64) -> Settings<M::Config>) {
    let mut settings = settings(1);
    settings.recipe.epochs = 40;
    settings.recipe.corruption = None;
    let config = settings.model.clone();
    let mut run = begin::<M>(settings);
    let loss = |model: &M| block_on(evaluation::losses(model, &config, &Bars)).unwrap().values().sum::<f64>();
    let before = loss(&run.model());
    while !run.is_done() {
        run.step();
    }
    let after = loss(&run.model());
    assert!(after < 0.8 * before, "{before} fell to {after}");
}

#[test]
fn variational_is_determined_by_its_seed() {
    same_seed_same_run::<Variational>(variational);
}

#[test]
fn denoising_is_determined_by_its_seed() {
    same_seed_same_run::<Denoising>(denoising);
}

#[test]
fn variational_resumes() {
    resumes_as_if_nothing_had_happened::<Variational>(variational);
}

#[test]
fn denoising_resumes() {
    resumes_as_if_nothing_had_happened::<Denoising>(denoising);
}

#[test]
fn variational_learns() {
    loss_falls::<Variational>(variational);
}

#[test]
fn denoising_learns() {
    loss_falls::<Denoising>(denoising);
}

#[test]
fn a_run_ends_after_its_epochs() {
    let mut run = advance(begin::<Variational>(variational(1)), 34);
    assert_eq!((run.progress().epoch, run.is_done()), (4, false));
    run.step();
    assert_eq!((run.progress().epoch, run.is_done()), (5, true));
    let done = weights(&run);
    run.step();
    assert_eq!((run.progress().step, weights(&run)), (35, done));
}

#[test]
fn losses_are_averages_since_they_were_read() {
    let mut whole = begin::<Variational>(variational(1));
    let mut parts = begin::<Variational>(variational(1));
    let mut sum = 0.0;
    for _ in 0..4 {
        whole.step();
        parts.step();
        sum += block_on(parts.losses()).unwrap()["cross_entropy"];
    }
    let mean = block_on(whole.losses()).unwrap()["cross_entropy"];
    assert!((mean - sum / 4.0).abs() < 1e-5, "{mean}");
    assert!(block_on(whole.losses()).unwrap().is_empty());
}

#[test]
fn refuses_settings_out_of_range() {
    let refusal = |change: fn(&mut Settings<VariationalConfig>)| {
        let mut settings = variational(1);
        change(&mut settings);
        Run::<Variational, Bars>::new(settings, Bars, &Device::flex()).err().unwrap()
    };
    assert_eq!(refusal(|settings| settings.model.input = 784), SettingsError::Width { found: 16, expected: 784 });
    assert_eq!(refusal(|settings| settings.recipe.batch = 0), SettingsError::NothingToDo);
    assert_eq!(refusal(|settings| settings.recipe.epochs = 0), SettingsError::NothingToDo);
    assert!(matches!(refusal(|settings| settings.recipe.learning_rate = 0.0), SettingsError::LearningRate(_)));
    assert!(matches!(refusal(|settings| settings.recipe.learning_rate = f64::NAN), SettingsError::LearningRate(_)));
}

#[test]
fn refuses_snapshots_of_other_models_and_broken_ones() {
    let snapshot = block_on(advance(begin::<Variational>(variational(1)), 2).snapshot()).unwrap();
    let resume = |bytes: &[u8]| Run::<Variational, Bars>::resume(bytes, Bars, &Device::flex()).err();
    assert_eq!(resume(&snapshot), None);
    let cut = resume(&snapshot[..snapshot.len() - 4]).unwrap();
    assert!(matches!(cut, SnapshotError::Weights(WeightsError::Truncated { .. })), "{cut}");
    let other = Run::<Denoising, Bars>::resume(&snapshot, Bars, &Device::flex()).err().unwrap();
    assert_eq!(other, SnapshotError::Model { found: "vae".into(), expected: "denoising".into() });
}
