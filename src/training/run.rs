//! One training run: a state machine that the tab and the native trainer drive step by step.

use std::collections::BTreeMap;
use std::sync::Mutex;

use burn::lr_scheduler::LrSchedulerConfig;
use burn::lr_scheduler::cosine::CosineAnnealingLrSchedulerConfig;
use burn::lr_scheduler::linear::LinearLrSchedulerConfig;
use burn::lr_scheduler::module_lr_scheduler::ModuleLrScheduler;
use burn::lr_scheduler::sequential::SequentialLrSchedulerConfig;
use burn::module::{ModuleVisitor, Param};
use burn::optim::GradientsParams;
use burn::tensor::{Device, Int, Tensor, TensorData};
use rand::{Rng, RngExt};
use rand_distr::{Distribution, StandardNormal};
use serde::{Deserialize, Serialize};

use super::adam::ModuleAdam;
use crate::data::batches::Batches;
use crate::data::dataset::{Dataset, gather};
use crate::data::noise::corrupt;
use crate::data::random::{Purpose, stream};
use crate::models::autoencoder::{Autoencoder, Batch};
use crate::models::recipe::{Corruption, Recipe};
use crate::protocol::progress::Progress;
use crate::weights::DeviceError;

/// All that determines a run, beside the examples.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Settings<C> {
    /// The model's Config.
    pub model: C,
    pub recipe: Recipe,
    pub seed: u64,
}

/// Settings that no run can have.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum SettingsError {
    #[error("there are no examples to train on")]
    NoExamples,
    #[error("the examples have {found} numbers where the model takes {expected}")]
    Width { found: usize, expected: usize },
    #[error("there must be at least one epoch, and one example in a batch")]
    NothingToDo,
    #[error("{0}")]
    LearningRate(String),
}

/// A model in training, its optimiser and its place among the examples.
pub struct Run<M: Autoencoder, D: Dataset> {
    pub(super) settings: Settings<M::Config>,
    pub(super) model: M,
    pub(super) adam: ModuleAdam,
    schedule: ModuleLrScheduler,
    batches: Batches,
    data: D,
    device: Device,
    /// What the phase learns from in place of the examples, `[examples, any]`, where it does.
    phase_inputs: Option<Tensor<2>>,
    losses: Option<Losses>,
}

/// Examples that a phase's phase_inputs is computed from at a time.
const CHUNK: usize = 500;

/// Sums of the parts of the losses since they were last read, `[parts]`, on the device.
struct Losses {
    names: Vec<&'static str>,
    sums: Tensor<1>,
    steps: usize,
}

impl<M: Autoencoder, D: Dataset> Run<M, D> {
    /// A run from random weights, which the seed alone determines, on `device` (one without autodiff).
    ///
    /// # Errors
    /// Refuses settings out of range, and examples that are none or of another width than the model's.
    pub fn new(settings: Settings<M::Config>, data: D, device: &Device) -> Result<Self, SettingsError> {
        let model = initialise::<M>(&settings, device);
        Self::at(settings, data, device, model, 0)
    }

    /// A run that has done `step` steps and come to `model`.
    pub(super) fn at(
        settings: Settings<M::Config>,
        data: D,
        device: &Device,
        model: M,
        step: usize,
    ) -> Result<Self, SettingsError> {
        let (found, expected) = (data.width(), M::input_width(&settings.model));
        let count = data.count().min(settings.recipe.examples);
        if count == 0 {
            return Err(SettingsError::NoExamples);
        }
        if found != expected {
            return Err(SettingsError::Width { found, expected });
        }
        let recipe = &settings.recipe;
        if recipe.batch == 0 || recipe.epochs == 0 {
            return Err(SettingsError::NothingToDo);
        }
        let mut batches = Batches::new(settings.seed, count, recipe.batch);
        let mut schedule = schedule(recipe, batches.steps()).map_err(SettingsError::LearningRate)?;
        batches.seek(step);
        (0..step % (recipe.epochs * batches.steps())).for_each(|_| drop(schedule.step()));
        let mut run = Run {
            adam: ModuleAdam::new(recipe),
            schedule,
            batches,
            data,
            device: device.clone().autodiff(),
            phase_inputs: None,
            losses: None,
            model,
            settings,
        };
        run.phase_inputs = run.make_material();
        Ok(run)
    }

    pub fn settings(&self) -> &Settings<M::Config> {
        &self.settings
    }

    pub fn progress(&self) -> Progress {
        let per_epoch = self.batches.steps();
        let epochs = self.settings.recipe.epochs * M::phases(&self.settings.model);
        Progress {
            step: self.batches.step(),
            steps: per_epoch * epochs,
            epoch: self.batches.step() / per_epoch,
            epochs,
            batch: self.batches.batch(),
        }
    }

    /// Whether all epochs are done.
    pub fn is_done(&self) -> bool {
        self.progress().step >= self.progress().steps
    }

    /// The model as it is now, without autodiff.
    pub fn model(&self) -> M {
        self.model.valid()
    }

    /// Learns from one batch; does nothing once the run is done. Nothing is read from the device.
    pub fn step(&mut self) {
        if self.is_done() {
            return;
        }
        let phase = self.phase();
        let batch = self.next_batch(phase);
        let loss = self.model.loss(batch);
        let gradients = GradientsParams::from_grads(loss.total().backward(), &self.model);
        let learning_rate = self.schedule.step().base();
        self.model = self.adam.step(self.model.clone(), gradients, learning_rate);
        if self.phase() > phase {
            self.schedule = schedule(&self.settings.recipe, self.batches.steps()).expect("the rate was good before");
            self.adam = ModuleAdam::new(&self.settings.recipe);
            self.phase_inputs = self.make_material();
        }

        let (names, parts): (Vec<_>, Vec<_>) = loss.parts.into_iter().map(|(name, part)| (name, part.inner())).unzip();
        let parts = Tensor::cat(parts, 0);
        self.losses = Some(match self.losses.take() {
            None => Losses { names, sums: parts, steps: 1 },
            Some(losses) => Losses { names, sums: losses.sums + parts, steps: losses.steps + 1 },
        });
    }

    /// The parts of the loss by name, averaged over the steps since the last call; empty without any.
    ///
    /// # Errors
    /// If the device does not give them back.
    pub async fn losses(&mut self) -> Result<BTreeMap<&'static str, f32>, DeviceError> {
        let Some(Losses { names, sums, steps }) = self.losses.take() else {
            return Ok(BTreeMap::new());
        };
        let sums = sums.into_data_async().await.map_err(|error| DeviceError(error.to_string()))?;
        Ok(names.into_iter().zip(sums.iter::<f32>()).map(|(name, sum)| (name, sum / steps as f32)).collect())
    }

    fn phase(&self) -> usize {
        self.progress().epoch / self.settings.recipe.epochs
    }

    /// Steps done of the phase under way.
    pub(super) fn step_in_phase(&self) -> usize {
        self.batches.step() % (self.settings.recipe.epochs * self.batches.steps())
    }

    /// What the phase under way learns from in place of the examples.
    fn make_material(&self) -> Option<Tensor<2>> {
        if self.is_done() {
            return None;
        }
        let (model, device, phase) = (self.model(), self.device.clone().inner(), self.phase());
        let count = self.data.count().min(self.settings.recipe.examples);
        let chunks = (0..count).step_by(CHUNK).map(|start| {
            let range = start..(start + CHUNK).min(count);
            let shape = [range.len(), self.data.width()];
            let examples = Tensor::from_data(TensorData::new(gather(&self.data, range), shape), &device);
            model.phase_inputs(examples, phase)
        });
        Some(Tensor::cat(chunks.collect::<Option<Vec<_>>>()?, 0))
    }

    fn next_batch(&mut self, phase: usize) -> Batch {
        let (seed, step) = (self.settings.seed, self.batches.step() as u64);
        if let Some(phase_inputs) = &self.phase_inputs {
            let indices: Vec<i32> = self.batches.advance().map(|index| index as i32).collect();
            let rows = Tensor::<1, Int>::from_data(indices.as_slice(), &phase_inputs.device());
            let input = Tensor::from_inner(phase_inputs.clone().select(0, rows));
            return Batch { target: input.clone(), input, phase, epsilon: None };
        }
        let width = self.data.width();
        let target = gather(&self.data, self.batches.advance());
        let count = target.len() / width;
        let tensor = |values: Vec<f32>, width: usize| {
            Tensor::<2>::from_data(TensorData::new(values, [count, width]), &self.device)
        };
        let input = self.settings.recipe.corruption.map(|corruption| {
            let mut rng = stream(seed, Purpose::Corruption, step);
            let mut noisy = target.clone();
            noisy.chunks_exact_mut(width).for_each(|row| corrupt_by(&corruption, row, &mut rng));
            noisy
        });
        let target = tensor(target, width);
        Batch {
            input: input.map_or_else(|| target.clone(), |noisy| tensor(noisy, width)),
            target,
            phase,
            epsilon: match M::epsilon_width(&self.settings.model) {
                0 => None,
                epsilon => Some(tensor(normal(count * epsilon, &mut stream(seed, Purpose::Epsilon, step)), epsilon)),
            },
        }
    }
}

/// `count` standard normal numbers.
pub(super) fn normal(count: usize, rng: &mut impl Rng) -> Vec<f32> {
    StandardNormal.sample_iter(rng).take(count).collect()
}

fn corrupt_by(corruption: &Corruption, row: &mut [f32], rng: &mut impl Rng) {
    let kind = rng.random::<f32>();
    let [gaussian, masking, both] = [corruption.gaussian, corruption.masking, corruption.both];
    let mut share = || if corruption.varied { rng.random::<f32>() } else { 1.0 };
    let (sigma, dropout) = (corruption.sigma * share(), corruption.dropout * share());
    if kind < gaussian {
        corrupt(row, sigma, 0.0, rng);
    } else if kind < gaussian + masking {
        corrupt(row, 0.0, dropout, rng);
    } else if kind < gaussian + masking + both {
        corrupt(row, sigma / 2.0, dropout / 2.0, rng);
    }
}

/// The learning rate of each step of a phase: a linear rise to the peak, then, with `decay`, a cosine down to 0.
fn schedule(recipe: &Recipe, steps_per_epoch: usize) -> Result<ModuleLrScheduler, String> {
    let (peak, steps) = (recipe.learning_rate, recipe.epochs * steps_per_epoch);
    if !(peak > 0.0 && peak.is_finite()) {
        return Err(format!("{peak} is no learning rate"));
    }
    let warmup = recipe.warmup.min(steps - 1);
    let rise = LinearLrSchedulerConfig::new(peak / (warmup + 1) as f64, peak, warmup.max(1));
    let after = match recipe.decay {
        true => LrSchedulerConfig::Cosine(CosineAnnealingLrSchedulerConfig::new(peak, steps - warmup)),
        false => LrSchedulerConfig::Constant(peak),
    };
    match warmup {
        0 => SequentialLrSchedulerConfig::new(vec![after], vec![]),
        _ => SequentialLrSchedulerConfig::new(vec![LrSchedulerConfig::Linear(rise), after], vec![warmup]),
    }
    .init()
}

/// Random weights, drawn on the CPU: burn's generator there is the same on every platform. One generator serves the whole
/// process, so that drawing is guarded.
fn initialise<M: Autoencoder>(settings: &Settings<M::Config>, device: &Device) -> M {
    static DRAWING: Mutex<()> = Mutex::new(());
    let _drawing = DRAWING.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    let cpu = Device::flex();
    cpu.seed(settings.seed);
    let model = M::init(&settings.model, &cpu);
    model.visit(&mut Draw);
    model.fork(device).train()
}

/// Draws parameters that burn leaves for their first use.
struct Draw;

impl ModuleVisitor for Draw {
    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        param.val();
    }
}
