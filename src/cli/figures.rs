//! The figures of a card: those of the test set, and those that compare with PCA and with the pixels themselves.

use std::cell::OnceCell;
use std::collections::BTreeMap;

use burn::tensor::Device;

use super::chain;
use super::classifier::{ClassifierError, linear_classifier_error};
use super::files::Examples;
use super::{jacobian, linear_classifier, parzen};
use crate::analysis::pca::{Moments, Pca};
use crate::analysis::principal::PrincipalComponents;
use crate::analysis::span::largest_angle;
use crate::models::lesson::{Benchmark, Measure};
use crate::protocol::ExampleKind;
use crate::training::evaluation::{evaluate, read, squared_error};
use crate::weights::{DeviceError, TrainedModel};

/// The name of the squared error of PCA with as many components as the model's codes have numbers.
pub const PCA_SQUARED_ERROR: &str = "pca_squared_error";
/// The name of the share of test images that a linear classifier on the codes takes for another digit.
pub const CLASSIFIER_ERROR: &str = "linear_classifier_error";
/// The same on as many principal components, and on the pixels.
pub const PCA_CLASSIFIER_ERROR: &str = "pca_linear_classifier_error";
pub const PIXELS_CLASSIFIER_ERROR: &str = "pixels_linear_classifier_error";

/// The examples that models are measured on, and what is worked out of them once.
pub struct Measured {
    examples: Examples,
    pca: OnceCell<Pca>,
    pixels_error: OnceCell<f64>,
}

impl Measured {
    pub fn new(examples: Examples) -> Self {
        Measured { examples, pca: OnceCell::new(), pixels_error: OnceCell::new() }
    }

    /// All figures of a model by name. Those that compare with PCA are left out where a code is as wide as an example, for PCA then
    /// makes no error, and they and those of a linear classifier where no benchmark is of the reconstruction. Nothing is classified
    /// where the examples have no classes.
    ///
    /// # Errors
    /// If the device does not give them back, or the codes admit no linear classifier.
    pub async fn figures(
        &self,
        model: &dyn TrainedModel,
        benchmarks: &[Benchmark],
    ) -> Result<BTreeMap<String, f64>, ClassifierError> {
        let Examples { train, test, .. } = &self.examples;
        let mut figures = evaluate(model, benchmarks, &**test).await?;
        figures.extend(jacobian::figures(model, benchmarks, &**test).await?);
        figures.extend(chain::figures(model, benchmarks, &self.examples).await?);
        figures.extend(parzen::figures(model, benchmarks, &self.examples).await?);
        figures.extend(linear_classifier::figures(model, benchmarks, &self.examples).await?);
        let (code, kind) = (model.shape().code(), model.shape().examples);
        if !benchmarks.iter().any(|benchmark| matches!(benchmark.measure, Measure::SquaredError { .. })) {
            return Ok(figures);
        }
        if code < model.shape().input() {
            let pca = self.pca.get_or_init(|| Pca::fit(&Moments::of(&**train)));
            for benchmark in benchmarks.iter().filter(|benchmark| benchmark.measure == Measure::PrincipalAngle) {
                if let Some(directions) = directions(model).await? {
                    let angle = largest_angle(&directions, pca.first(code).components());
                    figures.insert(benchmark.name.to_string(), angle);
                }
            }
            match kind {
                ExampleKind::Plane => {
                    let error = pca.first(code).squared_error(&Moments::of(&**test));
                    figures.insert(PCA_SQUARED_ERROR.to_string(), error);
                }
                ExampleKind::Digits => {
                    let device = Device::flex();
                    let pca = PrincipalComponents::from_pca(pca, code, &device);
                    // As a model's outputs are.
                    let reconstruct = |images| pca.decode(pca.encode(images, code)).clamp(0.0, 1.0);
                    let error = squared_error(reconstruct, &device, &**test, 0.0, 0.0).await?;
                    figures.insert(PCA_SQUARED_ERROR.to_string(), error);
                    let error = linear_classifier_error(|images| pca.encode(images, code), &device, &self.examples);
                    figures.insert(PCA_CLASSIFIER_ERROR.to_string(), error.await?);
                }
            }
        }
        if kind == ExampleKind::Digits {
            let features = |images| model.features(model.encode(images));
            let error = linear_classifier_error(features, &model.device(), &self.examples).await?;
            figures.insert(CLASSIFIER_ERROR.to_string(), error);
            let error = match self.pixels_error.get() {
                Some(&error) => error,
                None => linear_classifier_error(|images| images, &Device::flex(), &self.examples).await?,
            };
            figures.insert(PIXELS_CLASSIFIER_ERROR.to_string(), *self.pixels_error.get_or_init(|| error));
        }
        Ok(figures)
    }
}

/// What each number of a code adds to the output of a linear decoder; None where its weights cannot be told.
async fn directions(model: &dyn TrainedModel) -> Result<Option<Vec<Vec<f64>>>, DeviceError> {
    let Some(weights) = model.outer_weights() else { return Ok(None) };
    let [_, width] = weights.last.dims();
    let values = read(weights.last).await?;
    Ok(Some(values.chunks_exact(width).map(|row| row.iter().map(|&value| f64::from(value)).collect()).collect()))
}
