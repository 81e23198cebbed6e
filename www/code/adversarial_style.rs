// The adversarial autoencoder that keeps style and class apart (A. Makhzani et al., 2015).
//
//     cargo add burn@0.22 --no-default-features --features std,flex,simd,optim,store
//     cargo add flate2 && cargo add serde --features derive
//     cargo run --release
//
// Beside Cargo.toml lie the weights, adversarial_style.safetensors, and MNIST's train-images-idx3-ubyte.gz and
// train-labels-idx1-ubyte.gz.
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
use burn::tensor::activation::{log_sigmoid, log_softmax, relu, sigmoid, softmax};
use burn::tensor::{Device, Distribution, Tensor, TensorData};
use flate2::read::GzDecoder;

const BATCH: usize = 100; // {/recipe/batch}
const LEARNING_RATE: f64 = 0.001; // {/recipe/learning_rate}
const EPOCHS: usize = 40; // {/recipe/epochs}
const EXAMPLES: usize = 55000; // {/recipe/examples}

const CLASSES: usize = 10;

#[derive(Config, Debug)]
pub struct AdversarialStyleConfig {
    #[config(default = 784)] // {/model/input}
    pub input: usize,
    #[config(default = "vec![500, 500]")] // {/model/hidden}
    pub hidden: Vec<usize>,
    #[config(default = 6)] // {/model/style}
    pub style: usize,
    #[config(default = "vec![300, 300]")] // {/model/discriminator}
    pub discriminator: Vec<usize>,
    #[config(default = 0.3)] // {/model/code_deviation}
    pub code_deviation: f64,
    #[config(default = 0.01)] // {/model/class_weight}
    pub class_weight: f64,
    #[config(default = 0.01)] // {/model/adversarial_weight}
    pub adversarial_weight: f64,
    #[config(default = 1.0)] // {/model/discriminator_rate}
    pub discriminator_rate: f64,
}

impl AdversarialStyleConfig {
    pub fn init(&self, device: &Device) -> AdversarialStyle {
        let back: Vec<usize> = self.hidden.iter().copied().rev().collect();
        let encoded = back.first().copied().unwrap_or(self.input);
        let told = self.style + CLASSES;
        AdversarialStyle {
            encoder: Hidden::new(self.input, &self.hidden, device),
            style: LinearConfig::new(encoded, self.style).init(device),
            class: LinearConfig::new(encoded, CLASSES).init(device),
            decoder: Network::new(told, &back, self.input, device),
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

impl Hidden {
    fn new(inputs: usize, widths: &[usize], device: &Device) -> Self {
        let widths = [&[inputs], widths].concat();
        let layers = widths.windows(2).map(|pair| LinearConfig::new(pair[0], pair[1]).init(device));
        Hidden { layers: layers.collect() }
    }

    fn forward(&self, x: Tensor<2>) -> Tensor<2> {
        self.layers.iter().fold(x, |x, layer| relu(layer.forward(x)))
    }
}

/// Hidden layers and an affine one.
#[derive(Module, Debug)]
struct Network {
    hidden: Hidden,
    output: Linear,
}

impl Network {
    fn new(inputs: usize, hidden: &[usize], outputs: usize, device: &Device) -> Self {
        let last = hidden.last().copied().unwrap_or(inputs);
        let output = LinearConfig::new(last, outputs).init(device);
        Network { hidden: Hidden::new(inputs, hidden, device), output }
    }

    fn forward(&self, x: Tensor<2>) -> Tensor<2> {
        self.output.forward(self.hidden.forward(x))
    }
}

#[derive(Module, Debug)]
struct Discriminator {
    network: Network,
}

/// Autoencoder whose code is a style that follows N(0, 1), and the probabilities of ten classes.
#[derive(Module, Debug)]
pub struct AdversarialStyle {
    encoder: Hidden,
    style: Linear,
    class: Linear,
    decoder: Network,
    discriminator: Discriminator,
    #[module(skip)]
    config: AdversarialStyleConfig,
}

impl AdversarialStyle {
    /// Images `[batch, input]` to codes `[batch, style + 10]`: the style, then the probabilities of the classes.
    pub fn encode(&self, images: Tensor<2>) -> Tensor<2> {
        let hidden = self.encoder.forward(images);
        let classes = softmax(self.class.forward(hidden.clone()), 1);
        Tensor::cat(vec![self.style.forward(hidden), classes], 1)
    }

    /// Codes to images.
    pub fn decode(&self, codes: Tensor<2>) -> Tensor<2> {
        sigmoid(self.decoder.forward(codes))
    }

    /// Styles with noise, and the logits of the classes; `epsilon` is drawn from N(0, 1), `[batch, style]`.
    fn draw_styles(&self, images: Tensor<2>, epsilon: Tensor<2>) -> (Tensor<2>, Tensor<2>) {
        let hidden = self.encoder.forward(images);
        let styles = self.style.forward(hidden.clone()) + epsilon * self.config.code_deviation;
        (styles, self.class.forward(hidden))
    }

    /// The logits of styles being draws from N(0, 1), given their classes, `[batch, 10]` with a 1 in each row.
    fn discriminate(&self, styles: Tensor<2>, classes: Tensor<2>) -> Tensor<2> {
        self.discriminator.network.forward(Tensor::cat(vec![styles, classes], 1))
    }

    /// The cross-entropy of telling `draws` of the prior from styles.
    fn discriminator_loss(&self, styles: Tensor<2>, draws: Tensor<2>, classes: Tensor<2>) -> Tensor<1> {
        let of_draws = log_sigmoid(self.discriminate(draws, classes.clone()));
        let of_styles = log_sigmoid(-self.discriminate(styles.detach(), classes));
        -(of_draws + of_styles).mean() / 2.0
    }

    /// The squared error, the decoder being told the class; the cross-entropy of the classes; the loss against the discriminator.
    fn autoencoder_losses(
        &self,
        images: Tensor<2>,
        (styles, logits): (Tensor<2>, Tensor<2>),
        classes: Tensor<2>,
    ) -> [Tensor<1>; 3] {
        let codes = Tensor::cat(vec![styles.clone(), classes.clone()], 1);
        let error = (self.decode(codes) - images).square().mean();
        let classification = -(log_softmax(logits, 1) * classes.clone()).sum_dim(1).mean();
        [error, classification, -log_sigmoid(self.discriminate(styles, classes)).mean()]
    }

    /// All four, added up.
    pub fn loss(&self, images: Tensor<2>, epsilon: Tensor<2>, draws: Tensor<2>, classes: Tensor<2>) -> Tensor<1> {
        let drawn = self.draw_styles(images.clone(), epsilon);
        let told = self.discriminator_loss(drawn.0.clone(), draws, classes.clone());
        self.autoencoder_losses(images, drawn, classes).into_iter().fold(told, |sum, loss| sum + loss)
    }
}

fn normal(rows: usize, width: usize, device: &Device) -> Tensor<2> {
    Tensor::random([rows, width], Distribution::Normal(0.0, 1.0), device)
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

fn train(mut model: AdversarialStyle, images: &Tensor<2>, classes: &Tensor<2>) -> AdversarialStyle {
    let (count, device) = (images.dims()[0], images.device());
    let config = model.config.clone();
    let adam = AdamConfig::new().with_epsilon(1e-8);
    let (mut of_autoencoder, mut of_discriminator) = (adam.init(), adam.init());
    for epoch in 1..=EPOCHS {
        let order = Tensor::<1>::random([count], Distribution::Default, &device).argsort(0);
        for numbers in order.split(BATCH, 0) {
            let [images, classes] = [images, classes].map(|rows| rows.clone().select(0, numbers.clone()));
            let [epsilon, draws] = [(); 2].map(|()| normal(images.dims()[0], config.style, &device));
            let drawn = model.draw_styles(images.clone(), epsilon);
            let told = model.discriminator_loss(drawn.0.clone(), draws, classes.clone());
            let gradients = GradientsParams::from_grads(told.backward(), &model.discriminator);
            let rate = LEARNING_RATE * config.discriminator_rate;
            model.discriminator = of_discriminator.step(rate, model.discriminator, gradients);

            let [error, classification, against] = model.autoencoder_losses(images, drawn, classes);
            let sum = error + classification * config.class_weight + against * config.adversarial_weight;
            let autoencoder = (model.encoder, model.style, model.class, model.decoder);
            let gradients = GradientsParams::from_grads(sum.backward(), &autoencoder);
            (model.encoder, model.style, model.class, model.decoder) =
                of_autoencoder.step(LEARNING_RATE, autoencoder, gradients);
        }
        println!("epoch {epoch} of {EPOCHS}");
    }
    model
}

/// The mean squared error of what the model makes of ten images.
fn squared_error(model: &AdversarialStyle, images: &Tensor<2>) -> f32 {
    let (model, images) = (model.valid(), images.clone().inner().narrow(0, 0, 10));
    let rebuilt = model.decode(model.encode(images.clone()));
    (rebuilt - images).square().mean().into_scalar()
}

pub fn main() -> Result<(), Box<dyn Error>> {
    let device = Device::flex().autodiff();
    let images = digits("train-images-idx3-ubyte.gz", &device)?;
    let classes = one_hot("train-labels-idx1-ubyte.gz", &device)?;
    let config = AdversarialStyleConfig::new();
    let mut model = config.init(&device);
    model.load_from(&mut SafetensorsStore::from_file("adversarial_style.safetensors"))?;
    println!("squared error {:.5}", squared_error(&model, &images));

    let model = train(model, &images, &classes);
    println!("squared error {:.5}", squared_error(&model, &images));
    let file = SafetensorsStore::from_file("adversarial_style_trained.safetensors").overwrite(true);
    let settings = format!("{{\"model\": {config}}}");
    model.save_into(&mut file.metadata("model", "adversarial_style").metadata("settings", settings))?;
    Ok(())
}
