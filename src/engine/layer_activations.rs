//! What all test images make of one layer: kept, so that the next unit of the same layer is there at once.

use std::rc::Rc;

use super::Engine;
use crate::data::PIXELS;
use crate::data::dataset::{Dataset, gather};
use crate::data::labelled::LabelledImages;
use crate::protocol::{Asset, EngineError, ExampleKind, ModelId};
use crate::weights::TrainedModel;

/// Images that go through the layers at a time.
const BATCH: usize = 500;

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
    /// Those of one unit; None where the layer has fewer.
    pub fn unit(&self, unit: usize) -> Option<Vec<f32>> {
        (unit < self.width).then(|| self.values.iter().skip(unit).step_by(self.width).copied().collect())
    }

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

impl Engine {
    /// What the test set makes of `layer` of `model`, counted from the input.
    ///
    /// # Errors
    /// [`EngineError::Malformed`] where the model has no such layer or takes no images, [`EngineError::NotLoaded`].
    pub(super) async fn layer_activations(
        &self,
        model: ModelId,
        layer: usize,
    ) -> Result<LayerActivations, EngineError> {
        let trained = self.model_of_images(model)?;
        let set = self.test_set()?;
        if let Some(known) = &*self.layer.borrow()
            && Rc::ptr_eq(&known.model, &trained)
            && known.layer == layer
        {
            return Ok(known.clone());
        }
        let (mut values, mut width) = (Vec::new(), 0);
        for start in (0..set.count()).step_by(BATCH) {
            let end = (start + BATCH).min(set.count());
            let images = gather(set, start..end);
            let activations = trained.layer(self.tensor(images, PIXELS), layer);
            let activations =
                activations.ok_or_else(|| EngineError::Malformed(format!("{} has no layer {layer}", model.name())))?;
            width = activations.dims()[1];
            values.extend(self.read(activations).await?);
            if let Some(report) = &self.report_progress {
                report(end as u32, set.count() as u32).await;
            }
        }
        let found = LayerActivations { model: trained, layer, width, values: Rc::new(values) };
        Ok(self.layer.borrow_mut().insert(found).clone())
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
