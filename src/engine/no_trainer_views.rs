//! In place of views that take gradients, or all test images, in a program that does not train: the client starts one that does.

use super::Engine;
use crate::protocol::{
    AdvanceTsne, CodeMap, EngineError, Features, GetFeatures, GetTopImages, Maximise, Maximised, ModelId,
    RebuildTestImages, RebuiltImages, TestErrors, TopImages,
};

/// None.
pub enum TsneSession {}

/// None.
pub enum LayerActivations {}

/// None.
pub enum ImagePass {}

impl Engine {
    pub(super) async fn test_errors(&self, _model: ModelId) -> Result<TestErrors, EngineError> {
        Err(EngineError::NoTrainer)
    }

    pub(super) async fn rebuild(&self, _request: RebuildTestImages) -> Result<RebuiltImages, EngineError> {
        Err(EngineError::NoTrainer)
    }

    pub(super) async fn features(&self, _request: GetFeatures) -> Result<Features, EngineError> {
        Err(EngineError::NoTrainer)
    }

    pub(super) async fn top_images(&self, _request: GetTopImages) -> Result<TopImages, EngineError> {
        Err(EngineError::NoTrainer)
    }

    pub(super) async fn code_map(&self, _model: ModelId) -> Result<CodeMap, EngineError> {
        Err(EngineError::NoTrainer)
    }

    pub(super) async fn maximise(&self, _request: Maximise) -> Result<Maximised, EngineError> {
        Err(EngineError::NoTrainer)
    }

    pub(super) async fn advance_tsne(&self, _request: AdvanceTsne) -> Result<CodeMap, EngineError> {
        Err(EngineError::NoTrainer)
    }
}
