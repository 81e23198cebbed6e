//! In place of a training session, in a program that does not train: a type without values, so that the compiler leaves out all code that
//! would take one. Knowing only that none is ever begun, it could not leave that out of what is async.

use std::convert::Infallible;
use std::rc::Rc;

use crate::data::dataset::Dataset;
use crate::protocol::{Control, EngineError, ModelId, Report};
use crate::training::Run;
use crate::weights::TrainedModel;

/// None. The field is private: elsewhere the compiler shall not complain that what follows is never reached.
pub struct TrainingSession(Infallible);

impl TrainingSession {
    pub fn new(_run: Run, _validation: Rc<dyn Dataset>) -> Self {
        unreachable!("this program does not train")
    }

    pub fn model(&self) -> ModelId {
        match self.0 {}
    }

    pub fn is_active(&self) -> bool {
        match self.0 {}
    }

    pub fn usable(&self) -> Option<Rc<dyn TrainedModel>> {
        match self.0 {}
    }

    pub fn report_state(&mut self) -> Report {
        match self.0 {}
    }

    pub async fn snapshot(&self) -> Result<Vec<u8>, EngineError> {
        match self.0 {}
    }

    pub async fn advance(&mut self) -> Result<Option<Report>, EngineError> {
        match self.0 {}
    }

    pub async fn control(&mut self, _control: Control) -> Result<Report, EngineError> {
        match self.0 {}
    }
}
