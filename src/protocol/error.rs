//! What can go wrong.

use serde::{Deserialize, Serialize};

use super::settings::OutOfRange;
use super::{Asset, ModelId, WeightsError};
use crate::data::idx::IdxError;

/// What went wrong, as facts; the page makes the sentence in the reader's language.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, thiserror::Error)]
pub enum EngineError {
    #[error("{file} could not be fetched: {reason}")]
    Fetch { file: String, reason: String },
    #[error("there is no model named {0}")]
    UnknownModel(ModelId),
    #[error("the weights of {} cannot be used: {error}", model.name())]
    Weights { model: ModelId, error: WeightsError },
    #[error("the principal components cannot be used: {0}")]
    Components(WeightsError),
    #[error("{file} cannot be read: {error}")]
    Data { file: String, error: IdxError },
    #[error("{file} could not be unpacked: {reason}")]
    Unpack { file: String, reason: String },
    #[error("{0:?} is not loaded")]
    NotLoaded(Asset),
    #[error("the command is malformed: {0}")]
    Malformed(String),
    #[error("the answer to {0} is that to another request")]
    OtherAnswer(String),
    #[error("this program does not train")]
    NoTrainer,
    #[error("WebGPU refused its device: {0}")]
    DeviceRefused(String),
    /// The device computes otherwise than the CPU does.
    #[error("{} computes something else on this device than on the CPU", model.name())]
    WrongAnswers { model: ModelId },
    #[error("the GPU was lost: {0}")]
    DeviceLost(String),
    #[error("the engine crashed: {0}")]
    Crashed(String),
    #[error("the engine ended without a message")]
    Vanished,
    #[error("the engine did not start: {0}")]
    NotStarted(String),
    #[error("this browser has no web workers")]
    NoWorkers,
    #[error("the model gave a value that is not a number")]
    NotFinite,
    #[error(transparent)]
    OutOfRange(OutOfRange),
    #[error("the settings cannot be used: {0}")]
    Settings(String),
    #[error("the loss is no longer a number, or has grown out of all bounds")]
    Diverged,
    #[error("the browser's storage failed: {0}")]
    Storage(String),
    #[error("the saved run of {} cannot be used: {reason}", model.name())]
    Snapshot { model: ModelId, reason: String },
}

impl EngineError {
    /// Whether a file could not be had or used; it stays so until the engine is started again.
    pub fn is_of_a_file(&self) -> bool {
        matches!(
            self,
            EngineError::Fetch { .. }
                | EngineError::Weights { .. }
                | EngineError::Components(_)
                | EngineError::Data { .. }
                | EngineError::Unpack { .. }
        )
    }
}
