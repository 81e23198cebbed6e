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

impl Report {
    /// Of a run that has not begun.
    pub fn without_progress(model: ModelId, state: RunState) -> Self {
        let progress = Progress { step: 0, steps: 0, epoch: 0, epochs: 0, batch: 0 };
        let (losses, validation) = Default::default();
        Report { model, state, progress, images_per_second: 0.0, losses, validation }
    }
}

/// What a run does.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum RunState {
    /// What it needs is on its way: the program that trains, the training images.
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
