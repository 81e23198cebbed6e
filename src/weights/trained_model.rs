//! A model with its weights, whatever its type.

use std::rc::Rc;

use burn::tensor::activation::relu;
use burn::tensor::{Device, Tensor};
use futures::FutureExt;
use futures::future::LocalBoxFuture;
use serde_json::Value;

use super::{DeviceError, Precision, SETTINGS, WeightsError, load_own, metadata, read_metadata};
use crate::models::activations::Activations;
use crate::models::autoencoder::{ChainStep, OuterWeights};
use crate::models::batch::{Batch, Loss};
use crate::models::sampler::Sampler;
use crate::models::settings::Settings;
use crate::models::{Autoencoder, TRAINS};
use crate::protocol::{ExampleKind, ModelId, Shape};

/// Seed of the presets, and of the shipped weights.
pub const SEED: u64 = 42;

/// Epochs done, in what a weights file says about itself.
const EPOCHS: &str = "epochs";

/// A model with its weights, for inference and evaluation.
pub trait TrainedModel {
    fn id(&self) -> ModelId;

    fn shape(&self) -> &Shape;

    /// Number of weights and biases.
    fn parameters(&self) -> usize;

    /// How the weights came to be.
    fn origin(&self) -> &Origin;

    /// See [`Autoencoder::encode_by_layer`].
    fn encode_by_layer(&self, inputs: Tensor<2>) -> Activations;

    /// See [`Autoencoder::decode_by_layer`].
    fn decode_by_layer(&self, codes: Tensor<2>) -> Activations;

    /// See [`Autoencoder::features`].
    ///
    /// # Panics
    /// As [`loss`](Self::loss) does.
    fn features(&self, codes: Tensor<2>) -> Tensor<2>;

    /// See [`Autoencoder::outer_weights`].
    fn outer_weights(&self) -> Option<OuterWeights>;

    /// See [`Autoencoder::encoder_jacobian`].
    ///
    /// # Panics
    /// As [`loss`](Self::loss) does.
    fn encoder_jacobian(&self, inputs: Tensor<2>) -> Option<Tensor<3>>;

    /// Inputs `[batch, input]` to the scores of classes, `[batch, classes]`; None where it does not classify.
    fn classify(&self, inputs: Tensor<2>) -> Option<Tensor<2>>;

    /// See [`Autoencoder::chain_step`].
    fn chain_step(&self, images: Tensor<2>, sampler: &Sampler) -> Option<ChainStep>;

    /// What training minimises.
    ///
    /// # Panics
    /// In a program that does not [train](crate::models::TRAINS), as [`phase_inputs`](Self::phase_inputs) and
    /// [`differentiable`](Self::differentiable) do.
    fn loss(&self, batch: &Batch) -> Loss;

    /// See [`Autoencoder::phase_inputs`].
    fn phase_inputs(&self, examples: Tensor<2>, phase: usize) -> Option<Tensor<2>>;

    /// The same model on the device's autodiff: gradients with respect to an input follow from what it makes of it.
    fn differentiable(&self) -> Rc<dyn TrainedModel>;

    /// The last of the phases that it is trained in, from 0.
    fn last_phase(&self) -> usize;

    /// Where its weights are.
    fn device(&self) -> Device;

    /// The weights as a safetensors file, which [`WithWeights::load`] reads; its metadata hold the [`Origin`].
    fn to_file(&self, precision: Precision) -> LocalBoxFuture<'_, Result<Vec<u8>, DeviceError>>;
}

// What follows from the rest is compiled once, and not for every model.
impl dyn TrainedModel + '_ {
    /// Inputs `[batch, input]` to codes `[batch, code]`; the mean where codes are stochastic.
    pub fn encode(&self, inputs: Tensor<2>) -> Tensor<2> {
        self.encode_by_layer(inputs).last()
    }

    /// Codes `[batch, code]` to outputs `[batch, input]`, as they are shown and measured: those of images are clipped to [0, 1].
    pub fn decode(&self, codes: Tensor<2>) -> Tensor<2> {
        let outputs = self.decode_by_layer(codes).last();
        match self.shape().examples {
            // burn's clamp has kernels for every type of number, which the small program has no other use for.
            ExampleKind::Digits => relu(outputs.clone()) - relu(outputs - 1.0),
            ExampleKind::Plane => outputs,
        }
    }

    /// Inputs `[batch, input]` through all layers: what each gives, `[batch, width]`, the inputs first. Outputs are not clipped.
    pub fn activations(&self, inputs: Tensor<2>) -> Vec<Tensor<2>> {
        let mut layers = self.encode_by_layer(inputs).into_layers();
        if let Some(codes) = layers.pop() {
            layers.extend(self.decode_by_layer(codes).into_layers());
        }
        layers
    }

    /// One of [`activations`](Self::activations), where there are so many.
    pub fn layer(&self, inputs: Tensor<2>, layer: usize) -> Option<Tensor<2>> {
        self.layer_of(inputs, layer, Activations::into_layers)
    }

    /// The same, but before the activation function where the layer keeps that.
    pub fn layer_before_activation(&self, inputs: Tensor<2>, layer: usize) -> Option<Tensor<2>> {
        self.layer_of(inputs, layer, Activations::into_layers_before_activation)
    }

    /// One of `layers` of the encoder's activations, or else of the decoder's.
    fn layer_of(
        &self,
        inputs: Tensor<2>,
        layer: usize,
        layers: fn(Activations) -> Vec<Tensor<2>>,
    ) -> Option<Tensor<2>> {
        let encoder = self.encode_by_layer(inputs);
        let depth = encoder.depth();
        if layer < depth {
            return layers(encoder).into_iter().nth(layer);
        }
        // The first of the decoder's is the code once more.
        layers(self.decode_by_layer(encoder.last())).into_iter().nth(layer - depth + 1)
    }

    /// Inputs `[batch, input]`, which may be noisy, to outputs of the same shape.
    pub fn reconstruct(&self, inputs: Tensor<2>) -> Tensor<2> {
        self.decode(self.encode(inputs))
    }
}

/// How weights came to be.
#[derive(Clone, Debug, PartialEq)]
pub struct Origin {
    /// The run's, as JSON.
    pub settings: String,
    /// Epochs done.
    pub epochs: usize,
}

/// The module of a run, or of a file.
pub struct WithWeights<M: Autoencoder> {
    module: M,
    shape: Shape,
    phases: usize,
    origin: Origin,
}

impl<M: Autoencoder> WithWeights<M> {
    /// What `settings` came to after `epochs`.
    pub fn new(module: M, settings: &Settings<M::Config>, epochs: usize) -> Self {
        let phases = M::phases(&settings.recipe, &settings.model).len();
        WithWeights {
            module,
            shape: M::shape(&settings.model),
            phases,
            origin: Origin { settings: to_json(settings), epochs },
        }
    }

    /// The model of a safetensors file, in the size that the file tells, else in the shipped one.
    ///
    /// # Errors
    /// Refuses what [`load_own`] refuses, and settings whose recipe cannot be read. Those without one, as the programs of `www/code` write
    /// them, have that of the first preset.
    pub fn load(file: &[u8], device: &Device) -> Result<Self, WeightsError> {
        let (module, config) = load_own::<M>(file, device)?;
        let (json, epochs) = read_run(file)?;
        let settings = match json {
            Some(json) => Settings::parse::<M>(&json)?,
            None => Settings { model: config, recipe: M::lesson().presets.swap_remove(0).recipe, seed: SEED },
        };
        let planned = || M::phases(&settings.recipe, &settings.model).iter().map(|phase| phase.recipe.epochs).sum();
        let epochs = epochs.unwrap_or_else(planned);
        Ok(Self::new(module, &settings, epochs))
    }
}

/// The settings in a weights file where they have a recipe, as JSON, and the epochs done.
fn read_run(file: &[u8]) -> Result<(Option<String>, Option<usize>), WeightsError> {
    let mut metadata = read_metadata(file)?;
    let has_recipe = |json: &String| serde_json::from_str::<Value>(json).is_ok_and(|json| json["recipe"].is_object());
    let epochs = metadata.get(EPOCHS).and_then(|epochs| epochs.parse().ok());
    Ok((metadata.remove(SETTINGS).filter(has_recipe), epochs))
}

impl<M: Autoencoder> TrainedModel for WithWeights<M> {
    fn id(&self) -> ModelId {
        M::ID
    }

    fn shape(&self) -> &Shape {
        &self.shape
    }

    fn parameters(&self) -> usize {
        self.module.num_params()
    }

    fn origin(&self) -> &Origin {
        &self.origin
    }

    fn encode_by_layer(&self, inputs: Tensor<2>) -> Activations {
        self.module.encode_by_layer(inputs)
    }

    fn decode_by_layer(&self, codes: Tensor<2>) -> Activations {
        self.module.decode_by_layer(codes)
    }

    fn features(&self, codes: Tensor<2>) -> Tensor<2> {
        require_trainer();
        self.module.features(codes)
    }

    fn outer_weights(&self) -> Option<OuterWeights> {
        self.module.outer_weights()
    }

    fn encoder_jacobian(&self, inputs: Tensor<2>) -> Option<Tensor<3>> {
        require_trainer();
        self.module.encoder_jacobian(inputs)
    }

    fn classify(&self, inputs: Tensor<2>) -> Option<Tensor<2>> {
        self.module.classify(inputs)
    }

    fn chain_step(&self, images: Tensor<2>, sampler: &Sampler) -> Option<ChainStep> {
        self.module.chain_step(images, sampler)
    }

    fn loss(&self, batch: &Batch) -> Loss {
        require_trainer();
        self.module.loss(batch)
    }

    fn phase_inputs(&self, examples: Tensor<2>, phase: usize) -> Option<Tensor<2>> {
        require_trainer();
        self.module.phase_inputs(examples, phase)
    }

    fn differentiable(&self) -> Rc<dyn TrainedModel> {
        require_trainer();
        let (shape, origin) = (self.shape.clone(), self.origin.clone());
        Rc::new(WithWeights { module: self.module.clone().train(), shape, phases: self.phases, origin })
    }

    fn last_phase(&self) -> usize {
        self.phases - 1
    }

    fn device(&self) -> Device {
        self.module.devices().into_iter().next().expect("a model has parameters")
    }

    fn to_file(&self, precision: Precision) -> LocalBoxFuture<'_, Result<Vec<u8>, DeviceError>> {
        async move {
            let mut metadata = metadata::<M>(&self.origin.settings);
            metadata.insert(EPOCHS.to_string(), self.origin.epochs.to_string());
            super::to_bytes(&self.module, precision, Some(metadata)).await
        }
        .boxed_local()
    }
}

/// Lets the compiler leave out what follows in a program that does not train: only a run needs it, and there none can begin.
fn require_trainer() {
    if !TRAINS {
        unreachable!("this program does not train");
    }
}

/// Settings as JSON.
pub fn to_json(settings: &impl serde::Serialize) -> String {
    serde_json::to_string(settings).expect("settings are plain data")
}
