//! The engine: trained models on one device, answering [`Command`]s. It knows neither worker nor network.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use burn::tensor::{Device, Tensor, TensorData};
use futures::future::LocalBoxFuture;

use crate::analysis::latent;
use crate::analysis::principal::{COMPONENTS, PrincipalComponents};
use crate::data::dataset::Dataset;
use crate::data::labelled::LabelledImages;
use crate::protocol::{
    Answer, Asset, Code, Command, DecodeSweep, EngineError, GetShape, GetTestDigit, Image, ModelDescription, ModelId,
    Reconstruct, Reconstruction, Traversal, Traverse,
};
use crate::training::{Catalogue, Entry};
use crate::weights::{self, TrainedModel, WeightsError};

#[cfg(feature = "training")]
mod code_map;
pub mod device;
mod export;
#[cfg(feature = "training")]
mod image_pass;
mod inside;
#[cfg(feature = "training")]
mod layer_activations;
mod prior_view;
#[cfg(feature = "training")]
mod test_images;
#[cfg(feature = "training")]
mod trainer_views;
/// They are refused.
#[cfg(not(feature = "training"))]
#[path = "no_trainer_views.rs"]
mod trainer_views;
mod training;
#[cfg(feature = "training")]
mod training_session;
/// No run is ever under way.
#[cfg(not(feature = "training"))]
#[path = "no_training_session.rs"]
mod training_session;
#[cfg(any(feature = "webgpu", feature = "native"))]
mod verification;
mod views;

#[cfg(feature = "training")]
use image_pass::ImagePass;
#[cfg(feature = "training")]
use layer_activations::LayerActivations;
use trainer_views::TsneSession;
#[cfg(not(feature = "training"))]
use trainer_views::{ImagePass, LayerActivations};
use training_session::TrainingSession;

/// The models and data in use on one device.
pub struct Engine {
    device: Device,
    catalogue: Catalogue,
    models: BTreeMap<ModelId, Rc<dyn TrainedModel>>,
    components: Option<PrincipalComponents>,
    /// The first 500 of the test set.
    test_digits: Option<LabelledImages>,
    /// All 10,000.
    test_set: Option<LabelledImages>,
    /// What the test set makes of one layer, the last that was asked for.
    layer: RefCell<Option<LayerActivations>>,
    /// A pass over test images under way, or left.
    image_pass: RefCell<Option<ImagePass>>,
    /// t-SNE under way.
    tsne: RefCell<Option<TsneSession>>,
    /// All 60,000.
    training_set: Option<LabelledImages>,
    session: Option<TrainingSession>,
    report_progress: Option<ReportProgress>,
}

/// Told how many of how many test images are done; the engine goes on when the future is ready.
type ReportProgress = Box<dyn Fn(u32, u32) -> LocalBoxFuture<'static, ()>>;

impl Engine {
    /// An engine for the models of `catalogue`, without weights or data, on `device` (not an autodiff one).
    pub fn new(device: Device, catalogue: Catalogue) -> Self {
        Self {
            device,
            catalogue,
            models: BTreeMap::new(),
            components: None,
            test_digits: None,
            test_set: None,
            layer: RefCell::default(),
            image_pass: RefCell::default(),
            tsne: RefCell::default(),
            training_set: None,
            session: None,
            report_progress: None,
        }
    }

    /// Has `report` told how many of how many test images are done, while an answer takes all of them; the engine goes on when the
    /// future is ready.
    pub fn on_progress(&mut self, report: impl Fn(u32, u32) -> LocalBoxFuture<'static, ()> + 'static) {
        self.report_progress = Some(Box::new(report));
    }

    /// The models that there are.
    pub fn describe(&self) -> Vec<ModelDescription> {
        self.catalogue.entries().map(Entry::describe).collect()
    }

    /// Puts a model into use, from the bytes of its safetensors file.
    ///
    /// # Errors
    /// Names the tensor at fault; the model in use before stays in use.
    pub fn load_weights(&mut self, model: ModelId, bytes: &[u8]) -> Result<(), EngineError> {
        let unusable = |error| EngineError::Weights { model, error };
        let loaded = self.entry(model)?.load(bytes, &self.device).map_err(unusable)?;
        let (found, shape) = (loaded.shape().input(), loaded.shape());
        if found != shape.examples.width() {
            let reason = format!("{found} inputs in place of {}", shape.examples.width());
            return Err(unusable(WeightsError::Settings { reason }));
        }
        self.models.insert(model, loaded);
        Ok(())
    }

    /// Whether `model` has weights in use.
    pub fn has_weights(&self, model: ModelId) -> bool {
        self.models.contains_key(&model)
    }

    /// Puts the principal components into use that models are compared with, from the bytes of their safetensors file.
    ///
    /// # Errors
    /// Names the tensor at fault.
    pub fn load_components(&mut self, bytes: &[u8]) -> Result<(), WeightsError> {
        self.components = Some(weights::load(PrincipalComponents::init(&self.device), bytes)?);
        Ok(())
    }

    /// Whether the codes of `model` are few enough numbers for the principal components to stand beside them.
    pub fn compares(&self, model: ModelId) -> bool {
        self.models.get(&model).is_some_and(|trained| trained.shape().code() <= COMPONENTS)
    }

    /// Puts the test digits into use, the first 500 of the test set.
    pub fn use_test_digits(&mut self, digits: LabelledImages) {
        self.test_digits = Some(digits);
    }

    /// Puts the test set into use.
    pub fn use_test_set(&mut self, digits: LabelledImages) {
        self.test_set = Some(digits);
        self.layer.take();
        self.image_pass.take();
        self.tsne.take();
    }

    /// Answers one command.
    ///
    /// # Errors
    /// What the command needs is not loaded, or the command is malformed, or a value is not finite.
    pub async fn answer(&self, command: Command) -> Result<Answer, EngineError> {
        match command {
            Command::ListModels(_) => Ok(Answer::ListModels(self.describe())),
            Command::GetShape(GetShape { model, settings }) => Ok(Answer::GetShape(match settings {
                Some(settings) => self.plan(model, &settings)?.shape,
                None => self.model(model)?.shape().clone(),
            })),
            Command::GetTestDigit(get) => self.test_digit(get).map(Answer::GetTestDigit),
            Command::Reconstruct(request) => self.reconstruct(request).await.map(Answer::Reconstruct),
            Command::Decode(request) => self.decode(request.model, request.codes).await.map(Answer::Decode),
            Command::Traverse(request) => self.traverse(request).await.map(Answer::Traverse),
            Command::DecodeSweep(request) => self.sweep(request).await.map(Answer::DecodeSweep),
            Command::GetGallery(get) => self.gallery(get.model).await.map(Answer::GetGallery),
            Command::GetViews(get) => self.views(get.model).await.map(Answer::GetViews),
            Command::GetTestErrors(get) => self.test_errors(get.model).await.map(Answer::GetTestErrors),
            Command::RebuildTestImages(request) => self.rebuild(request).await.map(Answer::RebuildTestImages),
            Command::GetFilters(get) => self.filters(get).await.map(Answer::GetFilters),
            Command::GetFeatures(get) => self.features(get).await.map(Answer::GetFeatures),
            Command::GetActivations(get) => self.activations(get).await.map(Answer::GetActivations),
            Command::GetTopImages(get) => self.top_images(get).await.map(Answer::GetTopImages),
            Command::GetCodeMap(get) => self.code_map(get.model).await.map(Answer::GetCodeMap),
            Command::DecodePath(request) => self.decode_path(request).await.map(Answer::DecodePath),
            Command::AdvanceChain(request) => self.advance_chain(request).await.map(Answer::AdvanceChain),
            Command::Maximise(request) => self.maximise(request).await.map(Answer::Maximise),
            Command::AdvanceTsne(request) => self.advance_tsne(request).await.map(Answer::AdvanceTsne),
            Command::Train(_)
            | Command::ControlRun(_)
            | Command::RecoverRun(_)
            | Command::FetchAsset(_)
            | Command::RestoreWeights(_)
            | Command::ExportWeights(_)
            | Command::ImportWeights(_)
            | Command::ListSaved(_)
            | Command::SaveWeights(_)
            | Command::UseWeights(_)
            | Command::DeleteWeights(_)
            | Command::DeleteRun(_) => Err(EngineError::Malformed("a request that takes a worker".to_string())),
        }
    }

    fn test_digit(&self, GetTestDigit { digit, nth }: GetTestDigit) -> Result<Image, EngineError> {
        let set = self.test_digits.as_ref().ok_or(EngineError::NotLoaded(Asset::TestDigits))?;
        let numbers: Vec<usize> = numbers_of(set, digit).collect();
        match numbers.len() {
            0 => Err(EngineError::Malformed(format!("no test image of {digit}"))),
            count => Ok(set.images.pixels(numbers[nth as usize % count]).to_vec()),
        }
    }

    async fn traverse(&self, Traverse { model, code, extent }: Traverse) -> Result<Traversal, EngineError> {
        let mut low = self.decode(model, latent::traversal(&code, extent)).await?;
        let high = low.split_off(code.len());
        Ok(Traversal { low, high })
    }

    async fn sweep(&self, DecodeSweep { model, code, sweep }: DecodeSweep) -> Result<Vec<Image>, EngineError> {
        if sweep.side < 2 || sweep.dimensions.iter().any(|&dimension| dimension >= code.len()) {
            return Err(EngineError::Malformed(format!("{sweep:?}")));
        }
        self.decode(model, latent::sweep(&code, sweep)).await
    }

    async fn reconstruct(&self, request: Reconstruct) -> Result<Reconstruction, EngineError> {
        let Reconstruct { model, image, noise } = request;
        let autoencoder = self.model(model)?;
        if image.len() != autoencoder.shape().input() {
            return Err(EngineError::Malformed(format!("an image of {} pixels", image.len())));
        }
        let clean = to_pixels(&image);
        let noisy = noise.apply(&clean);
        let code = autoencoder.encode(self.tensor(noisy.clone(), clean.len()));
        let output = self.read(autoencoder.decode(code.clone())).await?;
        Ok(Reconstruction {
            input: to_bytes(&noisy),
            input_error: mean_squared_error(&noisy, &clean),
            output_error: mean_squared_error(&output, &clean),
            output: to_bytes(&output),
            code: self.read(code).await?,
        })
    }

    async fn decode(&self, model: ModelId, codes: Vec<Code>) -> Result<Vec<Image>, EngineError> {
        let autoencoder = self.model(model)?;
        let size = autoencoder.shape().code();
        let is_code = |code: &Code| code.len() == size && code.iter().all(|z| z.is_finite());
        if codes.is_empty() || !codes.iter().all(is_code) {
            return Err(EngineError::Malformed(format!("{} takes codes of {size} finite numbers", model.name())));
        }
        let pixels = self.read(autoencoder.decode(self.tensor(codes.concat(), size))).await?;
        Ok(pixels.chunks(autoencoder.shape().input()).map(to_bytes).collect())
    }

    fn entry(&self, model: ModelId) -> Result<&dyn Entry, EngineError> {
        self.catalogue.get(model).ok_or(EngineError::UnknownModel(model))
    }

    fn model(&self, model: ModelId) -> Result<&dyn TrainedModel, EngineError> {
        self.models.get(&model).map(Rc::as_ref).ok_or(EngineError::NotLoaded(Asset::Weights(model)))
    }

    /// Rows of `width` values as a tensor `[rows, width]`.
    fn tensor(&self, values: Vec<f32>, width: usize) -> Tensor<2> {
        let rows = values.len() / width;
        Tensor::from_data(TensorData::new(values, [rows, width]), &self.device)
    }

    async fn read(&self, tensor: Tensor<2>) -> Result<Vec<f32>, EngineError> {
        let data = tensor.into_data_async().await.map_err(|error| EngineError::DeviceLost(error.to_string()))?;
        let values: Vec<f32> = data.convert::<f32>().try_to_vec().map_err(|_| EngineError::NotFinite)?;
        if values.iter().all(|value| value.is_finite()) { Ok(values) } else { Err(EngineError::NotFinite) }
    }
}

/// Which images of `set` are of `digit`.
fn numbers_of(set: &LabelledImages, digit: u8) -> impl Iterator<Item = usize> + '_ {
    (0..set.count()).filter(move |&number| set.label(number) == Some(digit))
}

/// Bytes as pixels in [0, 1].
fn to_pixels(bytes: &[u8]) -> Vec<f32> {
    bytes.iter().map(|&byte| f32::from(byte) / 255.0).collect()
}

/// Pixels as they are measured: values outside [0, 1] clipped.
fn clipped(pixels: &[f32]) -> Vec<f32> {
    pixels.iter().map(|pixel| pixel.clamp(0.0, 1.0)).collect()
}

/// Pixels in [0, 1], values outside clipped, as bytes.
fn to_bytes(pixels: &[f32]) -> Image {
    pixels.iter().map(|pixel| (pixel.clamp(0.0, 1.0) * 255.0).round() as u8).collect()
}

fn mean_squared_error(a: &[f32], b: &[f32]) -> f32 {
    a.iter().zip(b).map(|(a, b)| (a - b).powi(2)).sum::<f32>() / a.len() as f32
}
