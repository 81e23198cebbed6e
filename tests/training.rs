//! Runs: the same seed is the same run, a snapshot goes on as if nothing had happened, losses fall.

use std::collections::BTreeMap;
use std::rc::Rc;

use bottleneck::data::dataset::Dataset;
use bottleneck::data::plane::Plane;
use bottleneck::models::Autoencoder;
use bottleneck::models::deep::{Deep, DeepConfig};
use bottleneck::models::denoising::{Denoising, DenoisingConfig};
use bottleneck::models::linear::{LinearAutoencoder, LinearAutoencoderConfig};
use bottleneck::models::objective::ReconstructionLoss;
use bottleneck::models::recipe::Recipe;
use bottleneck::models::settings::{Settings, SettingsError};
use bottleneck::models::sparse::{Sparse, SparseConfig};
use bottleneck::models::stacked::{Stacked, StackedConfig};
use bottleneck::models::tied::{Tied, TiedConfig};
use bottleneck::models::variational::{PosteriorScale, Variational, VariationalConfig};
use bottleneck::training::Run;
use bottleneck::training::learner::ModuleLearner;
use bottleneck::training::snapshot::{Snapshot, SnapshotError};
use bottleneck::weights::{Precision, WeightsError, read_metadata, read_tensors, write};
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
    Recipe { epochs: 5, batch: 10, warmup: 3, learning_rate: 5e-3, ..M::lesson().presets.swap_remove(0).recipe }
}

fn variational(seed: u64) -> Settings<VariationalConfig> {
    let model = VariationalConfig::new().with_input(16).with_hidden(vec![12]).with_code(2);
    Settings { model, recipe: recipe::<Variational>(), seed }
}

fn denoising(seed: u64) -> Settings<DenoisingConfig> {
    let model = DenoisingConfig::new().with_input(16).with_hidden(vec![12]).with_code(6);
    Settings { model, recipe: recipe::<Denoising>(), seed }
}

fn start<M: Autoencoder>(settings: Settings<M::Config>, data: impl Dataset + 'static) -> Result<Run, SettingsError> {
    let device = Device::flex();
    Run::new(Box::new(ModuleLearner::<M>::initialise(settings, &device)), Rc::new(data), &device)
}

fn begin<M: Autoencoder>(settings: Settings<M::Config>) -> Run {
    start::<M>(settings, Bars).unwrap()
}

fn resume<M: Autoencoder>(snapshot: &[u8]) -> Result<Run, SnapshotError> {
    Snapshot::<M>::read(snapshot)?.resume(Rc::new(Bars), &Device::flex())
}

fn advance(mut run: Run, steps: usize) -> Run {
    (0..steps).for_each(|_| run.step());
    run
}

fn weights(run: &Run) -> BTreeMap<String, Vec<f32>> {
    let file = block_on(run.trained().to_file(Precision::Single)).unwrap();
    read_tensors(&file).unwrap().into_iter().map(|(name, data)| (name, data.iter().collect())).collect()
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
        let resumed = resume::<M>(&snapshot).unwrap();
        assert_eq!(resumed.progress().step, stop);
        assert_eq!(weights(&advance(resumed, 20 - stop)), weights(&whole), "stopped after {stop}");
    }
}

/// Some 400 steps bring the loss, averaged over the examples, below `bar`.
fn learns<M: Autoencoder>(model: M::Config, data: impl Dataset + Clone + 'static, bar: f64) {
    let recipe = Recipe::new(1).with_batch(10).with_learning_rate(1e-2).with_decay(false);
    let epochs = 420 / (data.count() / recipe.batch);
    let settings = Settings { model, recipe: Recipe { epochs, ..recipe }, seed: 1 };
    let mut run = start::<M>(settings, data.clone()).unwrap();
    let loss = |run: &Run| block_on(run.validate(&data)).unwrap().values().sum::<f64>();
    let before = loss(&run);
    while !run.is_done() {
        run.step();
    }
    let after = loss(&run);
    assert!(after < bar && bar < before, "{before} came to {after}, not below {bar}");
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
    // Bars of 0.9 and 0.1 have an entropy of 0.325 nats per pixel, 0.611 without a code; which of the four it is takes log 4.
    let floor = 16.0 * 0.325 + 4.0_f64.ln();
    learns::<Variational>(variational(1).model, Bars, floor + 1.8);
    learns::<Variational>(variational(1).model.with_posterior_scale(PosteriorScale::Sigma), Bars, floor + 1.8);
}

#[test]
fn denoising_learns() {
    learns::<Denoising>(denoising(1).model, Bars, 0.326);
}

#[test]
fn linear_learns() {
    // The variance of four bars is alike along three axes: 0.12 per pixel in all.
    learns::<LinearAutoencoder>(LinearAutoencoderConfig::new().with_input(16).with_code(3), Bars, 0.01);
    // What is left of the plane's points is the noise.
    learns::<LinearAutoencoder>(LinearAutoencoderConfig::new().with_input(3), Plane::new(1), 0.07);
}

#[test]
fn stacked_learns() {
    let config = StackedConfig::new().with_input(16).with_hidden(vec![12]).with_code(6);
    learns::<Stacked>(config.clone(), Bars, 0.326);
    learns::<Stacked>(config.clone().with_reconstruction(ReconstructionLoss::SquaredError), Bars, 1e-3);
    learns::<Stacked>(config.with_l2(0.001), Bars, 0.38);
}

#[test]
fn deep_learns() {
    let config = DeepConfig::new().with_input(16).with_hidden(vec![12, 10, 8]).with_code(4);
    learns::<Deep>(config, Bars, 0.33);
}

#[test]
fn tied_learns() {
    let config = TiedConfig::new().with_input(16).with_hidden(vec![12]).with_code(6);
    learns::<Tied>(config, Bars, 0.33);
}

#[test]
fn sparse_learns() {
    let config = SparseConfig::new().with_input(16).with_code(24);
    learns::<Sparse>(config.clone(), Bars, 0.4);
    learns::<Sparse>(config.with_reconstruction(ReconstructionLoss::SquaredError), Bars, 0.03);
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

/// The cross-entropy since it was last read.
fn first_loss(run: &mut Run) -> f32 {
    let losses = block_on(run.losses()).unwrap();
    assert_eq!(losses.iter().map(|(name, _)| *name).collect::<Vec<_>>(), ["cross_entropy", "kl_divergence"]);
    losses[0].1
}

#[test]
fn losses_are_averages_since_they_were_read() {
    let mut whole = begin::<Variational>(variational(1));
    let mut parts = begin::<Variational>(variational(1));
    let mut sum = 0.0;
    for _ in 0..4 {
        whole.step();
        parts.step();
        sum += first_loss(&mut parts);
    }
    let mean = first_loss(&mut whole);
    assert!((mean - sum / 4.0).abs() < 1e-5, "{mean}");
    assert!(block_on(whole.losses()).unwrap().is_empty());
}

#[test]
fn refuses_settings_out_of_range() {
    let refusal = |change: fn(&mut Settings<VariationalConfig>)| {
        let mut settings = variational(1);
        change(&mut settings);
        start::<Variational>(settings, Bars).err().unwrap()
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
    let refusal = |bytes: &[u8]| resume::<Variational>(bytes).err();
    assert_eq!(refusal(&snapshot), None);
    let cut = refusal(&snapshot[..snapshot.len() - 4]).unwrap();
    assert!(matches!(cut, SnapshotError::Weights(WeightsError::Truncated { .. })), "{cut}");
    let other = resume::<Denoising>(&snapshot).err().unwrap();
    assert_eq!(other, SnapshotError::Model { found: "vae".into(), expected: "denoising".into() });
}

/// Snapshots of the version before hold one optimiser's moments, and not how many steps it took.
#[test]
fn a_snapshot_of_an_earlier_version_goes_on() {
    let whole = weights(&advance(begin::<Variational>(variational(3)), 20));
    let snapshot = block_on(advance(begin::<Variational>(variational(3)), 13).snapshot()).unwrap();
    let mut metadata = read_metadata(&snapshot).unwrap();
    assert!(metadata.remove("optimisers").is_some());
    let settings = metadata["settings"].replace("posterior_scale", "form");
    assert!(settings.contains("form"));
    metadata.insert("settings".into(), settings);
    let earlier = write(&read_tensors(&snapshot).unwrap(), Precision::Single, Some(metadata));
    assert_eq!(weights(&advance(resume::<Variational>(&earlier).unwrap(), 7)), whole);
}
