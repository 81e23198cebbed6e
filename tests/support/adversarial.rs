//! A tiny adversarial autoencoder: three optimisers in alternation, and labels.
//!
//! Reference: A. Makhzani et al., "Adversarial Autoencoders" (2015), sections 2 and 2.3.

use bottleneck::models::Autoencoder;
use bottleneck::models::activations::Activations;
use bottleneck::models::autoencoder::OuterWeights;
use bottleneck::models::batch::{Batch, Loss};
use bottleneck::models::layers::{Mlp, linear};
use bottleneck::models::lesson::{Benchmark, CODE, Lesson, Preset, settings};
use bottleneck::models::objective::cross_entropy;
use bottleneck::models::optimisers::Optimisers;
use bottleneck::models::recipe::Recipe;
use bottleneck::protocol::{CodeKind, ModelId, Shape};
use burn::config::Config;
use burn::module::Module;
use burn::nn::Linear;
use burn::nn::loss::{MseLoss, Reduction};
use burn::tensor::{Device, Tensor, activation};

const CLASSES: usize = 10;

#[derive(Config, Debug)]
pub struct AdversarialConfig {
    #[config(default = 784)]
    pub input: usize,
    #[config(default = 12)]
    pub hidden: usize,
    #[config(default = 2)]
    pub code: usize,
}

impl Default for AdversarialConfig {
    fn default() -> Self {
        Self::new()
    }
}

#[derive(Module, Debug)]
pub struct Adversarial {
    encoder: Encoder,
    decoder: Encoder,
    discriminator: Encoder,
}

/// A hidden layer and a linear one.
#[derive(Module, Debug)]
pub struct Encoder {
    hidden: Mlp,
    output: Linear,
}

impl Encoder {
    fn new(inputs: usize, hidden: usize, outputs: usize, device: &Device) -> Self {
        Encoder { hidden: Mlp::new(inputs, [hidden], device), output: linear(hidden, outputs, device) }
    }

    fn by_layer(&self, inputs: Tensor<2>) -> Activations {
        self.hidden.extend(Activations::new(inputs)).then(|hidden| self.output.forward(hidden))
    }

    fn forward(&self, inputs: Tensor<2>) -> Tensor<2> {
        self.by_layer(inputs).last()
    }
}

impl Autoencoder for Adversarial {
    const ID: ModelId = ModelId::new("tiny-adversarial");

    type Config = AdversarialConfig;

    fn init(config: &AdversarialConfig, device: &Device) -> Self {
        let AdversarialConfig { input, hidden, code } = *config;
        Adversarial {
            encoder: Encoder::new(input, hidden, code, device),
            decoder: Encoder::new(code, hidden, input, device),
            discriminator: Encoder::new(code + CLASSES, hidden, 1, device),
        }
    }

    fn shape(config: &AdversarialConfig) -> Shape {
        Shape::mirrored(config.input, &[config.hidden], config.code, CodeKind::Normal)
    }

    fn lesson() -> Lesson<AdversarialConfig> {
        let recipe = Recipe::new(2).with_batch(20).with_examples(200);
        Lesson {
            presets: vec![Preset { name: "tiny", config: AdversarialConfig::new(), recipe }],
            settings: settings([CODE]),
            benchmarks: vec![Benchmark::squared_error(None)],
            ..Lesson::default()
        }
    }

    fn encode_by_layer(&self, inputs: Tensor<2>) -> Activations {
        self.encoder.by_layer(inputs)
    }

    fn decode_by_layer(&self, codes: Tensor<2>) -> Activations {
        let hidden = self.decoder.hidden.extend(Activations::new(codes));
        hidden.then(|hidden| activation::sigmoid(self.decoder.output.forward(hidden)))
    }

    fn outer_weights(&self) -> Option<OuterWeights> {
        let first = self.encoder.hidden.layers().next()?.weight.val();
        Some(OuterWeights { first, last: self.decoder.output.weight.val() })
    }

    fn loss(&self, batch: &Batch) -> Loss {
        let codes = self.encode(batch.input.clone());
        let reconstruction = MseLoss::new().forward(self.decode(codes.clone()), batch.target.clone(), Reduction::Mean);
        Loss { parts: vec![("squared_error", reconstruction), ("generator", self.adversarial(batch, codes, 1.0))] }
    }

    fn step(mut self, batch: &Batch, optimisers: &mut Optimisers) -> (Self, Loss) {
        let output = self.reconstruct(batch.input.clone());
        let reconstruction = MseLoss::new().forward(output, batch.target.clone(), Reduction::Mean);
        (self.encoder, self.decoder) =
            optimisers.step("reconstruction", (self.encoder, self.decoder), reconstruction.clone());

        let codes = Tensor::from_inner(self.encoder.valid().forward(batch.input.clone().inner()));
        let drawn = batch.sampler.normal(codes.dims());
        let discriminate =
            |model: &Self| model.adversarial(batch, drawn.clone(), 1.0) + model.adversarial(batch, codes.clone(), 0.0);
        // Twice a batch: its optimiser's steps are not those of the others.
        let first = discriminate(&self);
        self.discriminator = optimisers.step("discriminator", self.discriminator, first);
        let discriminator = discriminate(&self);
        self.discriminator = optimisers.step("discriminator", self.discriminator, discriminator.clone());

        let generator = self.adversarial(batch, self.encode(batch.input.clone()), 1.0);
        self.encoder = optimisers.step("generator", self.encoder, generator.clone());
        let parts = vec![("squared_error", reconstruction), ("discriminator", discriminator), ("generator", generator)];
        (self, Loss { parts })
    }
}

impl Adversarial {
    /// How far the discriminator is from taking `codes`, beside their classes, for `real` (1) or not (0).
    fn adversarial(&self, batch: &Batch, codes: Tensor<2>, real: f64) -> Tensor<1> {
        let classes = batch.labels.one_hot(CLASSES, &codes.device());
        let logits = self.discriminator.forward(Tensor::cat(vec![codes, classes], 1));
        let target = logits.zeros_like() + real;
        cross_entropy(logits, target).mean()
    }
}
