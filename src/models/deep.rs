//! The deep autoencoder: a digit in 30 numbers, far closer to it than 30 principal components come.
//!
//! Source: G. Hinton, R. Salakhutdinov, "Reducing the Dimensionality of Data with Neural Networks", Science 313 (2006), whose
//! layers are sigmoid and pretrained; ELU, He's initialisation and Adam make pretraining needless.

use burn::config::Config;
use burn::module::Module;
use burn::nn::Linear;
use burn::tensor::{Device, Tensor};

use super::autoencoder::{Autoencoder, Batch, Benchmark, Loss, Preset};
use super::mlp::{Mlp, linear};
use super::recipe::{Corruption, Recipe};
use super::reconstruction::Reconstruction;

/// Sizes of a [`Deep`], and what it minimises.
#[derive(Config, Debug, PartialEq)]
pub struct DeepConfig {
    /// Pixels of an image.
    #[config(default = 784)]
    pub input: usize,
    /// Widths of the encoder's hidden layers; the decoder's are the same, backwards.
    #[config(default = "vec![1000, 500, 250]")]
    pub hidden: Vec<usize>,
    /// Numbers in a code.
    #[config(default = 30)]
    pub code: usize,
    #[config(default = "Reconstruction::CrossEntropy")]
    pub reconstruction: Reconstruction,
}

impl Default for DeepConfig {
    fn default() -> Self {
        Self::new()
    }
}

impl DeepConfig {
    /// A model with random weights.
    pub fn init(&self, device: &Device) -> Deep {
        let hidden = || self.hidden.iter().copied();
        let (encoded, decoded) = (hidden().next_back().unwrap_or(self.input), hidden().next().unwrap_or(self.code));
        Deep {
            encoder: Mlp::new(self.input, hidden(), device),
            code: linear(encoded, self.code, device),
            decoder: Mlp::new(self.code, hidden().rev(), device),
            output: linear(decoded, self.input, device),
            reconstruction: self.reconstruction,
        }
    }
}

/// Deep autoencoder. Its code is linear, as Hinton and Salakhutdinov's: an ELU would keep each number above -1.
#[derive(Module, Debug)]
pub struct Deep {
    encoder: Mlp,
    code: Linear,
    decoder: Mlp,
    output: Linear,
    #[module(skip)]
    reconstruction: Reconstruction,
}

impl Deep {
    /// Codes `[batch, code]` to what the last layer gives, `[batch, input]`.
    fn outputs(&self, codes: Tensor<2>) -> Tensor<2> {
        self.output.forward(self.decoder.forward(codes))
    }
}

impl Autoencoder for Deep {
    type Config = DeepConfig;

    fn init(config: &DeepConfig, device: &Device) -> Self {
        config.init(device)
    }

    /// A little noise on its input keeps it from learning the training images by heart.
    fn presets() -> Vec<Preset<DeepConfig>> {
        let noise = Corruption { sigma: 0.15, dropout: 0.0, varied: true, gaussian: 1.0, masking: 0.0, both: 0.0 };
        let preset = |name, reconstruction, noise| Preset {
            name,
            config: DeepConfig::new().with_reconstruction(reconstruction),
            recipe: Recipe::new(80).with_warmup(1_000).with_corruption(noise),
        };
        vec![
            preset("best", Reconstruction::CrossEntropy, Some(noise)),
            preset("plain", Reconstruction::CrossEntropy, None),
            preset("squared_error", Reconstruction::SquaredError, None),
        ]
    }

    /// The bar is Hinton and Salakhutdinov's 3.00 per image; 30 principal components have 13.86.
    fn benchmarks() -> Vec<Benchmark> {
        vec![Benchmark::squared_error(Some(3.00 / 784.0))]
    }

    fn input_width(config: &DeepConfig) -> usize {
        config.input
    }

    fn code_width(config: &DeepConfig) -> usize {
        config.code
    }

    /// The reconstruction, averaged over pixels.
    fn loss(&self, batch: Batch) -> Loss {
        let outputs = self.outputs(self.encode(batch.input));
        Loss { parts: vec![self.reconstruction.part(outputs, batch.target)] }
    }

    fn encode(&self, inputs: Tensor<2>) -> Tensor<2> {
        self.code.forward(self.encoder.forward(inputs))
    }

    fn decode(&self, codes: Tensor<2>) -> Tensor<2> {
        self.reconstruction.pixels(self.outputs(codes))
    }
}
