// The stacked autoencoder trained layer by layer (G. Hinton, R. Salakhutdinov, 2006; Y. Bengio et al., 2006).
//
//     cargo add burn@0.22 --no-default-features --features std,flex,simd,optim,store
//     cargo add flate2
//     cargo run --release
//
// Beside Cargo.toml lie the weights, layerwise.safetensors, and MNIST's train-images-idx3-ubyte.gz.
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
use burn::tensor::activation::relu;
use burn::tensor::{Device, Distribution, Tensor, TensorData};
use flate2::read::GzDecoder;

const BATCH: usize = 150; // {/recipe/batch}
const LEARNING_RATE: f64 = 0.001; // {/recipe/learning_rate}
const EPOCHS: usize = 40; // {/recipe/epochs}
const EXAMPLES: usize = 55000; // {/recipe/examples}

#[derive(Config, Debug)]
pub struct LayerwiseConfig {
    #[config(default = 784)] // {/model/input}
    pub input: usize,
    #[config(default = 300)] // {/model/hidden}
    pub hidden: usize,
    #[config(default = 150)] // {/model/code}
    pub code: usize,
}

impl LayerwiseConfig {
    pub fn init(&self, device: &Device) -> Layerwise {
        Layerwise {
            outer_encoder: LinearConfig::new(self.input, self.hidden).init(device),
            inner_encoder: LinearConfig::new(self.hidden, self.code).init(device),
            inner_decoder: LinearConfig::new(self.code, self.hidden).init(device),
            outer_decoder: LinearConfig::new(self.hidden, self.input).init(device),
        }
    }
}

/// burn's own has a slope that is not a number where exp(x) is infinite.
fn elu(x: Tensor<2>) -> Tensor<2> {
    relu(x.clone()) + (-relu(-x)).exp() - 1.0
}

/// Which layers learn.
#[derive(Clone, Copy, Debug)]
pub enum Phase {
    Outer,
    Inner,
    Joint,
}

/// Stacked autoencoder of two layers.
#[derive(Module, Debug)]
pub struct Layerwise {
    outer_encoder: Linear,
    inner_encoder: Linear,
    inner_decoder: Linear,
    outer_decoder: Linear,
}

impl Layerwise {
    /// Images `[batch, input]` to outer codes `[batch, hidden]`.
    fn outer_codes(&self, images: Tensor<2>) -> Tensor<2> {
        elu(self.outer_encoder.forward(images))
    }

    /// Images to codes `[batch, code]`.
    pub fn encode(&self, images: Tensor<2>) -> Tensor<2> {
        elu(self.inner_encoder.forward(self.outer_codes(images)))
    }

    /// Codes to images.
    pub fn decode(&self, codes: Tensor<2>) -> Tensor<2> {
        self.outer_decoder.forward(elu(self.inner_decoder.forward(codes)))
    }

    /// The mean squared error of what the phase rebuilds.
    pub fn loss(&self, images: Tensor<2>, phase: Phase) -> Tensor<1> {
        let (rebuilt, target) = match phase {
            Phase::Outer => (self.outer_decoder.forward(self.outer_codes(images.clone())), images),
            // The outer layers are frozen: the inner ones learn from their codes.
            Phase::Inner => {
                let outer = Tensor::from_inner(self.valid().outer_codes(images.inner()));
                let codes = elu(self.inner_encoder.forward(outer.clone()));
                (elu(self.inner_decoder.forward(codes)), outer)
            }
            Phase::Joint => (self.decode(self.encode(images.clone())), images),
        };
        (rebuilt - target).square().mean()
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

fn train(mut model: Layerwise, images: &Tensor<2>) -> Layerwise {
    let (count, device) = (images.dims()[0], images.device());
    for phase in [Phase::Outer, Phase::Inner, Phase::Joint] {
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
fn squared_error(model: &Layerwise, images: &Tensor<2>) -> f32 {
    let (model, images) = (model.valid(), images.clone().inner().narrow(0, 0, 10));
    let rebuilt = model.decode(model.encode(images.clone()));
    (rebuilt - images).square().mean().into_scalar()
}

pub fn main() -> Result<(), Box<dyn Error>> {
    let device = Device::flex().autodiff();
    let images = digits("train-images-idx3-ubyte.gz", &device)?;
    let config = LayerwiseConfig::new();
    let mut model = config.init(&device);
    model.load_from(&mut SafetensorsStore::from_file("layerwise.safetensors"))?;
    println!("squared error {:.5}", squared_error(&model, &images));

    let model = train(model, &images);
    println!("squared error {:.5}", squared_error(&model, &images));
    let file = SafetensorsStore::from_file("layerwise_trained.safetensors").overwrite(true);
    let settings = format!("{{\"model\": {config}}}");
    model.save_into(&mut file.metadata("model", "layerwise").metadata("settings", settings))?;
    Ok(())
}
