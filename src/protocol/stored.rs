//! What the browser's storage holds of earlier visits.

use serde::{Deserialize, Serialize};

use super::{ModelId, Progress};

/// A run that was not finished when the page went away.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StoredRun {
    pub model: ModelId,
    pub progress: Progress,
    /// Milliseconds since 1970.
    pub saved: f64,
}

/// The name of the weights that were learnt or loaded last, which are kept by themselves.
pub const LATEST: &str = "";

/// Weights that were kept.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StoredWeights {
    pub model: ModelId,
    /// Or [`LATEST`].
    pub name: String,
    /// Milliseconds since 1970.
    pub saved: f64,
}
