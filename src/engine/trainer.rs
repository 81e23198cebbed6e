//! Runs behind one face, whatever their models.

use burn::tensor::Device;
use futures::FutureExt;
use futures::future::LocalBoxFuture;
use serde_json::Value;

use crate::protocol::{EngineError, Knob, ModelId, Progress};

use super::trained_model::{TrainedModel, WithWeights};
use crate::data::any::AnyDataset;
use crate::data::idx::Images;
use crate::data::plane::{PLANES, Plane};
use crate::data::split::split;
use crate::models::Autoencoder;
use crate::models::catalogue::ModelVisitor;
use crate::models::sizes;
use crate::models::source::Source;
use crate::training::evaluation;
use crate::training::{Run, Settings};
use crate::weights::{self, DeviceError};

/// Whether this program trains. The one that every visitor of the page gets does not: all that training needs is as much again.
const TRAINS: bool = cfg!(feature = "training");
const NO_TRAINER: &str = "this program does not train";

/// Validation images that are measured while a run goes on, the first of the 5,000.
const VALIDATION: usize = 1_000;

/// Parts of a loss by name.
pub type Losses = Vec<(String, f32)>;

/// A [`Run`], to be driven.
pub trait Trainer {
    fn model(&self) -> ModelId;

    fn progress(&self) -> Progress;

    /// Learns from one batch; nothing is read from the device.
    fn step(&mut self);

    /// The parts of the loss, averaged over the steps since the last call; empty without any.
    fn losses(&mut self) -> LocalBoxFuture<'_, Result<Losses, DeviceError>>;

    /// The same on the validation images; empty where there are none.
    fn validation(&self) -> LocalBoxFuture<'_, Result<Losses, DeviceError>>;

    /// The run as bytes, which [`resume`] reads.
    fn snapshot(&self) -> LocalBoxFuture<'_, Result<Vec<u8>, DeviceError>>;

    /// The model as it is now.
    fn trained(&self) -> Box<dyn TrainedModel>;
}

/// Refuses settings, the JSON object that [`Knob`] tells of, that need no model and no examples to be refused.
///
/// # Errors
/// [`EngineError::OutOfRange`] where a knob is, [`EngineError::Settings`] where a size is absurd or they are no JSON.
pub fn check(settings: &str) -> Result<(), EngineError> {
    let value: Value = serde_json::from_str(settings).map_err(|error| EngineError::Settings(error.to_string()))?;
    Knob::check(&value).map_err(EngineError::OutOfRange)?;
    sizes::check(&value).map_err(EngineError::Settings)
}

/// A fresh run by the JSON object `settings`. `images` are those of the training file.
///
/// # Errors
/// What [`check`] refuses, and [`EngineError::Settings`] where the settings make no run of this model.
pub fn begin(id: ModelId, settings: &str, images: &Images, device: &Device) -> Result<Box<dyn Trainer>, EngineError> {
    check(settings)?;
    if !TRAINS {
        return Err(EngineError::Settings(NO_TRAINER.to_string()));
    }
    id.visit(Begin { settings, images, device })
}

/// The run of a snapshot, on the `images` that it was begun with.
///
/// # Errors
/// [`EngineError::Snapshot`] where the bytes are none of this model, or broken.
pub fn resume(id: ModelId, snapshot: &[u8], images: &Images, device: &Device) -> Result<Box<dyn Trainer>, EngineError> {
    if !TRAINS {
        return Err(EngineError::Snapshot { model: id, reason: NO_TRAINER.to_string() });
    }
    id.visit(Resume { snapshot, images, device })
}

struct Begin<'a> {
    settings: &'a str,
    images: &'a Images,
    device: &'a Device,
}

impl ModelVisitor for Begin<'_> {
    type Output = Result<Box<dyn Trainer>, EngineError>;

    fn visit<M: Autoencoder>(self) -> Self::Output {
        let settings: Settings<M::Config> =
            serde_json::from_str(self.settings).map_err(|error| EngineError::Settings(error.to_string()))?;
        let (train, validation) = examples::<M>(&settings.model, self.images);
        let run = Run::<M, AnyDataset>::new(settings, train, self.device);
        Ok(Box::new(RunOf { run: run.map_err(|error| EngineError::Settings(error.to_string()))?, validation }))
    }
}

struct Resume<'a> {
    snapshot: &'a [u8],
    images: &'a Images,
    device: &'a Device,
}

impl ModelVisitor for Resume<'_> {
    type Output = Result<Box<dyn Trainer>, EngineError>;

    fn visit<M: Autoencoder>(self) -> Self::Output {
        let failed = |reason: String| EngineError::Snapshot { model: M::ID, reason };
        let metadata = weights::read_metadata(self.snapshot).map_err(|error| failed(error.to_string()))?;
        let settings = metadata.get(weights::SETTINGS).map(String::as_str).unwrap_or_default();
        let settings: Settings<M::Config> =
            serde_json::from_str(settings).map_err(|error| failed(error.to_string()))?;
        let (train, validation) = examples::<M>(&settings.model, self.images);
        let run = Run::<M, AnyDataset>::resume(self.snapshot, train, self.device);
        Ok(Box::new(RunOf { run: run.map_err(|error| failed(error.to_string()))?, validation }))
    }
}

/// What a model trains on and is validated on.
fn examples<M: Autoencoder>(config: &M::Config, images: &Images) -> (AnyDataset, AnyDataset) {
    match M::source(config) {
        Source::Digits => {
            let (train, validation) = split(images);
            (AnyDataset::Digits(train), AnyDataset::Digits(validation.slice(0..VALIDATION)))
        }
        Source::Plane => {
            let [train, test] = PLANES.map(Plane::new);
            (AnyDataset::Plane(train), AnyDataset::Plane(test))
        }
    }
}

struct RunOf<M: Autoencoder> {
    run: Run<M, AnyDataset>,
    validation: AnyDataset,
}

impl<M: Autoencoder> Trainer for RunOf<M> {
    fn model(&self) -> ModelId {
        M::ID
    }

    fn progress(&self) -> Progress {
        self.run.progress()
    }

    fn step(&mut self) {
        self.run.step();
    }

    fn losses(&mut self) -> LocalBoxFuture<'_, Result<Losses, DeviceError>> {
        let losses = self.run.losses();
        async { Ok(losses.await?.into_iter().map(|(name, value)| (name.to_string(), value)).collect()) }.boxed_local()
    }

    fn validation(&self) -> LocalBoxFuture<'_, Result<Losses, DeviceError>> {
        async {
            let losses = evaluation::losses(&self.run.model(), &self.run.settings().model, &self.validation).await?;
            Ok(losses.into_iter().map(|(name, value)| (name, value as f32)).collect())
        }
        .boxed_local()
    }

    fn snapshot(&self) -> LocalBoxFuture<'_, Result<Vec<u8>, DeviceError>> {
        self.run.snapshot().boxed_local()
    }

    fn trained(&self) -> Box<dyn TrainedModel> {
        Box::new(WithWeights::new(self.run.model(), self.run.settings(), self.run.progress().epoch))
    }
}
