// The generative stochastic network (Y. Bengio, E. Thibodeau-Laufer, G. Alain, J. Yosinski, 2014) with walkback (Y. Bengio, L. Yao,
// G. Alain, P. Vincent, 2013).
//
//     cargo add burn@0.22 --no-default-features --features std,flex,simd,optim,store
//     cargo add flate2 && cargo add serde --features derive
//     cargo run --release
//
// Beside Cargo.toml lie the weights, gsn.safetensors, and MNIST's train-images-idx3-ubyte.gz.
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
use burn::tensor::activation::{log_sigmoid, relu, sigmoid, tanh};
use burn::tensor::{Device, Distribution, Tensor, TensorData};
use flate2::read::GzDecoder;

const BATCH: usize = 150; // {/recipe/batch}
const LEARNING_RATE: f64 = 0.001; // {/recipe/learning_rate}
const EPOCHS: usize = 25; // {/recipe/epochs}
const EXAMPLES: usize = 55000; // {/recipe/examples}

#[derive(Config, Debug)]
pub struct GsnConfig {
    #[config(default = 784)] // {/model/input}
    pub input: usize,
    #[config(default = 800)] // {/model/hidden}
    pub hidden: usize,
    #[config(default = 400)] // {/model/code}
    pub code: usize,
    /// Probability of a pixel to be replaced by 0 or 1.
    #[config(default = 0.5)] // {/model/salt_and_pepper}
    pub salt_and_pepper: f64,
    /// Standard deviation of the noise on the code.
    #[config(default = 0.3)] // {/model/code_noise}
    pub code_noise: f64,
    /// Steps of the chain from each image in training.
    #[config(default = 3)] // {/model/walkback}
    pub walkback: usize,
}

impl GsnConfig {
    pub fn init(&self, device: &Device) -> Gsn {
        Gsn {
            encoder: LinearConfig::new(self.input, self.hidden).init(device),
            code: LinearConfig::new(self.hidden, self.code).init(device),
            decoder: LinearConfig::new(self.code, self.hidden).init(device),
            output: LinearConfig::new(self.hidden, self.input).init(device),
            config: self.clone(),
        }
    }
}

/// burn's own has a slope that is not a number where exp(x) is infinite.
fn elu(x: Tensor<2>) -> Tensor<2> {
    relu(x.clone()) + (-relu(-x)).exp() - 1.0
}

/// What one step of the chain draws.
#[derive(Clone, Debug)]
pub struct Draws {
    /// 1 where a pixel is kept, else 0, `[batch, input]`.
    pub kept: Tensor<2>,
    /// What the others become, 0 or 1.
    pub coins: Tensor<2>,
    /// Noise before and after the code's activation, from N(0, 1), `[batch, code]`.
    pub before: Tensor<2>,
    pub after: Tensor<2>,
    /// Numbers in [0, 1) by which pixels are drawn, `[batch, input]`.
    pub uniform: Tensor<2>,
}

impl Draws {
    /// Those of one step of `count` chains.
    pub fn new(config: &GsnConfig, count: usize, device: &Device) -> Self {
        let (images, codes) = ([count, config.input], [count, config.code]);
        let normal = || Tensor::random(codes, Distribution::Normal(0.0, 1.0), device);
        Draws {
            kept: Tensor::random(images, Distribution::Bernoulli(1.0 - config.salt_and_pepper), device),
            coins: Tensor::random(images, Distribution::Bernoulli(0.5), device),
            before: normal(),
            after: normal(),
            uniform: Tensor::random(images, Distribution::Default, device),
        }
    }

    /// Pixels of 0 or 1, drawn with these `means`.
    fn pixels(&self, means: Tensor<2>) -> Tensor<2> {
        self.uniform.clone().lower(means).float()
    }
}

/// Generative stochastic network with two hidden layers, noise on the image and on the code.
#[derive(Module, Debug)]
pub struct Gsn {
    encoder: Linear,
    code: Linear,
    decoder: Linear,
    output: Linear,
    #[module(skip)]
    config: GsnConfig,
}

impl Gsn {
    /// What the code's activation is of, `[batch, code]`, from images `[batch, input]`.
    fn activations(&self, images: Tensor<2>) -> Tensor<2> {
        self.code.forward(elu(self.encoder.forward(images)))
    }

    /// Images to codes `[batch, code]`, without noise.
    pub fn encode(&self, images: Tensor<2>) -> Tensor<2> {
        tanh(self.activations(images))
    }

    fn logits(&self, codes: Tensor<2>) -> Tensor<2> {
        self.output.forward(elu(self.decoder.forward(codes)))
    }

    /// Codes to images.
    pub fn decode(&self, codes: Tensor<2>) -> Tensor<2> {
        sigmoid(self.logits(codes))
    }

    /// The logits of the next images' pixels, `[batch, input]`.
    fn transition(&self, images: Tensor<2>, draws: &Draws) -> Tensor<2> {
        let noisy = draws.kept.clone() * (images - draws.coins.clone()) + draws.coins.clone();
        let [before, after] = [&draws.before, &draws.after].map(|noise| noise.clone() * self.config.code_noise);
        self.logits(tanh(self.activations(noisy) + before) + after)
    }

    /// Nats per image, the mean over the steps of the chain, of which each has its draws.
    pub fn loss(&self, images: Tensor<2>, draws: &[Draws]) -> Tensor<1> {
        let mut state = images.clone();
        let mut sum = Tensor::zeros([1], &images.device());
        for draws in draws {
            let logits = self.transition(state, draws);
            state = draws.pixels(sigmoid(logits.clone().detach()));
            // -(x log s + (1 - x) log(1 - s)) with s = sigmoid(logits)
            let pixels = (-images.clone() + 1.0) * logits.clone() - log_sigmoid(logits);
            sum = sum + pixels.sum_dim(1).mean();
        }
        sum / draws.len() as f64
    }

    /// The means of the pixels after so many steps of a chain from each image.
    pub fn chain(&self, images: Tensor<2>, steps: usize) -> Tensor<2> {
        let (count, device) = (images.dims()[0], images.device());
        let mut means = images.clone();
        let mut state = images;
        for _ in 0..steps {
            let draws = Draws::new(&self.config, count, &device);
            means = sigmoid(self.transition(state, &draws));
            state = draws.pixels(means.clone());
        }
        means
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

fn train(mut model: Gsn, images: &Tensor<2>) -> Gsn {
    let (count, device) = (images.dims()[0], images.device());
    let mut adam = AdamConfig::new().with_epsilon(1e-8).init();
    for epoch in 1..=EPOCHS {
        let order = Tensor::<1>::random([count], Distribution::Default, &device).argsort(0);
        for numbers in order.split(BATCH, 0) {
            let batch = images.clone().select(0, numbers);
            let size = batch.dims()[0];
            let draws: Vec<Draws> =
                (0..model.config.walkback).map(|_| Draws::new(&model.config, size, &device)).collect();
            let loss = model.loss(batch, &draws);
            let gradients = GradientsParams::from_grads(loss.backward(), &model);
            model = adam.step(LEARNING_RATE, model, gradients);
        }
        println!("epoch {epoch} of {EPOCHS}");
    }
    model
}

/// The mean squared error of what the model makes of ten images.
fn squared_error(model: &Gsn, images: &Tensor<2>) -> f32 {
    let (model, images) = (model.valid(), images.clone().inner().narrow(0, 0, 10));
    let rebuilt = model.decode(model.encode(images.clone()));
    (rebuilt - images).square().mean().into_scalar()
}

pub fn main() -> Result<(), Box<dyn Error>> {
    let device = Device::flex().autodiff();
    let images = digits("train-images-idx3-ubyte.gz", &device)?;
    let config = GsnConfig::new();
    let mut model = config.init(&device);
    model.load_from(&mut SafetensorsStore::from_file("gsn.safetensors"))?;
    println!("squared error {:.5}", squared_error(&model, &images));

    let model = train(model, &images);
    println!("squared error {:.5}", squared_error(&model, &images));
    let samples = model.valid().chain(images.clone().inner().narrow(0, 0, 10), 100);
    println!("mean of the pixels of 10 samples {:.3}", samples.mean().into_scalar::<f32>());
    let file = SafetensorsStore::from_file("gsn_trained.safetensors").overwrite(true);
    let settings = format!("{{\"model\": {config}}}");
    model.save_into(&mut file.metadata("model", "gsn").metadata("settings", settings))?;
    Ok(())
}
