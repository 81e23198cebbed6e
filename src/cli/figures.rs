//! The figures of a card: those of the test set, and those that compare with PCA on the training set.

use std::collections::BTreeMap;

use burn::tensor::{Tensor, TensorData};

use super::files::Examples;
use crate::analysis::pca::{Moments, Pca};
use crate::analysis::span::largest_angle;
use crate::models::lesson::{Benchmark, Measure};
use crate::training::evaluation::evaluate;
use crate::weights::{DeviceError, TrainedModel};

/// The name of the squared error of PCA with as many components as the model's codes have numbers.
pub const PCA_SQUARED_ERROR: &str = "pca_squared_error";

/// All figures by name. Those that compare with PCA are left out where a code is as wide as an example, for PCA then makes no error,
/// and where no benchmark is of the reconstruction.
///
/// # Errors
/// If the device does not give them back.
pub async fn figures(
    model: &dyn TrainedModel,
    benchmarks: &[Benchmark],
    examples: &Examples,
) -> Result<BTreeMap<String, f64>, DeviceError> {
    let mut figures = evaluate(model, benchmarks, &*examples.test).await?;
    let code = model.shape().code();
    let rebuilds = benchmarks.iter().any(|benchmark| matches!(benchmark.measure, Measure::SquaredError { .. }));
    if rebuilds && code < model.shape().input() {
        let pca = Pca::fit(&Moments::of(&*examples.train)).first(code);
        figures.insert(PCA_SQUARED_ERROR.to_string(), pca.squared_error(&Moments::of(&*examples.test)));
        for benchmark in benchmarks.iter().filter(|benchmark| benchmark.measure == Measure::PrincipalAngle) {
            let directions = directions(model).await?;
            figures.insert(benchmark.name.to_string(), largest_angle(&directions, pca.components()));
        }
    }
    Ok(figures)
}

/// What each number of a code adds to the output of a linear decoder.
async fn directions(model: &dyn TrainedModel) -> Result<Vec<Vec<f64>>, DeviceError> {
    let (device, code) = (model.device(), model.shape().code());
    let units: Vec<f32> = (0..code * code).map(|at| f32::from(u8::from(at / code == at % code))).collect();
    let unit = model.decode(Tensor::from_data(TensorData::new(units, [code, code]), &device));
    let directions = unit - model.decode(Tensor::zeros([1, code], &device));
    let [_, width] = directions.dims();
    let data = directions.into_data_async().await.map_err(|error| DeviceError(error.to_string()))?;
    let values: Vec<f64> = data.iter::<f64>().collect();
    Ok(values.chunks_exact(width).map(<[f64]>::to_vec).collect())
}
