//! The stacked denoising autoencoder: it sees a noisy digit and is to give back the clean one.
//!
//! Reference: P. Vincent et al., "Stacked Denoising Autoencoders", JMLR 11 (2010), sections 3.1 and 3.3.

use burn::config::Config;
use burn::module::Module;
use burn::nn::Linear;
use burn::tensor::{Device, Tensor, activation};

use super::activations::Activations;
use super::autoencoder::{Autoencoder, OuterWeights};
use super::batch::{Batch, Loss};
use super::layers::{Mlp, mirrored};
use super::lesson::{Benchmark, CODE, Lesson, Measure, Preset, settings};
use super::objective::cross_entropy;
use super::recipe::{Corruption, Recipe};
use crate::protocol::{CodeKind, ModelId, Shape};

/// Sizes of a [`Denoising`].
#[derive(Config, Debug, PartialEq)]
pub struct DenoisingConfig {
    /// Pixels of an image.
    #[config(default = 784)]
    pub input: usize,
    /// Widths of the encoder's hidden layers; the decoder's are the same, backwards.
    #[config(default = "vec![1500]")]
    pub hidden: Vec<usize>,
    /// Numbers in a code.
    #[config(default = 500)]
    pub code: usize,
}

impl Default for DenoisingConfig {
    fn default() -> Self {
        Self::new()
    }
}

impl DenoisingConfig {
    /// A model with random weights.
    pub fn init(&self, device: &Device) -> Denoising {
        let (encoder, decoder, logits) = mirrored(self.input, &self.hidden, self.code, device);
        Denoising { encoder, decoder, logits }
    }
}

/// Stacked denoising autoencoder.
#[derive(Module, Debug)]
pub struct Denoising {
    encoder: Mlp,
    decoder: Mlp,
    logits: Linear,
}

impl Denoising {
    /// Codes `[batch, code]` to the logits of the pixels, `[batch, input]`.
    pub fn logits(&self, codes: Tensor<2>) -> Tensor<2> {
        self.logits.forward(self.decoder.forward(codes))
    }
}

impl Autoencoder for Denoising {
    const ID: ModelId = ModelId::new("denoising");

    type Config = DenoisingConfig;

    fn init(config: &DenoisingConfig, device: &Device) -> Self {
        config.init(device)
    }

    fn shape(config: &DenoisingConfig) -> Shape {
        Shape::mirrored(config.input, &config.hidden, config.code, CodeKind::Real)
    }

    fn lesson() -> Lesson<DenoisingConfig> {
        let mixed = Corruption { sigma: 1.5, dropout: 0.9, varied: true, gaussian: 0.72, masking: 0.18, both: 0.05 };
        let gaussian = Corruption { sigma: 1.0, dropout: 0.0, varied: false, gaussian: 1.0, masking: 0.0, both: 0.0 };
        let dropout = Corruption { sigma: 0.0, dropout: 0.3, varied: false, gaussian: 0.0, masking: 1.0, both: 0.0 };
        // The notebook's sizes and noise, with the activation, loss and learning rate of the shipped one.
        let notebook = |name, corruption| Preset {
            name,
            config: DenoisingConfig::new().with_hidden(vec![300]).with_code(150),
            recipe: Recipe::new(10).with_corruption(Some(corruption)),
        };
        let squared_error = |name, sigma, dropout, at_most| Benchmark {
            name,
            measure: Measure::SquaredError { sigma, dropout },
            at_most,
            at_least: None,
        };
        Lesson {
            presets: vec![
                Preset {
                    name: "mixed",
                    config: DenoisingConfig::new(),
                    recipe: Recipe::new(115).with_learning_rate(1.2e-3).with_warmup(500).with_corruption(Some(mixed)),
                },
                notebook("gaussian", gaussian),
                notebook("dropout", dropout),
            ],
            settings: settings([CODE]),
            benchmarks: vec![
                squared_error("squared_error_clean", 0.0, 0.0, None),
                squared_error("squared_error_sigma_0.5", 0.5, 0.0, Some(0.0100)),
                squared_error("squared_error_sigma_1.0", 1.0, 0.0, Some(0.0215)),
                squared_error("squared_error_sigma_1.5", 1.5, 0.0, None),
                squared_error("squared_error_dropout_0.3", 0.0, 0.3, Some(0.0075)),
                squared_error("squared_error_dropout_0.9", 0.0, 0.9, None),
            ],
            ..Lesson::default()
        }
    }

    /// The cross-entropy per pixel, in nats, between the reconstruction of the noisy input and the clean target (Vincent et al.,
    /// section 2.2). It is least where the squared error is, at the expected clean image.
    fn loss(&self, batch: &Batch) -> Loss {
        let logits = self.logits(self.encode(batch.input.clone()));
        Loss { parts: vec![("cross_entropy", cross_entropy(logits, batch.target.clone()).mean())] }
    }

    fn encode_by_layer(&self, inputs: Tensor<2>) -> Activations {
        self.encoder.extend(Activations::new(inputs))
    }

    fn decode_by_layer(&self, codes: Tensor<2>) -> Activations {
        let hidden = self.decoder.extend(Activations::new(codes));
        hidden.then_activated(|hidden| self.logits.forward(hidden), activation::sigmoid)
    }

    fn outer_weights(&self) -> Option<OuterWeights> {
        let first = self.encoder.layers().next()?.weight.val();
        Some(OuterWeights { first, last: self.logits.weight.val() })
    }
}
