//! The inside of a model for one image or two codes: activations by layer, images on the way, steps of a chain.

use burn::tensor::Tensor;

use super::{Engine, to_bytes, to_pixels};
use crate::analysis::latent;
use crate::data::random::Purpose;
use crate::models::autoencoder::ChainStep;
use crate::models::sampler::Sampler;
use crate::protocol::{
    AdvanceChain, ChainImages, DecodePath, EngineError, FeatureSide, GetActivations, GetFilters, Image,
};
use crate::weights::TrainedModel;

/// Images that one answer holds at most.
const MOST: u32 = 1_000;

/// The weights at one end of a model as images, `[units or maps, pixels of a tile]`.
///
/// # Errors
/// [`EngineError::Malformed`] where they are no images.
pub(super) fn tiles(trained: &dyn TrainedModel, side: FeatureSide) -> Result<Tensor<2>, EngineError> {
    let weights = trained
        .outer_weights()
        .ok_or_else(|| EngineError::Malformed(format!("the outer weights of {} are no images", trained.id().name())))?;
    Ok(match side {
        FeatureSide::Encoder => weights.first.transpose(),
        FeatureSide::Decoder => weights.last,
    })
}

impl Engine {
    pub(super) async fn activations(&self, request: GetActivations) -> Result<Vec<Vec<f32>>, EngineError> {
        let GetActivations { model, image } = request;
        let trained = self.model(model)?;
        if image.len() != trained.shape().input() {
            return Err(EngineError::Malformed(format!("an image of {} pixels", image.len())));
        }
        let mut layers = Vec::new();
        for layer in trained.activations(self.tensor(to_pixels(&image), image.len())) {
            layers.push(self.read(layer).await?);
        }
        Ok(layers)
    }

    pub(super) async fn filters(&self, GetFilters { model, side }: GetFilters) -> Result<Vec<Vec<f32>>, EngineError> {
        let filters = tiles(self.model(model)?, side)?;
        let [_, size] = filters.dims();
        Ok(self.read(filters).await?.chunks(size).map(<[f32]>::to_vec).collect())
    }

    pub(super) async fn advance_chain(&self, request: AdvanceChain) -> Result<ChainImages, EngineError> {
        let AdvanceChain { model, image, seed, step } = request;
        let trained = self.model(model)?;
        if image.len() != trained.shape().input() {
            return Err(EngineError::Malformed(format!("an image of {} pixels", image.len())));
        }
        let sampler = Sampler::new(seed, Purpose::Chain, step.into(), &self.device);
        let images = self.tensor(to_pixels(&image), image.len());
        let Some(step) = trained.chain_step(images, &sampler) else {
            return Err(EngineError::Malformed(format!("{} has no chain", model.name())));
        };
        let drawn = step.next(&sampler);
        let ChainStep { noisy, means, .. } = step;
        let pixels = self.read(Tensor::cat(vec![noisy, means, drawn], 0)).await?;
        let images: Vec<Image> = pixels.chunks(image.len()).map(to_bytes).collect();
        let [noisy, means, drawn] =
            <[Image; 3]>::try_from(images).map_err(|_| EngineError::Malformed("not three images".to_string()))?;
        Ok(ChainImages { noisy, means, drawn })
    }

    pub(super) async fn decode_path(&self, request: DecodePath) -> Result<Vec<Image>, EngineError> {
        let DecodePath { model, from, to, count, spherical } = request;
        if from.len() != to.len() || !(2..=MOST).contains(&count) {
            return Err(EngineError::Malformed(format!("a path of {count} codes")));
        }
        self.decode(model, latent::path(&from, &to, count as usize, spherical)).await
    }
}
