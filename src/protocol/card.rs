//! What is told about a trained model beside its weights: `www/models/<model>.json`.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::ModelId;

/// How a weights file came to be, and how good it is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Card {
    pub model: ModelId,
    /// The model's Config.
    pub config: serde_json::Value,
    /// The [`Recipe`](crate::models::recipe::Recipe) that it was trained by.
    pub recipe: serde_json::Value,
    pub seed: u64,
    /// Epochs trained, of all phases together.
    pub epochs: usize,
    /// Day of the training's end, `YYYY-MM-DD`, UTC.
    pub date: String,
    /// Number of weights and biases.
    pub parameters: usize,
    /// Seconds that the training takes natively, as `make time` finds them; None where nobody looked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seconds: Option<f64>,
    /// Figures on the 10,000 test images, of the weights as stored, by the names of the model's
    /// [`Benchmark`](crate::models::lesson::Benchmark)s.
    pub metrics: BTreeMap<String, f64>,
}
