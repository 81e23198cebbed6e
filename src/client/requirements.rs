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
        Command::GetShape(request) if request.settings.is_none() => (Some(request.model), None),
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
        _ => (None, None),
    };
    model.map(Asset::Weights).into_iter().chain(digits)
}
