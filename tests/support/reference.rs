//! Reference values as the scripts in tests/reference write them, and what is compared with them.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use burn::module::{Module, ModuleVisitor, Param};
use burn::optim::GradientsParams;
use burn::tensor::{Device, Tensor, TensorData};
use serde::Deserialize;

/// What draws first weights, one test at a time: burn's generator is one for the whole process.
pub fn drawn<T>(draw: impl FnOnce() -> T) -> T {
    static DRAWING: Mutex<()> = Mutex::new(());
    let _drawing = DRAWING.lock().unwrap_or_else(PoisonError::into_inner);
    draw()
}

#[derive(Clone, Deserialize)]
pub struct Array {
    pub shape: Vec<usize>,
    pub values: Vec<f32>,
}

impl Array {
    pub fn data(&self) -> TensorData {
        TensorData::new(self.values.clone(), self.shape.clone())
    }

    pub fn tensor(&self, device: &Device) -> Tensor<2> {
        Tensor::from_data(self.data(), device)
    }
}

/// All numbers of a tensor, row by row.
pub fn values<const D: usize>(tensor: Tensor<D>) -> Vec<f32> {
    tensor.into_data().iter().collect()
}

/// Compares number by number, to 1e-4 of each.
pub fn close(label: &str, found: &[f32], expected: &[f32]) {
    assert_eq!(found.len(), expected.len(), "{label}");
    for (at, (found, expected)) in found.iter().zip(expected).enumerate() {
        assert!(
            (found - expected).abs() < 1e-6 + 1e-4 * expected.abs(),
            "{label}, number {at}: {found}, not {expected}"
        );
    }
}

/// The gradients of `loss` by the path of their parameter, of those that have one.
pub fn gradients<M: Module>(model: &M, loss: &Tensor<1>) -> BTreeMap<String, Vec<f32>> {
    let gradients = GradientsParams::from_grads(loss.backward(), model);
    let mut visitor = Gradients { path: Vec::new(), gradients, by_path: BTreeMap::new() };
    model.visit(&mut visitor);
    visitor.by_path
}

struct Gradients {
    path: Vec<String>,
    gradients: GradientsParams,
    by_path: BTreeMap<String, Vec<f32>>,
}

impl ModuleVisitor for Gradients {
    fn enter_module(&mut self, name: &str, _container_type: &str) {
        self.path.push(name.to_string());
    }

    fn exit_module(&mut self, _name: &str, _container_type: &str) {
        self.path.pop();
    }

    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        if let Some(gradient) = self.gradients.get::<D>(param.id) {
            self.by_path.insert(self.path.join("."), values(gradient));
        }
    }
}
