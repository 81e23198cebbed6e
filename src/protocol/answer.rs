//! What an engine answers. Errors are mean squared errors per pixel, pixels in [0, 1].

use serde::{Deserialize, Serialize};

use super::{Code, Image, Prior, StoredRun, StoredWeights};

/// What a model makes of an image.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Reconstruction {
    /// The image with its noise, clipped for display.
    pub input: Image,
    /// Of the unclipped one.
    pub input_error: f32,
    pub output: Image,
    pub output_error: f32,
    pub code: Code,
}

/// Images with one number of a code moved; `low[d]` and `high[d]` belong to dimension `d`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Traversal {
    pub low: Vec<Image>,
    pub high: Vec<Image>,
}

/// Fixed test digits, and what a model makes of them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Gallery {
    pub originals: Vec<Image>,
    pub reconstructions: Vec<Image>,
    /// Of the reconstructions shown, together.
    pub error: f32,
    /// None where PCA would need more components than are kept.
    pub pca: Option<Projections>,
}

/// What PCA makes of the digits of a gallery, with as many components as a code of the model has numbers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Projections {
    pub components: usize,
    /// Empty while the components are not there.
    pub images: Vec<Image>,
    /// Of the images shown, together.
    pub error: f32,
}

/// What a model makes of many examples. Each view is None for models that it does not suit.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Views {
    /// Where codes are points of a plane.
    pub codes: Option<CodesView>,
    /// Where codes are made to follow a distribution.
    pub prior: Option<PriorView>,
    /// Where every number of a code is an activation in [0, 1]: the shares of them in
    /// [`HISTOGRAM_BINS`](crate::analysis::histogram::HISTOGRAM_BINS) equal bins.
    pub activations: Option<Vec<f64>>,
    /// Where the model classifies: the share of the test images whose digit it tells. None while it trains, for that takes long.
    pub accuracy: Option<f64>,
}

/// Codes of two numbers, and PCA's for the same examples.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CodesView {
    pub codes: Vec<[f32; 2]>,
    /// Empty while the components are not there.
    pub pca: Vec<[f32; 2]>,
    /// The digits, 0 to 9; empty where the examples are points.
    pub labels: Vec<u8>,
}

/// Codes of test images, with the noise of training, beside as many draws of the distribution that they are made to follow.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PriorView {
    pub prior: Prior,
    /// How many numbers of a code follow it, the first of them.
    pub numbers: usize,
    /// How many numbers a code has.
    pub code: usize,
    /// The first two numbers of each code that follow it.
    pub codes: Vec<[f32; 2]>,
    /// The same two of the draws.
    pub draws: Vec<[f32; 2]>,
    /// The digits, 0 to 9, of the images, and of the draws where these are drawn by class.
    pub labels: Vec<u8>,
    /// The [energy distance](crate::analysis::energy_distance) of the codes and the draws, all their numbers together.
    pub energy_distance: f32,
    /// That of the draws and as many others: what chance makes of equal distributions.
    pub chance: f32,
    /// The mean distance of two codes over that of two draws: about 0 where all codes are in one place.
    pub spread: f32,
}

/// Weights as files.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Exported {
    /// A safetensors file.
    pub weights: Vec<u8>,
    /// The card as JSON.
    pub card: String,
}

/// What the browser's storage holds.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct SavedItems {
    pub runs: Vec<StoredRun>,
    pub weights: Vec<StoredWeights>,
}

/// A step of a Markov chain of images.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ChainImages {
    /// The image that it began from with noise.
    pub noisy: Image,
    /// The means of the next image's pixels.
    pub means: Image,
    /// The next image: drawn from the means, or the means themselves where the chain draws no pixels.
    pub drawn: Image,
}
