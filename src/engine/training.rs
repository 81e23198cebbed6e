//! Training: the run under way, step by step.

use std::rc::Rc;

use super::Engine;
use super::training_session::TrainingSession;
use crate::data::dataset::Dataset;
use crate::data::labelled::LabelledImages;
use crate::data::plane::{PLANES, Plane};
use crate::data::split::split;
use crate::models::TRAINS;
use crate::models::settings::SettingsError;
use crate::protocol::{Asset, Control, EngineError, ExampleKind, ModelId, Report, RunState};
use crate::training::catalogue::Plan;
use crate::training::snapshot::SnapshotError;

/// Validation images that are measured while a run goes on, the first of the 5,000.
const VALIDATION: usize = 1_000;

impl Engine {
    /// Puts the training set into use.
    pub fn use_training_set(&mut self, digits: LabelledImages) {
        self.training_set = Some(digits);
    }

    pub fn has_training_set(&self) -> bool {
        self.training_set.is_some()
    }

    /// The model of the run under way.
    pub fn in_training(&self) -> Option<ModelId> {
        self.session.as_ref().map(TrainingSession::model)
    }

    /// Whether [`advance`](Self::advance) has a step to do.
    pub fn is_training(&self) -> bool {
        self.session.as_ref().is_some_and(TrainingSession::is_active)
    }

    /// Reads the settings of a run of `model`, the JSON object that [`settings`](crate::protocol::settings) tells of.
    ///
    /// # Errors
    /// [`EngineError::OutOfRange`] and [`EngineError::Settings`] where they make no run, [`EngineError::UnknownModel`].
    pub fn plan(&self, model: ModelId, settings: &str) -> Result<Plan, EngineError> {
        let plan = self.entry(model)?.plan(settings)?;
        let (found, expected) = (plan.shape.examples.width(), plan.shape.input());
        if found == expected { Ok(plan) } else { Err(SettingsError::Width { found, expected }.into()) }
    }

    /// Reads the snapshot of a run of `model`.
    ///
    /// # Errors
    /// [`EngineError::Snapshot`] where the bytes are none of this model, or broken, [`EngineError::UnknownModel`].
    pub fn read_snapshot(&self, model: ModelId, file: &[u8]) -> Result<Plan, EngineError> {
        let unusable = |error: SnapshotError| EngineError::Snapshot { model, reason: error.to_string() };
        self.entry(model)?.snapshot(file).map_err(unusable)
    }

    /// Begins a run, or goes on with that of a snapshot, paused, in place of the one under way.
    ///
    /// # Errors
    /// [`EngineError::Settings`], or [`EngineError::Snapshot`], where the plan and the examples make no run; the run under way
    /// goes on.
    pub fn begin(&mut self, model: ModelId, plan: Plan) -> Result<Report, EngineError> {
        if !TRAINS {
            return Err(SettingsError::NoTrainer.into());
        }
        let set = self.training_set.as_ref().ok_or(EngineError::NotLoaded(Asset::TrainingSet))?;
        let (train, validation) = examples(plan.shape.examples, set);
        let resumes = plan.resumes;
        let run = plan.begin(train, &self.device).map_err(|error| match error {
            SnapshotError::Settings(error) if !resumes => EngineError::from(error),
            error => EngineError::Snapshot { model, reason: error.to_string() },
        })?;
        if run.progress().step > 0 {
            self.models.insert(model, run.trained());
        }
        Ok(self.session.insert(TrainingSession::new(run, validation)).report_state())
    }

    /// Says to the run under way what to do next; None where there is none.
    ///
    /// # Errors
    /// [`EngineError::DeviceLost`].
    pub async fn control(&mut self, control: Control) -> Result<Option<Report>, EngineError> {
        let Some(session) = &mut self.session else { return Ok(None) };
        let report = session.control(control).await?;
        Ok(Some(self.publish(report)))
    }

    /// One step of the run under way, where it has one to do; a report when it is time for one, the weights at that time then
    /// being in use.
    ///
    /// # Errors
    /// [`EngineError::DeviceLost`].
    pub async fn advance(&mut self) -> Result<Option<Report>, EngineError> {
        let Some(session) = &mut self.session else { return Ok(None) };
        let report = session.advance().await?;
        Ok(report.map(|report| self.publish(report)))
    }

    /// The run under way as bytes; None where there is none.
    ///
    /// # Errors
    /// [`EngineError::DeviceLost`].
    pub async fn snapshot(&self) -> Result<Option<Vec<u8>>, EngineError> {
        match &self.session {
            Some(session) => session.snapshot().await.map(Some),
            None => Ok(None),
        }
    }

    /// Puts the weights of the run into use; a run that has ended is forgotten.
    fn publish(&mut self, report: Report) -> Report {
        if let Some(weights) = self.session.as_ref().and_then(TrainingSession::usable) {
            self.models.insert(report.model, Rc::clone(&weights));
        }
        if matches!(report.state, RunState::Done | RunState::Stopped | RunState::Failed(_)) {
            self.session = None;
        }
        report
    }
}

/// What a model trains on and is validated on.
fn examples(kind: ExampleKind, set: &LabelledImages) -> (Rc<dyn Dataset>, Rc<dyn Dataset>) {
    match kind {
        ExampleKind::Digits => {
            let (train, validation) = split(set);
            (Rc::new(train), Rc::new(validation.slice(0..VALIDATION.min(validation.count()))))
        }
        ExampleKind::Plane => {
            let [train, test] = PLANES.map(Plane::new);
            (Rc::new(train), Rc::new(test))
        }
    }
}
