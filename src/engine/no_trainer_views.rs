//! In place of views that take gradients, or long, in a program that does not train: the client starts one that does.

use super::Engine;
use crate::protocol::{AdvanceTsne, CodeMap, EngineError, Maximise, Maximised};

/// None.
pub enum TsneSession {}

impl Engine {
    pub(super) async fn maximise(&self, _request: Maximise) -> Result<Maximised, EngineError> {
        Err(EngineError::NoTrainer)
    }

    pub(super) async fn advance_tsne(&self, _request: AdvanceTsne) -> Result<CodeMap, EngineError> {
        Err(EngineError::NoTrainer)
    }
}
