// The convolutional winner-take-all autoencoder (A. Makhzani and B. Frey, 2015, section 3): each map keeps its largest number alone.
//
//     cargo add burn@0.22 --no-default-features --features std,flex,simd,optim,store
//     cargo add flate2 && cargo add serde --features derive
//     cargo run --release
//
// Beside Cargo.toml lie the weights, wta_convolutional.safetensors, and MNIST's train-images-idx3-ubyte.gz.
//
// The learning rate stays the same here; that of the shipped weights fell to 0 along a cosine.

use std::error::Error;
use std::fs::File;
use std::io::Read;

use burn::config::Config;
use burn::module::{Module, Param};
use burn::nn::conv::{Conv2d, Conv2dConfig, ConvTranspose2d, ConvTranspose2dConfig};
use burn::nn::{Initializer, PaddingConfig2d};
use burn::optim::{AdamConfig, GradientsParams};
use burn::store::{ModuleSnapshot, SafetensorsStore};
use burn::tensor::{Device, Distribution, IndexingUpdateOp, Tensor, TensorData};
use flate2::read::GzDecoder;

const BATCH: usize = 100; // {/recipe/batch}
const LEARNING_RATE: f64 = 0.003; // {/recipe/learning_rate}
const EPOCHS: usize = 6; // {/recipe/epochs}
const EXAMPLES: usize = 10000; // {/recipe/examples}

const SIDE: usize = 28;
const KERNEL: usize = 11;

#[derive(Config, Debug)]
pub struct ConvolutionalWinnerTakeAllConfig {
    #[config(default = 128)] // {/model/maps}
    pub maps: usize,
    #[config(default = 0.05)] // {/model/lifetime_sparsity}
    pub lifetime_sparsity: f64,
}

impl ConvolutionalWinnerTakeAllConfig {
    pub fn init(&self, device: &Device) -> ConvolutionalWinnerTakeAll {
        let encoder = Conv2dConfig::new([1, self.maps], [KERNEL; 2]).with_padding(PaddingConfig2d::Same);
        let decoder = ConvTranspose2dConfig::new([self.maps, 1], [KERNEL; 2]).with_padding([KERNEL / 2; 2]);
        let dictionary = Initializer::Normal { mean: 0.0, std: 0.03 };
        let mut decoder = decoder.with_initializer(dictionary).init(device);
        decoder.bias = Some(Initializer::Zeros.init([1], device));
        ConvolutionalWinnerTakeAll {
            encoder: encoder.init(device),
            decoder,
            threshold: Param::from_tensor(Tensor::zeros([self.maps], device)).set_require_grad(false),
            lifetime_sparsity: self.lifetime_sparsity,
        }
    }
}

/// Autoencoder of a convolution with ReLU, whose maps are the code, and a transposed convolution, which is linear.
#[derive(Module, Debug)]
pub struct ConvolutionalWinnerTakeAll {
    encoder: Conv2d,
    /// Its weights are the dictionary.
    decoder: ConvTranspose2d,
    /// What a map's largest number must exceed to count where there is no batch: the running mean of its weakest winner.
    threshold: Param<Tensor<1>>,
    #[module(skip)]
    lifetime_sparsity: f64,
}

/// The largest number of each map, `[batch, maps]`.
fn largest_of_maps(maps: Tensor<4>) -> Tensor<2> {
    maps.detach().flatten::<3>(2, 3).max_dim(2).squeeze_dim(2)
}

/// Of each map its largest number, where that is kept: `[batch, maps]` of zeros and ones.
fn sparse(maps: Tensor<4>, is_kept: Tensor<2>) -> Tensor<4> {
    let [batch, count, ..] = maps.dims();
    let largest = largest_of_maps(maps.clone()).reshape([batch, count, 1, 1]);
    let is_largest = maps.clone().detach().greater_equal(largest).float();
    maps * is_largest * is_kept.reshape([batch, count, 1, 1])
}

impl ConvolutionalWinnerTakeAll {
    /// Images `[batch, 784]` to `[batch, maps, 28, 28]`.
    fn maps(&self, images: Tensor<2>) -> Tensor<4> {
        let [batch, _] = images.dims();
        let images = images.reshape([batch, 1, SIDE, SIDE]);
        self.encoder.forward(images).clamp_min(0.0)
    }

    /// Images to codes, the maps one after another.
    pub fn encode(&self, images: Tensor<2>) -> Tensor<2> {
        self.maps(images).flatten(1, 3)
    }

    fn pixels(&self, maps: Tensor<4>) -> Tensor<2> {
        self.decoder.forward(maps).flatten(1, 3)
    }

    /// Codes to images.
    pub fn decode(&self, codes: Tensor<2>) -> Tensor<2> {
        let [batch, numbers] = codes.dims();
        let maps = codes.reshape([batch, numbers / (SIDE * SIDE), SIDE, SIDE]);
        let is_above = largest_of_maps(maps.clone()).greater(self.threshold.val().unsqueeze());
        self.pixels(sparse(maps, is_above.float()))
    }

    /// Of each map's largest numbers 1 at the largest over the batch and 0 elsewhere, and the weakest of those, `[maps]`.
    fn winners(&self, maps: Tensor<4>) -> (Tensor<2>, Tensor<1>) {
        let [batch, ..] = maps.dims();
        let count = ((self.lifetime_sparsity * batch as f64).round() as usize).clamp(1, batch);
        let (largest, rows) = largest_of_maps(maps).topk_with_indices(count, 0);
        let mask = largest.zeros_like().narrow(0, 0, 1).repeat_dim(0, batch);
        let mask = mask.scatter(0, rows, largest.ones_like(), IndexingUpdateOp::Add);
        (mask, largest.narrow(0, count - 1, 1).squeeze_dim(0))
    }

    /// The squared error by the winners alone, and the weakest of them.
    fn competition(&self, images: Tensor<2>) -> (Tensor<1>, Tensor<1>) {
        let maps = self.maps(images.clone());
        let (mask, weakest) = self.winners(maps.clone());
        ((self.pixels(sparse(maps, mask)) - images).square().mean(), weakest)
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

fn train(mut model: ConvolutionalWinnerTakeAll, images: &Tensor<2>) -> ConvolutionalWinnerTakeAll {
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
fn squared_error(model: &ConvolutionalWinnerTakeAll, images: &Tensor<2>) -> f32 {
    let (model, images) = (model.valid(), images.clone().inner().narrow(0, 0, 10));
    let rebuilt = model.decode(model.encode(images.clone()));
    (rebuilt - images).square().mean().into_scalar()
}

pub fn main() -> Result<(), Box<dyn Error>> {
    let device = Device::flex().autodiff();
    let images = digits("train-images-idx3-ubyte.gz", &device)?;
    let config = ConvolutionalWinnerTakeAllConfig::new();
    let mut model = config.init(&device);
    model.load_from(&mut SafetensorsStore::from_file("wta_convolutional.safetensors"))?;
    println!("squared error {:.5}", squared_error(&model, &images));

    let model = train(model, &images);
    println!("squared error {:.5}", squared_error(&model, &images));
    let file = SafetensorsStore::from_file("wta_convolutional_trained.safetensors").overwrite(true);
    let settings = format!("{{\"model\": {config}}}");
    model.save_into(&mut file.metadata("model", "wta_convolutional").metadata("settings", settings))?;
    Ok(())
}
