//! A classifier whose first layers were an encoder: an autoencoder learns from all images without their labels, then its encoder and a
//! softmax layer learn from the few whose labels are told.
//!
//! Reference: Y. Bengio et al., "Greedy Layer-Wise Training of Deep Networks" (NIPS 2006), section 4; P. Vincent et al., "Stacked
//! Denoising Autoencoders", JMLR 11 (2010), section 3.4; the notebook of A. Géron, "Hands-On Machine Learning" (2017), chapter 15,
//! "Unsupervised pretraining".

use burn::config::Config;
use burn::module::Module;
use burn::nn::Linear;
use burn::tensor::loss::cross_entropy_with_logits;
use burn::tensor::{Device, Tensor};

use super::activations::Activations;
use super::autoencoder::{Autoencoder, OuterWeights};
use super::batch::{Batch, Loss};
use super::layers::{Mlp, linear, mirrored};
use super::lesson::{Benchmark, Lesson, Measure, Preset};
use super::objective::ReconstructionLoss;
use super::recipe::{Corruption, Phase, Recipe};
use crate::protocol::{CodeKind, ModelId, Shape, settings::Setting};

/// Digits that an image can be of.
pub const CLASSES: usize = 10;

const RECONSTRUCTION: ReconstructionLoss = ReconstructionLoss::CrossEntropy;

/// Sizes of a [`Classifier`], and how it is pretrained. The recipe of its run is that of fine-tuning, and has as many examples as
/// there are labels.
#[derive(Config, Debug, PartialEq)]
pub struct ClassifierConfig {
    /// Pixels of an image.
    #[config(default = 784)]
    pub input: usize,
    /// Widths of the encoder's hidden layers; the decoder's are the same, backwards.
    #[config(default = "vec![500]")]
    pub hidden: Vec<usize>,
    /// Numbers in a code.
    #[config(default = 250)]
    pub code: usize,
    /// None: the encoder begins with random weights.
    #[config(default = "None")]
    pub pretraining: Option<Pretraining>,
    /// Whether the softmax layer alone learns from the labels.
    #[config(default = "false")]
    pub is_encoder_frozen: bool,
}

/// How the autoencoder is trained, on all images.
#[derive(Config, Debug, PartialEq, Copy)]
pub struct Pretraining {
    pub epochs: usize,
    /// Peak learning rate.
    #[config(default = 1e-3)]
    pub learning_rate: f64,
    /// Noise put on its input, the target staying clean: a denoising autoencoder. None: a plain one.
    #[config(default = "None")]
    pub corruption: Option<Corruption>,
}

impl Default for ClassifierConfig {
    fn default() -> Self {
        Self::new()
    }
}

impl ClassifierConfig {
    /// A model with random weights: the same encoder for one seed, whether it is pretrained or not.
    pub fn init(&self, device: &Device) -> Classifier {
        let (encoder, decoder, output) = mirrored(self.input, &self.hidden, self.code, device);
        Classifier {
            encoder,
            decoder,
            output,
            classes: linear(self.code, CLASSES, device),
            is_pretrained: self.pretraining.is_some(),
            is_encoder_frozen: self.is_encoder_frozen,
        }
    }
}

/// Stacked autoencoder, and a softmax layer on its codes.
#[derive(Module, Debug)]
pub struct Classifier {
    encoder: Mlp,
    decoder: Mlp,
    output: Linear,
    classes: Linear,
    #[module(skip)]
    is_pretrained: bool,
    #[module(skip)]
    is_encoder_frozen: bool,
}

impl Classifier {
    /// Codes `[batch, code]` to what the decoder's last layer gives, `[batch, input]`.
    fn outputs(&self, codes: Tensor<2>) -> Tensor<2> {
        self.output.forward(self.decoder.forward(codes))
    }

    /// Whether `phase` is the one without labels.
    fn is_pretraining(&self, phase: usize) -> bool {
        self.is_pretrained && phase == 0
    }
}

impl Autoencoder for Classifier {
    const ID: ModelId = ModelId::new("classifier");

    type Config = ClassifierConfig;

    fn init(config: &ClassifierConfig, device: &Device) -> Self {
        config.init(device)
    }

    fn shape(config: &ClassifierConfig) -> Shape {
        Shape::mirrored(config.input, &config.hidden, config.code, CodeKind::Real)
    }

    fn lesson() -> Lesson<ClassifierConfig> {
        let noise = Corruption { sigma: 0.0, dropout: 0.5, varied: false, gaussian: 0.0, masking: 1.0, both: 0.0 };
        let preset = |name, pretraining, is_encoder_frozen| Preset {
            name,
            config: ClassifierConfig::new().with_pretraining(pretraining).with_is_encoder_frozen(is_encoder_frozen),
            recipe: Recipe::new(200).with_batch(50).with_examples(100),
        };
        let plain = Some(Pretraining::new(10));
        let denoising = Some(Pretraining::new(10).with_corruption(Some(noise)));
        Lesson {
            presets: vec![
                preset("denoising_tuned", denoising, false),
                preset("denoising_frozen", denoising, true),
                preset("stacked_tuned", plain, false),
                preset("stacked_frozen", plain, true),
                preset("scratch", None, false),
            ],
            settings: vec![
                Setting::count("labels", "/recipe/examples", (10.0, 55_000.0)),
                Setting::number("learning_rate", "/recipe/learning_rate", (1e-6, 1.0)),
                Setting::count("tuning_epochs", "/recipe/epochs", (1.0, 1_000.0)),
                Setting::count("batch", "/recipe/batch", (1.0, 2_000.0)).on_demand(),
                Setting::count("pretraining_epochs", "/model/pretraining/epochs", (1.0, 1_000.0)),
                Setting::number("pretraining_rate", "/model/pretraining/learning_rate", (1e-6, 1.0)).on_demand(),
                Setting::number("dropout", "/model/pretraining/corruption/dropout", (0.0, 0.95)),
                Setting::count("seed", "/seed", (0.0, 4_294_967_295.0)),
            ],
            benchmarks: vec![Benchmark { name: "accuracy", measure: Measure::Accuracy, at_most: None, at_least: None }],
            // It is no autoencoder once it is tuned.
            is_in_laboratory: false,
            ..Lesson::default()
        }
    }

    /// The autoencoder learns from all images; then as many are drawn as have their label told, the same number of each
    /// digit as long as there are enough.
    fn phases(recipe: &Recipe, config: &ClassifierConfig) -> Vec<Phase> {
        let pretraining = config.pretraining.map(|Pretraining { epochs, learning_rate, corruption }| {
            Phase::whole(&Recipe::new(epochs).with_learning_rate(learning_rate).with_corruption(corruption))
        });
        pretraining.into_iter().chain([Phase { is_balanced: true, ..Phase::whole(recipe) }]).collect()
    }

    /// The codes of a frozen encoder stay what they are.
    fn phase_inputs(&self, examples: Tensor<2>, phase: usize) -> Option<Tensor<2>> {
        (self.is_encoder_frozen && !self.is_pretraining(phase)).then(|| self.encode(examples))
    }

    /// The reconstruction; then the cross-entropy of the label under the softmax of the class scores, -log p(label), in nats.
    fn loss(&self, batch: &Batch) -> Loss {
        let Batch { input, target, labels, phase, .. } = batch.clone();
        if self.is_pretraining(phase) {
            return Loss { parts: vec![RECONSTRUCTION.part(self.outputs(self.encode(input)), target)] };
        }
        let codes = if self.is_encoder_frozen { input } else { self.encode(input) };
        let labels = labels.one_hot(CLASSES, &codes.device());
        Loss { parts: vec![("classification", cross_entropy_with_logits(self.classes.forward(codes), labels))] }
    }

    fn encode_by_layer(&self, inputs: Tensor<2>) -> Activations {
        self.encoder.extend(Activations::new(inputs))
    }

    /// By the decoder as pretraining left it: where the encoder has been tuned since, or there was none, the images are odd.
    fn decode_by_layer(&self, codes: Tensor<2>) -> Activations {
        let hidden = self.decoder.extend(Activations::new(codes));
        hidden.then_activated(|hidden| self.output.forward(hidden), |outputs| RECONSTRUCTION.pixels(outputs))
    }

    fn outer_weights(&self) -> Option<OuterWeights> {
        let first = self.encoder.layers().next()?.weight.val();
        Some(OuterWeights { first, last: self.output.weight.val() })
    }

    fn classify(&self, inputs: Tensor<2>) -> Option<Tensor<2>> {
        Some(self.classes.forward(self.encode(inputs)))
    }
}
