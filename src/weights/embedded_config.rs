//! Files that tell which model they are of, and of what sizes.

use burn::tensor::Device;

use super::{Metadata, WeightsError, load, read_metadata};
use crate::models::Autoencoder;
use crate::models::settings;
use crate::protocol::ModelId;

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
    let config = match read_settings(file, M::ID)? {
        Some(json) => settings::embedded_config::<M>(&json)?,
        None => M::Config::default(),
    };
    Ok((load(M::init(&config, device), file)?, config))
}

/// The settings in a weights file, as JSON, where it is of `model` or does not say.
fn read_settings(file: &[u8], model: ModelId) -> Result<Option<String>, WeightsError> {
    let mut metadata = read_metadata(file)?;
    let expected = model.name();
    match metadata.get(MODEL).filter(|found| *found != expected) {
        Some(found) => Err(WeightsError::Model { found: found.clone(), expected: expected.to_string() }),
        None => Ok(metadata.remove(SETTINGS)),
    }
}
