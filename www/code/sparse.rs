// The sparse autoencoder (A. Ng, 2011): many numbers in a code, of which few are active.
//
//     cargo add burn@0.22 --no-default-features --features std,flex,simd,optim,store
//     cargo add flate2 && cargo add serde --features derive
//     cargo run --release
//
// Beside Cargo.toml lie the weights, sparse.safetensors, and MNIST's train-images-idx3-ubyte.gz.
//
// The learning rate stays the same here; that of the shipped weights fell to 0 along a cosine.

use std::error::Error;
use std::fs::File;
use std::io::Read;

use burn::config::Config;
use burn::module::Module;
use burn::nn::{Linear, LinearConfig};
use burn::optim::{AdamConfig, GradientsParams};
use burn::store::{ModuleSnapshot, SafetensorsStore};
use burn::tensor::activation::{log_sigmoid, sigmoid};
use burn::tensor::{Device, Distribution, Tensor, TensorData};
use flate2::read::GzDecoder;
use serde::{Deserialize, Serialize};
const BATCH: usize = 500; // {/recipe/batch}
const LEARNING_RATE: f64 = 0.01; // {/recipe/learning_rate}
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
pub struct SparseConfig {
    #[config(default = 784)] // {/model/input}
    pub input: usize,
    #[config(default = 1000)] // {/model/code}
    pub code: usize,
    #[config(default = 0.08)] // {/model/sparsity}
    pub sparsity: f64,
    #[config(default = 0.003)] // {/model/sparsity_weight}
    pub sparsity_weight: f64,
    #[config(default = 0.000015)] // {/model/decoder_l2}
    pub decoder_l2: f64,
    #[config(default = "Reconstruction::CrossEntropy")] // {/model/reconstruction}
    pub reconstruction: Reconstruction,
}

impl SparseConfig {
    pub fn init(&self, device: &Device) -> Sparse {
        Sparse {
            encoder: LinearConfig::new(self.input, self.code).init(device),
            output: LinearConfig::new(self.code, self.input).init(device),
            config: self.clone(),
        }
    }
}

/// Sparse autoencoder with sigmoid codes.
#[derive(Module, Debug)]
pub struct Sparse {
    encoder: Linear,
    output: Linear,
    #[module(skip)]
    config: SparseConfig,
}

impl Sparse {
    /// Images `[batch, input]` to codes `[batch, code]`.
    pub fn encode(&self, images: Tensor<2>) -> Tensor<2> {
        sigmoid(self.encoder.forward(images))
    }

    /// Codes to images.
    pub fn decode(&self, codes: Tensor<2>) -> Tensor<2> {
        self.config.reconstruction.pixels(self.output.forward(codes))
    }

    /// KL between the activation wanted, p, and each unit's mean over the batch, q, summed over the units.
    fn divergence(&self, codes: Tensor<2>) -> Tensor<1> {
        let (p, q) = (self.config.sparsity, codes.mean_dim(0).clamp(1e-6, 1.0 - 1e-6));
        let entropy = p * p.ln() + (1.0 - p) * (1.0 - p).ln();
        (-(q.clone().log() * p) - (-q + 1.0).log() * (1.0 - p) + entropy).sum()
    }

    /// The reconstruction, the weighted divergence, and `decoder_l2` times half the sum of the decoder's squared weights.
    pub fn loss(&self, images: Tensor<2>) -> Tensor<1> {
        let codes = self.encode(images.clone());
        let outputs = self.output.forward(codes.clone());
        let decay = self.output.weight.val().square().sum() * (self.config.decoder_l2 / 2.0);
        let reconstruction = self.config.reconstruction.loss(outputs, images);
        reconstruction + self.divergence(codes) * self.config.sparsity_weight + decay
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

fn train(mut model: Sparse, images: &Tensor<2>) -> Sparse {
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
fn squared_error(model: &Sparse, images: &Tensor<2>) -> f32 {
    let (model, images) = (model.valid(), images.clone().inner().narrow(0, 0, 10));
    let rebuilt = model.decode(model.encode(images.clone()));
    (rebuilt - images).square().mean().into_scalar()
}

pub fn main() -> Result<(), Box<dyn Error>> {
    let device = Device::flex().autodiff();
    let images = digits("train-images-idx3-ubyte.gz", &device)?;
    let config = SparseConfig::new();
    let mut model = config.init(&device);
    model.load_from(&mut SafetensorsStore::from_file("sparse.safetensors"))?;
    println!("squared error {:.5}", squared_error(&model, &images));

    let model = train(model, &images);
    println!("squared error {:.5}", squared_error(&model, &images));
    let file = SafetensorsStore::from_file("sparse_trained.safetensors").overwrite(true);
    let settings = format!("{{\"model\": {config}}}");
    model.save_into(&mut file.metadata("model", "sparse").metadata("settings", settings))?;
    Ok(())
}
