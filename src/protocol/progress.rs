//! How far a training run is, as plain data for the page.

use serde::{Deserialize, Serialize};

/// How far a run is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Progress {
    /// Steps done, of all epochs together.
    pub step: usize,
    /// Steps of the whole run.
    pub steps: usize,
    /// Epoch under way, from 0; `epochs` when done.
    pub epoch: usize,
    /// Epochs of all phases together.
    pub epochs: usize,
    /// Examples in a step.
    pub batch: usize,
}
