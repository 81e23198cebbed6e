//! Training: the run under way, step by step.

use std::rc::Rc;

use super::Engine;
use super::trainer::{self, Trainer};
use super::training_session::Session;
use crate::data::idx::{IdxError, parse_images};
use crate::protocol::{Asset, Control, EngineError, ModelId, Report, RunState};

impl Engine {
    /// Puts the training set into use, from the bytes of its IDX file, unpacked.
    ///
    /// # Errors
    /// Says what does not parse; the training set in use before stays in use.
    pub fn load_training_set(&mut self, images: &[u8]) -> Result<(), IdxError> {
        self.training_set = Some(parse_images(images)?);
        Ok(())
    }

    pub fn has_training_set(&self) -> bool {
        self.training_set.is_some()
    }

    /// The model of the run under way.
    pub fn in_training(&self) -> Option<ModelId> {
        self.session.as_ref().map(Session::model)
    }

    /// Whether [`advance`](Self::advance) has a step to do.
    pub fn is_training(&self) -> bool {
        self.session.as_ref().is_some_and(Session::is_active)
    }

    /// Refuses settings that can be refused before the training set is there.
    ///
    /// # Errors
    /// [`EngineError::OutOfRange`] and [`EngineError::Settings`].
    pub fn check(settings: &str) -> Result<(), EngineError> {
        trainer::check(settings)
    }

    /// Begins a run, paused, in place of the one under way. `settings` is the JSON object that
    /// [`Knob`](crate::protocol::settings::Knob) tells of.
    ///
    /// # Errors
    /// [`EngineError::OutOfRange`] and [`EngineError::Settings`] where the settings make no run; the run under way goes on.
    pub fn begin(&mut self, model: ModelId, settings: &str) -> Result<Report, EngineError> {
        let images = self.training_set.as_ref().ok_or(EngineError::NotLoaded(Asset::TrainingSet))?;
        Ok(self.seat(trainer::begin(model, settings, images, &self.device)?))
    }

    /// Goes on with the run of a snapshot, paused, in place of the one under way; its weights are in use.
    ///
    /// # Errors
    /// [`EngineError::Snapshot`] where the bytes are none of this model, or broken; the run under way goes on.
    pub fn recover(&mut self, model: ModelId, snapshot: &[u8]) -> Result<Report, EngineError> {
        let images = self.training_set.as_ref().ok_or(EngineError::NotLoaded(Asset::TrainingSet))?;
        let trainer = trainer::resume(model, snapshot, images, &self.device)?;
        self.models.insert(model, trainer.trained().into());
        Ok(self.seat(trainer))
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

    fn seat(&mut self, trainer: Box<dyn Trainer>) -> Report {
        self.session.insert(Session::new(trainer)).standing()
    }

    /// Puts the weights of the run into use; a run that has ended is forgotten.
    fn publish(&mut self, report: Report) -> Report {
        if let Some(weights) = self.session.as_ref().and_then(Session::usable) {
            self.models.insert(report.model, Rc::clone(&weights));
        }
        if matches!(report.state, RunState::Done | RunState::Stopped | RunState::Failed(_)) {
            self.session = None;
        }
        report
    }
}
