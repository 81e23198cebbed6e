//! Errors as sentences and names of things, in the reader's language.

use super::{I18n, t_string};
use crate::data::idx::IdxError;
use crate::protocol::{Asset, DeviceKind, EngineError, OutOfRange, WeightsError};
use crate::ui::state::alerts::{Alert, Outcome};
use crate::ui::state::content::Content;
use crate::ui::state::route::Chapter;

/// What went wrong, and what it led to.
pub fn alert(i18n: I18n, content: Content, alert: &Alert) -> String {
    let sentence = error(i18n, content, &alert.error);
    let sentence = match alert.outcome {
        Outcome::Partial | Outcome::Refused => sentence,
        Outcome::FellBack => t_string!(i18n, error.fell_back, sentence = sentence),
        Outcome::Restarted => t_string!(i18n, error.restarting, sentence = sentence),
        Outcome::Stopped => t_string!(i18n, error.stopped, sentence = sentence),
    };
    match alert.recovering {
        Some(model) => t_string!(i18n, error.recovering, sentence = sentence, model = content.model_name(model)),
        None => sentence,
    }
}

/// What went wrong.
fn error(i18n: I18n, content: Content, error: &EngineError) -> String {
    match error.clone() {
        EngineError::Fetch { file, reason } => t_string!(i18n, error.fetch, file = file, reason = reason),
        EngineError::Weights { model, error } => {
            t_string!(i18n, error.weights, model = content.model_name(model), reason = weights(i18n, error))
        }
        EngineError::Components(error) => t_string!(i18n, error.components, reason = weights(i18n, error)),
        EngineError::Data { file, error } => t_string!(i18n, error.data, file = file, reason = idx(i18n, error)),
        EngineError::Unpack { file, reason } => t_string!(i18n, error.unpack, file = file, reason = reason),
        EngineError::NotLoaded(asset) => t_string!(i18n, error.internal, detail = format!("{asset:?}")),
        EngineError::Malformed(detail) => t_string!(i18n, error.internal, detail = detail),
        EngineError::OtherAnswer(_) | EngineError::NoTrainer => {
            t_string!(i18n, error.internal, detail = error.to_string())
        }
        EngineError::DeviceRefused(reason) => t_string!(i18n, error.device_refused, reason = reason),
        EngineError::WrongAnswers { model } => t_string!(i18n, error.wrong_answers, model = content.model_name(model)),
        EngineError::DeviceLost(reason) => t_string!(i18n, error.device_lost, reason = reason),
        EngineError::Crashed(reason) => t_string!(i18n, error.crashed, reason = reason),
        EngineError::Vanished => t_string!(i18n, error.vanished).into(),
        EngineError::NotStarted(reason) => t_string!(i18n, error.not_started, reason = reason),
        EngineError::NoWorkers => t_string!(i18n, error.no_workers).into(),
        EngineError::NotFinite => t_string!(i18n, error.not_finite_value).into(),
        EngineError::OutOfRange(OutOfRange { key, range }) => {
            format!("{}: {}", content.setting_name(&key), self::range(i18n, range, false))
        }
        EngineError::UnknownModel(model) => t_string!(i18n, error.unknown_model, model = model.name()),
        EngineError::Settings(detail) => t_string!(i18n, error.settings, detail = detail),
        EngineError::Diverged => t_string!(i18n, error.diverged).into(),
        EngineError::Storage(reason) => t_string!(i18n, error.storage, reason = reason),
        EngineError::Snapshot { model, reason } => {
            t_string!(i18n, error.snapshot, model = content.model_name(model), reason = reason)
        }
    }
}

/// Why a weights file is refused.
fn weights(i18n: I18n, error: WeightsError) -> String {
    match error {
        WeightsError::Truncated { found, expected } => {
            let detail = t_string!(i18n, idx.cut, found = found, expected = expected);
            t_string!(i18n, error.truncated, detail = detail)
        }
        WeightsError::NotSafetensors { reason } => t_string!(i18n, error.truncated, detail = reason),
        WeightsError::Missing { tensor } => t_string!(i18n, error.missing, tensor = tensor),
        WeightsError::Unexpected { tensor } => t_string!(i18n, error.unexpected, tensor = tensor),
        WeightsError::Shape { tensor, found, expected } => {
            let (found, expected) = (shape(&found), shape(&expected));
            t_string!(i18n, error.shape, tensor = tensor, found = found, expected = expected)
        }
        WeightsError::NotFinite { tensor, .. } => t_string!(i18n, error.not_finite, tensor = tensor),
        WeightsError::Dtype { tensor, found } => t_string!(i18n, error.dtype, tensor = tensor, found = found),
        WeightsError::Scale { tensor } => t_string!(i18n, error.scale, tensor = tensor),
        WeightsError::Model { found, .. } => t_string!(i18n, error.other_model, found = found),
        WeightsError::Settings { reason } => t_string!(i18n, error.file_settings, reason = reason),
    }
}

/// Why an IDX file is refused.
fn idx(i18n: I18n, error: IdxError) -> String {
    match error {
        IdxError::Magic { found, expected } => {
            let (found, expected) = (format!("{found:#x}"), format!("{expected:#x}"));
            t_string!(i18n, idx.magic, found = found, expected = expected)
        }
        IdxError::Size { rows, columns } => t_string!(i18n, idx.size, rows = rows, columns = columns),
        IdxError::Truncated { found, expected } => t_string!(i18n, idx.cut, found = found, expected = expected),
        IdxError::TrailingBytes { extra, .. } => t_string!(i18n, idx.trailing, extra = extra),
        IdxError::Label { index, label } => t_string!(i18n, idx.label, index = index, found = label),
        IdxError::Counts { images, labels } => t_string!(i18n, idx.counts, images = images, labels = labels),
    }
}

/// What a setting can be.
pub fn range(i18n: I18n, (least, largest): (f64, f64), is_integer: bool) -> String {
    match is_integer {
        true => t_string!(i18n, setting.whole, least = least, largest = largest),
        false => t_string!(i18n, setting.range, least = least, largest = largest),
    }
}

/// The name of a file in the loading line.
pub fn asset_name(i18n: I18n, content: Content, asset: Asset) -> String {
    match asset {
        Asset::Program(_) => t_string!(i18n, loading.engine).into(),
        Asset::Weights(model) => t_string!(i18n, loading.weights, model = content.model_name(model)),
        Asset::PrincipalComponents => t_string!(i18n, loading.components).into(),
        Asset::TestDigits => t_string!(i18n, loading.test_digits).into(),
        Asset::TestSet => t_string!(i18n, loading.test_set).into(),
        Asset::TrainingSet => t_string!(i18n, loading.training_set).into(),
    }
}

/// The name of a chapter, as the contents list it.
pub fn chapter_name(i18n: I18n, chapter: Chapter) -> &'static str {
    match chapter {
        Chapter::Start => t_string!(i18n, chapter.start),
        Chapter::Autoencoder => t_string!(i18n, chapter.autoencoder),
        Chapter::Linear => t_string!(i18n, chapter.linear),
        Chapter::Stacked => t_string!(i18n, chapter.stacked),
        Chapter::Tied => t_string!(i18n, chapter.tied),
        Chapter::Layerwise => t_string!(i18n, chapter.layerwise),
        Chapter::Denoising => t_string!(i18n, chapter.denoising),
        Chapter::Convolutional => t_string!(i18n, chapter.convolutional),
        Chapter::Sparse => t_string!(i18n, chapter.sparse),
        Chapter::Contractive => t_string!(i18n, chapter.contractive),
        Chapter::WinnerTakeAll => t_string!(i18n, chapter.wta),
        Chapter::Variational => t_string!(i18n, chapter.variational),
        Chapter::Adversarial => t_string!(i18n, chapter.adversarial),
        Chapter::Gsn => t_string!(i18n, chapter.gsn),
        Chapter::Pretraining => t_string!(i18n, chapter.pretraining),
        Chapter::Inside => t_string!(i18n, chapter.inside),
        Chapter::Compare => t_string!(i18n, chapter.compare),
        Chapter::Train => t_string!(i18n, chapter.train),
        Chapter::About => t_string!(i18n, chapter.about),
    }
}

/// The name of a device.
pub fn device_name(i18n: I18n, device: DeviceKind) -> String {
    match device {
        DeviceKind::Cpu => t_string!(i18n, device.cpu),
        DeviceKind::WebGpu => t_string!(i18n, device.webgpu),
    }
    .into()
}

fn shape(sizes: &[usize]) -> String {
    sizes.iter().map(usize::to_string).collect::<Vec<_>>().join(" × ")
}
