//! One training run: a state machine that the tab and the native trainer drive step by step.

use std::collections::BTreeMap;
use std::rc::Rc;

use burn::lr_scheduler::module_lr_scheduler::ModuleLrScheduler;
use burn::tensor::{Device, Int, Tensor, TensorData};

use super::corruption::corrupt_by;
use super::evaluation;
use super::learner::Learner;
use super::schedule::schedule;
use crate::data::balanced::balanced;
use crate::data::batches::Batches;
use crate::data::dataset::{Dataset, gather};
use crate::data::random::{Purpose, stream};
use crate::models::TRAINS;
use crate::models::batch::{Batch, Labels, Loss};
use crate::models::recipe::Phase;
use crate::models::sampler::Sampler;
use crate::models::settings::SettingsError;
use crate::protocol::{ModelId, Progress};
use crate::weights::{DeviceError, TrainedModel};

/// Examples that a phase's inputs are computed from at a time.
const CHUNK: usize = 500;

/// A learner, and its place among the phases and examples.
pub struct Run {
    pub(super) learner: Box<dyn Learner>,
    phases: Vec<Phase>,
    /// The phase under way; the last when all are done.
    phase: usize,
    batches: Batches,
    schedule: ModuleLrScheduler,
    data: Rc<dyn Dataset>,
    /// The numbers of the phase's examples, where they are drawn.
    drawn: Option<Vec<u32>>,
    /// Without autodiff.
    device: Device,
    /// What the phase learns from in place of the examples, `[examples, any]`, where it does.
    phase_inputs: Option<Tensor<2>>,
    losses: Vec<LossSums>,
}

/// Sums of the parts of the losses since they were last read, `[parts]`, on the device; of a phase under way.
struct LossSums {
    names: Vec<&'static str>,
    sums: Tensor<1>,
    steps: usize,
}

impl Run {
    /// A run of `learner` on `device` (one without autodiff) that has done no step.
    ///
    /// # Errors
    /// Refuses settings that make no run, and examples that are none or of another width than the model's.
    pub fn new(learner: Box<dyn Learner>, data: Rc<dyn Dataset>, device: &Device) -> Result<Self, SettingsError> {
        Self::at(learner, data, device, 0)
    }

    /// A run of `learner` that has done `step` steps.
    pub(super) fn at(
        mut learner: Box<dyn Learner>,
        data: Rc<dyn Dataset>,
        device: &Device,
        step: usize,
    ) -> Result<Self, SettingsError> {
        let (found, expected) = (data.width(), learner.shape().input());
        if data.count() == 0 {
            return Err(SettingsError::NoExamples);
        }
        if found != expected {
            return Err(SettingsError::Width { found, expected });
        }
        let phases = learner.phases();
        for Phase { recipe, is_balanced, .. } in &phases {
            if recipe.batch == 0 || recipe.epochs == 0 || recipe.examples == 0 {
                return Err(SettingsError::NothingToDo);
            }
            let count = data.count().min(recipe.examples);
            let found = if *is_balanced { balanced(&*data, count, learner.seed()).len() } else { count };
            if found < count {
                return Err(SettingsError::Labels { found, expected: count });
            }
            schedule(recipe, count / recipe.batch.min(count))?;
        }
        let (phase, step) = place(&phases, data.count(), step);
        learner.begin_phase(&phases[phase].recipe);
        let (batches, mut schedule) = begin(&*learner, &phases, phase, data.count())?;
        (0..step).for_each(|_| drop(schedule.step()));
        let (device, losses) = (device.clone(), Vec::new());
        let (drawn, phase_inputs) = (None, None);
        let mut run = Run { learner, phases, phase, batches, schedule, data, drawn, device, phase_inputs, losses };
        run.batches.seek(step);
        run.drawn = run.draw();
        run.phase_inputs = run.compute_phase_inputs();
        Ok(run)
    }

    pub fn id(&self) -> ModelId {
        self.learner.id()
    }

    /// The settings, as JSON.
    pub fn settings(&self) -> String {
        self.learner.settings()
    }

    /// The phase under way, from 0; the last when all are done.
    pub fn phase(&self) -> usize {
        self.phase
    }

    /// Steps done of the phase under way.
    pub(super) fn step_in_phase(&self) -> usize {
        self.batches.step()
    }

    /// How far the run is, all phases together.
    pub fn progress(&self) -> Progress {
        let before: usize = self.phases[..self.phase].iter().map(|phase| steps(phase, self.data.count())).sum();
        Progress {
            step: before + self.batches.step(),
            steps: self.phases.iter().map(|phase| steps(phase, self.data.count())).sum(),
            epoch: epochs(&self.phases[..self.phase]) + self.batches.step() / self.batches.steps(),
            epochs: epochs(&self.phases),
            batch: self.batches.batch(),
        }
    }

    /// Whether all epochs are done.
    pub fn is_done(&self) -> bool {
        let progress = self.progress();
        progress.step >= progress.steps
    }

    /// The model as it is now, without autodiff.
    pub fn trained(&self) -> Rc<dyn TrainedModel> {
        self.learner.trained(self.progress().epoch)
    }

    /// Learns from one batch; does nothing once the run is done. Nothing is read from the device.
    pub fn step(&mut self) {
        if !TRAINS || self.is_done() {
            return;
        }
        let batch = self.next_batch();
        let learning_rate = self.schedule.step().base();
        let loss = self.learner.step(&batch, learning_rate);
        self.add(loss);
        if self.batches.step() == steps(&self.phases[self.phase], self.data.count()) && !self.is_done() {
            self.begin_phase(self.phase + 1);
        }
    }

    /// The parts of the loss by name, each averaged over the steps since the last call that had it; empty without any.
    ///
    /// # Errors
    /// If the device does not give them back.
    pub async fn losses(&mut self) -> Result<Vec<(&'static str, f32)>, DeviceError> {
        let mut parts: Vec<(&'static str, f32, usize)> = Vec::new();
        for LossSums { names, sums, steps } in std::mem::take(&mut self.losses) {
            let sums = sums.into_data_async().await.map_err(|error| DeviceError(error.to_string()))?;
            for (name, sum) in names.into_iter().zip(sums.iter::<f32>()) {
                match parts.iter_mut().find(|(known, ..)| *known == name) {
                    Some((_, total, count)) => (*total, *count) = (*total + sum, *count + steps),
                    None => parts.push((name, sum, steps)),
                }
            }
        }
        Ok(parts.into_iter().map(|(name, sum, steps)| (name, sum / steps as f32)).collect())
    }

    /// The parts of the loss of the phase under way on `data`, by name.
    ///
    /// # Errors
    /// If the device does not give them back.
    pub async fn validate(&self, data: &dyn Dataset) -> Result<BTreeMap<String, f64>, DeviceError> {
        evaluation::losses(&*self.trained(), data, self.phase).await
    }

    fn begin_phase(&mut self, phase: usize) {
        self.phase = phase;
        (self.batches, self.schedule) =
            begin(&*self.learner, &self.phases, phase, self.data.count()).expect("all rates were good at first");
        self.learner.begin_phase(&self.phases[phase].recipe);
        self.drawn = self.draw();
        self.phase_inputs = self.compute_phase_inputs();
    }

    fn add(&mut self, loss: Loss) {
        let (names, parts): (Vec<_>, Vec<_>) = loss.parts.into_iter().map(|(name, part)| (name, part.inner())).unzip();
        let parts = Tensor::cat(parts, 0);
        match self.losses.last_mut() {
            Some(last) if last.names == names => {
                last.sums = last.sums.clone() + parts;
                last.steps += 1;
            }
            _ => self.losses.push(LossSums { names, sums: parts, steps: 1 }),
        }
    }

    /// The numbers of the examples of the phase under way, where they are drawn.
    fn draw(&self) -> Option<Vec<u32>> {
        let Phase { recipe, is_balanced, .. } = &self.phases[self.phase];
        is_balanced.then(|| balanced(&*self.data, recipe.examples, self.learner.seed()))
    }

    /// Where the phase's example `index` is among all.
    fn place(&self, index: usize) -> usize {
        self.drawn.as_ref().map_or(index, |drawn| drawn[index] as usize)
    }

    /// What the phase under way learns from in place of the examples.
    fn compute_phase_inputs(&self) -> Option<Tensor<2>> {
        if self.is_done() {
            return None;
        }
        let model = self.trained();
        let count = self.data.count().min(self.phases[self.phase].recipe.examples);
        let chunks = (0..count).step_by(CHUNK).map(|start| {
            let range = start..(start + CHUNK).min(count);
            let shape = [range.len(), self.data.width()];
            let examples = Tensor::from_data(
                TensorData::new(gather(&*self.data, range.map(|index| self.place(index))), shape),
                &self.device,
            );
            model.phase_inputs(examples, self.phase)
        });
        Some(Tensor::cat(chunks.collect::<Option<Vec<_>>>()?, 0))
    }

    fn next_batch(&mut self) -> Batch {
        let (seed, step, phase) = (self.learner.seed(), self.progress().step as u64, self.phase);
        let Phase { recipe, labelled, .. } = self.phases[phase].clone();
        let progress = self.batches.step() as f64 / steps(&self.phases[phase], self.data.count()) as f64;
        let device = self.device.clone().autodiff();
        let sampler = Sampler::new(seed, Purpose::Epsilon, step, &device);
        let indices: Vec<usize> = self.batches.advance().collect();
        let label = |&index: &usize| if index < labelled { self.data.label(self.place(index)) } else { None };
        let labels = Labels(indices.iter().map(label).collect());
        if let Some(inputs) = &self.phase_inputs {
            let rows: Vec<i32> = indices.iter().map(|&index| index as i32).collect();
            let rows = Tensor::<1, Int>::from_data(rows.as_slice(), &inputs.device());
            let input = Tensor::from_inner(inputs.clone().select(0, rows));
            return Batch { target: input.clone(), input, labels, phase, progress, sampler };
        }
        let (count, width) = (indices.len(), self.data.width());
        let clean = gather(&*self.data, indices.into_iter().map(|index| self.place(index)));
        let tensor = |values: Vec<f32>| Tensor::<2>::from_data(TensorData::new(values, [count, width]), &device);
        let noisy = recipe.corruption.map(|corruption| {
            let mut rng = stream(seed, Purpose::Corruption, step);
            let mut noisy = clean.clone();
            noisy.chunks_exact_mut(width).for_each(|row| corrupt_by(&corruption, row, &mut rng));
            noisy
        });
        let target = tensor(clean);
        let input = noisy.map_or_else(|| target.clone(), tensor);
        Batch { input, target, labels, phase, progress, sampler }
    }
}

/// The batches and the learning rates of a phase.
fn begin(
    learner: &dyn Learner,
    phases: &[Phase],
    phase: usize,
    count: usize,
) -> Result<(Batches, ModuleLrScheduler), SettingsError> {
    let recipe = &phases[phase].recipe;
    let count = count.min(recipe.examples);
    let batches = Batches::from_epoch(learner.seed(), epochs(&phases[..phase]), count, recipe.batch);
    let schedule = schedule(recipe, batches.steps())?;
    Ok((batches, schedule))
}

/// The phase that step number `step` of all falls into, and the step's number in it; the last phase's end when all are done.
fn place(phases: &[Phase], count: usize, step: usize) -> (usize, usize) {
    let mut step = step;
    for (index, phase) in phases.iter().enumerate() {
        let steps = steps(phase, count);
        if step < steps {
            return (index, step);
        }
        step -= steps;
    }
    let last = phases.len() - 1;
    (last, steps(&phases[last], count))
}

/// Steps of a phase, among `count` examples.
fn steps(phase: &Phase, count: usize) -> usize {
    let count = count.min(phase.recipe.examples);
    phase.recipe.epochs * (count / phase.recipe.batch.min(count))
}

fn epochs(phases: &[Phase]) -> usize {
    phases.iter().map(|phase| phase.recipe.epochs).sum()
}
