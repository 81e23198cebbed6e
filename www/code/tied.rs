// The stacked autoencoder with tied weights: the decoder's are the encoder's, transposed.
//
//     cargo add burn@0.22 --no-default-features --features std,flex,simd,optim,store
//     cargo add flate2 && cargo add serde --features derive
//     cargo run --release
//
// Beside Cargo.toml lie the weights, tied.safetensors, and MNIST's train-images-idx3-ubyte.gz.
//
// The learning rate stays the same here; that of the shipped weights rose over the first steps, then fell to 0 along a cosine.

use std::error::Error;
use std::fs::File;
use std::io::Read;

use burn::config::Config;
use burn::module::{Module, Param};
use burn::nn::{Linear, LinearConfig};
use burn::optim::{AdamConfig, GradientsParams};
use burn::store::{ModuleSnapshot, SafetensorsStore};
use burn::tensor::activation::{log_sigmoid, relu, sigmoid};
use burn::tensor::{Device, Distribution, Tensor, TensorData};
use flate2::read::GzDecoder;
use serde::{Deserialize, Serialize};
const BATCH: usize = 150; // {/recipe/batch}
const LEARNING_RATE: f64 = 0.001; // {/recipe/learning_rate}
const EPOCHS: usize = 60; // {/recipe/epochs}
const EXAMPLES: usize = 55000; // {/recipe/examples}

/// What the outputs of the network are: pixels, or the logits of pixels.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reconstruction {
    SquaredError,
    CrossEntropy,
}

impl Reconstruction {
    /// Averaged over images and pixels.
    fn loss(self, outputs: Tensor<2>, images: Tensor<2>) -> Tensor<1> {
        match self {
            Reconstruction::SquaredError => (outputs - images).square().mean(),
            // -(x log s + (1 - x) log(1 - s)) with s = sigmoid(outputs)
            Reconstruction::CrossEntropy => ((-images + 1.0) * outputs.clone() - log_sigmoid(outputs)).mean(),
        }
    }

    fn pixels(self, outputs: Tensor<2>) -> Tensor<2> {
        match self {
            Reconstruction::SquaredError => outputs,
            Reconstruction::CrossEntropy => sigmoid(outputs),
        }
    }
}

#[derive(Config, Debug)]
pub struct TiedConfig {
    #[config(default = 784)] // {/model/input}
    pub input: usize,
    #[config(default = "vec![300]")] // {/model/hidden}
    pub hidden: Vec<usize>,
    #[config(default = 150)] // {/model/code}
    pub code: usize,
    #[config(default = 0.0)] // {/model/l2}
    pub l2: f64,
    #[config(default = "Reconstruction::CrossEntropy")] // {/model/reconstruction}
    pub reconstruction: Reconstruction,
}

impl TiedConfig {
    pub fn init(&self, device: &Device) -> Tied {
        let widths = [&[self.input], &self.hidden[..], &[self.code]].concat();
        let zeros = |&width: &usize| Param::from_tensor(Tensor::zeros([width], device));
        let biases = widths[..widths.len() - 1].iter().rev().map(zeros).collect();
        Tied { encoder: Mlp::new(&widths, device), biases, config: self.clone() }
    }
}

/// burn's own has a slope that is not a number where exp(x) is infinite.
fn elu(x: Tensor<2>) -> Tensor<2> {
    relu(x.clone()) + (-relu(-x)).exp() - 1.0
}

/// Affine layers, each followed by an ELU.
#[derive(Module, Debug)]
struct Mlp {
    layers: Vec<Linear>,
}

impl Mlp {
    fn new(widths: &[usize], device: &Device) -> Self {
        let layers = widths.windows(2).map(|pair| LinearConfig::new(pair[0], pair[1]).init(device));
        Mlp { layers: layers.collect() }
    }

    fn forward(&self, x: Tensor<2>) -> Tensor<2> {
        self.layers.iter().fold(x, |x, layer| elu(layer.forward(x)))
    }
}

/// Stacked autoencoder with tied weights.
#[derive(Module, Debug)]
pub struct Tied {
    encoder: Mlp,
    /// Of the decoder's layers, from the code on.
    biases: Vec<Param<Tensor<1>>>,
    #[module(skip)]
    config: TiedConfig,
}

impl Tied {
    /// Codes `[batch, code]` to what the last layer gives, `[batch, input]`.
    fn outputs(&self, codes: Tensor<2>) -> Tensor<2> {
        let layers = self.encoder.layers.iter().rev().zip(&self.biases).enumerate();
        layers.fold(codes, |x, (i, (layer, bias))| {
            let x = if i > 0 { elu(x) } else { x };
            x.matmul(layer.weight.val().transpose()) + bias.val().unsqueeze()
        })
    }

    /// Images `[batch, input]` to codes `[batch, code]`.
    pub fn encode(&self, images: Tensor<2>) -> Tensor<2> {
        self.encoder.forward(images)
    }

    /// Codes to images.
    pub fn decode(&self, codes: Tensor<2>) -> Tensor<2> {
        self.config.reconstruction.pixels(self.outputs(codes))
    }

    /// The reconstruction, and `l2` times half the sum of the squared weights.
    pub fn loss(&self, images: Tensor<2>) -> Tensor<1> {
        let outputs = self.outputs(self.encode(images.clone()));
        let reconstruction = self.config.reconstruction.loss(outputs, images);
        let layers = self.encoder.layers.iter();
        layers.fold(reconstruction, |loss, layer| loss + layer.weight.val().square().sum() * (self.config.l2 / 2.0))
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

fn train(mut model: Tied, images: &Tensor<2>) -> Tied {
    let (count, device) = (images.dims()[0], images.device());
    let mut adam = AdamConfig::new().with_epsilon(1e-8).init();
    for epoch in 1..=EPOCHS {
        let order = Tensor::<1>::random([count], Distribution::Default, &device).argsort(0);
        for numbers in order.split(BATCH, 0) {
            let batch = images.clone().select(0, numbers);
            let loss = model.loss(batch);
            let gradients = GradientsParams::from_grads(loss.backward(), &model);
            model = adam.step(LEARNING_RATE, model, gradients);
        }
        println!("epoch {epoch} of {EPOCHS}");
    }
    model
}

/// The mean squared error of what the model makes of ten images.
fn squared_error(model: &Tied, images: &Tensor<2>) -> f32 {
    let (model, images) = (model.valid(), images.clone().inner().narrow(0, 0, 10));
    let rebuilt = model.decode(model.encode(images.clone()));
    (rebuilt - images).square().mean().into_scalar()
}

pub fn main() -> Result<(), Box<dyn Error>> {
    let device = Device::flex().autodiff();
    let images = digits("train-images-idx3-ubyte.gz", &device)?;
    let config = TiedConfig::new();
    let mut model = config.init(&device);
    model.load_from(&mut SafetensorsStore::from_file("tied.safetensors"))?;
    println!("squared error {:.5}", squared_error(&model, &images));

    let model = train(model, &images);
    println!("squared error {:.5}", squared_error(&model, &images));
    let file = SafetensorsStore::from_file("tied_trained.safetensors").overwrite(true);
    let settings = format!("{{\"model\": {config}}}");
    model.save_into(&mut file.metadata("model", "tied").metadata("settings", settings))?;
    Ok(())
}
