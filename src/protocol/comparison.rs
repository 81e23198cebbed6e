//! What is told about models that were trained side by side: `www/models/comparisons.json`.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::ModelId;

/// By the model that stands first in each.
pub type Comparisons = BTreeMap<ModelId, Comparison>;

/// Runs from the same seed on the same machine, an epoch of each in turn.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Comparison {
    /// Day of the training's end, `YYYY-MM-DD`, UTC.
    pub date: String,
    pub runs: Vec<ComparedRun>,
}

/// One of them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ComparedRun {
    pub model: ModelId,
    /// Name of the [`Preset`](crate::models::lesson::Preset) that it was trained by; the epochs are its own.
    pub preset: String,
    /// Number of weights and biases.
    pub parameters: usize,
    /// Epochs trained, of all phases together.
    pub epochs: usize,
    /// Seconds that the training took, the measuring apart.
    pub seconds: f64,
    /// Mean squared error per pixel on the 10,000 test images after each epoch, outputs clipped to [0, 1].
    pub squared_errors: Vec<f64>,
    /// Share of all numbers of all the test images' codes in each of 20 equal bins of [0, 1], after the last epoch; empty where
    /// codes are not confined to [0, 1].
    pub activations: Vec<f64>,
    /// The figures of its encoder's Jacobian on the test images after the last epoch, by their names on a card; empty where none are
    /// measured.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub metrics: BTreeMap<String, f64>,
}
