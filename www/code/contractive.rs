// The contractive autoencoder (S. Rifai et al., 2011): a code that changes little where the image changes a little.
//
//     cargo add burn@0.22 --no-default-features --features std,flex,simd,optim,store
//     cargo add flate2 && cargo add serde --features derive
//     cargo run --release
//
// Beside Cargo.toml lie the weights, contractive.safetensors, and MNIST's train-images-idx3-ubyte.gz.
//
// The learning rate stays the same here; that of the shipped weights fell to 0 along a cosine.

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
const LEARNING_RATE: f64 = 0.01; // {/recipe/learning_rate}
const EPOCHS: usize = 30; // {/recipe/epochs}
const EXAMPLES: usize = 55000; // {/recipe/examples}

#[derive(Config, Debug)]
pub struct ContractiveConfig {
    #[config(default = 784)] // {/model/input}
    pub input: usize,
    #[config(default = 1000)] // {/model/code}
    pub code: usize,
    #[config(default = 0.0005)] // {/model/contraction}
    pub contraction: f64,
}

impl ContractiveConfig {
    pub fn init(&self, device: &Device) -> Contractive {
        Contractive {
            encoder: LinearConfig::new(self.input, self.code).init(device),
            output_bias: Param::from_tensor(Tensor::zeros([self.input], device)),
            contraction: self.contraction,
        }
    }
}

/// Contractive autoencoder with sigmoid codes and tied weights.
#[derive(Module, Debug)]
pub struct Contractive {
    encoder: Linear,
    output_bias: Param<Tensor<1>>,
    #[module(skip)]
    contraction: f64,
}

impl Contractive {
    /// Images `[batch, input]` to codes `[batch, code]`.
    pub fn encode(&self, images: Tensor<2>) -> Tensor<2> {
        sigmoid(self.encoder.forward(images))
    }

    /// The decoder's weights are the encoder's, transposed.
    fn logits(&self, codes: Tensor<2>) -> Tensor<2> {
        codes.matmul(self.encoder.weight.val().transpose()) + self.output_bias.val().unsqueeze()
    }

    /// Codes to images.
    pub fn decode(&self, codes: Tensor<2>) -> Tensor<2> {
        sigmoid(self.logits(codes))
    }

    /// The sum of the squares of all dh_j / dx_i, `[batch, 1]`: dh_j / dx_i is h_j (1 - h_j) W_ij.
    fn squared_jacobian_norm(&self, codes: Tensor<2>) -> Tensor<2> {
        let squared_weights = self.encoder.weight.val().square().sum_dim(0);
        let slopes = codes.clone() * (-codes + 1.0);
        (slopes.square() * squared_weights).sum_dim(1)
    }

    /// Nats per image, and the weighted penalty.
    pub fn loss(&self, images: Tensor<2>) -> Tensor<1> {
        let codes = self.encode(images.clone());
        let logits = self.logits(codes.clone());
        // -(x log s + (1 - x) log(1 - s)) with s = sigmoid(logits)
        let pixels = (-images + 1.0) * logits.clone() - log_sigmoid(logits);
        pixels.sum_dim(1).mean() + self.squared_jacobian_norm(codes).mean() * self.contraction
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

fn train(mut model: Contractive, images: &Tensor<2>) -> Contractive {
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
fn squared_error(model: &Contractive, images: &Tensor<2>) -> f32 {
    let (model, images) = (model.valid(), images.clone().inner().narrow(0, 0, 10));
    let rebuilt = model.decode(model.encode(images.clone()));
    (rebuilt - images).square().mean().into_scalar()
}

pub fn main() -> Result<(), Box<dyn Error>> {
    let device = Device::flex().autodiff();
    let images = digits("train-images-idx3-ubyte.gz", &device)?;
    let config = ContractiveConfig::new();
    let mut model = config.init(&device);
    model.load_from(&mut SafetensorsStore::from_file("contractive.safetensors"))?;
    println!("squared error {:.5}", squared_error(&model, &images));

    let model = train(model, &images);
    println!("squared error {:.5}", squared_error(&model, &images));
    let file = SafetensorsStore::from_file("contractive_trained.safetensors").overwrite(true);
    let settings = format!("{{\"model\": {config}}}");
    model.save_into(&mut file.metadata("model", "contractive").metadata("settings", settings))?;
    Ok(())
}
