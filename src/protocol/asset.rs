//! The files that an engine needs, and where it runs.

use serde::{Deserialize, Serialize};

use super::ModelId;

/// Where a model runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum DeviceKind {
    Cpu,
    WebGpu,
}

/// A file that an engine needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Asset {
    /// The engine's own program.
    Program(DeviceKind),
    /// A model's trained weights.
    Weights(ModelId),
    /// The principal components that models are compared with.
    PrincipalComponents,
    /// The first 500 test images and their labels: those to put on the canvas and to show.
    TestDigits,
    /// All 10,000 test images and their labels: those to measure on.
    TestSet,
    /// The 60,000 training images and their labels, fetched when a run begins.
    TrainingSet,
}
