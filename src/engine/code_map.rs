//! The codes of the test set as points of a plane.

use burn::tensor::Tensor;

use super::Engine;
use super::layer_activations::LayerActivations;
use crate::analysis::features::means;
use crate::analysis::subspace::leading;
use crate::data::dataset::Dataset;
use crate::protocol::{CodeMap, CodePlane, EngineError, ModelId};

/// Codes and the directions of their most variance.
pub struct Spread {
    pub mean: Vec<f32>,
    /// Unit vectors, the one of the most variance first.
    pub directions: Vec<Vec<f32>>,
    /// What they hold of all the variance.
    pub explained: f32,
    /// Each code, centred, along each direction, `[codes, directions]`.
    pub points: Vec<f32>,
}

impl Engine {
    pub(super) async fn code_map(&self, model: ModelId) -> Result<CodeMap, EngineError> {
        let codes = self.codes_of_test_set(model).await?;
        let (points, plane) = if codes.width == 2 {
            let axes = [vec![1.0, 0.0], vec![0.0, 1.0]];
            (codes.values.to_vec(), CodePlane { centre: vec![0.0; 2], axes, explained: 1.0 })
        } else {
            let Spread { mean, mut directions, explained, mut points } = self.spread(&codes, 2).await?;
            // A code of one number has one direction.
            if directions.len() == 1 {
                directions.push(vec![0.0; codes.width]);
                points = points.into_iter().flat_map(|x| [x, 0.0]).collect();
            }
            let axes = directions.try_into().map_err(|_| EngineError::Malformed("codes of no numbers".to_string()))?;
            (points, CodePlane { centre: mean, axes, explained })
        };
        let points = points.as_chunks().0.to_vec();
        // The largest numbers of maps are no code that could be decoded.
        let plane = (codes.width == self.model(model)?.shape().code()).then_some(plane);
        Ok(CodeMap { points, labels: self.test_labels()?, plane, progress: (0, 0) })
    }

    /// The codes of the test images; of wide codes that are maps the largest number of each map.
    pub(super) async fn codes_of_test_set(&self, model: ModelId) -> Result<LayerActivations, EngineError> {
        let trained = self.model_of_images(model)?;
        let (shape, layer) = (trained.shape(), trained.shape().code_layer);
        match shape.maps_of(layer) {
            Some(size) if shape.has_wide_codes() => self.largest_of_maps(model, layer, size).await,
            _ => self.layer_activations(model, layer).await,
        }
    }

    pub(super) fn test_labels(&self) -> Result<Vec<u8>, EngineError> {
        let set = self.test_set()?;
        Ok((0..set.count()).filter_map(|number| set.label(number)).collect())
    }

    /// Principal component analysis of `codes`, as many directions or all there are.
    pub(super) async fn spread(&self, codes: &LayerActivations, directions: usize) -> Result<Spread, EngineError> {
        let width = codes.width;
        let (mean, count) = (means(&codes.values, width), (codes.values.len() / width) as f64);
        let centred = codes.values.iter().zip(mean.iter().cycle()).map(|(value, mean)| value - mean).collect();
        let centred: Tensor<2> = self.tensor(centred, width);
        let products = self.read(centred.clone().transpose().matmul(centred.clone())).await?;
        let covariance: Vec<f64> = products.into_iter().map(|product| f64::from(product) / count).collect();
        let rows: Vec<Vec<f64>> = covariance.chunks(width).map(<[f64]>::to_vec).collect();
        let eigen = leading(&rows, directions);
        let all: f64 = rows.iter().enumerate().map(|(index, row)| row[index]).sum();
        let held: f64 = eigen.values.iter().sum();
        let directions: Vec<Vec<f32>> =
            eigen.vectors.iter().map(|vector| vector.iter().map(|&value| value as f32).collect()).collect();
        let along = centred.matmul(self.tensor(directions.concat(), width).transpose());
        let explained = if all > 0.0 { (held / all) as f32 } else { 0.0 };
        Ok(Spread { mean, directions, explained, points: self.read(along).await? })
    }
}
