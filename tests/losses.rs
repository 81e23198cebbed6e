//! Both models' losses and gradients against tests/reference/reference.py, and against differences.

use std::collections::BTreeMap;

use bottleneck::models::Autoencoder;
use bottleneck::models::autoencoder::Batch;
use bottleneck::models::denoising::Denoising;
use bottleneck::models::variational::Variational;
use bottleneck::models::weights::{self, Tensors};
use burn::module::{ModuleVisitor, Param};
use burn::optim::GradientsParams;
use burn::tensor::{Device, Tensor, TensorData};
use futures::executor::block_on;
use serde::Deserialize;

#[derive(Deserialize)]
struct Reference<C> {
    config: C,
    input: Array,
    target: Array,
    epsilon: Array,
    weights: BTreeMap<String, Array>,
    parts: BTreeMap<String, f64>,
    gradients: BTreeMap<String, Array>,
}

#[derive(Clone, Deserialize)]
struct Array {
    shape: Vec<usize>,
    values: Vec<f32>,
}

impl Array {
    fn data(&self) -> TensorData {
        TensorData::new(self.values.clone(), self.shape.clone())
    }
}

/// Gradients by the path of their parameter.
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
        let gradient = self.gradients.get::<D>(param.id).expect("every parameter has a gradient");
        self.by_path.insert(self.path.join("."), gradient.into_data().iter::<f32>().collect());
    }
}

fn reference<M: Autoencoder>(json: &str) -> Reference<M::Config> {
    serde_json::from_str(json).unwrap()
}

impl<C> Reference<C> {
    fn model<M: Autoencoder<Config = C>>(&self, device: &Device) -> M {
        let tensors: Tensors = self.weights.iter().map(|(name, array)| (name.clone(), array.data())).collect();
        weights::apply(M::init(&self.config, device), tensors).unwrap().train()
    }

    fn batch(&self, device: &Device) -> Batch {
        let tensor = |array: &Array| Tensor::<2>::from_data(array.data(), device);
        Batch {
            input: tensor(&self.input),
            target: tensor(&self.target),
            epsilon: Some(tensor(&self.epsilon)),
            phase: 0,
        }
    }
}

fn gradients<M: Autoencoder>(model: &M, batch: Batch) -> BTreeMap<String, Vec<f32>> {
    let gradients = GradientsParams::from_grads(model.loss(batch).total().backward(), model);
    let mut visitor = Gradients { path: Vec::new(), gradients, by_path: BTreeMap::new() };
    model.visit(&mut visitor);
    visitor.by_path
}

fn agrees_with_numpy<M: Autoencoder>(json: &str) {
    let device = Device::flex().autodiff();
    let reference = reference::<M>(json);
    let model: M = reference.model(&device);

    let loss = model.loss(reference.batch(&device));
    let parts: BTreeMap<String, f64> =
        loss.parts.iter().map(|(name, part)| (name.to_string(), part.clone().into_scalar::<f64>())).collect();
    assert_eq!(parts.keys().collect::<Vec<_>>(), reference.parts.keys().collect::<Vec<_>>());
    for (name, value) in &parts {
        assert!((value - reference.parts[name]).abs() < 1e-5 * value.abs(), "{name}: {value}");
    }

    let gradients = gradients(&model, reference.batch(&device));
    assert_eq!(gradients.len(), reference.gradients.len());
    for (name, values) in &gradients {
        let expected = &reference.gradients[name].values;
        assert_eq!(values.len(), expected.len(), "{name}");
        for (value, expected) in values.iter().zip(expected) {
            assert!((value - expected).abs() < 1e-6 + 1e-4 * expected.abs(), "{name}: {value}, not {expected}");
        }
    }
}

/// The loss rises along the gradient as fast as the gradient says.
fn agrees_with_differences<M: Autoencoder>(json: &str) {
    let device = Device::flex().autodiff();
    let reference = reference::<M>(json);
    let model: M = reference.model(&device);
    let gradients = gradients(&model, reference.batch(&device));
    let norm = gradients.values().flatten().map(|&g| f64::from(g).powi(2)).sum::<f64>().sqrt();

    let step = 1e-2 / norm;
    let moved = |sign: f64| {
        let tensors = block_on(weights::collect(&model)).unwrap().into_iter().map(|(name, data)| {
            let along = data.iter::<f32>().zip(&gradients[&name]);
            let values: Vec<f32> = along.map(|(w, &g)| w + (sign * step * f64::from(g)) as f32).collect();
            (name, TensorData::new(values, data.shape().clone()))
        });
        let model = weights::apply(model.clone(), tensors.collect()).unwrap();
        model.loss(reference.batch(&device)).total().into_scalar::<f64>()
    };
    let slope = (moved(1.0) - moved(-1.0)) / (2.0 * step);
    assert!((slope / norm.powi(2) - 1.0).abs() < 1e-2, "{slope} along a gradient of norm {norm}");
}

#[test]
fn variational_agrees_with_numpy() {
    agrees_with_numpy::<Variational>(include_str!("reference/variational.json"));
}

#[test]
fn denoising_agrees_with_numpy() {
    agrees_with_numpy::<Denoising>(include_str!("reference/denoising.json"));
}

#[test]
fn variational_agrees_with_differences() {
    agrees_with_differences::<Variational>(include_str!("reference/variational.json"));
}

#[test]
fn denoising_agrees_with_differences() {
    agrees_with_differences::<Denoising>(include_str!("reference/denoising.json"));
}
