//! What a model makes of all test images: errors by image, weights as images with their usage, what activates a unit.

use super::inside::tiles;
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
        let layer = match side {
            FeatureSide::Encoder => 1,
            FeatureSide::Decoder => trained.shape().layers.len() - 2,
        };
        let tiles = tiles(&*trained, side)?;
        let [units, size] = tiles.dims();
        let weights = self.read(tiles).await?;
        let (norms, usage) = (norms(&weights, size), self.usage(model, layer, units).await?);
        let ranked = match order {
            FeatureOrder::Norm => largest(&norms, norms.len()),
            FeatureOrder::Usage => largest(&usage, usage.len()),
        };
        let tile = |unit: usize| Feature {
            unit: unit as u32,
            norm: norms[unit],
            usage: usage[unit],
            weights: weights[unit * size..][..size].to_vec(),
        };
        Ok(Features {
            units: units as u32,
            layer: layer as u32,
            scale: scale(&weights, BEYOND),
            tiles: ranked.into_iter().skip(first as usize).take(count.min(MOST) as usize).map(tile).collect(),
        })
    }

    pub(super) async fn top_images(&self, request: GetTopImages) -> Result<TopImages, EngineError> {
        let GetTopImages { model, layer, unit, count } = request;
        let (set, count) = (self.test_set()?, count.min(MOST) as usize);
        let activations = self.unit_activations(model, layer as usize, unit as usize).await?;
        let (least, most, histogram) = histogram_of_range(&activations);
        // Many images may have the activation of the last that is shown: what the activation function was applied to tells them apart.
        let last = largest(&activations, count).last().map_or(f32::INFINITY, |&number| activations[number]);
        let candidates: Vec<usize> = (0..activations.len()).filter(|&number| activations[number] >= last).collect();
        let before = self.before_activation(model, layer as usize, unit as usize, &candidates).await?;
        let image = |place: usize| {
            let number = candidates[place];
            TopImage {
                number: number as u32,
                image: set.images.pixels(number).to_vec(),
                label: set.label(number).unwrap_or_default(),
                activation: activations[number],
                before_activation: before[place],
            }
        };
        Ok(TopImages {
            images: largest(&before, count).into_iter().map(image).collect(),
            mean: (activations.iter().map(|&value| f64::from(value)).sum::<f64>() / activations.len().max(1) as f64)
                as f32,
            least,
            largest: most,
            histogram,
        })
    }
}
