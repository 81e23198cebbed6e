//! The models' losses and gradients against the scripts of tests/reference, and against differences.

use std::collections::BTreeMap;

use bottleneck::models::Autoencoder;
use bottleneck::models::batch::{Batch, Labels};
use bottleneck::models::sampler::Sampler;
use bottleneck::models::variational::{PosteriorScale, Variational};
use bottleneck::weights::{self, Tensors};
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
        let gradient = self.gradients.get::<D>(param.id);
        assert_eq!(gradient.is_some(), param.is_require_grad(), "{:?}", self.path);
        let gradient = gradient.unwrap_or_else(|| param.val().inner().zeros_like());
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
            labels: Labels(vec![None; self.input.shape[0]]),
            phase: 0,
            sampler: Sampler::fixed([self.epsilon.values.clone()], device),
        }
    }
}

fn gradients<M: Autoencoder>(model: &M, batch: Batch) -> BTreeMap<String, Vec<f32>> {
    let gradients = GradientsParams::from_grads(model.loss(&batch).total().backward(), model);
    let mut visitor = Gradients { path: Vec::new(), gradients, by_path: BTreeMap::new() };
    model.visit(&mut visitor);
    visitor.by_path
}

fn agrees_with_reference<M: Autoencoder>(json: &str) {
    let device = Device::flex().autodiff();
    let reference = reference::<M>(json);
    let model: M = reference.model(&device);

    let loss = model.loss(&reference.batch(&device));
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
        model.loss(&reference.batch(&device)).total().into_scalar::<f64>()
    };
    let slope = (moved(1.0) - moved(-1.0)) / (2.0 * step);
    assert!((slope / norm.powi(2) - 1.0).abs() < 1e-2, "{slope} along a gradient of norm {norm}");
}

/// Both checks of one reference.
macro_rules! agree {
    ($($name:ident: $model:ty,)*) => {
        $(
            mod $name {
                #[test]
                fn agrees_with_reference() {
                    super::agrees_with_reference::<$model>(include_str!(concat!("reference/", stringify!($name), ".json")));
                }

                #[test]
                fn agrees_with_differences() {
                    super::agrees_with_differences::<$model>(include_str!(concat!("reference/", stringify!($name), ".json")));
                }
            }
        )*
    };
}

agree! {
    variational: bottleneck::models::variational::Variational,
    variational_sigma: bottleneck::models::variational::Variational,
    denoising: bottleneck::models::denoising::Denoising,
    linear: bottleneck::models::linear::LinearAutoencoder,
    stacked: bottleneck::models::stacked::Stacked,
    deep: bottleneck::models::deep::Deep,
    tied: bottleneck::models::tied::Tied,
    contractive: bottleneck::models::contractive::Contractive,
    convolutional_denoising: bottleneck::models::convolutional_denoising::ConvolutionalDenoising,
    winner_take_all: bottleneck::models::winner_take_all::WinnerTakeAll,
    sparse_squared_error: bottleneck::models::sparse::Sparse,
    sparse_cross_entropy: bottleneck::models::sparse::Sparse,
}

/// With heads of constant outputs, sigma = exp(log_variance / 2).
#[test]
fn both_posterior_scales_give_the_same_loss() {
    let device = Device::flex();
    let reference = reference::<Variational>(include_str!("reference/variational.json"));
    let spread = [-1.5_f32, 0.1, 0.9];
    let loss = |scale, head: &str, constants: [f32; 3]| {
        let mut tensors: Tensors = reference.weights.iter().map(|(name, array)| (name.clone(), array.data())).collect();
        let weight = tensors.remove("log_variance.weight").unwrap();
        tensors.remove("log_variance.bias");
        tensors.insert(format!("{head}.weight"), TensorData::zeros::<f32, _>(weight.shape().clone()));
        tensors.insert(format!("{head}.bias"), TensorData::from(constants));
        let model = Variational::init(&reference.config.clone().with_posterior_scale(scale), &device);
        let loss = weights::apply(model, tensors).unwrap().loss(&reference.batch(&device));
        loss.parts.into_iter().map(|(_, part)| part.into_scalar::<f64>()).collect::<Vec<_>>()
    };
    let by_log_variance = loss(PosteriorScale::LogVariance, "log_variance", spread);
    let by_sigma = loss(PosteriorScale::Sigma, "sigma", spread.map(|spread| (spread / 2.0).exp()));
    for (one, other) in by_log_variance.iter().zip(&by_sigma) {
        assert!((one - other).abs() < 1e-4, "{by_log_variance:?} and {by_sigma:?}");
    }
}
