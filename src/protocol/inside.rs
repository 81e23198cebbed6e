//! What an engine answers about the inside of a model. Layers are counted from 0, the input; test images by their place in the set.

use serde::{Deserialize, Serialize};

use super::{Code, Image};

/// How well the test images are rebuilt: mean squared errors per pixel, pixels in [0, 1].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TestErrors {
    /// Of each test image.
    pub errors: Vec<f32>,
    /// Its digit.
    pub labels: Vec<u8>,
    /// Of the images of each digit, 0 to 9.
    pub class_means: Vec<f32>,
    /// All test images by their error, the largest first.
    pub worst: Vec<u32>,
}

/// Test images, and what a model makes of them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RebuiltImages {
    pub originals: Vec<Image>,
    pub reconstructions: Vec<Image>,
    /// Mean squared errors per pixel.
    pub errors: Vec<f32>,
}

/// The end of a network whose weights are looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum FeatureSide {
    /// What each unit of the first layer looks for.
    Encoder,
    /// What each unit of the last hidden layer adds to the output.
    Decoder,
}

/// What units are sorted by, the largest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum FeatureOrder {
    /// The length of a unit's weights.
    Norm,
    /// Its mean activation over the test images.
    Usage,
}

/// Weights as images, some of them, in order.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Features {
    /// How many units there are, or maps.
    pub units: u32,
    /// Which of the layers they are.
    pub layer: u32,
    /// All but one in 200 of the weights of all units are between this and its negative: the ends of a scale that all share.
    pub scale: f32,
    pub tiles: Vec<Feature>,
}

/// The weights between a unit and the pixels; the filter between a map and the image.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Feature {
    pub unit: u32,
    pub norm: f32,
    /// The unit's mean activation over the test images, or the map's; over the first 1,000 of them where the layer has more numbers than
    /// [`WIDEST`](super::WIDEST).
    pub usage: f32,
    /// Of a square, row by row: 784 of a unit.
    pub weights: Vec<f32>,
}

/// The test images that activate a unit most, and its activations over all of them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TopImages {
    /// The one of the largest activation first.
    pub images: Vec<TopImage>,
    /// Of the activations over all test images.
    pub mean: f32,
    pub least: f32,
    pub largest: f32,
    /// The share of the test images in each of 20 equal bins between the two.
    pub histogram: Vec<f64>,
}

/// A test image, and how it activates a unit.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TopImage {
    pub number: u32,
    pub image: Image,
    pub label: u8,
    pub activation: f32,
    /// What the unit's activation function gives that for, where its layer keeps it, else the same.
    pub before_activation: f32,
}

/// How an image is made to activate a unit (D. Erhan et al., "Visualizing Higher-Layer Features of a Deep Network", 2009, with the
/// regularisation of J. Yosinski et al., "Understanding Neural Networks Through Deep Visualization", 2015): steps along the gradient of its activation.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Ascent {
    /// How far a step goes, the length of its change of the 784 pixels.
    pub step_size: f32,
    /// The share that every pixel loses in a step, in [0, 1).
    pub decay: f32,
    /// The standard deviation, in pixels, of the Gaussian that blurs the image after a step; 0 is none.
    pub blur: f32,
}

impl Default for Ascent {
    fn default() -> Self {
        Ascent { step_size: 1.0, decay: 0.01, blur: 0.3 }
    }
}

/// An image on its way.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Maximised {
    /// 784, in [0, 1], row by row.
    pub pixels: Vec<f32>,
    /// The unit's, for this image.
    pub activation: f32,
    /// As a [`TopImage`]'s: it tells images apart for which a sigmoid gives 1.
    pub before_activation: f32,
}

/// All test images' codes as points.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CodeMap {
    pub points: Vec<[f32; 2]>,
    /// The digits.
    pub labels: Vec<u8>,
    /// None where the points do not lie in a plane of the code space, as t-SNE's, and those of codes that are wide maps, of which the largest
    /// numbers alone count.
    pub plane: Option<CodePlane>,
    /// Steps done, and to be done in all; both 0 where there are none to do.
    pub progress: (u32, u32),
}

/// The plane through `centre` along two directions: the point (x, y) is the code centre + x axes\[0\] + y axes\[1\].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CodePlane {
    pub centre: Code,
    pub axes: [Code; 2],
    /// The share of the codes' variance that lies along it.
    pub explained: f32,
}
