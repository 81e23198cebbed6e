//! Problems as sentences, in the reader's language.

use leptos_i18n::{I18nContext, t_string};

use super::i18n::{I18nKeys, Locale};
use super::lab::{Aftermath, Trouble};
use crate::data::idx::IdxError;
use crate::engine::protocol::{Asset, DeviceKind, ModelId, Problem};
use crate::models::weights::WeightsError;

type I18n = I18nContext<Locale, I18nKeys>;

/// What happened and what it led to.
pub fn trouble(i18n: I18n, trouble: &Trouble) -> String {
    let sentence = problem(i18n, &trouble.problem);
    match trouble.aftermath {
        Aftermath::Partial => sentence,
        Aftermath::FellBack => t_string!(i18n, problem.fell_back, sentence = sentence),
        Aftermath::Restarted => t_string!(i18n, problem.restarting, sentence = sentence),
        Aftermath::Stopped => t_string!(i18n, problem.stopped, sentence = sentence),
    }
}

/// What happened.
fn problem(i18n: I18n, problem: &Problem) -> String {
    match problem.clone() {
        Problem::Fetch { file, reason } => t_string!(i18n, problem.fetch, file = file, reason = reason),
        Problem::Weights { model, error } => {
            t_string!(i18n, problem.weights, model = model_name(i18n, model), reason = weights(i18n, error))
        }
        Problem::Data { file, error } => t_string!(i18n, problem.data, file = file, reason = idx(i18n, error)),
        Problem::Unpack { file, reason } => t_string!(i18n, problem.unpack, file = file, reason = reason),
        Problem::NotLoaded(asset) => t_string!(i18n, problem.internal, detail = format!("{asset:?}")),
        Problem::Malformed(detail) => t_string!(i18n, problem.internal, detail = detail),
        Problem::DeviceRefused(reason) => t_string!(i18n, problem.device_refused, reason = reason),
        Problem::DeviceLost(reason) => t_string!(i18n, problem.device_lost, reason = reason),
        Problem::Crashed(reason) => t_string!(i18n, problem.crashed, reason = reason),
        Problem::Vanished => t_string!(i18n, problem.vanished).into(),
        Problem::NotStarted(reason) => t_string!(i18n, problem.not_started, reason = reason),
        Problem::NoWorkers => t_string!(i18n, problem.no_workers).into(),
        Problem::NotFinite => t_string!(i18n, problem.not_finite_value).into(),
    }
}

/// Why a weights file is refused.
fn weights(i18n: I18n, error: WeightsError) -> String {
    match error {
        WeightsError::Truncated { found, expected } => {
            let detail = t_string!(i18n, idx.cut, found = found, expected = expected);
            t_string!(i18n, problem.truncated, detail = detail)
        }
        WeightsError::NotSafetensors { reason } => t_string!(i18n, problem.truncated, detail = reason),
        WeightsError::Missing { tensor } => t_string!(i18n, problem.missing, tensor = tensor),
        WeightsError::Unexpected { tensor } => t_string!(i18n, problem.unexpected, tensor = tensor),
        WeightsError::Shape { tensor, found, expected } => {
            let (found, expected) = (shape(&found), shape(&expected));
            t_string!(i18n, problem.shape, tensor = tensor, found = found, expected = expected)
        }
        WeightsError::NotFinite { tensor, .. } => t_string!(i18n, problem.not_finite, tensor = tensor),
        WeightsError::Dtype { tensor, found } => t_string!(i18n, problem.dtype, tensor = tensor, found = found),
        WeightsError::Model { found, .. } => t_string!(i18n, problem.other_model, found = found),
        WeightsError::Settings { reason } => t_string!(i18n, problem.settings, reason = reason),
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

/// The name of a model in running text.
pub fn model_name(i18n: I18n, model: ModelId) -> String {
    match model {
        ModelId::Vae => t_string!(i18n, model.vae),
        ModelId::Denoising => t_string!(i18n, model.denoising),
        ModelId::Layerwise => t_string!(i18n, model.layerwise),
        ModelId::Linear => t_string!(i18n, model.linear),
        ModelId::Stacked => t_string!(i18n, model.stacked),
        ModelId::Deep => t_string!(i18n, model.deep),
        ModelId::Tied => t_string!(i18n, model.tied),
        ModelId::Sparse => t_string!(i18n, model.sparse),
    }
    .into()
}

/// The name of a file in the loading line.
pub fn asset_name(i18n: I18n, asset: Asset) -> String {
    match asset {
        Asset::Program(_) => t_string!(i18n, loading.engine).into(),
        Asset::Weights(model) => t_string!(i18n, loading.weights, model = model_name(i18n, model)),
        Asset::TestSet => t_string!(i18n, loading.test_set).into(),
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
