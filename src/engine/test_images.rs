//! What a model makes of all test images: errors by image, weights as images with their usage, what activates a unit.

use super::{Engine, clipped, mean_squared_error, to_bytes, to_pixels};
use crate::analysis::features::{norms, scale};
use crate::analysis::histogram::histogram_of_range;
use crate::analysis::ranking::{class_means, largest};
use crate::data::PIXELS;
use crate::data::dataset::Dataset;
use crate::protocol::{
    EngineError, Feature, FeatureOrder, FeatureSide, Features, GetFeatures, GetTopImages, Image, ModelId,
    RebuildTestImages, RebuiltImages, TestErrors, TopImage, TopImages,
};

const DIGITS: usize = 10;

/// Images and tiles that one answer holds at most.
const MOST: u32 = 1_000;

/// The share of all weights that may lie beyond the ends of their colour scale.
const BEYOND: f64 = 0.005;

impl Engine {
    pub(super) async fn test_errors(&self, model: ModelId) -> Result<TestErrors, EngineError> {
        let (set, output) = (self.test_set()?, self.model_of_images(model)?.shape().layers.len() - 1);
        let outputs = self.layer_activations(model, output).await?;
        let mut clean = vec![0.0; PIXELS];
        let rows = outputs.values.chunks_exact(PIXELS).enumerate();
        let errors: Vec<f32> = rows
            .map(|(number, output)| {
                set.read(number, &mut clean);
                mean_squared_error(&clipped(output), &clean)
            })
            .collect();
        let labels: Vec<u8> = (0..set.count()).filter_map(|number| set.label(number)).collect();
        let worst = largest(&errors, errors.len()).into_iter().map(|number| number as u32).collect();
        Ok(TestErrors { class_means: class_means(&errors, &labels, DIGITS), worst, errors, labels })
    }

    pub(super) async fn rebuild(&self, request: RebuildTestImages) -> Result<RebuiltImages, EngineError> {
        let (trained, set) = (self.model_of_images(request.model)?, self.test_set()?);
        let numbers: Vec<usize> = request.numbers.iter().map(|&number| number as usize).collect();
        if numbers.is_empty() || numbers.len() > MOST as usize || numbers.iter().any(|&number| number >= set.count()) {
            return Err(EngineError::Malformed(format!("test images {:?}", request.numbers)));
        }
        let originals: Vec<Image> = numbers.iter().map(|&number| set.images.pixels(number).to_vec()).collect();
        let clean = to_pixels(&originals.concat());
        let outputs = self.read(trained.reconstruct(self.tensor(clean.clone(), PIXELS))).await?;
        let pairs = outputs.chunks(PIXELS).zip(clean.chunks(PIXELS));
        let errors = pairs.map(|(output, clean)| mean_squared_error(output, clean)).collect();
        Ok(RebuiltImages { originals, reconstructions: outputs.chunks(PIXELS).map(to_bytes).collect(), errors })
    }

    pub(super) async fn features(&self, request: GetFeatures) -> Result<Features, EngineError> {
        let GetFeatures { model, side, order, first, count } = request;
        let trained = self.model_of_images(model)?;
        let weights = trained.outer_weights().ok_or_else(|| {
            EngineError::Malformed(format!("the first layer of {} is not fully connected", model.name()))
        })?;
        let (tiles, layer) = match side {
            FeatureSide::Encoder => (weights.first.transpose(), 1),
            FeatureSide::Decoder => (weights.last, trained.shape().layers.len() - 2),
        };
        let weights = self.read(tiles).await?;
        let (norms, usage) = (norms(&weights, PIXELS), self.layer_activations(model, layer).await?.means());
        if usage.len() != norms.len() {
            return Err(EngineError::Malformed(format!("layer {layer} of {} is not next to the pixels", model.name())));
        }
        let ranked = match order {
            FeatureOrder::Norm => largest(&norms, norms.len()),
            FeatureOrder::Usage => largest(&usage, usage.len()),
        };
        let tile = |unit: usize| Feature {
            unit: unit as u32,
            norm: norms[unit],
            usage: usage[unit],
            weights: weights[unit * PIXELS..][..PIXELS].to_vec(),
        };
        Ok(Features {
            units: norms.len() as u32,
            layer: layer as u32,
            scale: scale(&weights, BEYOND),
            tiles: ranked.into_iter().skip(first as usize).take(count.min(MOST) as usize).map(tile).collect(),
        })
    }

    pub(super) async fn top_images(&self, request: GetTopImages) -> Result<TopImages, EngineError> {
        let GetTopImages { model, layer, unit, count } = request;
        let set = self.test_set()?;
        let activations = self.unit_activations(model, layer as usize, unit as usize).await?;
        let (least, most, histogram) = histogram_of_range(&activations);
        let image = |number: usize| TopImage {
            number: number as u32,
            image: set.images.pixels(number).to_vec(),
            label: set.label(number).unwrap_or_default(),
            activation: activations[number],
        };
        Ok(TopImages {
            images: largest(&activations, count.min(MOST) as usize).into_iter().map(image).collect(),
            mean: (activations.iter().map(|&value| f64::from(value)).sum::<f64>() / activations.len().max(1) as f64)
                as f32,
            least,
            largest: most,
            histogram,
        })
    }
}
