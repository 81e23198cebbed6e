//! Training layer by layer: each phase trains its own layers, both kinds are the same, a snapshot goes on in any phase.

use std::collections::BTreeMap;
use std::rc::Rc;

use bottleneck::data::dataset::Dataset;
use bottleneck::models::layerwise::{Greedy, Layerwise, LayerwiseConfig};
use bottleneck::models::recipe::Recipe;
use bottleneck::models::settings::Settings;
use bottleneck::training::Run;
use bottleneck::training::learner::ModuleLearner;
use bottleneck::training::snapshot::Snapshot;
use bottleneck::weights::{Precision, read_tensors};
use burn::tensor::Device;
use futures::executor::block_on;

/// Steps of a phase: two epochs of seven.
const PHASE: usize = 14;
/// Steps of a run.
const STEPS: usize = 3 * PHASE;

/// Waves whose lengths the index tells.
#[derive(Clone)]
struct Waves;

impl Dataset for Waves {
    fn count(&self) -> usize {
        73
    }

    fn width(&self) -> usize {
        16
    }

    fn read(&self, index: usize, row: &mut [f32]) {
        for (position, value) in row.iter_mut().enumerate() {
            *value = 0.5 + 0.4 * ((index % 9 + 1) as f32 * position as f32 / 8.0).sin();
        }
    }
}

fn settings(seed: u64, greedy: Greedy) -> Settings<LayerwiseConfig> {
    let model = LayerwiseConfig::new().with_input(16).with_hidden(12).with_code(6).with_greedy(greedy);
    Settings { model, recipe: Recipe::new(2).with_batch(10).with_learning_rate(1e-2).with_warmup(3), seed }
}

fn begin(seed: u64, greedy: Greedy) -> Run {
    let device = Device::flex();
    let learner = ModuleLearner::<Layerwise>::initialise(settings(seed, greedy), &device);
    Run::new(Box::new(learner), Rc::new(Waves), &device).unwrap()
}

fn advance(mut run: Run, steps: usize) -> Run {
    (0..steps).for_each(|_| run.step());
    run
}

fn weights(run: &Run) -> BTreeMap<String, Vec<f32>> {
    let file = block_on(run.trained().to_file(Precision::Single)).unwrap();
    read_tensors(&file).unwrap().into_iter().map(|(name, data)| (name, data.iter().collect())).collect()
}

#[test]
fn the_seed_determines_the_run() {
    for greedy in [Greedy::FrozenEncoder, Greedy::CachedCodes] {
        let run = |seed| weights(&advance(begin(seed, greedy), STEPS));
        assert_eq!(run(1), run(1));
        assert_ne!(run(1), run(2));
    }
}

#[test]
fn each_phase_trains_its_own_layers() {
    for greedy in [Greedy::FrozenEncoder, Greedy::CachedCodes] {
        let mut run = begin(1, greedy);
        for layers in [&["outer"] as &[&str], &["inner"], &["outer", "inner"]] {
            let before = weights(&run);
            run = advance(run, PHASE);
            for (name, values) in weights(&run) {
                let is_trained = layers.iter().any(|layer| name.starts_with(layer));
                assert_eq!(values != before[&name], is_trained, "{greedy:?}: {name} where {layers:?} learn");
            }
        }
        assert!(run.is_done());
    }
}

#[test]
fn both_kinds_have_the_same_losses() {
    let mut runs = [Greedy::FrozenEncoder, Greedy::CachedCodes].map(|greedy| begin(1, greedy));
    let mut losses = Vec::new();
    for step in 0..STEPS {
        let [frozen, separate] = runs.each_mut().map(|run| {
            run.step();
            block_on(run.losses()).unwrap()[0].1
        });
        assert!((frozen - separate).abs() <= 1e-5 * frozen, "step {step}: {frozen} and {separate}");
        losses.push(frozen);
    }
    for phase in losses.chunks(PHASE) {
        assert!(phase[PHASE - 1] < 0.9 * phase[0], "each phase learns: {phase:?}");
    }
}

#[test]
fn a_snapshot_goes_on_bit_for_bit_in_each_phase() {
    for greedy in [Greedy::FrozenEncoder, Greedy::CachedCodes] {
        let whole = weights(&advance(begin(3, greedy), STEPS));
        for stop in [0, 5, PHASE - 1, PHASE, PHASE + 1, PHASE + 6, 2 * PHASE - 1, 2 * PHASE, 2 * PHASE + 5, STEPS] {
            let snapshot = block_on(advance(begin(3, greedy), stop).snapshot()).unwrap();
            let resumed =
                Snapshot::<Layerwise>::read(&snapshot).unwrap().resume(Rc::new(Waves), &Device::flex()).unwrap();
            assert_eq!(resumed.progress().step, stop);
            assert_eq!(weights(&advance(resumed, STEPS - stop)), whole, "{greedy:?}, stopped after {stop}");
        }
    }
}
