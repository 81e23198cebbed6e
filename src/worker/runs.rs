//! Runs at a worker's desk: how they begin, what is told of them, when they are saved.

use std::time::Duration;

use web_time::Instant;

use super::downloads;
use super::state::WorkerState;
use super::store::Shelf;
use crate::engine::Engine;
use crate::protocol::{Answer, Command, Control, EngineError, Event, ModelId, Progress, Report, RunState, StoredRun};

/// A run is saved about as often while it goes on.
const SAVE_EVERY: Duration = Duration::from_secs(15);
/// And so much of the time at most is spent on it: one in this many.
const SAVING_SHARE: u32 = 20;

/// A run that is to begin.
pub struct PendingRun {
    /// Of the request that is answered when it begins.
    id: u64,
    /// [`Command::Train`] or [`Command::Recover`].
    command: Command,
    /// Whether it is to go on once it has begun.
    runs: bool,
}

impl PendingRun {
    fn model(&self) -> Option<ModelId> {
        match self.command {
            Command::Train { model, .. } | Command::Recover { model } => Some(model),
            _ => None,
        }
    }

    fn report(&self, state: RunState) -> Option<Report> {
        let progress = Progress { step: 0, steps: 0, epoch: 0, epochs: 0, batch: 0 };
        let (losses, validation) = Default::default();
        Some(Report { model: self.model()?, state, progress, images_per_second: 0.0, losses, validation })
    }
}

/// When the run was saved, and how long that took.
#[derive(Default)]
pub struct Saving {
    last: Option<(Instant, Duration)>,
    /// Whether the page was told that it fails.
    told: bool,
}

impl Saving {
    fn is_due(&self) -> bool {
        self.last.is_none_or(|(at, took)| at.elapsed() >= SAVE_EVERY.max(took * SAVING_SHARE))
    }
}

impl WorkerState {
    /// Takes on a run that is to begin, and ends the one under way; fetches the training set where it is not there yet.
    pub(super) async fn intend(&mut self, id: u64, command: Command) {
        let possible = match &command {
            Command::Train { settings, .. } => Engine::check(settings),
            Command::Recover { model } if self.engine.in_training() == Some(*model) => {
                return self.answer(id, Ok(Answer::Done));
            }
            Command::Recover { model } => self.saved(*model).await.map(|_| ()),
            _ => Ok(()),
        };
        if let Err(problem) = possible {
            return self.answer(id, Err(problem));
        }
        if let Err(problem) = self.control(Control::Stop).await {
            return self.answer(id, Err(problem));
        }
        let runs = matches!(command, Command::Train { .. });
        let pending = PendingRun { id, command, runs };
        let report = pending.report(RunState::Loading);
        self.pending = Some(pending);
        if self.engine.has_training_set() {
            return self.begin_intended(Ok(())).await;
        }
        report.into_iter().for_each(|report| self.send(Event::Training(report)));
        if !std::mem::replace(&mut self.fetching, true) {
            downloads::fetch_training_set(&self.events, &self.arrived);
        }
    }

    /// The training set is there, or cannot be had.
    pub(super) async fn begin_intended(&mut self, training_set: Result<(), EngineError>) {
        let Some(pending) = self.pending.take() else { return };
        let begun = match training_set {
            Ok(()) => self.begin(&pending).await,
            Err(problem) => Err(problem),
        };
        self.answer(pending.id, begun.as_ref().map(|_| Answer::Done).map_err(Clone::clone));
        match begun {
            Ok(report) => {
                self.saving.last = None;
                self.report(report).await;
            }
            Err(problem) => {
                let report = pending.report(RunState::Failed(problem));
                report.into_iter().for_each(|report| self.send(Event::Training(report)));
            }
        }
    }

    async fn begin(&mut self, pending: &PendingRun) -> Result<Report, EngineError> {
        let paused = match &pending.command {
            Command::Train { model, settings } => self.engine.begin(*model, settings)?,
            Command::Recover { model } => {
                let snapshot = self.saved(*model).await?;
                self.engine.recover(*model, &snapshot)?
            }
            other => return Err(EngineError::Malformed(format!("{other:?}"))),
        };
        let running = if pending.runs { self.engine.control(Control::Resume).await? } else { None };
        Ok(running.unwrap_or(paused))
    }

    /// Says to the run what to do next; to one that has not begun, what to do when it has. Without any, nothing happens.
    pub(super) async fn control(&mut self, control: Control) -> Result<(), EngineError> {
        if control == Control::Stop
            && let Some(pending) = self.pending.take()
        {
            self.answer(pending.id, Ok(Answer::Done));
            pending.report(RunState::Stopped).into_iter().for_each(|report| self.send(Event::Training(report)));
        } else if let Some(pending) = &mut self.pending {
            pending.runs = control == Control::Resume;
        }
        if let Some(report) = self.engine.control(control).await? {
            if control == Control::Pause {
                self.saving.last = None;
            }
            self.report(report).await;
        }
        Ok(())
    }

    /// A step of the run under way.
    ///
    /// # Errors
    /// [`EngineError::DeviceLost`].
    pub(super) async fn train(&mut self) -> Result<(), EngineError> {
        if let Some(report) = self.engine.advance().await? {
            self.report(report).await;
        }
        Ok(())
    }

    /// Tells the page how the run is, and saves it where that is due. Of a run that has ended the weights are kept.
    async fn report(&mut self, report: Report) {
        let Report { model, progress, .. } = report;
        let ended = !matches!(report.state, RunState::Loading | RunState::Running | RunState::Paused);
        self.announce(model);
        if ended {
            // First, so that whoever hears of the end can rely on it.
            self.keep_latest(model).await;
        }
        self.send(Event::Training(report));
        let outcome = if ended {
            self.store.delete(Shelf::Runs, model.name()).await
        } else if self.saving.is_due() {
            let start = Instant::now();
            let outcome = self.save(model, progress).await;
            self.saving.last = Some((Instant::now(), start.elapsed()));
            outcome
        } else {
            Ok(())
        };
        if let Err(problem) = outcome {
            self.tell_once(problem);
        }
    }

    /// Tells that the browser's storage fails, which it will go on to do.
    pub(super) fn tell_once(&mut self, problem: EngineError) {
        if !std::mem::replace(&mut self.saving.told, true) {
            self.send(Event::Trouble { problem });
        }
    }

    async fn save(&self, model: ModelId, progress: Progress) -> Result<(), EngineError> {
        let Some(snapshot) = self.engine.snapshot().await? else { return Ok(()) };
        let about = StoredRun { model, progress, saved: js_sys::Date::now() };
        self.store.put(Shelf::Runs, model.name(), &about, &snapshot).await
    }

    /// The snapshot of the run of an earlier visit.
    async fn saved(&self, model: ModelId) -> Result<Vec<u8>, EngineError> {
        let snapshot = self.store.get(Shelf::Runs, model.name()).await?;
        snapshot.ok_or_else(|| EngineError::Snapshot { model, reason: "there is none".to_string() })
    }
}
