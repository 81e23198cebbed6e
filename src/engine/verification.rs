//! Known answers: what a device makes of fixed inputs, against the CPU. A GPU's driver can compute wrongly without a word.

use burn::tensor::Tensor;
use burn::tensor::{Device, TensorData};

use super::Engine;
use crate::protocol::{EngineError, ModelId};

/// Inputs that a model is tried with.
const INPUTS: usize = 2;

/// How far a number may be from the CPU's: a pixel, or a share of a code's largest number.
const TOLERANCE: f32 = 1e-2;

impl Engine {
    /// Compares what `model`, which is in use with the weights of `file`, computes on the engine's device with what the CPU does.
    ///
    /// # Errors
    /// [`EngineError::WrongAnswers`] where they are further apart than rounding explains, or the device gives no finite numbers.
    pub async fn verify(&self, model: ModelId, file: &[u8]) -> Result<(), EngineError> {
        let here = self.model(model)?;
        let cpu = Device::flex();
        let reference = self.entry(model)?.load(file, &cpu).map_err(|error| EngineError::Weights { model, error })?;
        let width = reference.shape().input();
        // Every level between black and white, in no order that the images have.
        let inputs: Vec<f32> = (0..INPUTS * width).map(|at| (at * 37 % 256) as f32 / 255.0).collect();
        let expected = reference.encode(Tensor::from_data(TensorData::new(inputs.clone(), [INPUTS, width]), &cpu));
        let found = here.encode(self.tensor(inputs, width));
        let wrong = |_| EngineError::WrongAnswers { model };
        let pairs = [(found.clone(), expected.clone()), (here.decode(found), reference.decode(expected))];
        for (found, expected) in pairs {
            let (found, expected) = (self.read(found).await.map_err(wrong)?, self.read(expected).await?);
            let largest = expected.iter().fold(1.0_f32, |largest, number| largest.max(number.abs()));
            if found.iter().zip(&expected).any(|(found, expected)| (found - expected).abs() > TOLERANCE * largest) {
                return Err(EngineError::WrongAnswers { model });
            }
        }
        Ok(())
    }
}
