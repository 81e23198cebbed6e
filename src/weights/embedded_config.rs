//! Files that tell which model they are of, and of what sizes.

use burn::tensor::Device;
use serde_json::Value;

use super::{Metadata, WeightsError, load, read_metadata};
use crate::models::autoencoder::Autoencoder;
use crate::models::sizes;
use crate::protocol::settings::Knob;

/// The model's name.
const MODEL: &str = "model";
/// The settings of the run that made it, as JSON: `{"model": Config, "recipe": Recipe, "seed": u64}`.
pub const SETTINGS: &str = "settings";

/// What a weights file of `M`, trained by `settings`, is to say about itself.
pub fn metadata<M: Autoencoder>(settings: &str) -> Metadata {
    Metadata::from([(MODEL.to_string(), M::ID.name().to_string()), (SETTINGS.to_string(), settings.to_string())])
}

/// The model of a safetensors file and its Config: the file's own where it tells one, else the default.
///
/// # Errors
/// Refuses what [`load`] refuses, a file of another model, and settings that are broken or out of range.
pub fn load_own<M: Autoencoder>(file: &[u8], device: &Device) -> Result<(M, M::Config), WeightsError> {
    let metadata = read_metadata(file)?;
    let expected = M::ID.name();
    if let Some(found) = metadata.get(MODEL).filter(|found| *found != expected) {
        return Err(WeightsError::Model { found: found.clone(), expected: expected.to_string() });
    }
    let config = metadata.get(SETTINGS).map_or_else(|| Ok(M::Config::default()), |settings| own::<M>(settings))?;
    Ok((load(M::init(&config, device), file)?, config))
}

fn own<M: Autoencoder>(settings: &str) -> Result<M::Config, WeightsError> {
    let broken = |reason: &dyn ToString| WeightsError::Settings { reason: reason.to_string() };
    let settings: Value = serde_json::from_str(settings).map_err(|error| broken(&error))?;
    Knob::check(&settings).map_err(|error| broken(&error))?;
    sizes::check(&settings).map_err(|error| broken(&error))?;
    let config = settings.get(MODEL).ok_or_else(|| broken(&"they have no model"))?;
    serde_json::from_value(config.clone()).map_err(|error| broken(&error))
}
