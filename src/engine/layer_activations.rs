//! What all test images make of one layer: kept where it is not too much, so that the next unit of the same layer is there at once.

use std::rc::Rc;

use burn::tensor::Tensor;

use super::Engine;
use super::image_pass::Part;
use crate::analysis::features::means;
use crate::data::dataset::Dataset;
use crate::data::labelled::LabelledImages;
use crate::protocol::{Asset, EngineError, ExampleKind, MapSize, ModelId, Shape, WIDEST};
use crate::weights::TrainedModel;

/// Test images that the mean activations of a layer of more than [`WIDEST`] numbers are taken over: all would take minutes.
const SAMPLED: usize = 1_000;

/// The activations of one layer over the test set, or of a wide layer of maps the largest number of each map.
#[derive(Clone)]
pub struct LayerActivations {
    model: Rc<dyn TrainedModel>,
    layer: usize,
    /// Units.
    pub width: usize,
    /// An image after another; shared with whoever reads them.
    pub values: Rc<Vec<f32>>,
}

/// Numbers in `layer` of a model of `shape`.
fn width(shape: &Shape, layer: usize, model: ModelId) -> Result<usize, EngineError> {
    let width = shape.layers.get(layer).copied();
    width.ok_or_else(|| EngineError::Malformed(format!("{} has no layer {layer}", model.name())))
}

/// What `layer` of a model gives, which has it.
fn layer_of(trained: &dyn TrainedModel, images: Tensor<2>, layer: usize) -> Tensor<2> {
    trained.layer(images, layer).expect("the shape has it")
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
        let width = width(trained.shape(), layer, model)?;
        if width > WIDEST {
            let about = format!("layer {layer} of {} has {width} numbers, too many for all test images", model.name());
            return Err(EngineError::Malformed(about));
        }
        self.remember_layer(&trained, layer, width, Part::Layer, |images| layer_of(&*trained, images, layer)).await
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
            let of_unit = |images| layer_of(&*trained, images, layer).narrow(1, unit, 1);
            return self.over_images(&trained, layer, Part::Unit(unit), &self.all_images()?, of_unit).await;
        }
        let all = self.layer_activations(model, layer).await?;
        Ok(all.values.iter().skip(unit).step_by(width).copied().collect())
    }

    /// What the activation function of one `unit` of `layer` is applied to for the test images of these `numbers`, where the layer keeps it,
    /// else what it gives.
    ///
    /// # Errors
    /// As [`unit_activations`](Self::unit_activations).
    pub(super) async fn before_activation(
        &self,
        model: ModelId,
        layer: usize,
        unit: usize,
        numbers: &[usize],
    ) -> Result<Vec<f32>, EngineError> {
        let trained = self.model_of_images(model)?;
        let of_unit = |images| {
            let layer = trained.layer_before_activation(images, layer).expect("the shape has it");
            layer.narrow(1, unit, 1)
        };
        self.over_images(&trained, layer, Part::BeforeActivation(unit), numbers, of_unit).await
    }

    /// The largest number of each map of `layer`, which is maps of this `size`, for every test image.
    ///
    /// # Errors
    /// [`EngineError::NotLoaded`].
    pub(super) async fn largest_of_maps(
        &self,
        model: ModelId,
        layer: usize,
        size: MapSize,
    ) -> Result<LayerActivations, EngineError> {
        let trained = self.model_of_images(model)?;
        let of_maps = |images| {
            let maps =
                layer_of(&*trained, images, layer).reshape([-1, size.maps as i32, (size.side * size.side) as i32]);
            maps.max_dim(2).squeeze_dim(2)
        };
        self.remember_layer(&trained, layer, size.maps, Part::LargestOfMaps, of_maps).await
    }

    /// What is kept of `layer` of this model, `width` numbers an image; else what `of` makes of the test images, kept in place of what was.
    async fn remember_layer(
        &self,
        trained: &Rc<dyn TrainedModel>,
        layer: usize,
        width: usize,
        part: Part,
        of: impl Fn(Tensor<2>) -> Tensor<2>,
    ) -> Result<LayerActivations, EngineError> {
        let is_same =
            |kept: &LayerActivations| Rc::ptr_eq(&kept.model, trained) && (kept.layer, kept.width) == (layer, width);
        // Taken out: two layers at a time may be too much.
        let kept = self.layer.borrow_mut().take().filter(is_same);
        let found = match kept {
            Some(kept) => kept,
            None => {
                let values = Rc::new(self.over_images(trained, layer, part, &self.all_images()?, of).await?);
                LayerActivations { model: Rc::clone(trained), layer, width, values }
            }
        };
        Ok(self.layer.borrow_mut().insert(found).clone())
    }

    /// The mean activation over the test images of each of the `units` of `layer`, or of each of as many maps; over the first [`SAMPLED`] of
    /// them where it has more than [`WIDEST`] numbers.
    ///
    /// # Errors
    /// [`EngineError::Malformed`] where the model has no such layer, or a layer that is not so many units or maps;
    /// [`EngineError::NotLoaded`].
    pub(super) async fn usage(&self, model: ModelId, layer: usize, units: usize) -> Result<Vec<f32>, EngineError> {
        let trained = self.model_of_images(model)?;
        let width = width(trained.shape(), layer, model)?;
        if units == 0 || width % units != 0 {
            return Err(EngineError::Malformed(format!("layer {layer} of {} is not next to the pixels", model.name())));
        }
        if width > WIDEST {
            let of_maps = |images| {
                let maps = layer_of(&*trained, images, layer).reshape([0, units as i32, -1]);
                maps.mean_dim(2).squeeze_dim(2)
            };
            let mut numbers = self.all_images()?;
            numbers.truncate(SAMPLED);
            return Ok(means(&self.over_images(&trained, layer, Part::MeansOfMaps, &numbers, of_maps).await?, units));
        }
        let activations = self.layer_activations(model, layer).await?;
        let size = width / units;
        let of_map = |numbers: &[f32]| numbers.iter().sum::<f32>() / size as f32;
        Ok(means(&activations.values, width).chunks_exact(size).map(of_map).collect())
    }

    /// The numbers of all test images.
    fn all_images(&self) -> Result<Vec<usize>, EngineError> {
        Ok((0..self.test_set()?.count()).collect())
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
