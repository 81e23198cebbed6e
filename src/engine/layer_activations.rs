//! What all test images make of one layer: kept where it is not too much, so that the next unit of the same layer is there at once.

use std::ops::Range;
use std::rc::Rc;

use super::Engine;
use crate::data::PIXELS;
use crate::data::dataset::{Dataset, gather};
use crate::data::labelled::LabelledImages;
use crate::protocol::{Asset, EngineError, ExampleKind, ModelId, Shape, WIDEST};
use crate::weights::TrainedModel;

/// Images that go through the layers at a time, at most.
const BATCH: usize = 500;
/// Numbers that a layer of the images at a time has, at most: 16 MB, of which some are there at once.
const NUMBERS: usize = 4_000_000;

/// The activations of one layer over the test set.
#[derive(Clone)]
pub struct LayerActivations {
    model: Rc<dyn TrainedModel>,
    layer: usize,
    /// Units.
    pub width: usize,
    /// An image after another; shared with whoever reads them.
    pub values: Rc<Vec<f32>>,
}

impl LayerActivations {
    /// The mean of each unit.
    pub fn means(&self) -> Vec<f32> {
        let mut sums = vec![0.0_f64; self.width];
        for row in self.values.chunks_exact(self.width) {
            row.iter().zip(&mut sums).for_each(|(&value, sum)| *sum += f64::from(value));
        }
        let rows = (self.values.len() / self.width).max(1) as f64;
        sums.into_iter().map(|sum| (sum / rows) as f32).collect()
    }
}

/// Numbers in `layer` of a model of `shape`.
fn width(shape: &Shape, layer: usize, model: ModelId) -> Result<usize, EngineError> {
    let width = shape.layers.get(layer).copied();
    width.ok_or_else(|| EngineError::Malformed(format!("{} has no layer {layer}", model.name())))
}

impl Engine {
    /// What the test set makes of `layer` of `model`, counted from the input.
    ///
    /// # Errors
    /// [`EngineError::Malformed`] where the model has no such layer or takes no images, or the layer has more than [`WIDEST`] numbers;
    /// [`EngineError::NotLoaded`].
    pub(super) async fn layer_activations(
        &self,
        model: ModelId,
        layer: usize,
    ) -> Result<LayerActivations, EngineError> {
        let trained = self.model_of_images(model)?;
        if let Some(known) = &*self.layer.borrow()
            && Rc::ptr_eq(&known.model, &trained)
            && known.layer == layer
        {
            return Ok(known.clone());
        }
        let width = width(trained.shape(), layer, model)?;
        if width > WIDEST {
            let about = format!("layer {layer} of {} has {width} numbers, too many for all test images", model.name());
            return Err(EngineError::Malformed(about));
        }
        let values = self.over_test_set(&*trained, layer, 0..width).await?;
        let found = LayerActivations { model: trained, layer, width, values: Rc::new(values) };
        Ok(self.layer.borrow_mut().insert(found).clone())
    }

    /// What the test set makes of one `unit` of `layer` of `model`, however many others there are.
    ///
    /// # Errors
    /// [`EngineError::Malformed`] where the model has no such unit or takes no images, [`EngineError::NotLoaded`].
    pub(super) async fn unit_activations(
        &self,
        model: ModelId,
        layer: usize,
        unit: usize,
    ) -> Result<Vec<f32>, EngineError> {
        let trained = self.model_of_images(model)?;
        let width = width(trained.shape(), layer, model)?;
        if unit >= width {
            return Err(EngineError::Malformed(format!("layer {layer} of {} has no unit {unit}", model.name())));
        }
        if width > WIDEST {
            return self.over_test_set(&*trained, layer, unit..unit + 1).await;
        }
        let all = self.layer_activations(model, layer).await?;
        Ok(all.values.iter().skip(unit).step_by(width).copied().collect())
    }

    /// What the test set makes of the `units` of `layer`, an image after another.
    async fn over_test_set(
        &self,
        trained: &dyn TrainedModel,
        layer: usize,
        units: Range<usize>,
    ) -> Result<Vec<f32>, EngineError> {
        let set = self.test_set()?;
        let widest = trained.shape().layers.iter().copied().max().unwrap_or_default();
        let batch = (NUMBERS / widest.max(1)).clamp(1, BATCH);
        let mut values = Vec::with_capacity(set.count() * units.len());
        for start in (0..set.count()).step_by(batch) {
            let end = (start + batch).min(set.count());
            let images = self.tensor(gather(set, start..end), PIXELS);
            let activations = trained.layer(images, layer).expect("the shape has it");
            values.extend(self.read(activations.slice([0..end - start, units.clone()])).await?);
            if let Some(report) = &self.report_progress {
                report(end as u32, set.count() as u32).await;
            }
        }
        Ok(values)
    }

    /// `model`, where its examples are images.
    pub(super) fn model_of_images(&self, model: ModelId) -> Result<Rc<dyn TrainedModel>, EngineError> {
        let trained = self.models.get(&model).ok_or(EngineError::NotLoaded(Asset::Weights(model)))?;
        match trained.shape().examples {
            ExampleKind::Digits => Ok(Rc::clone(trained)),
            ExampleKind::Plane => Err(EngineError::Malformed(format!("{} takes no images", model.name()))),
        }
    }

    pub(super) fn test_set(&self) -> Result<&LabelledImages, EngineError> {
        self.test_set.as_ref().ok_or(EngineError::NotLoaded(Asset::TestSet))
    }
}
