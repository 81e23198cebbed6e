//! A model's figures on a test set.

use std::collections::BTreeMap;
use std::ops::Range;

use burn::tensor::{Device, Tensor, TensorData};

use crate::analysis::sparseness::Sparseness;
use crate::data::dataset::{Dataset, gather};
use crate::data::noise::corrupt;
use crate::data::random::{Purpose, stream};
use crate::models::batch::{Batch, Labels};
use crate::models::lesson::{Benchmark, Measure};
use crate::models::sampler::Sampler;
use crate::weights::{DeviceError, TrainedModel};

/// Examples that are measured at a time.
const BATCH: usize = 500;

/// Seed of the noise and of the random draws, so that a figure can be had again.
const SEED: u64 = 0;

/// The model's `benchmarks` on `data`, by name; the parts of a loss under their own names. Those that take the training examples
/// too are not among them.
///
/// # Errors
/// If the device does not give them back.
pub async fn evaluate(
    model: &dyn TrainedModel,
    benchmarks: &[Benchmark],
    data: &dyn Dataset,
) -> Result<BTreeMap<String, f64>, DeviceError> {
    let mut figures = BTreeMap::new();
    let mut known = None;
    for benchmark in benchmarks {
        let name = benchmark.name.to_string();
        match benchmark.measure {
            Measure::Loss => {
                let parts = losses(model, data, model.last_phase()).await?;
                figures.insert(name, parts.values().sum());
                figures.extend(parts);
            }
            Measure::SquaredError { sigma, dropout } => {
                let reconstruct = |inputs| model.reconstruct(inputs);
                figures.insert(name, squared_error(reconstruct, &model.device(), data, sigma, dropout).await?);
            }
            Measure::MeanActivation | Measure::TrevesRolls | Measure::InactiveShare | Measure::LeastMeanActivation => {
                let sparseness = match &known {
                    Some(sparseness) => sparseness,
                    None => known.insert(Sparseness::of(&codes(model, data).await?, model.shape().code())),
                };
                let value = match benchmark.measure {
                    Measure::TrevesRolls => sparseness.treves_rolls,
                    Measure::InactiveShare => sparseness.inactive,
                    Measure::LeastMeanActivation => sparseness.least_mean,
                    _ => sparseness.mean,
                };
                figures.insert(name, value);
            }
            Measure::Accuracy => figures.extend(accuracy(model, data).await?.map(|accuracy| (name, accuracy))),
            // Those that more is needed for.
            Measure::PrincipalAngle
            | Measure::SquaredJacobianNorm
            | Measure::SingularValue(_)
            | Measure::ChainClasses
            | Measure::ParzenLogLikelihood
            | Measure::SoftmaxRegressionError
            | Measure::SupportVectorMachineError => {}
        }
    }
    Ok(figures)
}

/// The parts of the loss of `phase`, averaged over `data`, by name.
///
/// # Errors
/// If the device does not give them back.
pub async fn losses(
    model: &dyn TrainedModel,
    data: &dyn Dataset,
    phase: usize,
) -> Result<BTreeMap<String, f64>, DeviceError> {
    let device = model.device();
    let mut sums = BTreeMap::new();
    for start in (0..data.count()).step_by(BATCH) {
        let (count, examples) = rows(data, start);
        let examples = tensor(examples, count, &device);
        let input = model.phase_inputs(examples.clone(), phase).unwrap_or(examples);
        let labels = Labels((start..start + count).map(|index| data.label(index)).collect());
        let sampler = Sampler::new(SEED, Purpose::EvaluationEpsilon, start as u64, &device);
        let loss = model.loss(&Batch { target: input.clone(), input, labels, phase, progress: 1.0, sampler });
        let (names, parts): (Vec<_>, Vec<_>) = loss.parts.into_iter().unzip();
        for (name, part) in names.into_iter().zip(read(Tensor::cat(parts, 0)).await?) {
            *sums.entry(name.to_string()).or_default() += f64::from(part) * count as f64 / data.count() as f64;
        }
    }
    Ok(sums)
}

/// The mean squared error per number of what `reconstruct` makes of inputs with noise, against the clean examples.
///
/// # Errors
/// If the device does not give it back.
pub async fn squared_error(
    reconstruct: impl Fn(Tensor<2>) -> Tensor<2>,
    device: &Device,
    data: &dyn Dataset,
    sigma: f32,
    dropout: f32,
) -> Result<f64, DeviceError> {
    let mut sum = 0.0;
    for start in (0..data.count()).step_by(BATCH) {
        let (count, clean) = rows(data, start);
        let mut noisy = clean.clone();
        for (index, row) in noisy.chunks_exact_mut(data.width()).enumerate() {
            corrupt(row, sigma, dropout, &mut stream(SEED, Purpose::Noise, (start + index) as u64));
        }
        let output = reconstruct(tensor(noisy, count, device));
        let errors = (output - tensor(clean, count, device)).square().mean();
        sum += f64::from(read(errors).await?[0]) * count as f64;
    }
    Ok(sum / data.count() as f64)
}

/// The share of examples whose class the model tells; None of a model that does not classify.
///
/// # Errors
/// If the device does not give it back.
pub async fn accuracy(model: &dyn TrainedModel, data: &dyn Dataset) -> Result<Option<f64>, DeviceError> {
    let mut right = 0;
    for start in (0..data.count()).step_by(BATCH) {
        let (count, examples) = rows(data, start);
        let Some(scores) = model.classify(tensor(examples, count, &model.device())) else { return Ok(None) };
        let [_, classes] = scores.dims();
        let scores = read(scores).await?;
        right +=
            scores.chunks_exact(classes).zip(start..).filter(|(row, index)| largest(row) == data.label(*index)).count();
    }
    Ok(Some(right as f64 / data.count() as f64))
}

/// The place of the largest number.
fn largest(row: &[f32]) -> Option<u8> {
    row.iter().zip(0..).max_by(|(a, _), (b, _)| a.total_cmp(b)).map(|(_, place)| place)
}

/// All numbers of all codes, example after example.
///
/// # Errors
/// If the device does not give them back.
pub async fn codes(model: &dyn TrainedModel, data: &dyn Dataset) -> Result<Vec<f32>, DeviceError> {
    let mut codes = Vec::new();
    for start in (0..data.count()).step_by(BATCH) {
        let (count, examples) = rows(data, start);
        codes.extend(read(model.encode(tensor(examples, count, &model.device()))).await?);
    }
    Ok(codes)
}

/// The examples of `range` as a tensor, `[examples, width]`.
pub fn example_rows(data: &dyn Dataset, range: Range<usize>, device: &Device) -> Tensor<2> {
    let rows = range.len();
    tensor(gather(data, range), rows, device)
}

fn rows(data: &dyn Dataset, start: usize) -> (usize, Vec<f32>) {
    let range = start..(start + BATCH).min(data.count());
    (range.len(), gather(data, range))
}

fn tensor(values: Vec<f32>, rows: usize, device: &Device) -> Tensor<2> {
    let width = values.len() / rows;
    Tensor::from_data(TensorData::new(values, [rows, width]), device)
}

/// The numbers of a tensor, row by row.
///
/// # Errors
/// If the device does not give them back.
pub async fn read<const D: usize>(tensor: Tensor<D>) -> Result<Vec<f32>, DeviceError> {
    let data = tensor.into_data_async().await.map_err(|error| DeviceError(error.to_string()))?;
    Ok(data.iter::<f32>().collect())
}
