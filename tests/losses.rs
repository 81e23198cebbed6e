//! The models' losses and gradients against the scripts of tests/reference, and against differences.

use std::collections::BTreeMap;

use bottleneck::models::Autoencoder;
use bottleneck::models::batch::{Batch, Labels};
use bottleneck::models::sampler::Sampler;
use bottleneck::models::variational::{PosteriorScale, Variational};
use bottleneck::weights::{self, Tensors};
use burn::tensor::{Device, TensorData};
use futures::executor::block_on;
use serde::Deserialize;

mod support;

use support::reference::{self, Array, close};

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

fn read<M: Autoencoder>(json: &str) -> Reference<M::Config> {
    serde_json::from_str(json).unwrap()
}

impl<C> Reference<C> {
    fn model<M: Autoencoder<Config = C>>(&self, device: &Device) -> M {
        let tensors: Tensors = self.weights.iter().map(|(name, array)| (name.clone(), array.data())).collect();
        weights::apply(M::init(&self.config, device), tensors).unwrap().train()
    }

    fn batch(&self, device: &Device) -> Batch {
        Batch {
            input: self.input.tensor(device),
            target: self.target.tensor(device),
            labels: Labels(vec![None; self.input.shape[0]]),
            phase: 0,
            progress: 0.5,
            sampler: Sampler::fixed([self.epsilon.values.clone()], device),
        }
    }
}

/// The gradients of the loss; 0 of what is not learnt, such as thresholds.
fn gradients<C, M: Autoencoder<Config = C>>(
    model: &M,
    reference: &Reference<C>,
    device: &Device,
) -> BTreeMap<String, Vec<f32>> {
    let found = reference::gradients(model, &model.loss(&reference.batch(device)).total());
    assert!(found.keys().all(|name| reference.gradients.contains_key(name)), "{:?}", found.keys());
    let or_zeros = |(name, array): (&String, &Array)| {
        (name.clone(), found.get(name).cloned().unwrap_or_else(|| vec![0.0; array.values.len()]))
    };
    reference.gradients.iter().map(or_zeros).collect()
}

fn agrees_with_reference<M: Autoencoder>(json: &str) {
    let device = Device::flex().autodiff();
    let reference = read::<M>(json);
    let model: M = reference.model(&device);

    let loss = model.loss(&reference.batch(&device));
    let parts: BTreeMap<String, f64> =
        loss.parts.iter().map(|(name, part)| (name.to_string(), part.clone().into_scalar::<f64>())).collect();
    assert_eq!(parts.keys().collect::<Vec<_>>(), reference.parts.keys().collect::<Vec<_>>());
    for (name, value) in &parts {
        assert!((value - reference.parts[name]).abs() < 1e-5 * value.abs(), "{name}: {value}");
    }

    for (name, found) in gradients(&model, &reference, &device) {
        close(&name, &found, &reference.gradients[&name].values);
    }
}

/// The loss rises along the gradient as fast as the gradient says.
fn agrees_with_differences<M: Autoencoder>(json: &str) {
    let device = Device::flex().autodiff();
    let reference = read::<M>(json);
    let model: M = reference.model(&device);
    let gradients = gradients(&model, &reference, &device);
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
    let reference = read::<Variational>(include_str!("reference/variational.json"));
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
