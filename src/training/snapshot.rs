//! A run as bytes: what is needed to go on as if it had never stopped, on any device.
//!
//! A safetensors file (float32) of `model.<path>` and the optimisers' moments; its metadata hold the model's name, the settings, the
//! number of steps done, and the steps that each optimiser took with each parameter. The examples are not in it.

use std::rc::Rc;

use burn::tensor::Device;

use super::learner::{Learner, ModuleLearner};
use super::optimiser_state::{Steps, steps_of_one};
use super::run::Run;
use crate::data::dataset::Dataset;
use crate::models::Autoencoder;
use crate::models::settings::{Settings, SettingsError};
use crate::protocol::ModelId;
use crate::weights::{self, DeviceError, Metadata, Precision, Tensors, WeightsError};

/// What the names of the parameters begin with.
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

impl Run {
    /// The run as bytes. Losses not read yet are not in it.
    ///
    /// # Errors
    /// If the device does not give its tensors back.
    pub async fn snapshot(&self) -> Result<Vec<u8>, DeviceError> {
        let (parameters, moments, steps) = self.learner.collect().await?;
        let mut tensors: Tensors =
            parameters.into_iter().map(|(path, data)| (PARAMETERS.to_string() + &path, data)).collect();
        tensors.extend(moments);
        let metadata = Metadata::from([
            ("model".to_string(), self.id().name().to_string()),
            (weights::SETTINGS.to_string(), self.settings()),
            ("step".to_string(), self.progress().step.to_string()),
            ("optimisers".to_string(), weights::to_json(&steps)),
        ]);
        Ok(weights::write(&tensors, Precision::Single, Some(metadata)))
    }
}

/// The snapshot `file` with other settings: those of phases to come may differ.
///
/// # Errors
/// Refuses files that are broken.
pub fn with_settings(file: &[u8], settings: &str) -> Result<Vec<u8>, WeightsError> {
    let mut metadata = weights::read_metadata(file)?;
    metadata.insert(weights::SETTINGS.to_string(), settings.to_string());
    Ok(weights::write(&weights::read_tensors(file)?, Precision::Single, Some(metadata)))
}

/// A snapshot whose settings are known to be good; its examples can be chosen by them.
pub struct Snapshot<M: Autoencoder> {
    pub settings: Settings<M::Config>,
    saved: Saved,
}

impl<M: Autoencoder> Snapshot<M> {
    /// Reads what [`Run::snapshot`] gave.
    ///
    /// # Errors
    /// Refuses files that are broken or of another model, and settings that make no run.
    pub fn read(file: &[u8]) -> Result<Self, SnapshotError> {
        let (settings, saved) = Saved::read(file, M::ID)?;
        Ok(Snapshot { settings: Settings::parse::<M>(&settings)?, saved })
    }

    /// The run, on `device`; `data` must be the examples that it was begun with.
    ///
    /// # Errors
    /// Refuses tensors that are missing, unknown or of another shape, and what [`Run::new`] refuses.
    pub fn resume(mut self, data: Rc<dyn Dataset>, device: &Device) -> Result<Run, SnapshotError> {
        let parameters = std::mem::take(&mut self.saved.parameters);
        let learner = ModuleLearner::<M>::with_parameters(self.settings, parameters, device)?;
        self.saved.resume(Box::new(learner), data, device)
    }
}

/// What does not depend on the model: compiled once, and not for each.
struct Saved {
    step: usize,
    /// None in snapshots of earlier versions.
    optimisers: Option<Steps>,
    parameters: Tensors,
    moments: Tensors,
}

impl Saved {
    /// The settings, as JSON, and all else.
    fn read(file: &[u8], expected: ModelId) -> Result<(String, Self), SnapshotError> {
        let metadata = weights::read_metadata(file)?;
        let field = |field: &'static str| {
            let missing = || SnapshotError::Field { field, reason: "it is missing".to_string() };
            metadata.get(field).ok_or_else(missing)
        };
        let unreadable =
            |field: &'static str, error: &dyn ToString| SnapshotError::Field { field, reason: error.to_string() };
        let model = field("model")?;
        if model != expected.name() {
            return Err(SnapshotError::Model { found: model.clone(), expected: expected.name().to_string() });
        }
        let settings = field(weights::SETTINGS)?.clone();
        let step = field("step")?.parse().map_err(|error: std::num::ParseIntError| unreadable("step", &error))?;
        let optimisers = metadata.get("optimisers").map(|steps| serde_json::from_str(steps));
        let optimisers = optimisers.transpose().map_err(|error| unreadable("optimisers", &error))?;
        let (parameters, moments): (Tensors, Tensors) =
            weights::read_tensors(file)?.into_iter().partition(|(name, _)| name.starts_with(PARAMETERS));
        let parameters =
            parameters.into_iter().map(|(name, data)| (name[PARAMETERS.len()..].to_string(), data)).collect();
        Ok((settings, Saved { step, optimisers, parameters, moments }))
    }

    fn resume(
        mut self,
        learner: Box<dyn Learner>,
        data: Rc<dyn Dataset>,
        device: &Device,
    ) -> Result<Run, SnapshotError> {
        let mut run = Run::at(learner, data, device, self.step)?;
        let steps = self.optimisers.unwrap_or_else(|| steps_of_one(&self.moments, run.step_in_phase()));
        if run.step_in_phase() > 0 && steps.is_empty() && !run.is_done() {
            return Err(SnapshotError::Field { field: "optimisers", reason: "there are no moments".to_string() });
        }
        run.learner.restore(&steps, &mut self.moments)?;
        match self.moments.into_keys().next() {
            Some(tensor) => Err(WeightsError::Unexpected { tensor }.into()),
            None => Ok(run),
        }
    }
}
