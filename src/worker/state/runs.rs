//! Runs in a worker: how they begin, what is told of them, when they are saved.

use std::time::Duration;

use web_time::Instant;

use super::WorkerState;
use crate::protocol::{
    Answer, Control, EngineError, Event, ModelId, Progress, RecoverRun, Report, RunState, StoredRun, Train,
};
use crate::training::catalogue::Plan;
use crate::worker::store::ObjectStore;

/// A run is saved about as often while it goes on.
const SAVE_EVERY: Duration = Duration::from_secs(15);
/// And so much of the time at most is spent on it: one in this many.
const SAVING_SHARE: u32 = 20;

/// A run that is to begin as soon as the training set is there.
pub struct PendingRun {
    /// Of the request that is answered when it begins.
    id: u64,
    model: ModelId,
    plan: Plan,
    /// The answer to the request.
    begun: Answer,
    /// Whether it is to go on once it has begun.
    runs: bool,
}

/// When the run was saved, and how long that took.
#[derive(Default)]
pub struct Saving {
    last: Option<(Instant, Duration)>,
    /// Whether the page was told that it fails.
    alerted: bool,
}

impl Saving {
    fn is_due(&self) -> bool {
        self.last.is_none_or(|(at, took)| at.elapsed() >= SAVE_EVERY.max(took * SAVING_SHARE))
    }
}

impl WorkerState {
    /// Begins a run by settings, in place of the one under way.
    pub(super) async fn train(&mut self, id: u64, Train { model, settings }: Train) {
        match self.engine.plan(model, &settings) {
            Ok(plan) => self.install(PendingRun { id, model, plan, begun: Answer::Train(()), runs: true }).await,
            Err(error) => self.answer(id, Err(error)),
        }
    }

    /// Goes on with the saved run of `model`, in place of the one under way.
    pub(super) async fn recover_run(&mut self, id: u64, RecoverRun { model, resumes }: RecoverRun) {
        let begun = Answer::RecoverRun(());
        if self.engine.in_training() == Some(model) {
            return self.answer(id, Ok(begun));
        }
        let snapshot = self.saved_run(model).await;
        match snapshot.and_then(|snapshot| self.engine.read_snapshot(model, &snapshot)) {
            Ok(plan) => self.install(PendingRun { id, model, plan, begun, runs: resumes }).await,
            Err(error) => self.answer(id, Err(error)),
        }
    }

    /// Ends the run under way and begins this one; fetches the training set first where it is not there yet.
    async fn install(&mut self, pending: PendingRun) {
        if let Err(error) = self.control(Control::Stop).await {
            return self.answer(pending.id, Err(error));
        }
        let loading = Report::without_progress(pending.model, RunState::Loading);
        self.pending = Some(pending);
        if self.engine.has_training_set() {
            return self.begin_pending(Ok(())).await;
        }
        self.send(Event::Training(loading));
        self.fetch_training_set();
    }

    /// The training set is there, or cannot be had.
    pub(super) async fn begin_pending(&mut self, training_set: Result<(), EngineError>) {
        let Some(PendingRun { id, model, plan, begun, runs }) = self.pending.take() else { return };
        let report = match training_set {
            Ok(()) => self.begin(model, plan, runs).await,
            Err(error) => Err(error),
        };
        match report {
            Ok(report) => {
                self.answer(id, Ok(begun));
                self.saving.last = None;
                self.report(report).await;
            }
            Err(error) => {
                self.answer(id, Err(error.clone()));
                self.send(Event::Training(Report::without_progress(model, RunState::Failed(error))));
            }
        }
    }

    async fn begin(&mut self, model: ModelId, plan: Plan, runs: bool) -> Result<Report, EngineError> {
        let paused = self.engine.begin(model, plan)?;
        let running = if runs { self.engine.control(Control::Resume).await? } else { None };
        Ok(running.unwrap_or(paused))
    }

    /// Says to the run what to do next; to one that has not begun, what to do when it has. Without any, nothing happens.
    pub(super) async fn control(&mut self, control: Control) -> Result<(), EngineError> {
        if control == Control::Stop
            && let Some(PendingRun { id, model, begun, .. }) = self.pending.take()
        {
            self.answer(id, Ok(begun));
            self.send(Event::Training(Report::without_progress(model, RunState::Stopped)));
        } else if let Some(pending) = &mut self.pending {
            pending.runs = control == Control::Resume;
        }
        if let Some(report) = self.engine.control(control).await? {
            self.report(report).await;
        }
        Ok(())
    }

    /// A step of the run under way.
    ///
    /// # Errors
    /// [`EngineError::DeviceLost`].
    pub async fn advance(&mut self) -> Result<(), EngineError> {
        if let Some(report) = self.engine.advance().await? {
            self.report(report).await;
        }
        Ok(())
    }

    /// Tells the page how the run is, and saves it where that is due, or it pauses. Of a run that has ended the weights are kept.
    async fn report(&mut self, report: Report) {
        let Report { model, progress, .. } = report;
        let is_paused = report.state == RunState::Paused;
        let ended = !matches!(report.state, RunState::Loading | RunState::Running | RunState::Paused);
        self.announce(model);
        if ended {
            // First, so that whoever hears of the end can rely on it.
            self.keep_latest(model).await;
        }
        self.send(Event::Training(report));
        let outcome = if ended {
            self.store.delete(ObjectStore::Runs, model.name()).await
        } else if is_paused || self.saving.is_due() {
            let start = Instant::now();
            let outcome = self.save(model, progress).await;
            self.saving.last = Some((Instant::now(), start.elapsed()));
            outcome
        } else {
            Ok(())
        };
        if let Err(error) = outcome {
            self.alert_once(error);
        }
    }

    /// Tells that the browser's storage fails, which it will go on to do.
    pub(super) fn alert_once(&mut self, error: EngineError) {
        if !std::mem::replace(&mut self.saving.alerted, true) {
            self.send(Event::Alert { error });
        }
    }

    async fn save(&self, model: ModelId, progress: Progress) -> Result<(), EngineError> {
        let Some(snapshot) = self.engine.snapshot().await? else { return Ok(()) };
        let about = StoredRun { model, progress, saved: js_sys::Date::now() };
        self.store.put(ObjectStore::Runs, model.name(), &about, &snapshot).await
    }

    /// The snapshot of the run of an earlier visit.
    async fn saved_run(&self, model: ModelId) -> Result<Vec<u8>, EngineError> {
        let snapshot = self.store.get(ObjectStore::Runs, model.name()).await?;
        snapshot.ok_or_else(|| EngineError::Snapshot { model, reason: "there is none".to_string() })
    }
}
