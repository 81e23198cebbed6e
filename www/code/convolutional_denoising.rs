// The convolutional denoising autoencoder (P. Vincent et al., 2010; J. Masci et al., 2011).
//
//     cargo add burn@0.22 --no-default-features --features std,flex,simd,optim,store
//     cargo add flate2 && cargo add serde --features derive
//     cargo run --release
//
// Beside Cargo.toml lie the weights, convolutional_denoising.safetensors, and MNIST's train-images-idx3-ubyte.gz.
//
// The learning rate stays the same here; that of the shipped weights rose over the first steps, then fell to 0 along a cosine.

use std::error::Error;
use std::fs::File;
use std::io::Read;

use burn::config::Config;
use burn::module::Module;
use burn::nn::PaddingConfig2d;
use burn::nn::conv::{Conv2d, Conv2dConfig, ConvTranspose2d, ConvTranspose2dConfig};
use burn::optim::{AdamConfig, GradientsParams};
use burn::store::{ModuleSnapshot, SafetensorsStore};
use burn::tensor::activation::{log_sigmoid, relu, sigmoid};
use burn::tensor::{Device, Distribution, Tensor, TensorData};
use flate2::read::GzDecoder;

const BATCH: usize = 20; // {/recipe/batch}
const LEARNING_RATE: f64 = 0.002; // {/recipe/learning_rate}
const EPOCHS: usize = 36; // {/recipe/epochs}
const EXAMPLES: usize = 55000; // {/recipe/examples}
/// Standard deviation of the noise.
const SIGMA: f64 = 0.5; // {/recipe/corruption/sigma}

#[derive(Config, Debug)]
pub struct ConvolutionalDenoisingConfig {
    #[config(default = 16)] // {/model/outer_maps}
    pub outer_maps: usize,
    #[config(default = 48)] // {/model/inner_maps}
    pub inner_maps: usize,
    #[config(default = 64)] // {/model/deep_maps}
    pub deep_maps: usize,
}

impl ConvolutionalDenoisingConfig {
    pub fn init(&self, device: &Device) -> ConvolutionalDenoising {
        let (outer, inner, deep) = (self.outer_maps, self.inner_maps, self.deep_maps);
        let convolution = |inputs, outputs, kernel, stride, padding| {
            let padding = PaddingConfig2d::Explicit(padding, padding, padding, padding);
            let config = Conv2dConfig::new([inputs, outputs], [kernel; 2]);
            config.with_stride([stride; 2]).with_padding(padding).init(device)
        };
        let transposed = |inputs, outputs, kernel| {
            let config = ConvTranspose2dConfig::new([inputs, outputs], [kernel; 2]);
            config.with_stride([2, 2]).with_padding([1, 1]).init(device)
        };
        ConvolutionalDenoising {
            outer_encoder: convolution(1, outer, 6, 2, 2),
            inner_encoder: convolution(outer, inner, 4, 2, 1),
            deep_encoder: convolution(inner, deep, 3, 2, 1),
            code_encoder: convolution(deep, deep, 3, 1, 1),
            code_decoder: convolution(deep, deep, 3, 1, 1),
            deep_decoder: transposed(deep, inner, 3),
            inner_decoder: transposed(inner, outer, 4),
            outer_decoder: transposed(outer, 1, 4),
        }
    }
}

/// burn's own has a slope that is not a number where exp(x) is infinite.
fn elu(x: Tensor<4>) -> Tensor<4> {
    relu(x.clone()) + (-relu(-x)).exp() - 1.0
}

/// Convolutional denoising autoencoder.
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
    /// Images `[batch, 784]` to maps of 4 x 4, one after another, `[batch, 16 deep_maps]`.
    pub fn encode(&self, images: Tensor<2>) -> Tensor<2> {
        let [batch, _] = images.dims();
        let layers = [&self.outer_encoder, &self.inner_encoder, &self.deep_encoder, &self.code_encoder];
        let images = images.reshape([batch, 1, 28, 28]);
        layers.into_iter().fold(images, |maps, layer| elu(layer.forward(maps))).flatten(1, 3)
    }

    /// Codes to the logits of the pixels, `[batch, 784]`.
    fn logits(&self, codes: Tensor<2>) -> Tensor<2> {
        let [batch, numbers] = codes.dims();
        let deep = elu(self.code_decoder.forward(codes.reshape([batch, numbers / 16, 4, 4])));
        let inner = elu(self.deep_decoder.forward(deep));
        let outer = elu(self.inner_decoder.forward(inner));
        self.outer_decoder.forward(outer).flatten(1, 3)
    }

    /// Codes to images.
    pub fn decode(&self, codes: Tensor<2>) -> Tensor<2> {
        sigmoid(self.logits(codes))
    }

    /// The cross-entropy per pixel, in nats, of the images given noisy ones.
    pub fn loss(&self, noisy: Tensor<2>, images: Tensor<2>) -> Tensor<1> {
        let logits = self.logits(self.encode(noisy));
        // -(x log s + (1 - x) log(1 - s)) with s = sigmoid(logits)
        ((-images + 1.0) * logits.clone() - log_sigmoid(logits)).mean()
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

fn train(mut model: ConvolutionalDenoising, images: &Tensor<2>) -> ConvolutionalDenoising {
    let (count, device) = (images.dims()[0], images.device());
    let mut adam = AdamConfig::new().with_epsilon(1e-8).init();
    for epoch in 1..=EPOCHS {
        let order = Tensor::<1>::random([count], Distribution::Default, &device).argsort(0);
        for numbers in order.split(BATCH, 0) {
            let batch = images.clone().select(0, numbers);
            let noise = batch.random_like(Distribution::Normal(0.0, SIGMA));
            let loss = model.loss(batch.clone() + noise, batch);
            let gradients = GradientsParams::from_grads(loss.backward(), &model);
            model = adam.step(LEARNING_RATE, model, gradients);
        }
        println!("epoch {epoch} of {EPOCHS}");
    }
    model
}

/// The mean squared error of what the model makes of ten images.
fn squared_error(model: &ConvolutionalDenoising, images: &Tensor<2>) -> f32 {
    let (model, images) = (model.valid(), images.clone().inner().narrow(0, 0, 10));
    let rebuilt = model.decode(model.encode(images.clone()));
    (rebuilt - images).square().mean().into_scalar()
}

pub fn main() -> Result<(), Box<dyn Error>> {
    let device = Device::flex().autodiff();
    let images = digits("train-images-idx3-ubyte.gz", &device)?;
    let config = ConvolutionalDenoisingConfig::new();
    let mut model = config.init(&device);
    model.load_from(&mut SafetensorsStore::from_file("convolutional_denoising.safetensors"))?;
    println!("squared error {:.5}", squared_error(&model, &images));

    let model = train(model, &images);
    println!("squared error {:.5}", squared_error(&model, &images));
    let file = SafetensorsStore::from_file("convolutional_denoising_trained.safetensors").overwrite(true);
    let settings = format!("{{\"model\": {config}}}");
    model.save_into(&mut file.metadata("model", "convolutional_denoising").metadata("settings", settings))?;
    Ok(())
}
