//! What a run drives: a model and its optimisers, whatever their types.

use std::rc::Rc;
use std::sync::{Mutex, PoisonError};

use burn::module::{ModuleVisitor, Param};
use burn::tensor::{Device, Tensor};
use futures::FutureExt;
use futures::future::LocalBoxFuture;

use super::optimiser_state::{self, Steps};
use crate::models::Autoencoder;
use crate::models::batch::{Batch, Loss};
use crate::models::optimisers::Optimisers;
use crate::models::recipe::{Phase, Recipe};
use crate::models::settings::Settings;
use crate::protocol::{ModelId, Shape};
use crate::weights::{self, DeviceError, Tensors, TrainedModel, WeightsError, WithWeights};

/// A model in training.
pub trait Learner {
    fn id(&self) -> ModelId;

    /// The run's, as JSON.
    fn settings(&self) -> String;

    fn seed(&self) -> u64;

    fn shape(&self) -> Shape;

    fn phases(&self) -> Vec<Phase>;

    /// Learns from one batch at `learning_rate`. Nothing is read from the device.
    fn step(&mut self, batch: &Batch, learning_rate: f64) -> Loss;

    /// Lets the optimisers begin anew.
    fn begin_phase(&mut self, recipe: &Recipe);

    /// The model as it is after `epochs`, without autodiff.
    fn trained(&self, epochs: usize) -> Rc<dyn TrainedModel>;

    /// The parameters, the optimisers' moments, and how many steps those have taken.
    fn collect(&self) -> LocalBoxFuture<'_, Result<(Tensors, Tensors, Steps), DeviceError>>;

    /// Goes on with moments that [`collect`](Self::collect) gave, which are taken out of `moments`.
    ///
    /// # Errors
    /// Refuses moments that are missing or of another shape than their parameter.
    fn restore(&mut self, steps: &Steps, moments: &mut Tensors) -> Result<(), WeightsError>;
}

/// A module in training.
pub struct ModuleLearner<M: Autoencoder> {
    settings: Settings<M::Config>,
    /// None only while it takes a step.
    model: Option<M>,
    optimisers: Optimisers,
}

impl<M: Autoencoder> ModuleLearner<M> {
    /// Random weights on `device` (one without autodiff), which the seed alone determines.
    pub fn initialise(settings: Settings<M::Config>, device: &Device) -> Self {
        let model = initialise::<M>(&settings, device);
        Self::new(settings, model)
    }

    /// The weights `parameters`.
    ///
    /// # Errors
    /// Refuses tensors that are missing, unknown or of another shape.
    pub fn with_parameters(
        settings: Settings<M::Config>,
        parameters: Tensors,
        device: &Device,
    ) -> Result<Self, WeightsError> {
        let model = weights::apply(M::init(&settings.model, device), parameters)?.train();
        Ok(Self::new(settings, model))
    }

    fn new(settings: Settings<M::Config>, model: M) -> Self {
        let optimisers = Optimisers::new(&settings.recipe);
        ModuleLearner { settings, model: Some(model), optimisers }
    }

    fn model(&self) -> &M {
        self.model.as_ref().expect("it takes no step now")
    }
}

impl<M: Autoencoder> Learner for ModuleLearner<M> {
    fn id(&self) -> ModelId {
        M::ID
    }

    fn settings(&self) -> String {
        weights::to_json(&self.settings)
    }

    fn seed(&self) -> u64 {
        self.settings.seed
    }

    fn shape(&self) -> Shape {
        M::shape(&self.settings.model)
    }

    fn phases(&self) -> Vec<Phase> {
        M::phases(&self.settings.recipe, &self.settings.model)
    }

    fn step(&mut self, batch: &Batch, learning_rate: f64) -> Loss {
        self.optimisers.set_learning_rate(learning_rate);
        let model = self.model.take().expect("it takes no step now");
        let (model, loss) = model.step(batch, &mut self.optimisers);
        self.model = Some(model);
        loss
    }

    fn begin_phase(&mut self, recipe: &Recipe) {
        self.optimisers = Optimisers::new(recipe);
    }

    fn trained(&self, epochs: usize) -> Rc<dyn TrainedModel> {
        Rc::new(WithWeights::new(self.model().valid(), &self.settings, epochs))
    }

    fn collect(&self) -> LocalBoxFuture<'_, Result<(Tensors, Tensors, Steps), DeviceError>> {
        async {
            let parameters = weights::collect(self.model()).await?;
            let (moments, steps) = optimiser_state::collect(&self.optimisers, self.model()).await?;
            Ok((parameters, moments, steps))
        }
        .boxed_local()
    }

    fn restore(&mut self, steps: &Steps, moments: &mut Tensors) -> Result<(), WeightsError> {
        let model = self.model.as_ref().expect("it takes no step now");
        optimiser_state::restore(&mut self.optimisers, model, steps, moments)
    }
}

/// Random weights, drawn on the CPU: burn's generator there is the same on every platform. One generator serves the whole
/// process, so that drawing is guarded.
fn initialise<M: Autoencoder>(settings: &Settings<M::Config>, device: &Device) -> M {
    static DRAWING: Mutex<()> = Mutex::new(());
    let _drawing = DRAWING.lock().unwrap_or_else(PoisonError::into_inner);
    let cpu = Device::flex();
    cpu.seed(settings.seed);
    let model = M::init(&settings.model, &cpu);
    model.visit(&mut Draw);
    model.fork(device).train()
}

/// Draws parameters that burn leaves for their first use.
struct Draw;

impl ModuleVisitor for Draw {
    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        param.val();
    }
}
