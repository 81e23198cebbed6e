//! Known answers: what a device makes of fixed inputs, against the CPU. A GPU's driver can compute wrongly without a word.

use std::time::Duration;

use burn::tensor::{Device, Tensor, TensorData};
use web_time::Instant;

use super::Engine;
use crate::protocol::{EngineError, ModelId};
use crate::weights::TrainedModel;

/// Inputs that a model is tried with.
const INPUTS: usize = 2;

/// How far a number may be from the CPU's, as a share of what lies between the smallest and the largest of them.
const TOLERANCE: f32 = 1e-2;

/// An answer's time is the shortest of so many: the others had to wait for something else.
const TRIES: usize = 3;

impl Engine {
    /// Compares what the first model, untrained, computes on the engine's device with what the CPU does with the same weights. Returns
    /// how long the device takes to answer with an image: what a person waits for.
    ///
    /// It is one model alone, since a GPU tries out programs for each new size of matrix, which takes software adapters seconds; the
    /// others follow with their weights ([`Self::verify_weights`]).
    ///
    /// # Errors
    /// [`EngineError::WrongAnswers`] where they are further apart than rounding explains, or the device gives no finite numbers.
    pub async fn verify_device(&self) -> Result<Duration, EngineError> {
        let Some(entry) = self.catalogue.entries().next() else { return Ok(Duration::ZERO) };
        let here = entry.initialise(&self.device);
        self.compare(&*here, &*entry.initialise(&Device::flex())).await?;
        let mut shortest = Duration::MAX;
        for _ in 0..TRIES {
            let start = Instant::now();
            self.read(here.reconstruct(known_inputs(here.shape().input(), &self.device))).await?;
            shortest = shortest.min(start.elapsed());
        }
        Ok(shortest)
    }

    /// Compares what `model`, which is in use with the weights of `file`, computes on the engine's device with what the CPU does.
    ///
    /// # Errors
    /// As [`Self::verify_device`].
    pub async fn verify_weights(&self, model: ModelId, file: &[u8]) -> Result<(), EngineError> {
        let unusable = |error| EngineError::Weights { model, error };
        let reference = self.entry(model)?.load(file, &Device::flex()).map_err(unusable)?;
        self.compare(self.model(model)?, &*reference).await
    }

    /// Compares the codes, the outputs and the scores of classes of two models of the same weights, `here` on the engine's device.
    ///
    /// # Errors
    /// As [`Self::verify_device`].
    async fn compare(&self, here: &dyn TrainedModel, reference: &dyn TrainedModel) -> Result<(), EngineError> {
        let model = here.id();
        let width = reference.shape().input();
        let expected = reference.encode(known_inputs(width, &Device::flex()));
        let found = here.encode(known_inputs(width, &self.device));
        // Outputs as they are: clipped ones would hide what lies beyond.
        let outputs = |model: &dyn TrainedModel, codes| model.decode_by_layer(codes).last();
        let mut pairs = vec![(found.clone(), expected.clone()), (outputs(here, found), outputs(reference, expected))];
        let scores = [(here, &self.device), (reference, &Device::flex())]
            .map(|(model, device)| model.classify(known_inputs(width, device)));
        if let [Some(found), Some(expected)] = scores {
            pairs.push((found, expected));
        }
        for (found, expected) in pairs {
            let found = self.read(found).await.map_err(|_| EngineError::WrongAnswers { model })?;
            if !are_close(&found, &self.read(expected).await?) {
                return Err(EngineError::WrongAnswers { model });
            }
        }
        Ok(())
    }
}

/// Every level between black and white, in no order that images have: `[INPUTS, width]`.
fn known_inputs(width: usize, device: &Device) -> Tensor<2> {
    let inputs: Vec<f32> = (0..INPUTS * width).map(|at| (at * 37 % 256) as f32 / 255.0).collect();
    Tensor::from_data(TensorData::new(inputs, [INPUTS, width]), device)
}

/// Initial weights make numbers that lie close together, so that a fixed distance would find no fault.
fn are_close(found: &[f32], expected: &[f32]) -> bool {
    let (smallest, largest) = expected
        .iter()
        .fold((f32::INFINITY, f32::NEG_INFINITY), |(low, high), &number| (low.min(number), high.max(number)));
    let tolerance = TOLERANCE * (largest - smallest);
    found.iter().zip(expected).all(|(found, expected)| (found - expected).abs() <= tolerance)
}
