//! A run as bytes: what is needed to go on as if it had never stopped, on any device.
//!
//! A safetensors file (float32) of `model.<path>`, `moment_1.<path>` and `moment_2.<path>`; its metadata hold the model's name,
//! the settings and the number of steps done. The examples are not in it.

use burn::tensor::Device;

use super::run::{Run, Settings, SettingsError};
use crate::data::dataset::Dataset;
use crate::models::autoencoder::Autoencoder;
use crate::weights::{self, DeviceError, Metadata, Precision, Tensors, WeightsError};

const PARAMETERS: &str = "model.";

/// Why a snapshot cannot be resumed.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum SnapshotError {
    #[error(transparent)]
    Weights(#[from] WeightsError),
    #[error(transparent)]
    Settings(#[from] SettingsError),
    #[error("this is a snapshot of {found}, not of {expected}")]
    Model { found: String, expected: String },
    #[error("the snapshot's {field} cannot be read: {reason}")]
    Field { field: &'static str, reason: String },
}

impl<M: Autoencoder, D: Dataset> Run<M, D> {
    /// The run as bytes. Losses not read yet are not in it.
    ///
    /// # Errors
    /// If the device does not give its tensors back.
    pub async fn snapshot(&self) -> Result<Vec<u8>, DeviceError> {
        let parameters = weights::collect(&self.model).await?;
        let mut tensors: Tensors =
            parameters.into_iter().map(|(path, data)| (PARAMETERS.to_string() + &path, data)).collect();
        tensors.extend(self.adam.collect(&self.model).await?);
        let metadata = Metadata::from([
            ("model".to_string(), M::ID.name().to_string()),
            ("settings".to_string(), serde_json::to_string(self.settings()).expect("settings are plain data")),
            ("step".to_string(), self.progress().step.to_string()),
        ]);
        Ok(weights::write(&tensors, Precision::Single, Some(metadata)))
    }

    /// The run of a [`snapshot`](Self::snapshot), on `device`; `data` must be the examples that it was begun with.
    ///
    /// # Errors
    /// Refuses what [`weights::load`] and [`Run::new`] refuse, and a snapshot of another model.
    pub fn resume(snapshot: &[u8], data: D, device: &Device) -> Result<Self, SnapshotError> {
        let metadata = weights::read_metadata(snapshot)?;
        let field = |field: &'static str| {
            let missing = || SnapshotError::Field { field, reason: "it is missing".to_string() };
            metadata.get(field).ok_or_else(missing)
        };
        let model = field("model")?;
        if model != M::ID.name() {
            return Err(SnapshotError::Model { found: model.clone(), expected: M::ID.name().to_string() });
        }
        let settings: Settings<M::Config> = serde_json::from_str(field("settings")?)
            .map_err(|error| SnapshotError::Field { field: "settings", reason: error.to_string() })?;
        let step = field("step")?
            .parse::<usize>()
            .map_err(|error| SnapshotError::Field { field: "step", reason: error.to_string() })?;

        let (parameters, mut moments): (Tensors, Tensors) =
            weights::read_tensors(snapshot)?.into_iter().partition(|(name, _)| name.starts_with(PARAMETERS));
        let parameters =
            parameters.into_iter().map(|(name, data)| (name[PARAMETERS.len()..].to_string(), data)).collect();
        let fresh = M::init(&settings.model, device);
        let model = weights::apply(fresh, parameters)?.train();
        let mut run = Run::at(settings, data, device, model, step)?;
        let time = run.step_in_phase();
        if time > 0 {
            run.adam.restore(&run.model, time, &mut moments)?;
        }
        match moments.into_keys().next() {
            Some(tensor) => Err(WeightsError::Unexpected { tensor }.into()),
            None => Ok(run),
        }
    }
}
