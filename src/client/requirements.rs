//! What a command cannot be answered without: an engine of some kind, and files.

use crate::protocol::{Asset, Command, ModelId};

/// Which engine answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EngineKind {
    /// Any; where a CPU engine stands beside a GPU's it does, because a person waits for the answer.
    Interactive,
    /// The one that trains, or would: it computes for seconds, or has the run and what is kept.
    Main,
    /// The same, by the program that is built for speed and takes gradients: it trains, or goes through all test images.
    Trainer,
}

/// What a command cannot be answered without.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Requirements {
    pub engine: EngineKind,
    /// The model whose weights in use are asked for.
    pub weights: Option<ModelId>,
    pub digits: Option<Asset>,
}

impl Requirements {
    /// Of `command`.
    pub fn of(command: &Command) -> Self {
        use EngineKind::{Interactive, Main, Trainer};
        let (engine, weights, digits) = match command {
            Command::ListModels(_) => (Interactive, None, None),
            Command::GetTestDigit(_) => (Interactive, None, Some(Asset::TestDigits)),
            Command::GetShape(request) => (Interactive, request.settings.is_none().then_some(request.model), None),
            Command::Reconstruct(request) => (Interactive, Some(request.model), None),
            Command::Decode(request) => (Interactive, Some(request.model), None),
            Command::Traverse(request) => (Interactive, Some(request.model), None),
            Command::DecodeSweep(request) => (Interactive, Some(request.model), None),
            Command::DecodePath(request) => (Interactive, Some(request.model), None),
            Command::AdvanceChain(request) => (Interactive, Some(request.model), None),
            Command::GetFilters(request) => (Interactive, Some(request.model), None),
            Command::GetActivations(request) => (Interactive, Some(request.model), None),
            Command::GetGallery(request) => (Interactive, Some(request.model), Some(Asset::TestDigits)),
            Command::GetViews(request) => (Main, Some(request.model), Some(Asset::TestSet)),
            Command::SaveWeights(request) => (Main, Some(request.model), None),
            Command::ExportWeights(request) => (Main, Some(request.model), None),
            Command::GetTestErrors(request) => (Trainer, Some(request.model), Some(Asset::TestSet)),
            Command::RebuildTestImages(request) => (Trainer, Some(request.model), Some(Asset::TestSet)),
            Command::GetFeatures(request) => (Trainer, Some(request.model), Some(Asset::TestSet)),
            Command::GetTopImages(request) => (Trainer, Some(request.model), Some(Asset::TestSet)),
            Command::GetCodeMap(request) => (Trainer, Some(request.model), Some(Asset::TestSet)),
            Command::AdvanceTsne(request) => (Trainer, Some(request.model), Some(Asset::TestSet)),
            Command::Maximise(request) => (Trainer, Some(request.model), None),
            Command::Train(_) | Command::RecoverRun(_) => (Trainer, None, None),
            Command::ControlRun(_)
            | Command::FetchAsset(_)
            | Command::RestoreWeights(_)
            | Command::ImportWeights(_)
            | Command::ListSaved(_)
            | Command::UseWeights(_)
            | Command::DeleteWeights(_)
            | Command::DeleteRun(_) => (Main, None, None),
        };
        Requirements { engine, weights, digits }
    }

    /// The files, weights before digits.
    pub fn assets(self) -> impl Iterator<Item = Asset> {
        self.weights.map(Asset::Weights).into_iter().chain(self.digits)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::{
        Ascent, Decode, GetActivations, GetCodeMap, GetShape, GetViews, ListModels, Maximise, ModelId, Train,
    };

    const MODEL: ModelId = ModelId::new("vae");

    #[test]
    fn gradients_and_all_test_images_take_a_trainer() {
        let ascent = Ascent::default();
        let maximise = Maximise { model: MODEL, layer: 1, unit: 0, pixels: Vec::new(), seed: 0, ascent, steps: 10 };
        let train = Train { model: MODEL, settings: String::new() };
        let training: [Command; 3] = [train.into(), maximise.into(), GetCodeMap { model: MODEL }.into()];
        let needs_trainer = |command: &Command| Requirements::of(command).engine == EngineKind::Trainer;
        assert!(training.iter().all(needs_trainer));
        let others: [Command; 3] = [
            Decode { model: MODEL, codes: Vec::new() }.into(),
            GetActivations { model: MODEL, image: Vec::new() }.into(),
            GetViews { model: MODEL }.into(),
        ];
        assert!(!others.iter().any(needs_trainer));
    }

    #[test]
    fn a_shape_by_settings_needs_no_weights() {
        let needed = |command: Command| Requirements::of(&command).assets().collect::<Vec<_>>();
        assert!(needed(GetShape { model: MODEL, settings: Some("{}".to_string()) }.into()).is_empty());
        assert_eq!(needed(GetShape { model: MODEL, settings: None }.into()), [Asset::Weights(MODEL)]);
        assert_eq!(needed(GetViews { model: MODEL }.into()), [Asset::Weights(MODEL), Asset::TestSet]);
        assert!(needed(ListModels {}.into()).is_empty());
    }
}
