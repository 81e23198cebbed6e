//! What a model learns from in one step, and the loss that it comes to.

use burn::tensor::{Device, Tensor, TensorData};

use super::sampler::Sampler;

/// What a model learns from in one step.
#[derive(Clone, Debug)]
pub struct Batch {
    /// What the model sees, `[batch, input]`; noisy where the recipe says so. In a phase with
    /// [inputs](super::Autoencoder::phase_inputs) of its own, those, without noise.
    pub input: Tensor<2>,
    /// What it is to give back, of the width of `input`.
    pub target: Tensor<2>,
    pub labels: Labels,
    /// Which part is trained, from 0.
    pub phase: usize,
    /// How much of the phase's steps is done, in [0, 1]; 1 where nothing is trained.
    pub progress: f64,
    /// Random draws of this step.
    pub sampler: Sampler,
}

/// The classes of a batch's examples, where known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Labels(pub Vec<Option<u8>>);

impl Labels {
    /// `[batch, classes]`: 1 at an example's class and 0 elsewhere; all 0 where the class is unknown, or is none of them.
    pub fn one_hot(&self, classes: usize, device: &Device) -> Tensor<2> {
        let mut values = vec![0.0; self.0.len() * classes];
        for (row, label) in values.chunks_exact_mut(classes).zip(&self.0) {
            if let Some(place) = label.and_then(|label| row.get_mut(usize::from(label))) {
                *place = 1.0;
            }
        }
        Tensor::from_data(TensorData::new(values, [self.0.len(), classes]), device)
    }
}

/// A loss by its parts, each a scalar `[1]`, averaged over the batch.
#[derive(Clone, Debug)]
pub struct Loss {
    /// The first is the reconstruction, or what the phase learns in its place: where it grows to a thousand times its first value,
    /// training has diverged.
    pub parts: Vec<(&'static str, Tensor<1>)>,
}

impl Loss {
    /// The sum of the parts: what a model with one optimiser minimises.
    ///
    /// # Panics
    /// If there are none.
    pub fn total(&self) -> Tensor<1> {
        let parts = self.parts.iter().map(|(_, part)| part.clone());
        parts.reduce(|sum, part| sum + part).expect("a loss has parts")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_hot_rows_of_unknown_classes_are_zero() {
        let labels = Labels(vec![Some(1), None, Some(0), Some(7)]);
        let rows: Vec<f32> = labels.one_hot(2, &Device::flex()).into_data().iter().collect();
        assert_eq!(rows, [0.0, 1.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0]);
    }
}
