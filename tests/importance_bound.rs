//! The bound of a likelihood by importance sampling, against tests/reference/importance_bound.py.

use std::collections::BTreeMap;

use bottleneck::analysis::importance::log_mean_exp;
use bottleneck::cli::bound::{SAMPLES, bounds};
use bottleneck::data::dataset::Dataset;
use bottleneck::models::Autoencoder;
use bottleneck::models::batch::{Batch, Labels};
use bottleneck::models::sampler::Sampler;
use bottleneck::models::variational::{Variational, VariationalConfig};
use bottleneck::weights::{self, Tensors};
use burn::tensor::{Device, Tensor, TensorData};
use futures::executor::block_on;
use serde::Deserialize;

mod support;

use support::reference::{Array, close, drawn, values};

#[derive(Deserialize)]
struct Reference {
    config: VariationalConfig,
    weights: BTreeMap<String, Array>,
    /// Of 0 and 1.
    images: Array,
    /// Draws of N(0, 1), the same for every image.
    epsilon: Array,
    /// Of each image.
    log_weights: Vec<Vec<f32>>,
    bounds: Vec<f32>,
    /// By quadrature.
    log_likelihoods: Vec<f64>,
}

impl Reference {
    fn read() -> Self {
        serde_json::from_str(include_str!("reference/importance_bound.json")).expect("a reference")
    }

    fn model(&self) -> Variational {
        let tensors: Tensors = self.weights.iter().map(|(name, array)| (name.clone(), array.data())).collect();
        drawn(|| weights::apply(self.config.init(&Device::flex()), tensors)).expect("weights")
    }
}

impl Dataset for Reference {
    fn count(&self) -> usize {
        self.images.shape[0]
    }

    fn width(&self) -> usize {
        self.images.shape[1]
    }

    fn read(&self, index: usize, row: &mut [f32]) {
        row.copy_from_slice(&self.images.values[index * self.width()..][..self.width()]);
    }
}

#[test]
fn weights_of_samples_are_numpys() {
    let (reference, device) = (Reference::read(), Device::flex());
    let model = reference.model();
    for (number, (expected, bound)) in reference.log_weights.iter().zip(&reference.bounds).enumerate() {
        let image = reference.images.tensor(&device).narrow(0, number, 1);
        let found = values(model.log_importance_weights(image, reference.epsilon.tensor(&device)));
        close("log weights", &found, expected);
        close("the bound", &[log_mean_exp(&found) as f32], &[*bound]);
    }
}

/// A model of binarised images learns from pixels drawn by their brightness: here those above 0.5.
#[test]
fn training_draws_the_pixels() {
    let (reference, device) = (Reference::read(), Device::flex());
    let (count, width) = (reference.count(), reference.width());
    let grey: Vec<f32> = reference.images.values.iter().map(|pixel| 0.3 + 0.4 * pixel).collect();
    let batch = |values: Vec<f32>, draws: Vec<Vec<f32>>| {
        let input = Tensor::from_data(TensorData::new(values, [count, width]), &device);
        let sampler = Sampler::fixed(draws, &device);
        Batch { target: input.clone(), input, labels: Labels(vec![None; count]), phase: 0, progress: 0.5, sampler }
    };
    let epsilon = reference.epsilon.values[..count].to_vec();
    let model = reference.model();
    let drawn = model.loss(&batch(grey, vec![vec![0.5; count * width], epsilon.clone()])).total();
    let plain = Reference { config: reference.config.clone().with_binarises(false), ..Reference::read() }.model();
    let expected = plain.loss(&batch(reference.images.values.clone(), vec![epsilon])).total();
    close("the loss", &values(drawn), &values(expected));
}

/// With 5,000 samples of one number the bound is nearly the likelihood itself, and one sample's is below it on average.
#[test]
fn the_bound_is_near_a_known_likelihood() {
    let reference = Reference::read();
    let model = reference.model();
    let found = block_on(bounds(&model, &reference, 0..reference.count(), SAMPLES)).expect("bounds");
    for (found, expected) in found.iter().zip(&reference.log_likelihoods) {
        assert!((found.by_all - expected).abs() < 0.02, "{found:?}, the likelihood is {expected}");
    }
}
