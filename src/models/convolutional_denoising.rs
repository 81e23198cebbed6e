//! The convolutional denoising autoencoder: what the fully connected one does, with less than a tenth of its weights.
//!
//! Reference: P. Vincent et al., "Stacked Denoising Autoencoders", JMLR 11 (2010), sections 3.1 and 3.3, for the noise and the loss; J.
//! Masci et al., "Stacked Convolutional Auto-Encoders for Hierarchical Feature Extraction", ICANN 2011, for convolutions.

use burn::config::Config;
use burn::module::Module;
use burn::nn::conv::{Conv2d, ConvTranspose2d};
use burn::tensor::activation::sigmoid;
use burn::tensor::{Device, Tensor};

use super::activations::Activations;
use super::autoencoder::{Autoencoder, OuterWeights};
use super::batch::{Batch, Loss};
use super::convolutional::{INNER_MAPS, OUTER_MAPS};
use super::convolutions::{
    DEEP_SIDE, INNER_SIDE, OUTER_SIDE, TRANSPOSED_KERNEL, convolution, maps, numbers, outer_weights,
    strided_convolution, transposed_convolution,
};
use super::layers::elu;
use super::lesson::{Benchmark, Lesson, Measure, Preset, settings};
use super::objective::cross_entropy;
use super::recipe::{Corruption, Recipe};
use crate::data::IMAGE_SIDE;
use crate::protocol::settings::Setting;
use crate::protocol::{CodeKind, MapSize, ModelId, Shape};

/// Maps of the code and of the layers next to it.
const DEEP_MAPS: Setting = Setting::count("deep_maps", "/model/deep_maps", (1.0, 128.0));

/// Sides of the filters of the encoder's first three layers, which halve the side of the maps. The first one's are the largest: the more
/// pixels there are under a filter, the less of their noise is left in the sum.
const KERNELS: [usize; 3] = [6, 4, 3];
/// Side of the filters that leave the side of the maps as it is.
const DEEP_KERNEL: usize = 3;

/// Sizes of a [`ConvolutionalDenoising`].
#[derive(Config, Debug, PartialEq)]
pub struct ConvolutionalDenoisingConfig {
    /// Maps of 14 x 14.
    #[config(default = 16)]
    pub outer_maps: usize,
    /// Maps of 7 x 7.
    #[config(default = 48)]
    pub inner_maps: usize,
    /// Maps of 4 x 4, which the code is, too.
    #[config(default = 64)]
    pub deep_maps: usize,
}

impl Default for ConvolutionalDenoisingConfig {
    fn default() -> Self {
        Self::new()
    }
}

impl ConvolutionalDenoisingConfig {
    /// A model with random weights.
    pub fn init(&self, device: &Device) -> ConvolutionalDenoising {
        let ConvolutionalDenoisingConfig { outer_maps: outer, inner_maps: inner, deep_maps: deep } = *self;
        let [outer_kernel, inner_kernel, deep_kernel] = KERNELS;
        ConvolutionalDenoising {
            outer_encoder: strided_convolution(1, outer, outer_kernel, device),
            inner_encoder: strided_convolution(outer, inner, inner_kernel, device),
            deep_encoder: strided_convolution(inner, deep, deep_kernel, device),
            code_encoder: convolution(deep, deep, DEEP_KERNEL, device),
            code_decoder: convolution(deep, deep, DEEP_KERNEL, device),
            deep_decoder: transposed_convolution(deep, inner, deep_kernel, device),
            inner_decoder: transposed_convolution(inner, outer, TRANSPOSED_KERNEL, device),
            outer_decoder: transposed_convolution(outer, 1, TRANSPOSED_KERNEL, device),
        }
    }
}

/// Convolutional denoising autoencoder: ELU but for its outputs, which are logits. Its code is maps.
///
/// It halves the maps by the stride of its convolutions: max-pooling keeps the largest of four numbers, which noise has often made the
/// largest.
#[derive(Module, Debug)]
pub struct ConvolutionalDenoising {
    outer_encoder: Conv2d,
    inner_encoder: Conv2d,
    deep_encoder: Conv2d,
    code_encoder: Conv2d,
    code_decoder: Conv2d,
    deep_decoder: ConvTranspose2d,
    inner_decoder: ConvTranspose2d,
    outer_decoder: ConvTranspose2d,
}

impl ConvolutionalDenoising {
    /// Codes `[batch, deep_maps * 16]` to the maps of each layer on the way back, the last of them `[batch, outer_maps * 196]`.
    fn decoded(&self, codes: Tensor<2>) -> Activations {
        let activations = Activations::new(codes);
        let deep = activations.then_activated(|codes| numbers(self.code_decoder.forward(maps(codes, DEEP_SIDE))), elu);
        let layers = [(&self.deep_decoder, DEEP_SIDE), (&self.inner_decoder, INNER_SIDE)];
        layers.into_iter().fold(deep, |activations, (layer, side)| {
            activations.then_activated(|input| numbers(layer.forward(maps(input, side))), elu)
        })
    }

    /// The decoder's outer maps to the logits of the pixels, `[batch, 784]`.
    fn logits(&self, outer: Tensor<2>) -> Tensor<2> {
        numbers(self.outer_decoder.forward(maps(outer, OUTER_SIDE)))
    }
}

impl Autoencoder for ConvolutionalDenoising {
    const ID: ModelId = ModelId::new("convolutional_denoising");

    type Config = ConvolutionalDenoisingConfig;

    fn init(config: &ConvolutionalDenoisingConfig, device: &Device) -> Self {
        config.init(device)
    }

    fn shape(config: &ConvolutionalDenoisingConfig) -> Shape {
        let outer = MapSize { maps: config.outer_maps, side: OUTER_SIDE };
        let inner = MapSize { maps: config.inner_maps, side: INNER_SIDE };
        let deep = MapSize { maps: config.deep_maps, side: DEEP_SIDE };
        let hidden = [outer, inner, deep];
        let encoder = [None].into_iter().chain(hidden.map(Some));
        let maps: Vec<_> = encoder.clone().chain([Some(deep)]).chain(encoder.rev()).collect();
        let pixels = IMAGE_SIDE * IMAGE_SIDE;
        Shape::mirrored(pixels, &hidden.map(MapSize::numbers), deep.numbers(), CodeKind::Real).with_maps(maps)
    }

    fn lesson() -> Lesson<ConvolutionalDenoisingConfig> {
        let noise = Corruption { sigma: 0.5, dropout: 0.0, varied: false, gaussian: 1.0, masking: 0.0, both: 0.0 };
        let recipe = Recipe::new(36).with_batch(20).with_learning_rate(2e-3).with_warmup(1000);
        let small = ConvolutionalDenoisingConfig::new().with_outer_maps(8).with_inner_maps(16).with_deep_maps(24);
        let small_recipe =
            Recipe::new(10).with_batch(20).with_learning_rate(4e-3).with_warmup(1000).with_examples(10_000);
        let squared_error = |name, sigma, at_most| Benchmark {
            name,
            measure: Measure::SquaredError { sigma, dropout: 0.0 },
            at_most,
            at_least: None,
        };
        Lesson {
            presets: vec![
                Preset {
                    name: "gaussian",
                    config: ConvolutionalDenoisingConfig::new(),
                    recipe: recipe.with_corruption(Some(noise)),
                },
                Preset { name: "small", config: small, recipe: small_recipe.with_corruption(Some(noise)) },
            ],
            settings: settings([OUTER_MAPS, INNER_MAPS, DEEP_MAPS]),
            benchmarks: vec![
                squared_error("squared_error_clean", 0.0, None),
                squared_error("squared_error_sigma_0.5", 0.5, Some(0.0085)),
            ],
            ..Lesson::default()
        }
    }

    /// The cross-entropy per pixel, in nats, between the reconstruction of the noisy input and the clean target.
    fn loss(&self, batch: &Batch) -> Loss {
        let logits = self.logits(self.decoded(self.encode(batch.input.clone())).last());
        Loss { parts: vec![("cross_entropy", cross_entropy(logits, batch.target.clone()).mean())] }
    }

    fn outer_weights(&self) -> Option<OuterWeights> {
        Some(outer_weights(&self.outer_encoder, &self.outer_decoder))
    }

    /// The maps of each layer: `[batch, outer_maps * 196]`, `[batch, inner_maps * 49]`, and `[batch, deep_maps * 16]` twice.
    fn encode_by_layer(&self, inputs: Tensor<2>) -> Activations {
        let layers = [
            (&self.outer_encoder, IMAGE_SIDE),
            (&self.inner_encoder, OUTER_SIDE),
            (&self.deep_encoder, INNER_SIDE),
            (&self.code_encoder, DEEP_SIDE),
        ];
        layers.into_iter().fold(Activations::new(inputs), |activations, (layer, side)| {
            activations.then_activated(|input| numbers(layer.forward(maps(input, side))), elu)
        })
    }

    fn decode_by_layer(&self, codes: Tensor<2>) -> Activations {
        self.decoded(codes).then_activated(|outer| self.logits(outer), sigmoid)
    }
}
