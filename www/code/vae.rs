// The variational autoencoder (D. P. Kingma, M. Welling, 2014).
//
//     cargo add burn@0.22 --no-default-features --features std,flex,simd,optim,store
//     cargo add flate2 && cargo add serde --features derive
//     cargo run --release
//
// Beside Cargo.toml lie the weights, vae.safetensors, and MNIST's train-images-idx3-ubyte.gz.
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
use burn::tensor::activation::{log_sigmoid, relu, sigmoid};
use burn::tensor::{Device, Distribution, Tensor, TensorData};
use flate2::read::GzDecoder;
use serde::{Deserialize, Serialize};
const BATCH: usize = 150; // {/recipe/batch}
const LEARNING_RATE: f64 = 0.001; // {/recipe/learning_rate}
const EPOCHS: usize = 60; // {/recipe/epochs}
const EXAMPLES: usize = 55000; // {/recipe/examples}

/// What the layer beside the mean's gives.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PosteriorScale {
    LogVariance,
    Sigma,
}

#[derive(Config, Debug)]
pub struct VariationalConfig {
    #[config(default = 784)] // {/model/input}
    pub input: usize,
    #[config(default = "vec![500, 500]")] // {/model/hidden}
    pub hidden: Vec<usize>,
    #[config(default = 20)] // {/model/code}
    pub code: usize,
    #[config(default = "PosteriorScale::LogVariance")] // {/model/posterior_scale}
    pub posterior_scale: PosteriorScale,
    #[config(default = 1.0)] // {/model/kl_weight}
    pub kl_weight: f64,
    /// Whether each pixel is drawn as 0 or 1 in every step, its brightness being the probability of 1.
    #[config(default = false)] // {/model/binarises}
    pub binarises: bool,
}

impl VariationalConfig {
    pub fn init(&self, device: &Device) -> Variational {
        let widths = [&[self.input], &self.hidden[..]].concat();
        let back: Vec<usize> = [&self.hidden[..], &[self.code]].concat().into_iter().rev().collect();
        let head = || LinearConfig::new(widths[self.hidden.len()], self.code).init(device);
        Variational {
            encoder: Mlp::new(&widths, device),
            mean: head(),
            log_variance: matches!(self.posterior_scale, PosteriorScale::LogVariance).then(head),
            sigma: matches!(self.posterior_scale, PosteriorScale::Sigma).then(head),
            decoder: Mlp::new(&back, device),
            logits: LinearConfig::new(self.hidden[0], self.input).init(device),
            config: self.clone(),
        }
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

/// Variational autoencoder.
#[derive(Module, Debug)]
pub struct Variational {
    encoder: Mlp,
    mean: Linear,
    log_variance: Option<Linear>,
    sigma: Option<Linear>,
    decoder: Mlp,
    logits: Linear,
    #[module(skip)]
    config: VariationalConfig,
}

impl Variational {
    /// The mean and the standard deviation of q(z | x), both `[batch, code]`.
    fn posterior(&self, images: Tensor<2>) -> (Tensor<2>, Tensor<2>) {
        let hidden = self.encoder.forward(images);
        let sigma = match (&self.log_variance, &self.sigma) {
            (Some(log_variance), _) => (log_variance.forward(hidden.clone()) * 0.5).exp(),
            (None, sigma) => sigma.as_ref().expect("one of the two").forward(hidden.clone()),
        };
        (self.mean.forward(hidden), sigma)
    }

    /// Codes `[batch, code]` to the logits of the pixels, `[batch, input]`.
    fn logits(&self, codes: Tensor<2>) -> Tensor<2> {
        self.logits.forward(self.decoder.forward(codes))
    }

    /// Images `[batch, input]` to the means of their codes.
    pub fn encode(&self, images: Tensor<2>) -> Tensor<2> {
        self.posterior(images).0
    }

    /// Codes to images.
    pub fn decode(&self, codes: Tensor<2>) -> Tensor<2> {
        sigmoid(self.logits(codes))
    }

    /// The negative evidence lower bound in nats per image; `epsilon` is drawn from N(0, 1), `[batch, code]`.
    pub fn loss(&self, images: Tensor<2>, epsilon: Tensor<2>) -> Tensor<1> {
        let (mean, sigma) = self.posterior(images.clone());
        let logits = self.logits(mean.clone() + sigma.clone() * epsilon);
        let pixels = (-images + 1.0) * logits.clone() - log_sigmoid(logits);
        let variance = sigma.square();
        let divergence = variance.clone() + mean.square() - 1.0 - (variance + 1e-10).log();
        (pixels.sum_dim(1) + divergence.sum_dim(1) * (self.config.kl_weight / 2.0)).mean()
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

fn train(mut model: Variational, images: &Tensor<2>) -> Variational {
    let (count, device) = (images.dims()[0], images.device());
    let mut adam = AdamConfig::new().with_epsilon(1e-8).init();
    for epoch in 1..=EPOCHS {
        let order = Tensor::<1>::random([count], Distribution::Default, &device).argsort(0);
        for numbers in order.split(BATCH, 0) {
            let mut batch = images.clone().select(0, numbers);
            if model.config.binarises {
                batch = batch.clone().greater(batch.random_like(Distribution::Default)).float();
            }
            let epsilon = Distribution::Normal(0.0, 1.0);
            let epsilon = Tensor::random([batch.dims()[0], model.config.code], epsilon, &device);
            let loss = model.loss(batch, epsilon);
            let gradients = GradientsParams::from_grads(loss.backward(), &model);
            model = adam.step(LEARNING_RATE, model, gradients);
        }
        println!("epoch {epoch} of {EPOCHS}");
    }
    model
}

/// The mean squared error of what the model makes of ten images.
fn squared_error(model: &Variational, images: &Tensor<2>) -> f32 {
    let (model, images) = (model.valid(), images.clone().inner().narrow(0, 0, 10));
    let rebuilt = model.decode(model.encode(images.clone()));
    (rebuilt - images).square().mean().into_scalar()
}

pub fn main() -> Result<(), Box<dyn Error>> {
    let device = Device::flex().autodiff();
    let images = digits("train-images-idx3-ubyte.gz", &device)?;
    let config = VariationalConfig::new();
    let mut model = config.init(&device);
    model.load_from(&mut SafetensorsStore::from_file("vae.safetensors"))?;
    println!("squared error {:.5}", squared_error(&model, &images));

    let model = train(model, &images);
    println!("squared error {:.5}", squared_error(&model, &images));
    let file = SafetensorsStore::from_file("vae_trained.safetensors").overwrite(true);
    let settings = format!("{{\"model\": {config}}}");
    model.save_into(&mut file.metadata("model", "vae").metadata("settings", settings))?;
    Ok(())
}
