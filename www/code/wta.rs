// The winner-take-all autoencoder (A. Makhzani and B. Frey, 2015): of a batch, each unit answers the images that activate it most.
//
//     cargo add burn@0.22 --no-default-features --features std,flex,simd,optim,store
//     cargo add flate2 && cargo add serde --features derive
//     cargo run --release
//
// Beside Cargo.toml lie the weights, wta.safetensors, and MNIST's train-images-idx3-ubyte.gz.
//
// The learning rate stays the same here; that of the shipped weights fell to 0 along a cosine.

use std::error::Error;
use std::fs::File;
use std::io::Read;

use burn::config::Config;
use burn::module::{Module, Param};
use burn::nn::{Initializer, Linear, LinearConfig};
use burn::optim::{AdamConfig, GradientsParams};
use burn::store::{ModuleSnapshot, SafetensorsStore};
use burn::tensor::activation::relu;
use burn::tensor::{Device, Distribution, IndexingUpdateOp, Tensor, TensorData};
use flate2::read::GzDecoder;

const BATCH: usize = 100; // {/recipe/batch}
const LEARNING_RATE: f64 = 0.001; // {/recipe/learning_rate}
const EPOCHS: usize = 30; // {/recipe/epochs}
const EXAMPLES: usize = 55000; // {/recipe/examples}

#[derive(Config, Debug)]
pub struct WinnerTakeAllConfig {
    #[config(default = 784)] // {/model/input}
    pub input: usize,
    #[config(default = 2000)] // {/model/code}
    pub code: usize,
    #[config(default = 0.05)] // {/model/lifetime_sparsity}
    pub lifetime_sparsity: f64,
}

impl WinnerTakeAllConfig {
    pub fn init(&self, device: &Device) -> WinnerTakeAll {
        let zeros = |width| Param::from_tensor(Tensor::zeros([width], device));
        let normal = Initializer::Normal { mean: 0.0, std: 0.01 };
        let mut encoder = LinearConfig::new(self.input, self.code).with_initializer(normal).init(device);
        encoder.bias = Some(Initializer::Zeros.init([self.code], device));
        WinnerTakeAll {
            encoder,
            output_bias: zeros(self.input),
            threshold: zeros(self.code).set_require_grad(false),
            lifetime_sparsity: self.lifetime_sparsity,
        }
    }
}

/// Autoencoder with ReLU codes, a linear decoder and tied weights.
#[derive(Module, Debug)]
pub struct WinnerTakeAll {
    encoder: Linear,
    output_bias: Param<Tensor<1>>,
    /// What an activation must exceed to count where there is no batch: the running mean of each unit's weakest winner.
    threshold: Param<Tensor<1>>,
    #[module(skip)]
    lifetime_sparsity: f64,
}

impl WinnerTakeAll {
    /// Images `[batch, input]` to codes `[batch, code]`.
    pub fn encode(&self, images: Tensor<2>) -> Tensor<2> {
        relu(self.encoder.forward(images))
    }

    /// The decoder's weights are the encoder's, transposed.
    fn pixels(&self, codes: Tensor<2>) -> Tensor<2> {
        codes.matmul(self.encoder.weight.val().transpose()) + self.output_bias.val().unsqueeze()
    }

    /// Codes to images.
    pub fn decode(&self, codes: Tensor<2>) -> Tensor<2> {
        let is_above = codes.clone().greater(self.threshold.val().unsqueeze());
        self.pixels(codes * is_above.float())
    }

    /// 1 at the largest activations of each unit over the batch and 0 elsewhere, and the weakest of those, `[code]`.
    fn winners(&self, codes: Tensor<2>) -> (Tensor<2>, Tensor<1>) {
        let [batch, _] = codes.dims();
        let count = ((self.lifetime_sparsity * batch as f64).round() as usize).clamp(1, batch);
        let (largest, rows) = codes.detach().topk_with_indices(count, 0);
        let mask = largest.zeros_like().narrow(0, 0, 1).repeat_dim(0, batch);
        let mask = mask.scatter(0, rows, largest.ones_like(), IndexingUpdateOp::Add);
        (mask, largest.narrow(0, count - 1, 1).squeeze_dim(0))
    }

    /// The squared error by the winners alone, and the weakest of them.
    fn competition(&self, images: Tensor<2>) -> (Tensor<1>, Tensor<1>) {
        let codes = self.encode(images.clone());
        let (mask, weakest) = self.winners(codes.clone());
        ((self.pixels(codes * mask) - images).square().mean(), weakest)
    }

    pub fn loss(&self, images: Tensor<2>) -> Tensor<1> {
        self.competition(images).0
    }

    fn follow(mut self, weakest: Tensor<1>) -> Self {
        self.threshold = self.threshold.map(|mean| mean * 0.9 + weakest * 0.1);
        self
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

fn train(mut model: WinnerTakeAll, images: &Tensor<2>) -> WinnerTakeAll {
    let (count, device) = (images.dims()[0], images.device());
    let mut adam = AdamConfig::new().with_epsilon(1e-8).init();
    for epoch in 1..=EPOCHS {
        let order = Tensor::<1>::random([count], Distribution::Default, &device).argsort(0);
        for numbers in order.split(BATCH, 0) {
            let batch = images.clone().select(0, numbers);
            let (loss, weakest) = model.competition(batch);
            let gradients = GradientsParams::from_grads(loss.backward(), &model);
            model = adam.step(LEARNING_RATE, model, gradients).follow(weakest);
        }
        println!("epoch {epoch} of {EPOCHS}");
    }
    model
}

/// The mean squared error of what the model makes of ten images.
fn squared_error(model: &WinnerTakeAll, images: &Tensor<2>) -> f32 {
    let (model, images) = (model.valid(), images.clone().inner().narrow(0, 0, 10));
    let rebuilt = model.decode(model.encode(images.clone()));
    (rebuilt - images).square().mean().into_scalar()
}

pub fn main() -> Result<(), Box<dyn Error>> {
    let device = Device::flex().autodiff();
    let images = digits("train-images-idx3-ubyte.gz", &device)?;
    let config = WinnerTakeAllConfig::new();
    let mut model = config.init(&device);
    model.load_from(&mut SafetensorsStore::from_file("wta.safetensors"))?;
    println!("squared error {:.5}", squared_error(&model, &images));

    let model = train(model, &images);
    println!("squared error {:.5}", squared_error(&model, &images));
    let file = SafetensorsStore::from_file("wta_trained.safetensors").overwrite(true);
    let settings = format!("{{\"model\": {config}}}");
    model.save_into(&mut file.metadata("model", "wta").metadata("settings", settings))?;
    Ok(())
}
