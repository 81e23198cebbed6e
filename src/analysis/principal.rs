//! Principal components as a module, to be kept in a file and worked out on any device.

use burn::module::{Module, Param};
use burn::tensor::{Device, Tensor, TensorData};

use super::pca::Pca;
use crate::data::PIXELS;

/// Components that are kept, those of the most variance: as many as the widest code that is compared with them has numbers.
pub const COMPONENTS: usize = 150;

/// The mean image, `[784]`, and the first principal components, `[count, 784]`, the one of the most variance first; a file holds
/// [`COMPONENTS`] of them.
#[derive(Module, Debug)]
pub struct PrincipalComponents {
    mean: Param<Tensor<1>>,
    components: Param<Tensor<2>>,
}

impl PrincipalComponents {
    /// Zeros, for a file to be loaded into.
    pub fn init(device: &Device) -> Self {
        PrincipalComponents {
            mean: Param::from_tensor(Tensor::zeros([PIXELS], device)),
            components: Param::from_tensor(Tensor::zeros([COMPONENTS, PIXELS], device)),
        }
    }

    /// The first `count` components of `pca`.
    ///
    /// # Panics
    /// If it has fewer, or is not of images.
    pub fn from_pca(pca: &Pca, count: usize, device: &Device) -> Self {
        let floats = |values: &[f64]| values.iter().map(|&value| value as f32).collect::<Vec<_>>();
        let components: Vec<f32> = pca.components()[..count].iter().flat_map(|row| floats(row)).collect();
        let components = TensorData::new(components, [count, PIXELS]);
        PrincipalComponents {
            mean: Param::from_tensor(Tensor::from_data(TensorData::new(floats(pca.mean()), [PIXELS]), device)),
            components: Param::from_tensor(Tensor::from_data(components, device)),
        }
    }

    /// Images `[batch, 784]` to codes `[batch, count]`: what they have of each of the first components.
    ///
    /// # Panics
    /// If `count` is 0 or above the number of components.
    pub fn encode(&self, inputs: Tensor<2>, count: usize) -> Tensor<2> {
        (inputs - self.mean.val().unsqueeze()).matmul(self.first(count).transpose())
    }

    /// Codes `[batch, count]` to images `[batch, 784]`, which are not clipped to [0, 1].
    ///
    /// # Panics
    /// If `count` is 0 or above the number of components.
    pub fn decode(&self, codes: Tensor<2>) -> Tensor<2> {
        let [_, count] = codes.dims();
        codes.matmul(self.first(count)) + self.mean.val().unsqueeze()
    }

    fn first(&self, count: usize) -> Tensor<2> {
        self.components.val().slice([0..count, 0..PIXELS])
    }
}
