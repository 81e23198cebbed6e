//! The optimisers' moments as tensors by name, and back.
//!
//! A moment is named `moment_1.<path of the parameter>`, that of an optimiser with a name `<name>/moment_1.<path>`.

use std::collections::{BTreeMap, HashMap};

use burn::module::{Module, ModuleVisitor, Param};
use burn::optim::{AdamState, AdaptiveMomentumState, DynState};
use burn::tensor::{Tensor, TensorData, Transaction};

use crate::models::autoencoder::WHOLE;
use crate::models::optimisers::{Moments, Optimisers};
use crate::weights::{DeviceError, Tensors, WeightsError};

/// Names of the moments in a snapshot, before the parameter's path.
const MOMENTS: [&str; 2] = ["moment_1.", "moment_2."];

/// How many steps each optimiser has taken with each parameter, by the optimiser's name and the parameter's path.
pub type Steps = BTreeMap<String, BTreeMap<String, usize>>;

/// The moments of all optimisers of `module`; none before the first step.
///
/// # Errors
/// If the device does not give them back.
pub async fn collect<M: Module>(optimisers: &Optimisers, module: &M) -> Result<(Tensors, Steps), DeviceError> {
    collect_by(optimisers, &|visitor| module.visit(visitor)).await
}

/// Takes the moments of `module`'s optimisers out of what [`collect`] gave. A parameter that had no gradient has none.
///
/// # Errors
/// Refuses moments that are missing or of another shape than their parameter.
pub fn restore<M: Module>(
    optimisers: &mut Optimisers,
    module: &M,
    steps: &Steps,
    tensors: &mut Tensors,
) -> Result<(), WeightsError> {
    restore_by(optimisers, &|visitor| module.visit(visitor), steps, tensors)
}

// These two are compiled once, and not for every model.

async fn collect_by(
    optimisers: &Optimisers,
    visit: &dyn Fn(&mut Collect<'_>),
) -> Result<(Tensors, Steps), DeviceError> {
    let mut steps = Steps::new();
    let (mut names, mut transaction) = (Vec::new(), Transaction::default());
    for (name, moments) in optimisers.moments() {
        let mut visitor =
            Collect { moments, path: Vec::new(), prefix: prefix(name), names, transaction, steps: BTreeMap::new() };
        visit(&mut visitor);
        (names, transaction) = (visitor.names, visitor.transaction);
        steps.insert(name.clone(), visitor.steps);
    }
    let data = transaction.execute_async().await.map_err(|error| DeviceError(error.to_string()))?;
    Ok((names.into_iter().zip(data).collect(), steps))
}

fn restore_by(
    optimisers: &mut Optimisers,
    visit: &dyn Fn(&mut Restore<'_>),
    steps: &Steps,
    tensors: &mut Tensors,
) -> Result<(), WeightsError> {
    let mut all = BTreeMap::new();
    for (name, steps) in steps {
        let (moments, path) = (HashMap::new(), Vec::new());
        let mut visitor = Restore { moments, path, prefix: prefix(name), steps, tensors, error: None };
        visit(&mut visitor);
        match visitor.error {
            Some(error) => return Err(error),
            None => drop(all.insert(name.clone(), visitor.moments)),
        }
    }
    optimisers.set_moments(all);
    Ok(())
}

/// What a snapshot of an earlier version tells, where all parameters with moments had taken `time` steps of the one optimiser.
pub fn steps_of_one(tensors: &Tensors, time: usize) -> Steps {
    let paths = tensors.keys().filter_map(|name| name.strip_prefix(MOMENTS[0]));
    let steps: BTreeMap<_, _> = paths.map(|path| (path.to_string(), time)).collect();
    if steps.is_empty() { Steps::new() } else { Steps::from([(WHOLE.to_string(), steps)]) }
}

fn prefix(name: &str) -> String {
    if name == WHOLE { String::new() } else { format!("{name}/") }
}

struct Collect<'a> {
    moments: &'a Moments,
    path: Vec<String>,
    prefix: String,
    names: Vec<String>,
    transaction: Transaction,
    steps: BTreeMap<String, usize>,
}

impl ModuleVisitor for Collect<'_> {
    fn enter_module(&mut self, name: &str, _container_type: &str) {
        self.path.push(name.to_string());
    }

    fn exit_module(&mut self, _name: &str, _container_type: &str) {
        self.path.pop();
    }

    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        let Some(state) = self.moments.get(&param.id) else { return };
        let AdamState { momentum } = state.downcast_ref::<AdamState<D>>();
        let path = self.path.join(".");
        for (name, moment) in MOMENTS.into_iter().zip([&momentum.moment_1, &momentum.moment_2]) {
            self.names.push(format!("{}{name}{path}", self.prefix));
            self.transaction = std::mem::take(&mut self.transaction).register(moment.clone());
        }
        self.steps.insert(path, momentum.time);
    }
}

struct Restore<'a> {
    moments: Moments,
    path: Vec<String>,
    prefix: String,
    steps: &'a BTreeMap<String, usize>,
    tensors: &'a mut Tensors,
    error: Option<WeightsError>,
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
        let Some(&time) = self.steps.get(&path) else { return };
        let device = param.lazy_device().inner();
        let names = MOMENTS.map(|name| format!("{}{name}{path}", self.prefix));
        let [first, second] = names.map(|name| self.take(name, param.lazy_shape().to_vec()));
        match (first, second) {
            (Ok(first), Ok(second)) => {
                let tensor = |data| Tensor::<D>::from_data(data, &device);
                let momentum = AdaptiveMomentumState::new(time, tensor(first), tensor(second));
                self.moments.insert(param.id, DynState::create(AdamState::new(momentum), D));
            }
            (Err(error), _) | (_, Err(error)) => drop(self.error.get_or_insert(error)),
        }
    }
}
