// A classifier whose first layers were an encoder (Y. Bengio et al., 2006; P. Vincent et al., 2010).
//
//     cargo add burn@0.22 --no-default-features --features std,flex,simd,optim,store
//     cargo add flate2
//     cargo run --release
//
// Beside Cargo.toml lie the weights, classifier.safetensors, and MNIST's train-images-idx3-ubyte.gz and train-labels-idx1-ubyte.gz.
//
// The learning rate stays the same here; that of the shipped weights fell to 0 along a cosine in each phase.

use std::error::Error;
use std::fs::File;
use std::io::Read;

use burn::config::Config;
use burn::module::Module;
use burn::nn::{Linear, LinearConfig};
use burn::optim::{AdamConfig, GradientsParams};
use burn::store::{ModuleSnapshot, SafetensorsStore};
use burn::tensor::activation::{log_sigmoid, log_softmax, relu, sigmoid};
use burn::tensor::{Device, Distribution, Int, Tensor, TensorData};
use flate2::read::GzDecoder;

// Of MNIST's 60,000 training images; the others are kept for validation.
const IMAGES: usize = 55000;
// The autoencoder learns from all of them, without their labels; 0: not at all.
const PRETRAINING_EPOCHS: usize = 10; // {/model/pretraining/epochs}
const PRETRAINING_RATE: f64 = 0.001; // {/model/pretraining/learning_rate}
const PRETRAINING_BATCH: usize = 150;
// The probability that a pixel of its input is set to 0.
const DROPOUT: f64 = 0.5; // {/model/pretraining/corruption/dropout}
// Then as many have their label told.
const LABELS: usize = 100; // {/recipe/examples}
const BATCH: usize = 50; // {/recipe/batch}
const LEARNING_RATE: f64 = 0.001; // {/recipe/learning_rate}
const EPOCHS: usize = 200; // {/recipe/epochs}

const CLASSES: usize = 10;

#[derive(Config, Debug)]
pub struct ClassifierConfig {
    #[config(default = 784)] // {/model/input}
    pub input: usize,
    #[config(default = "vec![500]")] // {/model/hidden}
    pub hidden: Vec<usize>,
    #[config(default = 250)] // {/model/code}
    pub code: usize,
    #[config(default = false)] // {/model/is_encoder_frozen}
    pub is_encoder_frozen: bool,
}

impl ClassifierConfig {
    pub fn init(&self, device: &Device) -> Classifier {
        let widths = [&[self.input], &self.hidden[..], &[self.code]].concat();
        let back: Vec<usize> = widths[1..].iter().rev().copied().collect();
        Classifier {
            encoder: Mlp::new(&widths, device),
            decoder: Mlp::new(&back, device),
            output: LinearConfig::new(self.hidden[0], self.input).init(device),
            classes: LinearConfig::new(self.code, CLASSES).init(device),
            is_encoder_frozen: self.is_encoder_frozen,
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

/// What is learnt: to rebuild the images, then to tell their classes.
#[derive(Clone, Copy, Debug)]
pub enum Phase {
    Pretraining,
    Tuning,
}

/// Stacked autoencoder, and a softmax layer on its codes.
#[derive(Module, Debug)]
pub struct Classifier {
    encoder: Mlp,
    decoder: Mlp,
    output: Linear,
    classes: Linear,
    #[module(skip)]
    is_encoder_frozen: bool,
}

impl Classifier {
    /// Images `[batch, input]` to codes `[batch, code]`.
    pub fn encode(&self, images: Tensor<2>) -> Tensor<2> {
        self.encoder.forward(images)
    }

    /// Codes to the logits of the pixels, `[batch, input]`.
    fn logits(&self, codes: Tensor<2>) -> Tensor<2> {
        self.output.forward(self.decoder.forward(codes))
    }

    /// Codes to images.
    pub fn decode(&self, codes: Tensor<2>) -> Tensor<2> {
        sigmoid(self.logits(codes))
    }

    /// A score for each class, `[batch, 10]`: the logits of a softmax.
    fn classify(&self, images: Tensor<2>) -> Tensor<2> {
        self.classes.forward(self.encode(images))
    }

    /// The cross-entropy, in nats, of the pixels given noisy ones, or of the classes, which have a 1 in each row, `[batch, 10]`.
    pub fn loss(&self, noisy: Tensor<2>, images: Tensor<2>, classes: Tensor<2>, phase: Phase) -> Tensor<1> {
        match phase {
            Phase::Pretraining => {
                let logits = self.logits(self.encode(noisy));
                // -(x log s + (1 - x) log(1 - s)) with s = sigmoid(logits)
                ((-images + 1.0) * logits.clone() - log_sigmoid(logits)).mean()
            }
            Phase::Tuning => {
                let codes = match self.is_encoder_frozen {
                    true => Tensor::from_inner(self.valid().encode(images.inner())),
                    false => self.encode(images),
                };
                -(log_softmax(self.classes.forward(codes), 1) * classes).sum_dim(1).mean()
            }
        }
    }
}

/// What is kept is scaled up, so that the mean stays.
fn dropout(images: Tensor<2>) -> Tensor<2> {
    let kept = images.random_like(Distribution::Default).greater_equal_elem(DROPOUT).float();
    images * kept / (1.0 - DROPOUT)
}

fn read(path: &str) -> Result<Vec<u8>, Box<dyn Error>> {
    let mut bytes = Vec::new();
    GzDecoder::new(File::open(path)?).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// MNIST's images, `[count, 784]` in [0, 1].
fn digits(path: &str, device: &Device) -> Result<Tensor<2>, Box<dyn Error>> {
    let bytes = read(path)?;
    let pixels: Vec<f32> = bytes[16..].iter().take(IMAGES * 784).map(|&byte| f32::from(byte) / 255.0).collect();
    let shape = [pixels.len() / 784, 784];
    Ok(Tensor::from_data(TensorData::new(pixels, shape), device))
}

/// Rows with a 1 at the class, `[labels, 10]`.
fn one_hot(labels: &[u8], device: &Device) -> Tensor<2> {
    let rows = labels.iter().flat_map(|&label| (0..CLASSES).map(move |class| usize::from(label) == class));
    let rows: Vec<f32> = rows.map(|is_class| f32::from(u8::from(is_class))).collect();
    Tensor::from_data(TensorData::new(rows, [labels.len(), CLASSES]), device)
}

/// The numbers from 0 to `count`, in a random order.
fn shuffled(count: usize, device: &Device) -> Tensor<1, Int> {
    Tensor::<1>::random([count], Distribution::Default, device).argsort(0)
}

/// The numbers of the images whose label is told: one of each digit in turn, as long as there are any of it.
fn labelled(labels: &[u8], device: &Device) -> Tensor<1, Int> {
    let mut drawn = [0; CLASSES];
    let order: Vec<i64> = shuffled(labels.len(), device).into_data().iter().collect();
    let in_round = |number: i64| {
        let digit = labels[number as usize];
        drawn[usize::from(digit)] += 1;
        (drawn[usize::from(digit)], digit, number)
    };
    let mut rounds: Vec<(usize, u8, i64)> = order.into_iter().map(in_round).collect();
    rounds.sort_unstable();
    let told: Vec<i64> = rounds.into_iter().take(LABELS).map(|(_, _, number)| number).collect();
    let count = told.len();
    Tensor::from_data(TensorData::new(told, [count]), device)
}

fn train(mut model: Classifier, images: &Tensor<2>, labels: &[u8]) -> Classifier {
    let device = images.device();
    let classes = one_hot(labels, &device);
    let phases: &[Phase] = match PRETRAINING_EPOCHS {
        0 => &[Phase::Tuning],
        _ => &[Phase::Pretraining, Phase::Tuning],
    };
    for &phase in phases {
        let (epochs, rate, size, examples) = match phase {
            Phase::Pretraining => {
                (PRETRAINING_EPOCHS, PRETRAINING_RATE, PRETRAINING_BATCH, shuffled(labels.len(), &device))
            }
            Phase::Tuning => (EPOCHS, LEARNING_RATE, BATCH, labelled(labels, &device)),
        };
        let mut adam = AdamConfig::new().with_epsilon(1e-8).init();
        for epoch in 1..=epochs {
            let order = examples.clone().select(0, shuffled(examples.dims()[0], &device));
            for numbers in order.split(size, 0) {
                let [images, classes] = [images, &classes].map(|rows| rows.clone().select(0, numbers.clone()));
                let loss = model.loss(dropout(images.clone()), images, classes, phase);
                let gradients = GradientsParams::from_grads(loss.backward(), &model);
                model = adam.step(rate, model, gradients);
            }
            println!("{phase:?}, epoch {epoch} of {epochs}");
        }
    }
    model
}

/// Of how many of the first ten images the class is told right.
fn told_right(model: &Classifier, images: &Tensor<2>, labels: &[u8]) -> usize {
    let scores = model.valid().classify(images.clone().inner().narrow(0, 0, 10));
    let told: Vec<i64> = scores.argmax(1).into_data().iter().collect();
    told.iter().zip(labels).filter(|(told, label)| **told == i64::from(**label)).count()
}

pub fn main() -> Result<(), Box<dyn Error>> {
    let device = Device::flex().autodiff();
    let images = digits("train-images-idx3-ubyte.gz", &device)?;
    let labels: Vec<u8> = read("train-labels-idx1-ubyte.gz")?.into_iter().skip(8).take(IMAGES).collect();
    let config = ClassifierConfig::new();
    let mut model = config.init(&device);
    model.load_from(&mut SafetensorsStore::from_file("classifier.safetensors"))?;
    println!("of 10 images, {} are told right", told_right(&model, &images, &labels));

    let model = train(model, &images, &labels);
    println!("of 10 images, {} are told right", told_right(&model, &images, &labels));
    let file = SafetensorsStore::from_file("classifier_trained.safetensors").overwrite(true);
    let settings = format!("{{\"model\": {config}}}");
    model.save_into(&mut file.metadata("model", "classifier").metadata("settings", settings))?;
    Ok(())
}
