//! What an engine answers.

use serde::{Deserialize, Serialize};

use super::{Code, Image, StoredRun, StoredWeights};

/// The answer to a [`Command`] of the same name. Errors are mean squared errors per pixel, pixels in [0, 1].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Answer {
    TestDigit {
        image: Image,
    },
    /// `input` is the image with its noise, clipped for display; its error is that of the unclipped one.
    Reconstruct {
        input: Image,
        input_error: f32,
        output: Image,
        output_error: f32,
        code: Code,
    },
    Decode {
        images: Vec<Image>,
    },
    /// `low[d]` and `high[d]` belong to dimension `d`.
    Traverse {
        low: Vec<Image>,
        high: Vec<Image>,
    },
    /// Row by row from the top left.
    Sweep {
        images: Vec<Image>,
    },
    Gallery {
        originals: Vec<Image>,
        reconstructions: Vec<Image>,
        /// Of the reconstructions shown, together.
        error: f32,
        /// None where PCA would need more components than are kept.
        pca: Option<Projections>,
    },
    Views(Views),
    /// Names, and the settings as JSON; the first is how the shipped weights were trained.
    Presets {
        presets: Vec<(String, String)>,
    },
    Stored {
        runs: Vec<StoredRun>,
        weights: Vec<StoredWeights>,
    },
    /// The card is JSON.
    Exported {
        weights: Vec<u8>,
        card: String,
    },
    /// It is done; nothing is to be told.
    Done,
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
    /// Where every number of a code is an activation in [0, 1]: the shares of them in
    /// [`HISTOGRAM_BINS`](crate::analysis::histogram::HISTOGRAM_BINS) equal bins.
    pub activations: Option<Vec<f64>>,
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
