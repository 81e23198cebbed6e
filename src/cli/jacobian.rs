//! The figures of an encoder's Jacobian.

use std::collections::BTreeMap;

use burn::tensor::Tensor;

use crate::analysis::jacobian::{gram_matrices, singular_values, squared_norms};
use crate::data::dataset::Dataset;
use crate::models::lesson::{Benchmark, Measure};
use crate::training::evaluation::{example_rows, read};
use crate::weights::{DeviceError, TrainedModel};

/// Examples at a time: a Jacobian of the shipped size has 784,000 numbers.
const BATCH: usize = 20;
/// The first of the test examples, whose Jacobians' singular values are worked out: half a second each.
const SPECTRA: usize = 100;

/// Those of `benchmarks` that are of the Jacobian, on `data`; none of a model that does not give it.
///
/// # Errors
/// If the device does not give them back.
pub async fn figures(
    model: &dyn TrainedModel,
    benchmarks: &[Benchmark],
    data: &dyn Dataset,
) -> Result<BTreeMap<String, f64>, DeviceError> {
    let mut figures = BTreeMap::new();
    let mut known: Option<Vec<f64>> = None;
    for benchmark in benchmarks {
        let value = match benchmark.measure {
            Measure::SquaredJacobianNorm => mean_squared_norm(model, data).await?,
            Measure::SingularValue(place) => {
                if known.is_none() {
                    known = mean_singular_values(model, data).await?;
                }
                known.as_ref().and_then(|values| values.get(place - 1).copied())
            }
            _ => None,
        };
        figures.extend(value.map(|value| (benchmark.name.to_string(), value)));
    }
    Ok(figures)
}

async fn mean_squared_norm(model: &dyn TrainedModel, data: &dyn Dataset) -> Result<Option<f64>, DeviceError> {
    let mut sum = 0.0;
    for start in (0..data.count()).step_by(BATCH) {
        let Some(jacobians) = jacobians(model, data, start, data.count()) else { return Ok(None) };
        sum += read(squared_norms(jacobians)).await?.into_iter().map(f64::from).sum::<f64>();
    }
    Ok(Some(sum / data.count() as f64))
}

/// The largest first, each the mean over the first examples.
async fn mean_singular_values(model: &dyn TrainedModel, data: &dyn Dataset) -> Result<Option<Vec<f64>>, DeviceError> {
    let count = SPECTRA.min(data.count());
    let mut means: Vec<f64> = vec![];
    for start in (0..count).step_by(BATCH) {
        let Some(jacobians) = jacobians(model, data, start, count) else { return Ok(None) };
        let grams = gram_matrices(jacobians);
        let [_, size, _] = grams.dims();
        means.resize(size, 0.0);
        for gram in read(grams).await?.chunks_exact(size * size) {
            means.iter_mut().zip(singular_values(gram, size)).for_each(|(mean, value)| *mean += value / count as f64);
        }
    }
    Ok(Some(means))
}

/// Those of the examples from `start` on, which end at `end`.
fn jacobians(model: &dyn TrainedModel, data: &dyn Dataset, start: usize, end: usize) -> Option<Tensor<3>> {
    model.encoder_jacobian(example_rows(data, start..(start + BATCH).min(end), &model.device()))
}
