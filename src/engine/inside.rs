//! The inside of a model for one image or two codes: activations by layer, images on the way.

use super::{Engine, to_pixels};
use crate::analysis::latent;
use crate::protocol::{DecodePath, EngineError, GetActivations, Image};

/// Images that one answer holds at most.
const MOST: u32 = 1_000;

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

    pub(super) async fn decode_path(&self, request: DecodePath) -> Result<Vec<Image>, EngineError> {
        let DecodePath { model, from, to, count, spherical } = request;
        if from.len() != to.len() || !(2..=MOST).contains(&count) {
            return Err(EngineError::Malformed(format!("a path of {count} codes")));
        }
        self.decode(model, latent::path(&from, &to, count as usize, spherical)).await
    }
}
