// The stacked denoising autoencoder (P. Vincent et al., 2010).
//
//     cargo add burn@0.22 --no-default-features --features std,flex,simd,optim,store
//     cargo add flate2
//     cargo run --release
//
// Beside Cargo.toml lie the weights, denoising.safetensors, and MNIST's train-images-idx3-ubyte.gz.
//
// The learning rate stays the same here; that of the shipped weights rose over the first steps, then fell to 0 along a cosine.

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

const BATCH: usize = 150; // {/recipe/batch}
const LEARNING_RATE: f64 = 0.0012; // {/recipe/learning_rate}
const EPOCHS: usize = 115; // {/recipe/epochs}
const EXAMPLES: usize = 55000; // {/recipe/examples}

#[derive(Config, Debug)]
pub struct DenoisingConfig {
    #[config(default = 784)] // {/model/input}
    pub input: usize,
    #[config(default = "vec![1500]")] // {/model/hidden}
    pub hidden: Vec<usize>,
    #[config(default = 500)] // {/model/code}
    pub code: usize,
}

impl DenoisingConfig {
    pub fn init(&self, device: &Device) -> Denoising {
        let widths = [&[self.input], &self.hidden[..], &[self.code]].concat();
        let back: Vec<usize> = widths[1..].iter().rev().copied().collect();
        Denoising {
            encoder: Mlp::new(&widths, device),
            decoder: Mlp::new(&back, device),
            logits: LinearConfig::new(self.hidden[0], self.input).init(device),
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

/// Stacked denoising autoencoder.
#[derive(Module, Debug)]
pub struct Denoising {
    encoder: Mlp,
    decoder: Mlp,
    logits: Linear,
}

impl Denoising {
    /// Codes `[batch, code]` to the logits of the pixels, `[batch, input]`.
    fn logits(&self, codes: Tensor<2>) -> Tensor<2> {
        self.logits.forward(self.decoder.forward(codes))
    }

    /// Images `[batch, input]` to codes `[batch, code]`.
    pub fn encode(&self, images: Tensor<2>) -> Tensor<2> {
        self.encoder.forward(images)
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

/// Gaussian noise, masking noise, both at half their strength, or none, by these shares of the images.
#[derive(Config, Debug)]
pub struct Corruption {
    /// The largest standard deviation.
    #[config(default = 1.5)] // {/recipe/corruption/sigma}
    pub sigma: f64,
    /// The largest probability that a pixel is set to 0.
    #[config(default = 0.9)] // {/recipe/corruption/dropout}
    pub dropout: f64,
    /// Whether each image draws how much of it, or gets all.
    #[config(default = true)] // {/recipe/corruption/varied}
    pub varied: bool,
    #[config(default = 0.72)] // {/recipe/corruption/gaussian}
    pub gaussian: f64,
    #[config(default = 0.18)] // {/recipe/corruption/masking}
    pub masking: f64,
    #[config(default = 0.05)] // {/recipe/corruption/both}
    pub both: f64,
}

impl Corruption {
    /// What masking keeps is scaled up, so that the mean stays.
    pub fn apply(&self, images: Tensor<2>) -> Tensor<2> {
        let (count, device) = (images.dims()[0], images.device());
        let uniform = || Tensor::<2>::random([count, 1], Distribution::Default, &device);
        let strength = || if self.varied { uniform() } else { Tensor::ones([count, 1], &device) };
        let kind = uniform();
        let below = |bound| kind.clone().lower_elem(bound).float();
        let [gaussian, masked] = [self.gaussian, self.gaussian + self.masking].map(below);
        let both = (below(self.gaussian + self.masking + self.both) - masked.clone()) * 0.5;
        let sigma = strength() * (gaussian.clone() + both.clone()) * self.sigma;
        let dropout = strength() * (masked - gaussian + both) * self.dropout;
        let noise = images.random_like(Distribution::Normal(0.0, 1.0));
        let kept = images.random_like(Distribution::Default).greater_equal(dropout.clone()).float();
        (images + sigma * noise) * kept / (-dropout + 1.0)
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

fn train(mut model: Denoising, images: &Tensor<2>) -> Denoising {
    let (count, device) = (images.dims()[0], images.device());
    let corruption = Corruption::new();
    let mut adam = AdamConfig::new().with_epsilon(1e-8).init();
    for epoch in 1..=EPOCHS {
        let order = Tensor::<1>::random([count], Distribution::Default, &device).argsort(0);
        for numbers in order.split(BATCH, 0) {
            let batch = images.clone().select(0, numbers);
            let loss = model.loss(corruption.apply(batch.clone()), batch);
            let gradients = GradientsParams::from_grads(loss.backward(), &model);
            model = adam.step(LEARNING_RATE, model, gradients);
        }
        println!("epoch {epoch} of {EPOCHS}");
    }
    model
}

/// The mean squared error of what the model makes of ten images.
fn squared_error(model: &Denoising, images: &Tensor<2>) -> f32 {
    let (model, images) = (model.valid(), images.clone().inner().narrow(0, 0, 10));
    let rebuilt = model.decode(model.encode(images.clone()));
    (rebuilt - images).square().mean().into_scalar()
}

pub fn main() -> Result<(), Box<dyn Error>> {
    let device = Device::flex().autodiff();
    let images = digits("train-images-idx3-ubyte.gz", &device)?;
    let config = DenoisingConfig::new();
    let mut model = config.init(&device);
    model.load_from(&mut SafetensorsStore::from_file("denoising.safetensors"))?;
    println!("squared error {:.5}", squared_error(&model, &images));

    let model = train(model, &images);
    println!("squared error {:.5}", squared_error(&model, &images));
    let file = SafetensorsStore::from_file("denoising_trained.safetensors").overwrite(true);
    let settings = format!("{{\"model\": {config}}}");
    model.save_into(&mut file.metadata("model", "denoising").metadata("settings", settings))?;
    Ok(())
}
