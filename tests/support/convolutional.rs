//! A tiny convolutional autoencoder: codes are images, and training drops out pixels and maps, which use does not.
//!
//! Reference: J. Masci et al., "Stacked Convolutional Auto-Encoders for Hierarchical Feature Extraction" (ICANN 2011).

use bottleneck::models::Autoencoder;
use bottleneck::models::activations::Activations;
use bottleneck::models::batch::{Batch, Loss};
use bottleneck::models::lesson::{Benchmark, Lesson, Preset, settings};
use bottleneck::models::objective::ReconstructionLoss;
use bottleneck::models::recipe::Recipe;
use bottleneck::protocol::settings::Setting;
use bottleneck::protocol::{CodeKind, MapSize, ModelId, Shape};
use burn::config::Config;
use burn::module::Module;
use burn::nn::PaddingConfig2d;
use burn::nn::conv::{Conv2d, Conv2dConfig, ConvTranspose2d, ConvTranspose2dConfig};
use burn::nn::pool::{MaxPool2d, MaxPool2dConfig};
use burn::tensor::{Device, Tensor, activation};

const SIDE: usize = 28;
/// Of a map of the code.
const CODE_SIDE: usize = SIDE / 2;

#[derive(Config, Debug)]
pub struct ConvolutionalConfig {
    /// Maps of the code.
    #[config(default = 2)]
    pub channels: usize,
}

impl Default for ConvolutionalConfig {
    fn default() -> Self {
        Self::new()
    }
}

#[derive(Module, Debug)]
pub struct Convolutional {
    convolution: Conv2d,
    pool: MaxPool2d,
    transposed: ConvTranspose2d,
    #[module(skip)]
    channels: usize,
}

impl Convolutional {
    /// Images `[batch, 784]` to maps `[batch, channels, 14, 14]`.
    fn maps(&self, images: Tensor<2>) -> Tensor<4> {
        let [batch, _] = images.dims();
        self.encode(images).reshape([batch, self.channels, CODE_SIDE, CODE_SIDE])
    }

    /// Maps `[batch, channels, 14, 14]` to the logits of the pixels, `[batch, 784]`.
    fn logits(&self, maps: Tensor<4>) -> Tensor<2> {
        self.transposed.forward(maps).flatten(1, 3)
    }
}

impl Autoencoder for Convolutional {
    const ID: ModelId = ModelId::new("tiny-convolutional");

    type Config = ConvolutionalConfig;

    fn init(config: &ConvolutionalConfig, device: &Device) -> Self {
        Convolutional {
            convolution: Conv2dConfig::new([1, config.channels], [3, 3])
                .with_padding(PaddingConfig2d::Explicit(1, 1, 1, 1))
                .init(device),
            pool: MaxPool2dConfig::new([2, 2]).with_strides([2, 2]).init(),
            transposed: ConvTranspose2dConfig::new([config.channels, 1], [2, 2]).with_stride([2, 2]).init(device),
            channels: config.channels,
        }
    }

    fn shape(config: &ConvolutionalConfig) -> Shape {
        let [maps, pooled] = [SIDE, CODE_SIDE].map(|side| MapSize { maps: config.channels, side });
        let codes = CodeKind::Images { channels: config.channels, height: CODE_SIDE, width: CODE_SIDE };
        let layers = vec![SIDE * SIDE, maps.numbers(), pooled.numbers(), SIDE * SIDE];
        let shape = Shape { layers, code_layer: 2, ..Shape::mirrored(SIDE * SIDE, &[], pooled.numbers(), codes) };
        shape.with_maps([None, Some(maps), Some(pooled), None])
    }

    fn lesson() -> Lesson<ConvolutionalConfig> {
        let recipe = Recipe::new(2).with_batch(20).with_examples(100);
        Lesson {
            presets: vec![Preset { name: "tiny", config: ConvolutionalConfig::new(), recipe }],
            settings: settings([Setting::count("channels", "/model/channels", (1.0, 16.0))]),
            benchmarks: vec![Benchmark::squared_error(None)],
            ..Lesson::default()
        }
    }

    fn encode_by_layer(&self, inputs: Tensor<2>) -> Activations {
        let [batch, _] = inputs.dims();
        Activations::new(inputs)
            .then(|images| {
                let images = images.reshape([batch, 1, SIDE, SIDE]);
                activation::relu(self.convolution.forward(images)).flatten(1, 3)
            })
            .then(|maps| self.pool.forward(maps.reshape([batch, self.channels, SIDE, SIDE])).flatten(1, 3))
    }

    fn decode_by_layer(&self, codes: Tensor<2>) -> Activations {
        let [batch, _] = codes.dims();
        let maps = codes.clone().reshape([batch, self.channels, CODE_SIDE, CODE_SIDE]);
        Activations::new(codes).then(|_| activation::sigmoid(self.logits(maps)))
    }

    /// The cross-entropy of what is left after dropout of pixels, by their strength, and of whole maps.
    fn loss(&self, batch: &Batch) -> Loss {
        let [count, width] = batch.input.dims();
        let kept = batch.sampler.bernoulli(0.9, [count, width]) * (batch.sampler.uniform([count, 1]) * 0.2 + 0.9);
        let maps = self.maps(batch.input.clone() * kept);
        let kept = batch.sampler.bernoulli(0.8, [count, self.channels, 1, 1]);
        let logits = self.logits(maps * kept);
        Loss { parts: vec![ReconstructionLoss::CrossEntropy.part(logits, batch.target.clone())] }
    }
}
