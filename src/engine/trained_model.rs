//! TrainedModel models behind one face, whatever their types.

use burn::tensor::{Device, Tensor};
use futures::FutureExt;
use futures::future::LocalBoxFuture;
use serde::Serialize;

use crate::models::Autoencoder;
use crate::models::catalogue::ModelVisitor;
use crate::protocol::ModelId;
use crate::protocol::settings::Knob;
use crate::training::Settings;
use crate::weights::{self, DeviceError, Precision, WeightsError};

/// Seed of the presets, and of the shipped weights.
const SEED: u64 = 42;

/// Epochs done, in what a weights file says about itself.
const EPOCHS: &str = "epochs";

/// A model with its weights, to be asked and not to be trained.
pub trait TrainedModel {
    /// Numbers in an input: 784 where it takes images.
    fn input_width(&self) -> usize;

    /// Numbers in a code.
    fn code_width(&self) -> usize;

    /// Whether every number of a code is an activation in [0, 1].
    fn has_activations(&self) -> bool;

    /// Number of weights and biases.
    fn parameters(&self) -> usize;

    /// How the weights came to be.
    fn origin(&self) -> &Origin;

    /// Inputs `[batch, input]` to codes `[batch, code]`; the mean where codes are stochastic.
    fn encode(&self, inputs: Tensor<2>) -> Tensor<2>;

    /// Codes `[batch, code]` to outputs `[batch, input]`, images in [0, 1].
    fn decode(&self, codes: Tensor<2>) -> Tensor<2>;

    /// The weights as a safetensors file in float32, which [`load`] reads; its metadata hold the [`Origin`].
    fn to_file(&self) -> LocalBoxFuture<'_, Result<Vec<u8>, DeviceError>>;
}

/// How weights came to be.
#[derive(Clone, Debug, PartialEq)]
pub struct Origin {
    /// The run's, as JSON.
    pub settings: String,
    /// Epochs done.
    pub epochs: usize,
}

/// The model named `id` with the weights of a safetensors file, in the size that the file tells, else in the shipped one.
///
/// # Errors
/// Refuses what [`weights::load_own`] refuses.
pub fn load(id: ModelId, file: &[u8], device: &Device) -> Result<Box<dyn TrainedModel>, WeightsError> {
    id.visit(Loader { file, device })
}

/// The ways to train the model named `id`: their names, and their settings as JSON.
pub fn presets(id: ModelId) -> Vec<(String, String)> {
    id.visit(Presets)
}

/// The module of a run, or of a file.
pub(super) struct WithWeights<M: Autoencoder> {
    module: M,
    config: M::Config,
    origin: Origin,
}

impl<M: Autoencoder> WithWeights<M> {
    pub(super) fn new(module: M, settings: &Settings<M::Config>, epochs: usize) -> Self {
        let origin = Origin { settings: to_json(settings), epochs };
        WithWeights { module, config: settings.model.clone(), origin }
    }
}

impl<M: Autoencoder> TrainedModel for WithWeights<M> {
    fn input_width(&self) -> usize {
        M::input_width(&self.config)
    }

    fn code_width(&self) -> usize {
        M::code_width(&self.config)
    }

    fn has_activations(&self) -> bool {
        M::has_activations()
    }

    fn parameters(&self) -> usize {
        self.module.num_params()
    }

    fn origin(&self) -> &Origin {
        &self.origin
    }

    fn encode(&self, inputs: Tensor<2>) -> Tensor<2> {
        self.module.encode(inputs)
    }

    fn decode(&self, codes: Tensor<2>) -> Tensor<2> {
        self.module.decode(codes)
    }

    fn to_file(&self) -> LocalBoxFuture<'_, Result<Vec<u8>, DeviceError>> {
        async {
            let mut metadata = weights::metadata::<M>(&self.origin.settings);
            metadata.insert(EPOCHS.to_string(), self.origin.epochs.to_string());
            Ok(weights::write(&weights::collect(&self.module).await?, Precision::Single, Some(metadata)))
        }
        .boxed_local()
    }
}

struct Loader<'a> {
    file: &'a [u8],
    device: &'a Device,
}

impl ModelVisitor for Loader<'_> {
    type Output = Result<Box<dyn TrainedModel>, WeightsError>;

    fn visit<M: Autoencoder>(self) -> Self::Output {
        let (module, config) = weights::load_own::<M>(self.file, self.device)?;
        let metadata = weights::read_metadata(self.file)?;
        let settings = metadata.get(weights::SETTINGS).cloned().unwrap_or_else(|| to_json(&shipped::<M>()));
        let epochs = metadata.get(EPOCHS).and_then(|epochs| epochs.parse().ok());
        let planned = || serde_json::from_str(&settings).ok().and_then(|settings| Knob::Epochs.get(&settings));
        let epochs = epochs.or_else(|| planned().map(|epochs| epochs as usize)).unwrap_or_default();
        Ok(Box::new(WithWeights { module, config, origin: Origin { settings, epochs } }))
    }
}

struct Presets;

impl ModelVisitor for Presets {
    type Output = Vec<(String, String)>;

    fn visit<M: Autoencoder>(self) -> Self::Output {
        let presets = M::presets().into_iter();
        presets
            .map(|preset| {
                let settings = Settings { model: preset.config, recipe: preset.recipe, seed: SEED };
                (preset.name.to_string(), to_json(&settings))
            })
            .collect()
    }
}

/// How the shipped weights were trained.
fn shipped<M: Autoencoder>() -> Settings<M::Config> {
    Settings { model: M::Config::default(), recipe: M::presets().swap_remove(0).recipe, seed: SEED }
}

fn to_json(settings: &impl Serialize) -> String {
    serde_json::to_string(settings).expect("settings are plain data")
}
