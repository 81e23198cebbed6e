//! What a command cannot be answered without: files, and a program that trains.

use crate::protocol::{Asset, Command};

/// Whether only an engine that trains can answer a command: it takes gradients, or all test images, and the program that is built for
/// speed.
pub fn needs_trainer(command: &Command) -> bool {
    matches!(
        command,
        Command::Train(_)
            | Command::RecoverRun(_)
            | Command::GetTestErrors(_)
            | Command::RebuildTestImages(_)
            | Command::GetFeatures(_)
            | Command::GetTopImages(_)
            | Command::GetCodeMap(_)
            | Command::Maximise(_)
            | Command::AdvanceTsne(_)
    )
}

/// The files that a command cannot be answered without.
pub fn needed(command: &Command) -> impl Iterator<Item = Asset> + use<> {
    let (model, digits) = match command {
        Command::GetTestDigit(_) => (None, Some(Asset::TestDigits)),
        Command::GetShape(request) => (request.settings.is_none().then_some(request.model), None),
        Command::Reconstruct(request) => (Some(request.model), None),
        Command::Decode(request) => (Some(request.model), None),
        Command::Traverse(request) => (Some(request.model), None),
        Command::DecodeSweep(request) => (Some(request.model), None),
        Command::SaveWeights(request) => (Some(request.model), None),
        Command::ExportWeights(request) => (Some(request.model), None),
        Command::GetGallery(request) => (Some(request.model), Some(Asset::TestDigits)),
        Command::GetViews(request) => (Some(request.model), Some(Asset::TestSet)),
        Command::GetTestErrors(request) => (Some(request.model), Some(Asset::TestSet)),
        Command::RebuildTestImages(request) => (Some(request.model), Some(Asset::TestSet)),
        Command::GetFeatures(request) => (Some(request.model), Some(Asset::TestSet)),
        Command::GetFilters(request) => (Some(request.model), None),
        Command::GetActivations(request) => (Some(request.model), None),
        Command::GetTopImages(request) => (Some(request.model), Some(Asset::TestSet)),
        Command::GetCodeMap(request) => (Some(request.model), Some(Asset::TestSet)),
        Command::DecodePath(request) => (Some(request.model), None),
        Command::AdvanceChain(request) => (Some(request.model), None),
        Command::Maximise(request) => (Some(request.model), None),
        Command::AdvanceTsne(request) => (Some(request.model), Some(Asset::TestSet)),
        Command::ListModels(_)
        | Command::Train(_)
        | Command::ControlRun(_)
        | Command::RecoverRun(_)
        | Command::FetchAsset(_)
        | Command::RestoreWeights(_)
        | Command::ImportWeights(_)
        | Command::ListSaved(_)
        | Command::UseWeights(_)
        | Command::DeleteWeights(_)
        | Command::DeleteRun(_) => (None, None),
    };
    model.map(Asset::Weights).into_iter().chain(digits)
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
        let needed = |command: Command| needed(&command).collect::<Vec<_>>();
        assert!(needed(GetShape { model: MODEL, settings: Some("{}".to_string()) }.into()).is_empty());
        assert_eq!(needed(GetShape { model: MODEL, settings: None }.into()), [Asset::Weights(MODEL)]);
        assert_eq!(needed(GetViews { model: MODEL }.into()), [Asset::Weights(MODEL), Asset::TestSet]);
        assert!(needed(ListModels {}.into()).is_empty());
    }
}
