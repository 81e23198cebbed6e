//! Weights as files.

use std::collections::BTreeMap;

use serde_json::Value;

use super::{Engine, mean_squared_error};
use crate::data::PIXELS;
use crate::data::dataset::{Dataset, gather};
use crate::protocol::{Card, EngineError, Exported, ModelId};
use crate::weights::Precision;

/// What the figure of an exported card is called: all test images would take too long, and may not be there.
const METRIC: &str = "squared_error_of_500";

impl Engine {
    /// The weights of `model` as a safetensors file in float32, and their card; `date` (`YYYY-MM-DD`) is the card's. Its only
    /// figure is the mean squared error per pixel on the test digits, where they are loaded.
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
            seconds: None,
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
        let Some(set) = self.test_digits.as_ref().filter(|_| trained.shape().input() == PIXELS) else {
            return Ok(None);
        };
        let clean = gather(set, 0..set.count());
        let output = self.read(trained.decode(trained.encode(self.tensor(clean.clone(), PIXELS)))).await?;
        Ok(Some(mean_squared_error(&output, &clean)))
    }
}
