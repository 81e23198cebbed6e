//! The convolutional winner-take-all autoencoder: each map keeps its largest number alone, and that only for the images of a batch for which
//! it is among the largest. What is learnt without a label is a dictionary of strokes, each of which may be anywhere in an image.
//!
//! Reference: A. Makhzani, B. Frey, "Winner-Take-All Autoencoders", NIPS 2015, section 3. Their encoder has two convolutions
//! of smaller filters (not checked against the paper's text); here it has one, for a CPU's sake.

use burn::config::Config;
use burn::module::{Module, Param};
use burn::nn::Initializer;
use burn::nn::conv::{Conv2d, ConvTranspose2d, ConvTranspose2dConfig};
use burn::nn::loss::{MseLoss, Reduction};
use burn::nn::pool::{MaxPool2d, MaxPool2dConfig};
use burn::tensor::activation::relu;
use burn::tensor::{Device, Tensor};

use super::activations::Activations;
use super::autoencoder::{Autoencoder, OuterWeights, WHOLE};
use super::batch::{Batch, Loss};
use super::convolutions::{convolution, maps, numbers, outer_weights};
use super::lesson::{Benchmark, Lesson, Measure, Preset, settings};
use super::optimisers::Optimisers;
use super::recipe::Recipe;
use super::winners::{LIFETIME_SPARSITY, Winners, followed, is_below, thresholds};
use crate::data::{IMAGE_SIDE, PIXELS};
use crate::protocol::settings::Setting;
use crate::protocol::{CodeKind, MapSize, ModelId, Shape};

const MAPS: Setting = Setting::count("maps", "/model/maps", (1.0, 128.0));

/// Side of the encoder's filters, and of the decoder's, the dictionary: that of the paper's dictionary.
const KERNEL: usize = 11;
/// Standard deviation of the dictionary's first weights. Only the winners are added up in a pixel: He's, for sums over all maps and places,
/// would be less than half of it.
const DICTIONARY_DEVIATION: f64 = 0.03;
/// Of the squares whose largest number is a feature: their side, and how far they are from each other.
const POOLING: usize = 5;
const POOLING_STRIDE: usize = 3;
/// What a feature must exceed, as a multiple of the root mean square of all maps at its place.
const FEATURE_THRESHOLD: f64 = 1.0;
/// Is added to that root mean square, in units of the maps' thresholds: where nearly nothing is, no map counts.
const LEAST_BESIDE: f64 = 0.1;
/// The least that features are divided by, or nearly: an image in which nothing is found has none, not 0 / 0.
const LEAST_SIZE: f64 = 1e-6;

/// Sizes of a [`ConvolutionalWinnerTakeAll`], and its sparsity.
#[derive(Config, Debug, PartialEq)]
pub struct ConvolutionalWinnerTakeAllConfig {
    /// Maps of the code, 28 x 28, and strokes in the dictionary.
    #[config(default = 128)]
    pub maps: usize,
    /// The share of a batch's images that each map may answer in training, in (0, 1).
    #[config(default = 0.05)]
    pub lifetime_sparsity: f64,
}

impl Default for ConvolutionalWinnerTakeAllConfig {
    fn default() -> Self {
        Self::new()
    }
}

impl ConvolutionalWinnerTakeAllConfig {
    /// A model with random weights.
    pub fn init(&self, device: &Device) -> ConvolutionalWinnerTakeAll {
        let dictionary = Initializer::Normal { mean: 0.0, std: DICTIONARY_DEVIATION };
        let decoder = ConvTranspose2dConfig::new([self.maps, 1], [KERNEL; 2]).with_padding([KERNEL / 2; 2]);
        let mut decoder = decoder.with_initializer(dictionary).init(device);
        decoder.bias = Some(Initializer::Zeros.init([1], device));
        ConvolutionalWinnerTakeAll {
            encoder: convolution(1, self.maps, KERNEL, device),
            decoder,
            threshold: thresholds(self.maps, device),
            pooling: MaxPool2dConfig::new([POOLING; 2]).with_strides([POOLING_STRIDE; 2]).init(),
            lifetime_sparsity: self.lifetime_sparsity,
        }
    }
}

/// Autoencoder of a convolution with ReLU, whose maps are the code, and a transposed convolution, which is linear.
#[derive(Module, Debug)]
pub struct ConvolutionalWinnerTakeAll {
    encoder: Conv2d,
    decoder: ConvTranspose2d,
    /// See [`thresholds`], `[maps]`.
    threshold: Param<Tensor<1>>,
    pooling: MaxPool2d,
    #[module(skip)]
    lifetime_sparsity: f64,
}

/// The largest number of each map, `[batch, maps, side, side]` to `[batch, maps]`.
pub fn largest_of_maps(codes: Tensor<4>) -> Tensor<2> {
    codes.flatten::<3>(2, 3).max_dim(2).squeeze_dim(2)
}

/// Spatial sparsity: maps `[batch, maps, side, side]`, whose numbers are at least 0, with 0 in place of all but the largest number of each, and
/// in place of that too where `is_kept`, `[batch, maps]`, is 0. Equal ones are kept together.
pub fn spatially_sparse(codes: Tensor<4>, is_kept: Tensor<2>) -> Tensor<4> {
    let [batch, maps, ..] = codes.dims();
    let fixed = codes.clone().detach();
    let largest = largest_of_maps(fixed.clone()).reshape([batch, maps, 1, 1]);
    let is_largest = fixed.ones_like() - is_below(&largest, &fixed);
    codes * is_largest * is_kept.reshape([batch, maps, 1, 1])
}

impl ConvolutionalWinnerTakeAll {
    /// The maps of the code to pixels, `[batch, maps, 28, 28]` to `[batch, 784]`: the sum of the strokes of the dictionary, each where its map
    /// has a number, times that, and a bias.
    pub fn pixels(&self, codes: Tensor<4>) -> Tensor<2> {
        numbers(self.decoder.forward(codes))
    }

    /// What counts of codes `[batch, maps * 784]` in use: of each map its largest number, if that exceeds the map's threshold. In training the
    /// other images of the batch decide instead, of which there are none in use.
    ///
    /// Gradients are those of the largest numbers, above the thresholds or not, as with a straight-through estimator (Y. Bengio, N. Léonard,
    /// A. Courville, "Estimating or Propagating Gradients Through Stochastic Neurons", arXiv:1308.3432): else gradient ascent on the pixels
    /// would find no direction where no map counts, as in most dark images.
    pub fn above_threshold(&self, codes: Tensor<2>) -> Tensor<2> {
        let codes = maps(codes, IMAGE_SIDE);
        let largest = largest_of_maps(codes.clone().detach());
        let is_above = largest.greater(self.threshold.val().unsqueeze()).float();
        let winners = spatially_sparse(codes, is_above.ones_like());
        let fixed = winners.clone().detach();
        let [batch, maps] = is_above.dims();
        numbers(fixed.clone() * is_above.reshape([batch, maps, 1, 1]) + (winners - fixed))
    }

    /// The squared error per pixel of the reconstruction by the winners alone, and those.
    fn reconstruction(&self, batch: &Batch) -> (Loss, Winners) {
        let codes = maps(self.encode(batch.input.clone()), IMAGE_SIDE);
        let count = Winners::count(self.lifetime_sparsity, codes.dims()[0]);
        let winners = Winners::of(largest_of_maps(codes.clone().detach()), count);
        let outputs = self.pixels(spatially_sparse(codes, winners.mask.clone()));
        let error = MseLoss::new().forward(outputs, batch.target.clone(), Reduction::Mean);
        (Loss { parts: vec![("squared_error", error)] }, winners)
    }
}

impl Autoencoder for ConvolutionalWinnerTakeAll {
    const ID: ModelId = ModelId::new("wta_convolutional");

    type Config = ConvolutionalWinnerTakeAllConfig;

    fn init(config: &ConvolutionalWinnerTakeAllConfig, device: &Device) -> Self {
        config.init(device)
    }

    /// The layer after the code is its winners.
    fn shape(config: &ConvolutionalWinnerTakeAllConfig) -> Shape {
        let code = MapSize { maps: config.maps, side: IMAGE_SIDE };
        let kind = CodeKind::Images { channels: code.maps, height: code.side, width: code.side };
        let layers = vec![PIXELS, code.numbers(), code.numbers(), PIXELS];
        let maps = [None, Some(code), Some(code), None];
        Shape { layers, ..Shape::mirrored(PIXELS, &[], code.numbers(), kind) }.with_maps(maps)
    }

    fn lesson() -> Lesson<ConvolutionalWinnerTakeAllConfig> {
        let recipe = |examples, epochs, rate| {
            Recipe::new(epochs).with_batch(100).with_learning_rate(rate).with_examples(examples)
        };
        let small = ConvolutionalWinnerTakeAllConfig::new().with_maps(32);
        Lesson {
            presets: vec![
                Preset {
                    name: "best",
                    config: ConvolutionalWinnerTakeAllConfig::new(),
                    recipe: recipe(10_000, 6, 3e-3),
                },
                Preset { name: "small", config: small, recipe: recipe(2_000, 5, 1e-2) },
            ],
            settings: settings([MAPS, LIFETIME_SPARSITY]),
            benchmarks: vec![
                Benchmark::squared_error(None),
                Benchmark {
                    name: "support_vector_machine_error",
                    measure: Measure::SupportVectorMachineError,
                    at_most: Some(0.008),
                    at_least: None,
                },
            ],
            ..Lesson::default()
        }
    }

    fn loss(&self, batch: &Batch) -> Loss {
        self.reconstruction(batch).0
    }

    /// The thresholds follow the batches that are learnt from.
    fn step(self, batch: &Batch, optimisers: &mut Optimisers) -> (Self, Loss) {
        let (loss, winners) = self.reconstruction(batch);
        let mut model = optimisers.step(WHOLE, self, loss.total());
        model.threshold = followed(model.threshold, winners.weakest);
        (model, loss)
    }

    /// The maps, `[batch, maps * 784]`, at least 0. No number is held back.
    fn encode_by_layer(&self, inputs: Tensor<2>) -> Activations {
        let layer = |input| numbers(self.encoder.forward(maps(input, IMAGE_SIDE)));
        Activations::new(inputs).then_activated(layer, relu)
    }

    /// The winners, `[batch, maps * 784]`, then the outputs.
    fn decode_by_layer(&self, codes: Tensor<2>) -> Activations {
        Activations::new(codes)
            .then_activated(|codes| codes, |codes| self.above_threshold(codes))
            .then(|winners| self.pixels(maps(winners, IMAGE_SIDE)))
    }

    /// The maximum of the code over squares of each map, as the paper's features, `[batch, maps * 64]`, but of what is ours, not the paper's:
    /// each map in units of its threshold, divided by the root mean square of all maps at the same place. Of that only what exceeds 1 counts,
    /// since no gradient lowers what does not win, so that most numbers are above 0. At the end all are divided by the image's root mean
    /// square.
    ///
    /// The division is a divisive normalisation as in K. Jarrett et al., "What is the Best Multi-Stage Architecture for Object Recognition?",
    /// ICCV 2009, without its window; the threshold is that of A. Coates, A. Ng, "The Importance of Encoding Versus Training with Sparse Coding
    /// and Vector Quantization", ICML 2011.
    fn features(&self, codes: Tensor<2>) -> Tensor<2> {
        let codes = maps(codes, IMAGE_SIDE) / self.threshold.val().clamp_min(LEAST_SIZE).reshape([1, -1, 1, 1]);
        let beside = codes.clone().square().mean_dim(1).sqrt() + LEAST_BESIDE;
        let features = numbers(relu(self.pooling.forward(codes / beside) - FEATURE_THRESHOLD));
        let size = features.clone().square().mean_dim(1).sqrt();
        features / (size + LEAST_SIZE)
    }

    /// The decoder's are the dictionary.
    fn outer_weights(&self) -> Option<OuterWeights> {
        Some(outer_weights(&self.encoder, &self.decoder))
    }
}
