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

/// Weights that the person kept.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StoredWeights {
    pub model: ModelId,
    /// Empty for those learnt or loaded last, which are kept by themselves.
    pub name: String,
    /// Milliseconds since 1970.
    pub saved: f64,
}
