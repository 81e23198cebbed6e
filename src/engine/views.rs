//! What a model makes of many examples at once, beside what PCA makes of them.

use super::{Engine, Image, clipped, mean_squared_error, numbers_of, to_bytes, to_pixels};
use crate::analysis::histogram::histogram;
use crate::analysis::pca::{Moments, Pca};
use crate::analysis::principal::COMPONENTS;
use crate::data::PIXELS;
use crate::data::dataset::{Dataset, gather};
use crate::data::plane::{PLANES, Plane};
use crate::protocol::{Asset, CodeKind, CodesView, EngineError, ExampleKind, Gallery, ModelId, Projections, Views};
use crate::training::evaluation;
use crate::weights::TrainedModel;

/// Test images whose codes are shown: more would hide each other.
const SHOWN: usize = 1_000;
/// Test images whose activations are counted, while a model learns too: at 1,000 numbers a code these are enough.
const COUNTED: usize = 200;

impl Engine {
    pub(super) async fn gallery(&self, model: ModelId) -> Result<Gallery, EngineError> {
        let trained = self.model(model)?;
        let set = self.test_digits.as_ref().ok_or(EngineError::NotLoaded(Asset::TestDigits))?;
        if trained.shape().examples != ExampleKind::Digits {
            return Err(EngineError::Malformed(format!("{} takes no images", model.name())));
        }
        let firsts = (0..10).filter_map(|digit| numbers_of(set, digit).next());
        let originals: Vec<Image> = firsts.map(|number| set.images.pixels(number).to_vec()).collect();
        let clean = to_pixels(&originals.concat());
        let output = self.read(trained.decode(trained.encode(self.tensor(clean.clone(), PIXELS)))).await?;
        Ok(Gallery {
            originals,
            reconstructions: output.chunks(PIXELS).map(to_bytes).collect(),
            error: mean_squared_error(&output, &clean),
            pca: self.project(&clean, trained.shape().code()).await?,
        })
    }

    pub(super) async fn views(&self, model: ModelId) -> Result<Views, EngineError> {
        let trained = self.model(model)?;
        let codes = if trained.shape().code() == 2 { Some(self.codes(trained).await?) } else { None };
        let activations = if trained.shape().codes == CodeKind::Activations {
            let (pixels, _) = self.first_images(COUNTED)?;
            Some(histogram(&self.read(trained.encode(self.tensor(pixels, PIXELS))).await?))
        } else {
            None
        };
        let is_learning = self.is_training() && self.in_training() == Some(model);
        let accuracy = if is_learning { None } else { self.accuracy(trained).await? };
        Ok(Views { codes, prior: self.prior_view(trained).await?, activations, accuracy })
    }

    /// The share of the test images whose digit the model tells, where it classifies.
    async fn accuracy(&self, trained: &dyn TrainedModel) -> Result<Option<f64>, EngineError> {
        let set = self.test_set.as_ref().ok_or(EngineError::NotLoaded(Asset::TestSet))?;
        evaluation::accuracy(trained, set).await.map_err(|error| EngineError::DeviceLost(error.0))
    }

    /// The codes of test images, or of points that a model of points was not trained on.
    async fn codes(&self, trained: &dyn TrainedModel) -> Result<CodesView, EngineError> {
        let width = trained.shape().input();
        let (examples, pca, labels) = if trained.shape().examples == ExampleKind::Digits {
            let (pixels, labels) = self.first_images(SHOWN)?;
            let pca = match &self.components {
                Some(components) => self.read(components.encode(self.tensor(pixels.clone(), width), 2)).await?,
                None => Vec::new(),
            };
            (pixels, pca, labels)
        } else {
            let [train, test] = PLANES.map(Plane::new);
            let points = gather(&test, 0..test.count());
            let pca = Pca::fit(&Moments::of(&train)).first(2);
            let codes = points.chunks(width).flat_map(|point| pca.encode(point));
            let codes = codes.map(|number| number as f32).collect();
            (points, codes, Vec::new())
        };
        let codes = self.read(trained.encode(self.tensor(examples, width))).await?;
        let pairs = |numbers: Vec<f32>| numbers.as_chunks().0.to_vec();
        Ok(CodesView { codes: pairs(codes), pca: pairs(pca), labels })
    }

    /// The first test images as pixels in [0, 1], and their labels.
    pub(super) fn first_images(&self, count: usize) -> Result<(Vec<f32>, Vec<u8>), EngineError> {
        let set = self.test_set.as_ref().ok_or(EngineError::NotLoaded(Asset::TestSet))?;
        let numbers = 0..count.min(set.count());
        Ok((gather(set, numbers.clone()), numbers.filter_map(|number| set.label(number)).collect()))
    }

    /// Images, `pixels` in [0, 1], by so many principal components, clipped to [0, 1] as a model's are.
    async fn project(&self, pixels: &[f32], components: usize) -> Result<Option<Projections>, EngineError> {
        if components > COMPONENTS {
            return Ok(None);
        }
        let Some(kept) = &self.components else {
            return Ok(Some(Projections { components, images: Vec::new(), error: 0.0 }));
        };
        let codes = kept.encode(self.tensor(pixels.to_vec(), PIXELS), components);
        let output = clipped(&self.read(kept.decode(codes)).await?);
        Ok(Some(Projections {
            components,
            images: output.chunks(PIXELS).map(to_bytes).collect(),
            error: mean_squared_error(&output, pixels),
        }))
    }
}
