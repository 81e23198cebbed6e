//! What an engine tells of its models, so that the page need name none of them.

use serde::{Deserialize, Serialize};

use super::settings::Setting;
use super::{ModelId, Shape};

/// A model as the page shows it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ModelDescription {
    pub model: ModelId,
    /// The first is how the shipped weights were trained.
    pub presets: Vec<PresetDescription>,
    /// What can be changed; a preset has those that it has a place for.
    pub settings: Vec<Setting>,
    /// Whether the laboratory lists it; else it is trained in its chapter alone.
    pub is_in_laboratory: bool,
}

/// A way to train a model.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PresetDescription {
    /// What the page looks up its name by.
    pub name: String,
    /// The settings of the run, as JSON.
    pub settings: String,
    pub shape: Shape,
}
