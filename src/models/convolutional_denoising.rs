//! The convolutional denoising autoencoder: what the fully connected one does, with less than a tenth of its weights.
//!
//! Reference: P. Vincent et al., "Stacked Denoising Autoencoders", JMLR 11 (2010), sections 3.1 and 3.3, for the noise and the loss; J.
//! Masci et al., "Stacked Convolutional Auto-Encoders for Hierarchical Feature Extraction", ICANN 2011, for convolutions and max-pooling.

use burn::config::Config;
use burn::module::Module;
use burn::nn::Linear;
use burn::nn::conv::{Conv2d, ConvTranspose2d};
use burn::nn::pool::MaxPool2d;
use burn::tensor::activation::sigmoid;
use burn::tensor::{Device, Tensor};

use super::activations::Activations;
use super::autoencoder::Autoencoder;
use super::batch::{Batch, Loss};
use super::convolutional::{INNER_MAPS, OUTER_MAPS};
use super::convolutions::{INNER_SIDE, OUTER_SIDE, convolution, max_pooling, transposed_convolution};
use super::layers::{elu, linear};
use super::lesson::{Benchmark, CODE, Lesson, Measure, Preset, settings};
use super::objective::cross_entropy;
use super::recipe::{Corruption, Recipe};
use crate::data::IMAGE_SIDE;
use crate::protocol::settings::Setting;
use crate::protocol::{CodeKind, MapSize, ModelId, Shape};

const OUTER_KERNEL: Setting = Setting::count("outer_kernel", "/model/outer_kernel", (1.0, 9.0));
const INNER_KERNEL: Setting = Setting::count("inner_kernel", "/model/inner_kernel", (1.0, 9.0));

/// Sizes of a [`ConvolutionalDenoising`].
#[derive(Config, Debug, PartialEq)]
pub struct ConvolutionalDenoisingConfig {
    /// Maps of the outer layers.
    #[config(default = 16)]
    pub outer_maps: usize,
    /// Maps of the inner layers.
    #[config(default = 32)]
    pub inner_maps: usize,
    /// Side of the first layer's filters, in pixels: the more pixels there are under one, the less of the noise is left in its sum.
    #[config(default = 5)]
    pub outer_kernel: usize,
    /// Side of the other convolutions' filters.
    #[config(default = 3)]
    pub inner_kernel: usize,
    /// Numbers in a code.
    #[config(default = 100)]
    pub code: usize,
}

impl Default for ConvolutionalDenoisingConfig {
    fn default() -> Self {
        Self::new()
    }
}

impl ConvolutionalDenoisingConfig {
    /// A model with random weights.
    pub fn init(&self, device: &Device) -> ConvolutionalDenoising {
        let ConvolutionalDenoisingConfig { outer_maps, inner_maps, outer_kernel, inner_kernel, code } = *self;
        let inner = MapSize { maps: inner_maps, side: INNER_SIDE }.numbers();
        ConvolutionalDenoising {
            outer_encoder: convolution(1, outer_maps, outer_kernel, device),
            inner_encoder: convolution(outer_maps, inner_maps, inner_kernel, device),
            last_encoder: convolution(inner_maps, inner_maps, inner_kernel, device),
            code_encoder: linear(inner, code, device),
            code_decoder: linear(code, inner, device),
            first_decoder: convolution(inner_maps, inner_maps, inner_kernel, device),
            inner_decoder: transposed_convolution(inner_maps, outer_maps, device),
            outer_decoder: transposed_convolution(outer_maps, 1, device),
            pooling: max_pooling(),
        }
    }
}

/// Convolutional denoising autoencoder: ELU but for its outputs, which are logits.
#[derive(Module, Debug)]
pub struct ConvolutionalDenoising {
    outer_encoder: Conv2d,
    inner_encoder: Conv2d,
    /// Without pooling, as the decoder's first.
    last_encoder: Conv2d,
    code_encoder: Linear,
    code_decoder: Linear,
    first_decoder: Conv2d,
    inner_decoder: ConvTranspose2d,
    outer_decoder: ConvTranspose2d,
    pooling: MaxPool2d,
}

impl ConvolutionalDenoising {
    /// Images `[batch, 784]` to the maps of each convolution: `[batch, outer_maps, 14, 14]`, `[batch, inner_maps, 7, 7]` twice.
    fn encoded(&self, images: Tensor<2>) -> [Tensor<4>; 3] {
        let [batch, _] = images.dims();
        let images = images.reshape([batch, 1, IMAGE_SIDE, IMAGE_SIDE]);
        let outer = elu(self.pooling.forward(self.outer_encoder.forward(images)));
        let inner = elu(self.pooling.forward(self.inner_encoder.forward(outer.clone())));
        let last = elu(self.last_encoder.forward(inner.clone()));
        [outer, inner, last]
    }

    /// Codes `[batch, code]` to maps, the way back: `[batch, inner_maps, 7, 7]` twice, `[batch, outer_maps, 14, 14]`.
    fn decoded(&self, codes: Tensor<2>) -> [Tensor<4>; 3] {
        let ([batch, _], [maps, ..]) = (codes.dims(), self.first_decoder.weight.dims());
        let connected = elu(self.code_decoder.forward(codes)).reshape([batch, maps, INNER_SIDE, INNER_SIDE]);
        let first = elu(self.first_decoder.forward(connected.clone()));
        let outer = elu(self.inner_decoder.forward(first.clone()));
        [connected, first, outer]
    }

    /// The decoder's outer maps to the logits of the pixels, `[batch, 784]`.
    fn logits(&self, outer: Tensor<4>) -> Tensor<2> {
        self.outer_decoder.forward(outer).flatten(1, 3)
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
        let hidden = [outer, inner, inner];
        let encoder = [None].into_iter().chain(hidden.map(Some));
        let maps: Vec<_> = encoder.clone().chain([None]).chain(encoder.rev()).collect();
        let pixels = IMAGE_SIDE * IMAGE_SIDE;
        Shape::mirrored(pixels, &hidden.map(MapSize::numbers), config.code, CodeKind::Real).with_maps(maps)
    }

    fn lesson() -> Lesson<ConvolutionalDenoisingConfig> {
        let noise = Corruption { sigma: 0.5, dropout: 0.0, varied: false, gaussian: 1.0, masking: 0.0, both: 0.0 };
        let recipe = Recipe::new(15).with_batch(100).with_learning_rate(2e-3).with_warmup(300);
        let squared_error = |name, sigma, at_most| Benchmark {
            name,
            measure: Measure::SquaredError { sigma, dropout: 0.0 },
            at_most,
            at_least: None,
        };
        Lesson {
            presets: vec![Preset {
                name: "gaussian",
                config: ConvolutionalDenoisingConfig::new(),
                recipe: recipe.with_corruption(Some(noise)),
            }],
            settings: settings([CODE, OUTER_MAPS, INNER_MAPS, OUTER_KERNEL, INNER_KERNEL]),
            benchmarks: vec![
                squared_error("squared_error_clean", 0.0, None),
                squared_error("squared_error_sigma_0.5", 0.5, Some(0.0085)),
            ],
            // Trained in its chapter alone.
            is_in_laboratory: false,
            ..Lesson::default()
        }
    }

    /// The cross-entropy per pixel, in nats, between the reconstruction of the noisy input and the clean target.
    fn loss(&self, batch: &Batch) -> Loss {
        let [_, _, outer] = self.decoded(self.encode(batch.input.clone()));
        Loss { parts: vec![("cross_entropy", cross_entropy(self.logits(outer), batch.target.clone()).mean())] }
    }

    fn filters(&self) -> Option<Tensor<3>> {
        Some(self.outer_encoder.weight.val().squeeze_dim(1))
    }

    fn encode_by_layer(&self, inputs: Tensor<2>) -> Activations {
        let maps = self.encoded(inputs.clone()).into_iter();
        let activations = maps.fold(Activations::new(inputs), |layers, maps| layers.then(|_| maps.flatten(1, 3)));
        activations.then(|last| elu(self.code_encoder.forward(last)))
    }

    fn decode_by_layer(&self, codes: Tensor<2>) -> Activations {
        let maps = self.decoded(codes.clone());
        let [_, _, outer] = maps.clone();
        let layers = maps.into_iter().fold(Activations::new(codes), |layers, maps| layers.then(|_| maps.flatten(1, 3)));
        layers.then(|_| sigmoid(self.logits(outer)))
    }
}
