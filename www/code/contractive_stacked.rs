// The stacked contractive autoencoder, and the walk that draws images by the Jacobian of its encoder (S. Rifai et al., 2012).
//
//     cargo add burn@0.22 --no-default-features --features std,flex,simd,optim,store
//     cargo add flate2 && cargo add serde --features derive
//     cargo run --release
//
// Beside Cargo.toml lie the weights, contractive_stacked.safetensors, and MNIST's train-images-idx3-ubyte.gz.
//
// The learning rate stays the same here; that of the shipped weights fell to 0 along a cosine in each phase.

use std::error::Error;
use std::fs::File;
use std::io::Read;

use burn::config::Config;
use burn::module::{Module, Param};
use burn::nn::{Linear, LinearConfig};
use burn::optim::{AdamConfig, GradientsParams};
use burn::store::{ModuleSnapshot, SafetensorsStore};
use burn::tensor::activation::{log_sigmoid, sigmoid};
use burn::tensor::{Device, Distribution, Tensor, TensorData};
use flate2::read::GzDecoder;

const BATCH: usize = 100; // {/recipe/batch}
const LEARNING_RATE: f64 = 0.003; // {/recipe/learning_rate}
const EPOCHS: usize = 6; // {/recipe/epochs}
const EXAMPLES: usize = 55000; // {/recipe/examples}

#[derive(Config, Debug)]
pub struct ContractiveStackedConfig {
    #[config(default = 784)] // {/model/input}
    pub input: usize,
    #[config(default = 400)] // {/model/hidden}
    pub hidden: usize,
    #[config(default = 400)] // {/model/code}
    pub code: usize,
    #[config(default = 0.1)] // {/model/contraction}
    pub contraction: f64,
    /// Standard deviation of the noise of the walk.
    #[config(default = 1.2)] // {/model/walk_sigma}
    pub walk_sigma: f64,
    /// Steps of the walk from each image in the last phase of training; 0 leaves it out.
    #[config(default = 3)] // {/model/walkback}
    pub walkback: usize,
    /// Standard deviation of the noise of those steps.
    #[config(default = 0.6)] // {/model/walkback_sigma}
    pub walkback_sigma: f64,
}

impl ContractiveStackedConfig {
    pub fn init(&self, device: &Device) -> ContractiveStacked {
        ContractiveStacked {
            outer: Layer::new(self.input, self.hidden, device),
            inner: Layer::new(self.hidden, self.code, device),
            contraction: self.contraction,
            walk_sigma: self.walk_sigma,
            walkback: self.walkback,
            walkback_sigma: self.walkback_sigma,
        }
    }
}

/// A contractive autoencoder: h = sigmoid(x W + b), and back by the same weights.
#[derive(Module, Debug)]
pub struct Layer {
    encoder: Linear,
    output_bias: Param<Tensor<1>>,
}

impl Layer {
    fn new(inputs: usize, codes: usize, device: &Device) -> Self {
        let output_bias = Param::from_tensor(Tensor::zeros([inputs], device));
        Layer { encoder: LinearConfig::new(inputs, codes).init(device), output_bias }
    }

    fn encode(&self, inputs: Tensor<2>) -> Tensor<2> {
        sigmoid(self.encoder.forward(inputs))
    }

    fn logits(&self, codes: Tensor<2>) -> Tensor<2> {
        codes.matmul(self.encoder.weight.val().transpose()) + self.output_bias.val().unsqueeze()
    }

    /// J v where the codes are h: dh_j / dx_i is h_j (1 - h_j) W_ij.
    fn times(&self, codes: Tensor<2>, vectors: Tensor<2>) -> Tensor<2> {
        slopes(codes) * vectors.matmul(self.encoder.weight.val())
    }

    /// J^T u.
    fn transposed_times(&self, codes: Tensor<2>, vectors: Tensor<2>) -> Tensor<2> {
        (slopes(codes) * vectors).matmul(self.encoder.weight.val().transpose())
    }

    fn squared_jacobian_norm(&self, codes: Tensor<2>) -> Tensor<2> {
        (slopes(codes).square() * self.encoder.weight.val().square().sum_dim(0)).sum_dim(1)
    }

    fn loss(&self, inputs: Tensor<2>, contraction: f64) -> Tensor<1> {
        let codes = self.encode(inputs.clone());
        let nats = cross_entropy(self.logits(codes.clone()), inputs);
        nats + self.squared_jacobian_norm(codes).mean() * contraction
    }
}

fn slopes(codes: Tensor<2>) -> Tensor<2> {
    codes.clone() * (-codes + 1.0)
}

/// Nats per row, the mean over the rows: -(x log s + (1 - x) log(1 - s)) with s = sigmoid(logits).
fn cross_entropy(logits: Tensor<2>, targets: Tensor<2>) -> Tensor<1> {
    let pixels = (-targets + 1.0) * logits.clone() - log_sigmoid(logits);
    pixels.sum_dim(1).mean()
}

/// Which layers learn.
#[derive(Clone, Copy, Debug)]
pub enum Phase {
    Outer,
    Inner,
    Joint,
}

/// Two contractive autoencoders, the second of the first one's codes.
#[derive(Module, Debug)]
pub struct ContractiveStacked {
    outer: Layer,
    inner: Layer,
    #[module(skip)]
    contraction: f64,
    #[module(skip)]
    walk_sigma: f64,
    #[module(skip)]
    walkback: usize,
    #[module(skip)]
    walkback_sigma: f64,
}

impl ContractiveStacked {
    /// Images `[batch, input]` to codes `[batch, code]`.
    pub fn encode(&self, images: Tensor<2>) -> Tensor<2> {
        self.inner.encode(self.outer.encode(images))
    }

    fn logits(&self, codes: Tensor<2>) -> Tensor<2> {
        self.outer.logits(sigmoid(self.inner.logits(codes)))
    }

    /// Codes to images.
    pub fn decode(&self, codes: Tensor<2>) -> Tensor<2> {
        sigmoid(self.logits(codes))
    }

    pub fn phases(&self) -> Vec<Phase> {
        let joint = (self.walkback > 0).then_some(Phase::Joint);
        [Phase::Outer, Phase::Inner].into_iter().chain(joint).collect()
    }

    /// The logits of the pixels at h + J J^T e, e being the noise and J = J_inner J_outer the Jacobian of the code h.
    fn step(&self, images: Tensor<2>, noise: Tensor<2>) -> Tensor<2> {
        let outer = self.outer.encode(images);
        let codes = self.inner.encode(outer.clone());
        let back = self.inner.transposed_times(codes.clone(), noise);
        let direction = self.outer.transposed_times(outer.clone(), back);
        let change = self.inner.times(codes.clone(), self.outer.times(outer, direction));
        self.logits(codes + change)
    }

    /// Nats per image, and the weighted penalty; the noise of each step of the walk is from N(0, 1), `[batch, code]`.
    pub fn loss(&self, images: Tensor<2>, phase: Phase, noise: Vec<Tensor<2>>) -> Tensor<1> {
        match phase {
            Phase::Outer => self.outer.loss(images, self.contraction),
            // The outer layer is frozen: the inner one learns from its codes.
            Phase::Inner => {
                let outer = Tensor::from_inner(self.outer.valid().encode(images.inner()));
                self.inner.loss(outer, self.contraction)
            }
            Phase::Joint => {
                let mut state = images.clone();
                let mut nats = Vec::new();
                for noise in noise {
                    let logits = self.step(state, noise * self.walkback_sigma);
                    nats.push(cross_entropy(logits.clone(), images.clone()));
                    state = sigmoid(logits.detach());
                }
                let outer = self.outer.encode(images);
                let inner = self.inner.encode(outer.clone());
                let norms = self.outer.squared_jacobian_norm(outer) + self.inner.squared_jacobian_norm(inner);
                Tensor::cat(nats, 0).mean() + norms.mean() * self.contraction
            }
        }
    }

    fn noise(&self, count: usize, device: &Device) -> Tensor<2> {
        let [_, code] = self.inner.encoder.weight.dims();
        Tensor::random([count, code], Distribution::Normal(0.0, 1.0), device)
    }

    /// The images after so many steps of the walk from each.
    pub fn walk(&self, mut images: Tensor<2>, steps: usize) -> Tensor<2> {
        for _ in 0..steps {
            let noise = self.noise(images.dims()[0], &images.device());
            images = sigmoid(self.step(images, noise * self.walk_sigma));
        }
        images
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

fn train(mut model: ContractiveStacked, images: &Tensor<2>) -> ContractiveStacked {
    let (count, device) = (images.dims()[0], images.device());
    for phase in model.phases() {
        let mut adam = AdamConfig::new().with_epsilon(1e-8).init();
        for epoch in 1..=EPOCHS {
            let order = Tensor::<1>::random([count], Distribution::Default, &device).argsort(0);
            for numbers in order.split(BATCH, 0) {
                let batch = images.clone().select(0, numbers);
                let noise = (0..model.walkback).map(|_| model.noise(batch.dims()[0], &device)).collect();
                let gradients = GradientsParams::from_grads(model.loss(batch, phase, noise).backward(), &model);
                model = adam.step(LEARNING_RATE, model, gradients);
            }
            println!("{phase:?}, epoch {epoch} of {EPOCHS}");
        }
    }
    model
}

/// The mean squared error of what the model makes of ten images.
fn squared_error(model: &ContractiveStacked, images: &Tensor<2>) -> f32 {
    let (model, images) = (model.valid(), images.clone().inner().narrow(0, 0, 10));
    let rebuilt = model.decode(model.encode(images.clone()));
    (rebuilt - images).square().mean().into_scalar()
}

pub fn main() -> Result<(), Box<dyn Error>> {
    let device = Device::flex().autodiff();
    let images = digits("train-images-idx3-ubyte.gz", &device)?;
    let config = ContractiveStackedConfig::new();
    let mut model = config.init(&device);
    model.load_from(&mut SafetensorsStore::from_file("contractive_stacked.safetensors"))?;
    println!("squared error {:.5}", squared_error(&model, &images));
    let drawn = model.valid().walk(images.clone().inner().narrow(0, 0, 10), 20);
    println!("ten images after 20 steps of the walk: {:?}", drawn.dims());

    let model = train(model, &images);
    println!("squared error {:.5}", squared_error(&model, &images));
    let file = SafetensorsStore::from_file("contractive_stacked_trained.safetensors").overwrite(true);
    let settings = format!("{{\"model\": {config}}}");
    model.save_into(&mut file.metadata("model", "contractive_stacked").metadata("settings", settings))?;
    Ok(())
}
