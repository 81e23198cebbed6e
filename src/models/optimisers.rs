//! The optimisers of a model, each over some of its parameters.
//!
//! burn's own `ModuleOptimizer` gives its state by synchronous reads alone, which WebGPU in a browser does not allow.

use std::collections::{BTreeMap, HashMap};

use burn::module::{Module, ModuleMapper, Param, ParamId};
use burn::optim::{Adam, AdamConfig, AdamState, DynState, GradientsParams, Optimizer};
use burn::tensor::Tensor;

use super::recipe::Recipe;

/// Adam's moments by parameter, and how many steps each took.
pub type Moments = HashMap<ParamId, DynState>;

/// Adam (D. P. Kingma, J. Ba, ICLR 2015, algorithm 1), once for each name; one that steps less often counts its own steps.
pub struct Optimisers {
    adam: Adam,
    learning_rate: f64,
    moments: BTreeMap<String, Moments>,
}

impl Optimisers {
    /// Optimisers that have not taken a step, with the recipe's epsilon and peak learning rate.
    pub fn new(recipe: &Recipe) -> Self {
        let adam = AdamConfig::new().with_epsilon(recipe.epsilon as f32).build();
        Optimisers { adam, learning_rate: recipe.learning_rate, moments: BTreeMap::new() }
    }

    /// The learning rate of the steps to come.
    pub fn set_learning_rate(&mut self, learning_rate: f64) {
        self.learning_rate = learning_rate;
    }

    /// `part` after one step of the optimiser `name` down the gradient of `loss`, `[1]`. Parameters of other parts that the loss
    /// depends on stay as they are.
    pub fn step<P: Module>(&mut self, name: &'static str, part: P, loss: Tensor<1>) -> P {
        self.step_at(1.0, name, part, loss)
    }

    /// The same at `multiple` times the learning rate, where parts learn at different ones.
    pub fn step_at<P: Module>(&mut self, multiple: f64, name: &'static str, part: P, loss: Tensor<1>) -> P {
        let gradients = GradientsParams::from_grads(loss.backward(), &part);
        let moments = self.moments.entry(name.to_string()).or_default();
        part.map(&mut Step { adam: &self.adam, learning_rate: self.learning_rate * multiple, moments, gradients })
    }

    /// The moments of each optimiser that has taken a step.
    pub fn moments(&self) -> &BTreeMap<String, Moments> {
        &self.moments
    }

    /// Goes on from these.
    pub fn set_moments(&mut self, moments: BTreeMap<String, Moments>) {
        self.moments = moments;
    }
}

struct Step<'a> {
    adam: &'a Adam,
    learning_rate: f64,
    moments: &'a mut Moments,
    gradients: GradientsParams,
}

impl ModuleMapper for Step<'_> {
    fn map_float<const D: usize>(&mut self, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
        let (id, tensor, mapper) = param.consume();
        let Some(gradient) = self.gradients.remove::<D>(id) else {
            return Param::from_mapped_value(id, tensor, mapper);
        };
        let state = self.moments.remove(&id).map(DynState::downcast::<AdamState<D>>);
        let (stepped, state) = self.adam.step(self.learning_rate, tensor.inner(), gradient, state);
        if let Some(state) = state {
            self.moments.insert(id, DynState::create(state, D));
        }
        Param::from_mapped_value(id, Tensor::from_inner(stepped).require_grad(), mapper)
    }
}
