//! A tiny classifier on few labels: an autoencoder learns from all examples, then its encoder and a softmax layer from those whose
//! class is told. The phases differ in examples, epochs and rates.
//!
//! Reference: A. Géron, "Hands-On Machine Learning" (2017), chapter 15, "Unsupervised Pretraining".

use bottleneck::models::Autoencoder;
use bottleneck::models::activations::Activations;
use bottleneck::models::autoencoder::OuterWeights;
use bottleneck::models::batch::{Batch, Loss};
use bottleneck::models::layers::{Mlp, linear};
use bottleneck::models::lesson::{Benchmark, CODE, Lesson, Preset, settings};
use bottleneck::models::objective::ReconstructionLoss;
use bottleneck::models::recipe::{Phase, Recipe};
use bottleneck::protocol::{CodeKind, ModelId, Shape};
use burn::config::Config;
use burn::module::Module;
use burn::nn::Linear;
use burn::tensor::{Device, Tensor, activation};

const CLASSES: usize = 10;

/// Examples of the second phase, and how many of them have their class told.
pub const EXAMPLES: usize = 80;
pub const LABELLED: usize = 30;

#[derive(Config, Debug)]
pub struct ClassifierConfig {
    #[config(default = 784)]
    pub input: usize,
    #[config(default = 16)]
    pub code: usize,
}

impl Default for ClassifierConfig {
    fn default() -> Self {
        Self::new()
    }
}

#[derive(Module, Debug)]
pub struct Classifier {
    encoder: Mlp,
    output: Linear,
    classes: Linear,
}

impl Autoencoder for Classifier {
    const ID: ModelId = ModelId::new("tiny-classifier");

    type Config = ClassifierConfig;

    fn init(config: &ClassifierConfig, device: &Device) -> Self {
        Classifier {
            encoder: Mlp::new(config.input, [config.code], device),
            output: linear(config.code, config.input, device),
            classes: linear(config.code, CLASSES, device),
        }
    }

    fn shape(config: &ClassifierConfig) -> Shape {
        Shape::mirrored(config.input, &[], config.code, CodeKind::Real)
    }

    fn lesson() -> Lesson<ClassifierConfig> {
        let recipe = Recipe::new(1).with_batch(20).with_examples(200);
        Lesson {
            presets: vec![Preset { name: "tiny", config: ClassifierConfig::new(), recipe }],
            settings: settings([CODE]),
            benchmarks: vec![Benchmark::squared_error(None)],
            ..Lesson::default()
        }
    }

    fn encode_by_layer(&self, inputs: Tensor<2>) -> Activations {
        self.encoder.extend(Activations::new(inputs))
    }

    fn decode_by_layer(&self, codes: Tensor<2>) -> Activations {
        Activations::new(codes).then(|codes| activation::sigmoid(self.output.forward(codes)))
    }

    fn outer_weights(&self) -> Option<OuterWeights> {
        let first = self.encoder.layers().next()?.weight.val();
        Some(OuterWeights { first, last: self.output.weight.val() })
    }

    fn phases(recipe: &Recipe, _config: &ClassifierConfig) -> Vec<Phase> {
        let fine_tuning =
            Recipe { epsilon: 1e-4, learning_rate: 5e-3, ..Recipe::new(4).with_batch(10).with_examples(EXAMPLES) };
        vec![Phase::whole(recipe), Phase { recipe: fine_tuning, labelled: LABELLED, is_balanced: false }]
    }

    fn loss(&self, batch: &Batch) -> Loss {
        let codes = self.encode(batch.input.clone());
        let part = match batch.phase {
            0 => ReconstructionLoss::CrossEntropy.part(self.output.forward(codes), batch.target.clone()),
            _ => {
                let told = batch.labels.one_hot(CLASSES, &codes.device());
                let log_shares = activation::log_softmax(self.classes.forward(codes), 1);
                // Rows whose class is not told are 0.
                let count = told.clone().sum().clamp_min(1.0);
                ("classification", -(told * log_shares).sum() / count)
            }
        };
        // Without a gradient: how far the phase is, for tests to read.
        let progress = Tensor::from_data([batch.progress], &batch.target.device());
        Loss { parts: vec![part, ("progress", progress)] }
    }
}
