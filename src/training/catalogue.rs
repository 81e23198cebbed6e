//! The models that an engine or a command works with, whatever their types.

use std::marker::PhantomData;
use std::rc::Rc;

use burn::tensor::Device;

#[cfg(any(feature = "webgpu", feature = "native"))]
use super::learner::Learner;
use super::learner::ModuleLearner;
use super::run::Run;
use super::snapshot::{Snapshot, SnapshotError};
use crate::data::dataset::Dataset;
use crate::models::catalogue::{ModelVisitor, visit_all};
use crate::models::lesson::{Baseline, Benchmark};
use crate::models::recipe::Recipe;
use crate::models::settings::{Settings, SettingsError};
use crate::models::{Autoencoder, TRAINS};
use crate::protocol::{ModelDescription, ModelId, PresetDescription, Shape};
use crate::weights::{SEED, TrainedModel, WeightsError, WithWeights, to_json};

/// Models by name, in the order in which they are shown.
pub struct Catalogue(Vec<Box<dyn Entry>>);

impl Catalogue {
    /// Every model of [`visit_all`].
    pub fn all() -> Self {
        let mut catalogue = Catalogue(Vec::new());
        visit_all(&mut catalogue);
        catalogue
    }

    /// These and `M`.
    pub fn with<M: Autoencoder>(mut self) -> Self {
        self.visit::<M>();
        self
    }

    /// The model of this name; None where there is none.
    pub fn get(&self, model: ModelId) -> Option<&dyn Entry> {
        self.entries().find(|entry| entry.id() == model)
    }

    pub fn entries(&self) -> impl Iterator<Item = &dyn Entry> {
        self.0.iter().map(Box::as_ref)
    }
}

impl ModelVisitor for Catalogue {
    fn visit<M: Autoencoder>(&mut self) {
        self.0.push(Box::new(Type::<M>(PhantomData)));
    }
}

/// A model of a catalogue.
pub trait Entry {
    fn id(&self) -> ModelId;

    /// What the page shows of it.
    fn describe(&self) -> ModelDescription;

    fn benchmarks(&self) -> Vec<Benchmark>;

    /// What it is compared with, itself first.
    fn baselines(&self) -> Vec<Baseline>;

    /// Reads the settings of a run, as JSON.
    ///
    /// # Errors
    /// Refuses what [`Settings::parse`] refuses.
    fn plan(&self, settings: &str) -> Result<Plan, SettingsError>;

    /// Reads the snapshot of a run.
    ///
    /// # Errors
    /// Refuses files that are broken or of another model, and settings that make no run.
    fn snapshot(&self, file: &[u8]) -> Result<Plan, SnapshotError>;

    /// The model with the weights of a safetensors file, in the size that the file tells, else in the shipped one.
    ///
    /// # Errors
    /// Refuses what [`WithWeights::load`] refuses.
    fn load(&self, file: &[u8], device: &Device) -> Result<Rc<dyn TrainedModel>, WeightsError>;

    /// The model as the first preset makes it, untrained: the same weights on every device.
    #[cfg(any(feature = "webgpu", feature = "native"))]
    fn initialise(&self, device: &Device) -> Rc<dyn TrainedModel>;
}

/// A run whose settings are known to be good, before it has its examples.
pub struct Plan {
    /// As JSON.
    pub settings: String,
    pub shape: Shape,
    pub recipe: Recipe,
    /// Whether it goes on from a snapshot.
    pub resumes: bool,
    begin: Begin,
}

type Begin = Box<dyn FnOnce(Rc<dyn Dataset>, &Device) -> Result<Run, SnapshotError>>;

impl Plan {
    fn new<M: Autoencoder>(settings: &Settings<M::Config>, resumes: bool, begin: Begin) -> Self {
        let (shape, recipe) = (M::shape(&settings.model), settings.recipe.clone());
        Plan { settings: to_json(settings), shape, recipe, resumes, begin }
    }

    /// The run on `device` (one without autodiff), with the examples `data`: those that it was begun with before, if it was.
    ///
    /// # Errors
    /// Refuses settings that make no run, examples that are none or of another width than the model's, and tensors of a
    /// snapshot that are missing, unknown or of another shape.
    pub fn begin(self, data: Rc<dyn Dataset>, device: &Device) -> Result<Run, SnapshotError> {
        (self.begin)(data, device)
    }
}

/// The model of one type.
struct Type<M>(PhantomData<M>);

impl<M: Autoencoder> Entry for Type<M> {
    fn id(&self) -> ModelId {
        M::ID
    }

    fn describe(&self) -> ModelDescription {
        let lesson = M::lesson();
        let presets = lesson.presets.into_iter().map(|preset| {
            let shape = M::shape(&preset.config);
            let settings = to_json(&Settings { model: preset.config, recipe: preset.recipe, seed: SEED });
            PresetDescription { name: preset.name.to_string(), settings, shape }
        });
        ModelDescription {
            model: M::ID,
            presets: presets.collect(),
            settings: lesson.settings,
            is_in_laboratory: lesson.is_in_laboratory,
        }
    }

    fn benchmarks(&self) -> Vec<Benchmark> {
        M::lesson().benchmarks
    }

    fn baselines(&self) -> Vec<Baseline> {
        M::lesson().baselines
    }

    fn plan(&self, settings: &str) -> Result<Plan, SettingsError> {
        let settings = Settings::parse::<M>(settings)?;
        let begin = {
            let settings = settings.clone();
            Box::new(|data: Rc<dyn Dataset>, device: &Device| {
                if !TRAINS {
                    return Err(SettingsError::NoTrainer.into());
                }
                let learner = Box::new(ModuleLearner::<M>::initialise(settings, device));
                Ok(Run::new(learner, data, device)?)
            })
        };
        Ok(Plan::new::<M>(&settings, false, begin))
    }

    fn snapshot(&self, file: &[u8]) -> Result<Plan, SnapshotError> {
        if !TRAINS {
            return Err(SettingsError::NoTrainer.into());
        }
        let snapshot = Snapshot::<M>::read(file)?;
        let settings = snapshot.settings.clone();
        Ok(Plan::new::<M>(&settings, true, Box::new(|data, device| snapshot.resume(data, device))))
    }

    fn load(&self, file: &[u8], device: &Device) -> Result<Rc<dyn TrainedModel>, WeightsError> {
        Ok(Rc::new(WithWeights::<M>::load(file, device)?))
    }
    #[cfg(any(feature = "webgpu", feature = "native"))]
    fn initialise(&self, device: &Device) -> Rc<dyn TrainedModel> {
        let preset = M::lesson().presets.swap_remove(0);
        let settings = Settings { model: preset.config, recipe: preset.recipe, seed: SEED };
        Learner::trained(&ModuleLearner::<M>::initialise(settings, device), 0)
    }
}
