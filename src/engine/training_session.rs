//! A run under way: when losses are read, what is reported, which weights may be used, and that it stops when it diverges.

use std::rc::Rc;
use std::time::Duration;

use web_time::Instant;

use crate::data::dataset::Dataset;
use crate::protocol::{Control, EngineError, ModelId, Report, RunState};
use crate::training::Run;
use crate::weights::{DeviceError, TrainedModel};

/// Parts of a loss by name.
type Losses = Vec<(String, f32)>;

/// Reading makes a GPU wait: about as often is enough.
const READ_EVERY: Duration = Duration::from_millis(100);
/// Steps at most between two readings, so that a GPU's queue stays short.
const MOST_STEPS: usize = 64;

/// How often the page hears of the run.
const REPORT_EVERY: Duration = Duration::from_millis(500);

/// Validation is not repeated sooner, however short the epochs.
const VALIDATE_EVERY: Duration = Duration::from_secs(10);

/// A loss this many times the first one is divergence.
const DIVERGED: f32 = 1_000.0;
/// Weights are good while the loss is at most this many times the first one.
const GOOD: f32 = 10.0;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum RunMode {
    Running,
    /// One batch, then paused.
    Stepping,
    Paused,
}

/// A run and what is known of it.
pub struct TrainingSession {
    run: Run,
    validation: Rc<dyn Dataset>,
    mode: RunMode,
    /// Steps whose losses were not read, and how many there are to be.
    unread: usize,
    read_after: usize,
    /// The time that steps and readings took since the last reading, and since the last report. What else an engine answers meanwhile, which
    /// may take longer than a step, is not counted: a run would take one step for each report.
    since_read: Duration,
    since_report: Duration,
    /// The parts of the losses read since the last report: their sums, and how many steps had them.
    sums: Vec<(&'static str, f32, usize)>,
    reported: Instant,
    reported_step: usize,
    validated: Instant,
    validated_epoch: usize,
    /// The first part of the first loss of the phase under way.
    first_loss: Option<f32>,
    /// The latest weights that are known to be good.
    good: Option<Rc<dyn TrainedModel>>,
    /// Those after them, where the run was paused: they are shown, though no step has told their loss yet.
    paused: Option<Rc<dyn TrainedModel>>,
}

impl TrainingSession {
    /// The run, paused; it is validated on these examples.
    pub fn new(run: Run, validation: Rc<dyn Dataset>) -> Self {
        let (now, progress) = (Instant::now(), run.progress());
        TrainingSession {
            run,
            validation,
            mode: RunMode::Paused,
            unread: 0,
            read_after: 1,
            since_read: Duration::ZERO,
            since_report: Duration::ZERO,
            sums: Vec::new(),
            reported: now,
            reported_step: progress.step,
            validated: now,
            validated_epoch: progress.epoch,
            first_loss: None,
            good: None,
            paused: None,
        }
    }

    pub fn model(&self) -> ModelId {
        self.run.id()
    }

    /// Whether there is a step to do.
    pub fn is_active(&self) -> bool {
        self.mode != RunMode::Paused
    }

    /// The latest weights that may be used; None before the first losses were read.
    pub fn usable(&self) -> Option<Rc<dyn TrainedModel>> {
        self.paused.as_ref().or(self.good.as_ref()).cloned()
    }

    /// The run as bytes.
    ///
    /// # Errors
    /// [`EngineError::DeviceLost`].
    pub async fn snapshot(&self) -> Result<Vec<u8>, EngineError> {
        self.run.snapshot().await.map_err(lost)
    }

    /// One step, where there is one to do; a report when it is time for one.
    ///
    /// # Errors
    /// [`EngineError::DeviceLost`].
    pub async fn advance(&mut self) -> Result<Option<Report>, EngineError> {
        if !self.is_active() {
            return Ok(None);
        }
        let reads = self.unread + 1 >= self.read_after || self.mode == RunMode::Stepping;
        let start = Instant::now();
        // Its losses tell of the weights that a step began with.
        let before = reads.then(|| self.run.trained());
        let phase = self.run.phase();
        self.run.step();
        self.unread += 1;
        let (progress, done) = (self.run.progress(), self.run.is_done());
        let is_new_phase = self.run.phase() > phase;
        if !reads && !done && !is_new_phase {
            self.spend(start);
            return Ok(None);
        }
        if !self.read(before, start).await? {
            return Ok(Some(self.failed()));
        }
        if is_new_phase {
            // Losses of different phases cannot be compared.
            self.first_loss = None;
        }
        if done {
            return self.end(RunState::Done).await.map(Some);
        }
        if self.mode == RunMode::Stepping {
            return Ok(Some(self.pause()));
        }
        // What the page asks for at each report takes half of the time at most. A report tells of one phase.
        if self.since_report < REPORT_EVERY.max(self.reported.elapsed() / 2) && !is_new_phase {
            return Ok(None);
        }
        let due = !is_new_phase && progress.epoch > self.validated_epoch && self.validated.elapsed() >= VALIDATE_EVERY;
        let validation = if due { self.validate().await? } else { Losses::new() };
        if !is_finite(&validation) {
            return Ok(Some(self.failed()));
        }
        Ok(Some(self.report(RunState::Running, validation)))
    }

    /// Does what the person wants, and reports the new state.
    ///
    /// # Errors
    /// [`EngineError::DeviceLost`].
    pub async fn control(&mut self, control: Control) -> Result<Report, EngineError> {
        match control {
            Control::Resume | Control::Step => {
                if self.mode == RunMode::Paused {
                    (self.since_read, self.since_report) = (Duration::ZERO, Duration::ZERO);
                    self.reported = Instant::now();
                }
                self.mode = if control == Control::Step { RunMode::Stepping } else { RunMode::Running };
                Ok(self.report(RunState::Running, Losses::new()))
            }
            Control::Pause | Control::Stop => {
                if !self.read(None, Instant::now()).await? {
                    return Ok(self.failed());
                }
                match control {
                    Control::Pause => Ok(self.pause()),
                    _ => self.end(RunState::Stopped).await,
                }
            }
        }
    }

    /// The run as it stands.
    pub fn report_state(&mut self) -> Report {
        let state = if self.mode == RunMode::Paused { RunState::Paused } else { RunState::Running };
        self.report(state, Losses::new())
    }

    /// Counts the time since `start`.
    fn spend(&mut self, start: Instant) {
        let time = start.elapsed();
        self.since_read += time;
        self.since_report += time;
    }

    /// Reads the losses; `before` are the weights that the last step began with, at `start`. False when the run has diverged.
    async fn read(&mut self, before: Option<Rc<dyn TrainedModel>>, start: Instant) -> Result<bool, EngineError> {
        let steps = std::mem::take(&mut self.unread);
        if steps == 0 {
            return Ok(true);
        }
        let losses = self.run.losses().await.map_err(lost)?;
        self.spend(start);
        let step = std::mem::take(&mut self.since_read) / steps as u32;
        let fitting = READ_EVERY.as_micros() / step.as_micros().max(1);
        self.read_after = (fitting as usize).clamp(1, MOST_STEPS.min(2 * self.read_after));

        let judged = losses.first().map_or(f32::NAN, |&(_, value)| value);
        let first = *self.first_loss.get_or_insert(judged);
        if losses.iter().any(|(_, value)| !value.is_finite()) || judged > DIVERGED * first.abs() {
            return Ok(false);
        }
        if let Some(before) = before.filter(|_| judged <= GOOD * first.abs()) {
            (self.good, self.paused) = (Some(before), None);
        }
        for (name, value) in losses {
            match self.sums.iter_mut().find(|(known, ..)| *known == name) {
                Some((_, sum, count)) => (*sum, *count) = (*sum + value * steps as f32, *count + steps),
                None => self.sums.push((name, value * steps as f32, steps)),
            }
        }
        Ok(true)
    }

    async fn validate(&mut self) -> Result<Losses, EngineError> {
        let losses = self.run.validate(&*self.validation).await.map_err(lost)?;
        self.validated = Instant::now();
        self.validated_epoch = self.run.progress().epoch;
        Ok(losses.into_iter().map(|(name, value)| (name, value as f32)).collect())
    }

    fn pause(&mut self) -> Report {
        self.mode = RunMode::Paused;
        self.paused = Some(self.run.trained());
        self.report(RunState::Paused, Losses::new())
    }

    async fn end(&mut self, state: RunState) -> Result<Report, EngineError> {
        let validation = self.validate().await?;
        if !is_finite(&validation) {
            return Ok(self.failed());
        }
        self.mode = RunMode::Paused;
        (self.good, self.paused) = (Some(self.run.trained()), None);
        Ok(self.report(state, validation))
    }

    fn failed(&mut self) -> Report {
        (self.mode, self.paused) = (RunMode::Paused, None);
        self.report(RunState::Failed(EngineError::Diverged), Losses::new())
    }

    fn report(&mut self, state: RunState, validation: Losses) -> Report {
        let progress = self.run.progress();
        let steps = progress.step - self.reported_step - self.unread;
        let seconds = self.reported.elapsed().as_secs_f32().max(f32::EPSILON);
        self.reported = Instant::now();
        self.since_report = Duration::ZERO;
        self.reported_step = progress.step - self.unread;
        let sums = std::mem::take(&mut self.sums).into_iter();
        Report {
            model: self.model(),
            state,
            progress,
            images_per_second: (steps * progress.batch) as f32 / seconds,
            losses: sums.map(|(name, sum, steps)| (name.to_string(), sum / steps as f32)).collect(),
            validation,
        }
    }
}

fn is_finite(losses: &Losses) -> bool {
    losses.iter().all(|(_, value)| value.is_finite())
}

fn lost(error: DeviceError) -> EngineError {
    EngineError::DeviceLost(error.0)
}
