// The stacked convolutional autoencoder (J. Masci et al., 2011), with a fully connected layer for the code.
//
//     cargo add burn@0.22 --no-default-features --features std,flex,simd,optim,store
//     cargo add flate2 && cargo add serde --features derive
//     cargo run --release
//
// Beside Cargo.toml lie the weights, convolutional.safetensors, and MNIST's train-images-idx3-ubyte.gz.
//
// The learning rate stays the same here; that of the shipped weights rose over the first steps, then fell to 0 along a cosine.

use std::error::Error;
use std::fs::File;
use std::io::Read;

use burn::config::Config;
use burn::module::Module;
use burn::nn::conv::{Conv2d, Conv2dConfig, ConvTranspose2d, ConvTranspose2dConfig};
use burn::nn::pool::{MaxPool2d, MaxPool2dConfig};
use burn::nn::{Linear, LinearConfig, PaddingConfig2d};
use burn::optim::{AdamConfig, GradientsParams};
use burn::store::{ModuleSnapshot, SafetensorsStore};
use burn::tensor::activation::{log_sigmoid, relu, sigmoid};
use burn::tensor::{Device, Distribution, Tensor, TensorData};
use flate2::read::GzDecoder;
use serde::{Deserialize, Serialize};

const BATCH: usize = 100; // {/recipe/batch}
const LEARNING_RATE: f64 = 0.002; // {/recipe/learning_rate}
const EPOCHS: usize = 60; // {/recipe/epochs}
const EXAMPLES: usize = 55000; // {/recipe/examples}

/// Which layers learn at a time: all, or the outer, the inner, those about the code, then all.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Order {
    Joint,
    LayerByLayer,
}

/// Which layers learn.
#[derive(Clone, Copy, Debug)]
pub enum Phase {
    Outer,
    Inner,
    Code,
    Joint,
}

#[derive(Config, Debug)]
pub struct ConvolutionalConfig {
    #[config(default = 16)] // {/model/outer_maps}
    pub outer_maps: usize,
    #[config(default = 32)] // {/model/inner_maps}
    pub inner_maps: usize,
    #[config(default = 3)] // {/model/kernel}
    pub kernel: usize,
    #[config(default = 150)] // {/model/code}
    pub code: usize,
    #[config(default = "Order::Joint")] // {/model/order}
    pub order: Order,
}

impl ConvolutionalConfig {
    pub fn init(&self, device: &Device) -> Convolutional {
        let (outer, inner) = (self.outer_maps, self.inner_maps);
        let convolution = |inputs, outputs| {
            Conv2dConfig::new([inputs, outputs], [self.kernel; 2]).with_padding(PaddingConfig2d::Same).init(device)
        };
        let transposed = |inputs, outputs| {
            ConvTranspose2dConfig::new([inputs, outputs], [4, 4]).with_stride([2, 2]).with_padding([1, 1]).init(device)
        };
        Convolutional {
            outer_encoder: convolution(1, outer),
            inner_encoder: convolution(outer, inner),
            code_encoder: LinearConfig::new(49 * inner, self.code).init(device),
            code_decoder: LinearConfig::new(self.code, 49 * inner).init(device),
            inner_decoder: transposed(inner, outer),
            outer_decoder: transposed(outer, 1),
            pooling: MaxPool2dConfig::new([2, 2]).with_strides([2, 2]).init(),
            config: self.clone(),
        }
    }
}

/// burn's own has a slope that is not a number where exp(x) is infinite.
fn elu<const D: usize>(x: Tensor<D>) -> Tensor<D> {
    relu(x.clone()) + (-relu(-x)).exp() - 1.0
}

/// -(x log s + (1 - x) log(1 - s)) with s = sigmoid(logits), averaged over images and pixels.
fn cross_entropy(logits: Tensor<2>, images: Tensor<2>) -> Tensor<1> {
    ((-images + 1.0) * logits.clone() - log_sigmoid(logits)).mean()
}

/// Stacked convolutional autoencoder.
#[derive(Module, Debug)]
pub struct Convolutional {
    outer_encoder: Conv2d,
    inner_encoder: Conv2d,
    code_encoder: Linear,
    code_decoder: Linear,
    inner_decoder: ConvTranspose2d,
    outer_decoder: ConvTranspose2d,
    pooling: MaxPool2d,
    #[module(skip)]
    config: ConvolutionalConfig,
}

impl Convolutional {
    /// Images `[batch, 784]` to maps `[batch, outer_maps, 14, 14]`.
    fn outer_maps(&self, images: Tensor<2>) -> Tensor<4> {
        let [batch, _] = images.dims();
        elu(self.pooling.forward(self.outer_encoder.forward(images.reshape([batch, 1, 28, 28]))))
    }

    /// Those to maps `[batch, inner_maps, 7, 7]`.
    fn inner_maps(&self, outer: Tensor<4>) -> Tensor<4> {
        elu(self.pooling.forward(self.inner_encoder.forward(outer)))
    }

    /// Those to codes `[batch, code]`.
    fn codes(&self, inner: Tensor<4>) -> Tensor<2> {
        self.code_encoder.forward(inner.flatten(1, 3))
    }

    fn rebuilt_inner(&self, codes: Tensor<2>) -> Tensor<4> {
        let [batch, _] = codes.dims();
        elu(self.code_decoder.forward(codes)).reshape([batch, self.config.inner_maps, 7, 7])
    }

    fn rebuilt_outer(&self, inner: Tensor<4>) -> Tensor<4> {
        elu(self.inner_decoder.forward(inner))
    }

    fn logits(&self, outer: Tensor<4>) -> Tensor<2> {
        self.outer_decoder.forward(outer).flatten(1, 3)
    }

    /// Images to codes.
    pub fn encode(&self, images: Tensor<2>) -> Tensor<2> {
        self.codes(self.inner_maps(self.outer_maps(images)))
    }

    /// Codes to images.
    pub fn decode(&self, codes: Tensor<2>) -> Tensor<2> {
        sigmoid(self.logits(self.rebuilt_outer(self.rebuilt_inner(codes))))
    }

    pub fn phases(&self) -> &'static [Phase] {
        match self.config.order {
            Order::Joint => &[Phase::Joint],
            Order::LayerByLayer => &[Phase::Outer, Phase::Inner, Phase::Code, Phase::Joint],
        }
    }

    /// The cross-entropy of the pixels, or the squared error of the maps that the phase rebuilds. Earlier layers are frozen.
    pub fn loss(&self, images: Tensor<2>, phase: Phase) -> Tensor<1> {
        let frozen = self.valid();
        match phase {
            Phase::Outer => cross_entropy(self.logits(self.outer_maps(images.clone())), images),
            Phase::Inner => {
                let outer = Tensor::from_inner(frozen.outer_maps(images.inner()));
                (self.rebuilt_outer(self.inner_maps(outer.clone())) - outer).square().mean()
            }
            Phase::Code => {
                let inner = Tensor::from_inner(frozen.inner_maps(frozen.outer_maps(images.inner())));
                (self.rebuilt_inner(self.codes(inner.clone())) - inner).square().mean()
            }
            Phase::Joint => {
                let outer = self.rebuilt_outer(self.rebuilt_inner(self.encode(images.clone())));
                cross_entropy(self.logits(outer), images)
            }
        }
    }
}

/// MNIST's images, `[examples, 784]` in [0, 1].
fn digits(path: &str, device: &Device) -> Result<Tensor<2>, Box<dyn Error>> {
    let mut bytes = Vec::new();
    GzDecoder::new(File::open(path)?).read_to_end(&mut bytes)?;
    let pixels: Vec<f32> = bytes[16..].iter().take(EXAMPLES * 784).map(|&byte| f32::from(byte) / 255.0).collect();
    let shape = [pixels.len() / 784, 784];
    Ok(Tensor::from_data(TensorData::new(pixels, shape), device))
}

fn train(mut model: Convolutional, images: &Tensor<2>) -> Convolutional {
    let (count, device) = (images.dims()[0], images.device());
    for &phase in model.phases() {
        let mut adam = AdamConfig::new().with_epsilon(1e-8).init();
        for epoch in 1..=EPOCHS {
            let order = Tensor::<1>::random([count], Distribution::Default, &device).argsort(0);
            for numbers in order.split(BATCH, 0) {
                let loss = model.loss(images.clone().select(0, numbers), phase);
                let gradients = GradientsParams::from_grads(loss.backward(), &model);
                model = adam.step(LEARNING_RATE, model, gradients);
            }
            println!("{phase:?} layers, epoch {epoch} of {EPOCHS}");
        }
    }
    model
}

/// The mean squared error of what the model makes of ten images.
fn squared_error(model: &Convolutional, images: &Tensor<2>) -> f32 {
    let (model, images) = (model.valid(), images.clone().inner().narrow(0, 0, 10));
    let rebuilt = model.decode(model.encode(images.clone()));
    (rebuilt - images).square().mean().into_scalar()
}

pub fn main() -> Result<(), Box<dyn Error>> {
    let device = Device::flex().autodiff();
    let images = digits("train-images-idx3-ubyte.gz", &device)?;
    let config = ConvolutionalConfig::new();
    let mut model = config.init(&device);
    model.load_from(&mut SafetensorsStore::from_file("convolutional.safetensors"))?;
    println!("squared error {:.5}", squared_error(&model, &images));

    let model = train(model, &images);
    println!("squared error {:.5}", squared_error(&model, &images));
    let file = SafetensorsStore::from_file("convolutional_trained.safetensors").overwrite(true);
    let settings = format!("{{\"model\": {config}}}");
    model.save_into(&mut file.metadata("model", "convolutional").metadata("settings", settings))?;
    Ok(())
}
