//! A model's figures on a test set.

use std::collections::BTreeMap;

use burn::module::Module;
use burn::tensor::{Device, Tensor, TensorData};

use super::run::normal;
use crate::data::dataset::{Dataset, gather};
use crate::data::noise::corrupt;
use crate::data::random::{Purpose, stream};
use crate::models::autoencoder::{Autoencoder, Batch, Measure};
use crate::models::source::Source;
use crate::weights::DeviceError;

/// Examples that are measured at a time.
const BATCH: usize = 500;

/// Seed of the noise and of the posterior samples, so that a figure can be had again.
const SEED: u64 = 0;

/// A model's [`Benchmark`](crate::models::autoencoder::Benchmark)s on `data`, by name; the parts of a loss under their own names.
/// Those that take the training examples too are not among them.
///
/// # Errors
/// If the device does not give them back.
pub async fn evaluate<M: Autoencoder>(
    model: &M,
    config: &M::Config,
    data: &impl Dataset,
) -> Result<BTreeMap<String, f64>, DeviceError> {
    let model = model.valid();
    let mut figures = BTreeMap::new();
    for benchmark in M::benchmarks() {
        match benchmark.measure {
            Measure::Loss => {
                let parts = losses(&model, config, data).await?;
                figures.insert(benchmark.name.to_string(), parts.values().sum());
                figures.extend(parts);
            }
            Measure::SquaredError { sigma, dropout } => {
                figures.insert(benchmark.name.to_string(), squared_error(&model, config, data, sigma, dropout).await?);
            }
            Measure::MeanActivation => {
                figures.insert(benchmark.name.to_string(), mean_activation(&model, data).await?);
            }
            // It takes the training examples.
            Measure::PrincipalAngle => {}
        }
    }
    Ok(figures)
}

/// The parts of the loss, averaged over `data`, by name.
///
/// # Errors
/// If the device does not give them back.
pub async fn losses<M: Autoencoder>(
    model: &M,
    config: &M::Config,
    data: &impl Dataset,
) -> Result<BTreeMap<String, f64>, DeviceError> {
    let device = device_of(model);
    let epsilon_width = M::epsilon_width(config);
    let mut sums = BTreeMap::new();
    for start in (0..data.count()).step_by(BATCH) {
        let (count, images) = rows(data, start);
        let images = tensor(images, count, &device);
        let epsilon = (epsilon_width > 0).then(|| {
            let mut rng = stream(SEED, Purpose::EvaluationEpsilon, start as u64);
            tensor(normal(count * epsilon_width, &mut rng), count, &device)
        });
        let loss = model.loss(Batch { input: images.clone(), target: images, epsilon, phase: M::phases(config) - 1 });
        let (names, parts): (Vec<_>, Vec<_>) = loss.parts.into_iter().unzip();
        for (name, part) in names.into_iter().zip(read(Tensor::cat(parts, 0)).await?) {
            *sums.entry(name.to_string()).or_default() += f64::from(part) * count as f64 / data.count() as f64;
        }
    }
    Ok(sums)
}

/// The mean squared error per pixel of reconstructions from inputs with noise, against the clean examples; those of images
/// are clipped to [0, 1].
///
/// # Errors
/// If the device does not give it back.
pub async fn squared_error<M: Autoencoder>(
    model: &M,
    config: &M::Config,
    data: &impl Dataset,
    sigma: f32,
    dropout: f32,
) -> Result<f64, DeviceError> {
    let device = device_of(model);
    let mut sum = 0.0;
    for start in (0..data.count()).step_by(BATCH) {
        let (count, clean) = rows(data, start);
        let mut noisy = clean.clone();
        for (index, row) in noisy.chunks_exact_mut(data.width()).enumerate() {
            corrupt(row, sigma, dropout, &mut stream(SEED, Purpose::Noise, (start + index) as u64));
        }
        let output = model.reconstruct(tensor(noisy, count, &device));
        let output = match M::source(config) {
            Source::Digits => output.clamp(0.0, 1.0),
            Source::Plane => output,
        };
        let errors = (output - tensor(clean, count, &device)).square().mean();
        sum += f64::from(read(errors).await?[0]) * count as f64;
    }
    Ok(sum / data.count() as f64)
}

/// The mean of all numbers of all codes.
///
/// # Errors
/// If the device does not give it back.
pub async fn mean_activation<M: Autoencoder>(model: &M, data: &impl Dataset) -> Result<f64, DeviceError> {
    let device = device_of(model);
    let mut sum = 0.0;
    for start in (0..data.count()).step_by(BATCH) {
        let (count, examples) = rows(data, start);
        let mean = model.encode(tensor(examples, count, &device)).mean();
        sum += f64::from(read(mean).await?[0]) * count as f64;
    }
    Ok(sum / data.count() as f64)
}

/// All numbers of all codes, example after example.
///
/// # Errors
/// If the device does not give them back.
pub async fn codes<M: Autoencoder>(model: &M, data: &impl Dataset) -> Result<Vec<f32>, DeviceError> {
    let device = device_of(model);
    let mut codes = Vec::new();
    for start in (0..data.count()).step_by(BATCH) {
        let (count, examples) = rows(data, start);
        codes.extend(read(model.encode(tensor(examples, count, &device)).flatten(0, 1)).await?);
    }
    Ok(codes)
}

fn rows(data: &impl Dataset, start: usize) -> (usize, Vec<f32>) {
    let range = start..(start + BATCH).min(data.count());
    (range.len(), gather(data, range))
}

fn tensor(values: Vec<f32>, rows: usize, device: &Device) -> Tensor<2> {
    let width = values.len() / rows;
    Tensor::from_data(TensorData::new(values, [rows, width]), device)
}

fn device_of(model: &impl Module) -> Device {
    model.devices().into_iter().next().expect("a model has parameters")
}

async fn read(tensor: Tensor<1>) -> Result<Vec<f32>, DeviceError> {
    let data = tensor.into_data_async().await.map_err(|error| DeviceError(error.to_string()))?;
    Ok(data.iter::<f32>().collect())
}
