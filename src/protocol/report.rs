//! How a training run is.

use serde::{Deserialize, Serialize};

use super::{EngineError, ModelId, Progress};

/// How a run is, about twice a second and whenever its state changes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Report {
    pub model: ModelId,
    pub state: RunState,
    pub progress: Progress,
    /// Of late; 0 while none are trained on.
    pub images_per_second: f32,
    /// The parts of the training loss by name, averaged over the steps since the last report; empty without any.
    pub losses: Vec<(String, f32)>,
    /// The same on 1,000 validation images; empty where not measured this time.
    pub validation: Vec<(String, f32)>,
}

/// What a run does.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum RunState {
    /// The training images are on their way.
    Loading,
    Running,
    Paused,
    /// All epochs are done.
    Done,
    /// The person stopped it.
    Stopped,
    /// It cannot go on; the last good weights are in use.
    Failed(EngineError),
}

/// What a run is to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Control {
    Pause,
    /// One batch, then pause.
    Step,
    Resume,
    /// Ends the run; its weights stay in use.
    Stop,
}
