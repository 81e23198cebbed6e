//! Why a weights file cannot be used.

use serde::{Deserialize, Serialize};

/// Why a weights file cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum WeightsError {
    #[error("the file ends after {found} of {expected} bytes")]
    Truncated { found: u64, expected: u64 },
    #[error("this is not a safetensors file: {reason}")]
    NotSafetensors { reason: String },
    #[error("the tensor {tensor} is missing")]
    Missing { tensor: String },
    #[error("the model has no tensor {tensor}")]
    Unexpected { tensor: String },
    #[error("the tensor {tensor} has the shape {found:?} where {expected:?} is expected")]
    Shape { tensor: String, found: Vec<usize>, expected: Vec<usize> },
    #[error("the tensor {tensor} holds {found}, which is not read here")]
    Dtype { tensor: String, found: String },
    #[error("value {index} of the tensor {tensor} is not finite")]
    NotFinite { tensor: String, index: usize },
    #[error("a scale of {tensor} is negative, or 0 though its column is not")]
    Scale { tensor: String },
    #[error("these are the weights of {found}, not of {expected}")]
    Model { found: String, expected: String },
    #[error("the file's settings cannot be read: {reason}")]
    Settings { reason: String },
}
