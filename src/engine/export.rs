//! Weights as files.

use std::collections::BTreeMap;

use serde_json::Value;

use super::{Engine, Image, mean_squared_error, to_pixels};
use crate::data::PIXELS;
use crate::protocol::{Card, EngineError, Exported, ModelId};
use crate::weights::Precision;

/// Test images that an exported card's figure is measured on: all of them would take too long.
const MEASURED: usize = 1_000;
/// What the figure is called.
const METRIC: &str = "squared_error_of_1000";

impl Engine {
    /// The weights of `model` as a safetensors file in float32, and their card; `date` (`YYYY-MM-DD`) is the card's. Its only
    /// figure is the mean squared error per pixel on the first 1,000 test images, where they are loaded.
    ///
    /// # Errors
    /// The model is not loaded, or the device fails, or a value is not finite.
    pub async fn export(&self, model: ModelId, date: &str) -> Result<Exported, EngineError> {
        let trained = self.model(model)?;
        let settings: Value = serde_json::from_str(&trained.origin().settings).expect("they were written as JSON");
        let card = Card {
            model,
            config: settings["model"].clone(),
            recipe: settings["recipe"].clone(),
            seed: settings["seed"].as_u64().unwrap_or_default(),
            epochs: trained.origin().epochs,
            date: date.to_string(),
            parameters: trained.parameters(),
            metrics: self
                .error(model)
                .await?
                .map(|error| (METRIC.to_string(), error.into()))
                .into_iter()
                .collect::<BTreeMap<_, _>>(),
        };
        let card = serde_json::to_string_pretty(&card).expect("a card is plain data");
        Ok(Exported { weights: self.weights(model).await?, card })
    }

    /// The weights of `model` as a safetensors file in float32, which [`load_weights`](Self::load_weights) takes.
    ///
    /// # Errors
    /// The model is not loaded, or the device fails.
    pub async fn weights(&self, model: ModelId) -> Result<Vec<u8>, EngineError> {
        self.model(model)?.to_file(Precision::Single).await.map_err(|error| EngineError::DeviceLost(error.0))
    }

    async fn error(&self, model: ModelId) -> Result<Option<f32>, EngineError> {
        let trained = self.model(model)?;
        let Some(set) = self.test_set.as_ref().filter(|_| trained.shape().input() == PIXELS) else { return Ok(None) };
        let images: Vec<Image> =
            (0..set.images.count().min(MEASURED)).map(|number| set.images.pixels(number).to_vec()).collect();
        let clean = to_pixels(&images.concat());
        let output = self.read(trained.decode(trained.encode(self.tensor(clean.clone(), PIXELS)))).await?;
        Ok(Some(mean_squared_error(&output, &clean)))
    }
}
