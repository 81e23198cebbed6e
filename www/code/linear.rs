// The linear autoencoder (P. Baldi, K. Hornik, 1989): principal components.
//
//     cargo add burn@0.22 --no-default-features --features std,flex,simd,optim,store
//     cargo add flate2
//     cargo run --release
//
// Beside Cargo.toml lie the weights, linear.safetensors, and MNIST's train-images-idx3-ubyte.gz.
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
use burn::tensor::{Device, Distribution, Tensor, TensorData};
use flate2::read::GzDecoder;

const BATCH: usize = 150; // {/recipe/batch}
const LEARNING_RATE: f64 = 0.01; // {/recipe/learning_rate}
const EPOCHS: usize = 20; // {/recipe/epochs}
const EXAMPLES: usize = 55000; // {/recipe/examples}

#[derive(Config, Debug)]
pub struct LinearAutoencoderConfig {
    #[config(default = 784)] // {/model/input}
    pub input: usize,
    #[config(default = 2)] // {/model/code}
    pub code: usize,
}

impl LinearAutoencoderConfig {
    pub fn init(&self, device: &Device) -> LinearAutoencoder {
        LinearAutoencoder {
            encoder: LinearConfig::new(self.input, self.code).init(device),
            decoder: LinearConfig::new(self.code, self.input).init(device),
        }
    }
}

/// Two affine layers.
#[derive(Module, Debug)]
pub struct LinearAutoencoder {
    encoder: Linear,
    decoder: Linear,
}

impl LinearAutoencoder {
    /// Examples `[batch, input]` to codes `[batch, code]`.
    pub fn encode(&self, examples: Tensor<2>) -> Tensor<2> {
        self.encoder.forward(examples)
    }

    /// Codes to examples.
    pub fn decode(&self, codes: Tensor<2>) -> Tensor<2> {
        self.decoder.forward(codes)
    }

    /// The mean squared error.
    pub fn loss(&self, examples: Tensor<2>) -> Tensor<1> {
        (self.decode(self.encode(examples.clone())) - examples).square().mean()
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

/// Points about a tilted plane in space, `[examples, 3]`.
fn points(device: &Device) -> Tensor<2> {
    let normal = |width| Tensor::<2>::random([200, width], Distribution::Normal(0.0, 1.0), device);
    let plane = Tensor::from_data([[1.0, 0.0, 0.1], [0.0, 1.0, 0.3]], device);
    normal(2).matmul(plane) + normal(3) * 0.1
}

fn train(mut model: LinearAutoencoder, examples: &Tensor<2>) -> LinearAutoencoder {
    let (count, device) = (examples.dims()[0], examples.device());
    let mut adam = AdamConfig::new().with_epsilon(1e-8).init();
    for epoch in 1..=EPOCHS {
        let order = Tensor::<1>::random([count], Distribution::Default, &device).argsort(0);
        for numbers in order.split(BATCH, 0) {
            let batch = examples.clone().select(0, numbers);
            let loss = model.loss(batch);
            let gradients = GradientsParams::from_grads(loss.backward(), &model);
            model = adam.step(LEARNING_RATE, model, gradients);
        }
        println!("epoch {epoch} of {EPOCHS}");
    }
    model
}

/// The mean squared error of what the model makes of ten examples.
fn squared_error(model: &LinearAutoencoder, examples: &Tensor<2>) -> f32 {
    let (model, examples) = (model.valid(), examples.clone().inner().narrow(0, 0, 10));
    let rebuilt = model.decode(model.encode(examples.clone()));
    (rebuilt - examples).square().mean().into_scalar()
}

pub fn main() -> Result<(), Box<dyn Error>> {
    let device = Device::flex().autodiff();
    let config = LinearAutoencoderConfig::new();
    let examples = if config.input == 3 { points(&device) } else { digits("train-images-idx3-ubyte.gz", &device)? };
    let mut model = config.init(&device);
    model.load_from(&mut SafetensorsStore::from_file("linear.safetensors"))?;
    println!("squared error {:.5}", squared_error(&model, &examples));

    let model = train(model, &examples);
    println!("squared error {:.5}", squared_error(&model, &examples));
    let file = SafetensorsStore::from_file("linear_trained.safetensors").overwrite(true);
    let settings = format!("{{\"model\": {config}}}");
    model.save_into(&mut file.metadata("model", "linear").metadata("settings", settings))?;
    Ok(())
}
