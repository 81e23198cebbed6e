//! burn's Adam over a whole module, with moments that can be read asynchronously.
//!
//! burn's own `ModuleOptimizer` gives its state by synchronous reads alone, which WebGPU in a browser does not allow.

use std::collections::HashMap;

use burn::module::{Module, ModuleMapper, ModuleVisitor, Param, ParamId};
use burn::optim::{Adam, AdamConfig, AdamState, AdaptiveMomentumState, DynState, GradientsParams, Optimizer};
use burn::tensor::{Tensor, TensorData, Transaction};

use crate::models::recipe::Recipe;
use crate::weights::{DeviceError, Tensors, WeightsError};

/// Names of the moments in a snapshot, before the parameter's path.
const MOMENTS: [&str; 2] = ["moment_1.", "moment_2."];

/// Adam's moments for every parameter of a module (D. P. Kingma, J. Ba, ICLR 2015, algorithm 1).
pub struct ModuleAdam {
    adam: Adam,
    states: HashMap<ParamId, DynState>,
}

impl ModuleAdam {
    pub fn new(recipe: &Recipe) -> Self {
        ModuleAdam { adam: AdamConfig::new().with_epsilon(recipe.epsilon as f32).build(), states: HashMap::new() }
    }

    /// `module` after one step along `gradients`.
    pub fn step<M: Module>(&mut self, module: M, gradients: GradientsParams, learning_rate: f64) -> M {
        let ModuleAdam { adam, states } = self;
        module.map(&mut Step { adam, states, gradients, learning_rate })
    }

    /// The moments as `moment_1.<path>` and `moment_2.<path>`; none before the first step.
    ///
    /// # Errors
    /// If the device does not give them back.
    pub async fn collect<M: Module>(&self, module: &M) -> Result<Tensors, DeviceError> {
        let mut visitor =
            Collect { states: &self.states, path: Vec::new(), names: Vec::new(), transaction: Transaction::default() };
        module.visit(&mut visitor);
        let data = visitor.transaction.execute_async().await.map_err(|error| DeviceError(error.to_string()))?;
        Ok(visitor.names.into_iter().zip(data).collect())
    }

    /// Takes the moments after `time` steps, more than 0, out of what [`collect`](Self::collect) gave, for the parameters of
    /// `module`. A parameter that had no gradient has none.
    ///
    /// # Errors
    /// Refuses moments of another shape than their parameter, and one without the other or none at all.
    pub fn restore<M: Module>(&mut self, module: &M, time: usize, tensors: &mut Tensors) -> Result<(), WeightsError> {
        let mut visitor = Restore { states: HashMap::new(), path: Vec::new(), time, tensors, problem: None };
        module.visit(&mut visitor);
        match visitor.problem {
            Some(problem) => Err(problem),
            None if visitor.states.is_empty() => Err(WeightsError::Missing { tensor: MOMENTS[0].to_string() }),
            None => {
                self.states = visitor.states;
                Ok(())
            }
        }
    }
}

struct Step<'a> {
    adam: &'a Adam,
    states: &'a mut HashMap<ParamId, DynState>,
    gradients: GradientsParams,
    learning_rate: f64,
}

impl ModuleMapper for Step<'_> {
    fn map_float<const D: usize>(&mut self, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
        let (id, tensor, mapper) = param.consume();
        let Some(gradient) = self.gradients.remove::<D>(id) else {
            return Param::from_mapped_value(id, tensor, mapper);
        };
        let state = self.states.remove(&id).map(DynState::downcast::<AdamState<D>>);
        let (stepped, state) = self.adam.step(self.learning_rate, tensor.inner(), gradient, state);
        if let Some(state) = state {
            self.states.insert(id, DynState::create(state, D));
        }
        Param::from_mapped_value(id, Tensor::from_inner(stepped).require_grad(), mapper)
    }
}

struct Collect<'a> {
    states: &'a HashMap<ParamId, DynState>,
    path: Vec<String>,
    names: Vec<String>,
    transaction: Transaction,
}

impl ModuleVisitor for Collect<'_> {
    fn enter_module(&mut self, name: &str, _container_type: &str) {
        self.path.push(name.to_string());
    }

    fn exit_module(&mut self, _name: &str, _container_type: &str) {
        self.path.pop();
    }

    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        if let Some(state) = self.states.get(&param.id) {
            let AdamState { momentum } = state.downcast_ref::<AdamState<D>>();
            for (name, moment) in MOMENTS.into_iter().zip([&momentum.moment_1, &momentum.moment_2]) {
                self.names.push(format!("{name}{}", self.path.join(".")));
                self.transaction = std::mem::take(&mut self.transaction).register(moment.clone());
            }
        }
    }
}

struct Restore<'a> {
    states: HashMap<ParamId, DynState>,
    path: Vec<String>,
    time: usize,
    tensors: &'a mut Tensors,
    problem: Option<WeightsError>,
}

impl Restore<'_> {
    fn take(&mut self, tensor: String, expected: Vec<usize>) -> Result<TensorData, WeightsError> {
        let data = self.tensors.remove(&tensor).ok_or_else(|| WeightsError::Missing { tensor: tensor.clone() })?;
        let found = data.shape().to_vec();
        if found == expected { Ok(data) } else { Err(WeightsError::Shape { tensor, found, expected }) }
    }
}

impl ModuleVisitor for Restore<'_> {
    fn enter_module(&mut self, name: &str, _container_type: &str) {
        self.path.push(name.to_string());
    }

    fn exit_module(&mut self, _name: &str, _container_type: &str) {
        self.path.pop();
    }

    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        let path = self.path.join(".");
        if MOMENTS.iter().all(|name| !self.tensors.contains_key(&format!("{name}{path}"))) {
            return;
        }
        let device = param.lazy_device().inner();
        let [first, second] = MOMENTS.map(|name| self.take(format!("{name}{path}"), param.lazy_shape().to_vec()));
        match (first, second) {
            (Ok(first), Ok(second)) => {
                let momentum = AdaptiveMomentumState::new(
                    self.time,
                    Tensor::<D>::from_data(first, &device),
                    Tensor::<D>::from_data(second, &device),
                );
                self.states.insert(param.id, DynState::create(AdamState::new(momentum), D));
            }
            (Err(problem), _) | (_, Err(problem)) => {
                self.problem.get_or_insert(problem);
            }
        }
    }
}
