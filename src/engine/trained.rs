//! Trained models behind one face, whatever their types.

use burn::tensor::{Device, Tensor};

use super::protocol::ModelId;
use crate::models::Autoencoder;
use crate::models::catalogue::ModelVisitor;
use crate::models::weights::{self, WeightsError};

/// A model with its weights, to be asked and not to be trained.
pub trait Trained {
    /// Numbers in a code.
    fn code_width(&self) -> usize;

    /// Images `[batch, pixels]` to codes `[batch, code]`; the mean where codes are stochastic.
    fn encode(&self, images: Tensor<2>) -> Tensor<2>;

    /// Codes `[batch, code]` to images `[batch, pixels]` in [0, 1].
    fn decode(&self, codes: Tensor<2>) -> Tensor<2>;
}

/// The model named `id` with the weights of a safetensors file, of the sizes that the file tells.
///
/// # Errors
/// Refuses what [`weights::load_own`] refuses.
pub fn load(id: ModelId, file: &[u8], device: &Device) -> Result<Box<dyn Trained>, WeightsError> {
    id.visit(Loader { file, device })
}

struct Loader<'a> {
    file: &'a [u8],
    device: &'a Device,
}

impl ModelVisitor for Loader<'_> {
    type Output = Result<Box<dyn Trained>, WeightsError>;

    fn visit<M: Autoencoder>(self) -> Self::Output {
        let (module, config) = weights::load_own::<M>(self.file, self.device)?;
        Ok(Box::new(WithWeights { module, code_width: M::code_width(&config) }))
    }
}

struct WithWeights<M> {
    module: M,
    code_width: usize,
}

impl<M: Autoencoder> Trained for WithWeights<M> {
    fn code_width(&self) -> usize {
        self.code_width
    }

    fn encode(&self, images: Tensor<2>) -> Tensor<2> {
        self.module.encode(images)
    }

    fn decode(&self, codes: Tensor<2>) -> Tensor<2> {
        self.module.decode(codes)
    }
}
