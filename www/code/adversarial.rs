// The adversarial autoencoder (A. Makhzani et al., 2015): a discriminator makes the codes follow a prior.
//
//     cargo add burn@0.22 --no-default-features --features std,flex,simd,optim,store
//     cargo add flate2 && cargo add serde --features derive
//     cargo run --release
//
// Beside Cargo.toml lie the weights, adversarial.safetensors, and MNIST's train-images-idx3-ubyte.gz and train-labels-idx1-ubyte.gz.
//
// The learning rate stays the same here; that of the shipped weights fell to 0 along a cosine.

use std::error::Error;
use std::f32::consts::PI;
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

const BATCH: usize = 100; // {/recipe/batch}
const LEARNING_RATE: f64 = 0.001; // {/recipe/learning_rate}
const EPOCHS: usize = 60; // {/recipe/epochs}
const EXAMPLES: usize = 55000; // {/recipe/examples}

const CLASSES: usize = 10;

/// What the codes are to follow.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Prior {
    Normal,
    /// Of two numbers, as the roll.
    Mixture,
    SwissRoll,
}

#[derive(Config, Debug)]
pub struct AdversarialConfig {
    #[config(default = 784)] // {/model/input}
    pub input: usize,
    #[config(default = "vec![1000, 1000]")] // {/model/hidden}
    pub hidden: Vec<usize>,
    #[config(default = 8)] // {/model/code}
    pub code: usize,
    #[config(default = "vec![500, 500]")] // {/model/discriminator}
    pub discriminator: Vec<usize>,
    #[config(default = "Prior::Normal")] // {/model/prior}
    pub prior: Prior,
    #[config(default = false)] // {/model/has_labels}
    pub has_labels: bool,
    #[config(default = 0.2)] // {/model/code_deviation}
    pub code_deviation: f64,
    #[config(default = 0.004)] // {/model/adversarial_weight}
    pub adversarial_weight: f64,
    /// The weight grows over the training to so many times as much.
    #[config(default = 10.0)] // {/model/adversarial_growth}
    pub adversarial_growth: f64,
    #[config(default = 1.0)] // {/model/discriminator_rate}
    pub discriminator_rate: f64,
}

impl AdversarialConfig {
    fn code(&self) -> usize {
        if self.prior == Prior::Normal { self.code } else { 2 }
    }

    pub fn init(&self, device: &Device) -> Adversarial {
        let back: Vec<usize> = self.hidden.iter().copied().rev().collect();
        let told = self.code() + if self.has_labels { CLASSES } else { 0 };
        Adversarial {
            encoder: Network::new(self.input, &self.hidden, self.code(), device),
            decoder: Network::new(self.code(), &back, self.input, device),
            discriminator: Discriminator { network: Network::new(told, &self.discriminator, 1, device) },
            config: self.clone(),
        }
    }
}

/// Affine layers, each followed by a ReLU.
#[derive(Module, Debug)]
struct Hidden {
    layers: Vec<Linear>,
}

/// Hidden layers and an affine one.
#[derive(Module, Debug)]
struct Network {
    hidden: Hidden,
    output: Linear,
}

impl Network {
    fn new(inputs: usize, hidden: &[usize], outputs: usize, device: &Device) -> Self {
        let widths = [&[inputs], hidden].concat();
        let layers = widths.windows(2).map(|pair| LinearConfig::new(pair[0], pair[1]).init(device));
        let output = LinearConfig::new(widths[hidden.len()], outputs).init(device);
        Network { hidden: Hidden { layers: layers.collect() }, output }
    }

    fn forward(&self, x: Tensor<2>) -> Tensor<2> {
        self.output.forward(self.hidden.layers.iter().fold(x, |x, layer| relu(layer.forward(x))))
    }
}

#[derive(Module, Debug)]
struct Discriminator {
    network: Network,
}

/// Autoencoder whose codes follow a prior.
#[derive(Module, Debug)]
pub struct Adversarial {
    encoder: Network,
    decoder: Network,
    discriminator: Discriminator,
    #[module(skip)]
    config: AdversarialConfig,
}

impl Adversarial {
    /// Images `[batch, input]` to codes `[batch, code]`.
    pub fn encode(&self, images: Tensor<2>) -> Tensor<2> {
        self.encoder.forward(images)
    }

    /// Codes to images.
    pub fn decode(&self, codes: Tensor<2>) -> Tensor<2> {
        sigmoid(self.decoder.forward(codes))
    }

    /// Codes with noise; `epsilon` is drawn from N(0, 1), `[batch, code]`.
    fn draw_codes(&self, images: Tensor<2>, epsilon: Tensor<2>) -> Tensor<2> {
        self.encode(images) + epsilon * self.config.code_deviation
    }

    /// The logits of codes being draws of the prior; `classes` have a 1 in each row, `[batch, 10]`.
    fn discriminate(&self, codes: Tensor<2>, classes: Tensor<2>) -> Tensor<2> {
        let inputs = if self.config.has_labels { Tensor::cat(vec![codes, classes], 1) } else { codes };
        self.discriminator.network.forward(inputs)
    }

    /// The cross-entropy of telling `draws` of the prior from codes.
    fn discriminator_loss(&self, codes: Tensor<2>, draws: Tensor<2>, classes: Tensor<2>) -> Tensor<1> {
        let of_draws = log_sigmoid(self.discriminate(draws, classes.clone()));
        let of_codes = log_sigmoid(-self.discriminate(codes.detach(), classes));
        -(of_draws + of_codes).mean() / 2.0
    }

    fn generator_loss(&self, codes: Tensor<2>, classes: Tensor<2>) -> Tensor<1> {
        -log_sigmoid(self.discriminate(codes, classes)).mean()
    }

    fn error(&self, codes: Tensor<2>, images: Tensor<2>) -> Tensor<1> {
        (self.decode(codes) - images).square().mean()
    }

    /// The squared error, the discriminator's loss and the encoder's against it, added up.
    pub fn loss(&self, images: Tensor<2>, epsilon: Tensor<2>, draws: Tensor<2>, classes: Tensor<2>) -> Tensor<1> {
        let codes = self.draw_codes(images.clone(), epsilon);
        let told = self.discriminator_loss(codes.clone(), draws, classes.clone());
        self.error(codes.clone(), images) + told + self.generator_loss(codes, classes)
    }
}

fn normal(rows: usize, width: usize, device: &Device) -> Tensor<2> {
    Tensor::random([rows, width], Distribution::Normal(0.0, 1.0), device)
}

/// A draw of the prior for each row of `classes`, which have a 1 in each row: `[batch, code]`.
fn draw_prior(config: &AdversarialConfig, classes: Tensor<2>) -> Tensor<2> {
    let ([count, _], device) = (classes.dims(), classes.device());
    let normal = |width| normal(count, width, &device);
    let numbers = TensorData::new((0..CLASSES).map(|class| class as f32).collect(), [CLASSES, 1]);
    let number = classes.matmul(Tensor::from_data(numbers, &device));
    match config.prior {
        Prior::Normal => normal(config.code),
        Prior::Mixture => {
            let angle = number * (2.0 * PI / CLASSES as f32);
            let (cos, sin) = (angle.clone().cos(), angle.sin());
            let (along, across) = (normal(1) * 0.6 + 2.0, normal(1) * 0.2);
            let x = cos.clone() * along.clone() - sin.clone() * across.clone();
            Tensor::cat(vec![x, sin * along + cos * across], 1)
        }
        Prior::SwissRoll => {
            let uniform = Tensor::random([count, 1], Distribution::Uniform(0.0, 1.0), &device);
            let root = ((number + uniform) / CLASSES as f32).sqrt();
            let angle = root.clone() * (4.0 * PI);
            Tensor::cat(vec![angle.clone().cos(), angle.sin()], 1) * root * 3.0 + normal(2) * 0.1
        }
    }
}

fn read(path: &str) -> Result<Vec<u8>, Box<dyn Error>> {
    let mut bytes = Vec::new();
    GzDecoder::new(File::open(path)?).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// MNIST's images, `[examples, 784]` in [0, 1].
fn digits(path: &str, device: &Device) -> Result<Tensor<2>, Box<dyn Error>> {
    let bytes = read(path)?;
    let pixels: Vec<f32> = bytes[16..].iter().take(EXAMPLES * 784).map(|&byte| f32::from(byte) / 255.0).collect();
    let shape = [pixels.len() / 784, 784];
    Ok(Tensor::from_data(TensorData::new(pixels, shape), device))
}

/// The classes of MNIST's images, `[examples, 10]`, with a 1 in each row.
fn one_hot(path: &str, device: &Device) -> Result<Tensor<2>, Box<dyn Error>> {
    let bytes = read(path)?;
    let labels: Vec<u8> = bytes[8..].iter().copied().take(EXAMPLES).collect();
    let is = |label: u8| (0..CLASSES).map(move |class| f32::from(u8::from(usize::from(label) == class)));
    let shape = [labels.len(), CLASSES];
    Ok(Tensor::from_data(TensorData::new(labels.into_iter().flat_map(is).collect(), shape), device))
}

fn train(mut model: Adversarial, images: &Tensor<2>, classes: &Tensor<2>) -> Adversarial {
    let (count, device) = (images.dims()[0], images.device());
    let config = model.config.clone();
    let adam = AdamConfig::new().with_epsilon(1e-8);
    let (mut of_autoencoder, mut of_discriminator) = (adam.init(), adam.init());
    let steps = count.div_ceil(BATCH);
    for epoch in 0..EPOCHS {
        let order = Tensor::<1>::random([count], Distribution::Default, &device).argsort(0);
        for (step, numbers) in order.split(BATCH, 0).into_iter().enumerate() {
            let [images, classes] = [images, classes].map(|rows| rows.clone().select(0, numbers.clone()));
            let codes = model.draw_codes(images.clone(), normal(images.dims()[0], config.code(), &device));
            let told = model.discriminator_loss(codes.clone(), draw_prior(&config, classes.clone()), classes.clone());
            let gradients = GradientsParams::from_grads(told.backward(), &model.discriminator);
            let rate = LEARNING_RATE * config.discriminator_rate;
            model.discriminator = of_discriminator.step(rate, model.discriminator, gradients);

            let progress = (epoch as f64 + step as f64 / steps as f64) / EPOCHS as f64;
            let weight = config.adversarial_weight * config.adversarial_growth.powf(progress);
            let against = model.generator_loss(codes.clone(), classes) * weight;
            let gradients = (model.error(codes, images) + against).backward();
            let autoencoder = (model.encoder, model.decoder);
            let gradients = GradientsParams::from_grads(gradients, &autoencoder);
            (model.encoder, model.decoder) = of_autoencoder.step(LEARNING_RATE, autoencoder, gradients);
        }
        println!("epoch {} of {EPOCHS}", epoch + 1);
    }
    model
}

/// The mean squared error of what the model makes of ten images.
fn squared_error(model: &Adversarial, images: &Tensor<2>) -> f32 {
    let (model, images) = (model.valid(), images.clone().inner().narrow(0, 0, 10));
    let rebuilt = model.decode(model.encode(images.clone()));
    (rebuilt - images).square().mean().into_scalar()
}

pub fn main() -> Result<(), Box<dyn Error>> {
    let device = Device::flex().autodiff();
    let images = digits("train-images-idx3-ubyte.gz", &device)?;
    let classes = one_hot("train-labels-idx1-ubyte.gz", &device)?;
    let config = AdversarialConfig::new();
    let mut model = config.init(&device);
    model.load_from(&mut SafetensorsStore::from_file("adversarial.safetensors"))?;
    println!("squared error {:.5}", squared_error(&model, &images));

    let model = train(model, &images, &classes);
    println!("squared error {:.5}", squared_error(&model, &images));
    let file = SafetensorsStore::from_file("adversarial_trained.safetensors").overwrite(true);
    let settings = format!("{{\"model\": {config}}}");
    model.save_into(&mut file.metadata("model", "adversarial").metadata("settings", settings))?;
    Ok(())
}
