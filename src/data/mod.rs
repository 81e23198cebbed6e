//! What the models see: MNIST's files, drawings, noise, batches. No burn, no web.

pub mod balanced;
pub mod batches;
pub mod dataset;
pub mod drawing;
pub mod idx;
pub mod labelled;
pub mod noise;
pub mod plane;
pub mod random;
pub mod split;

/// Width and height of an image, in pixels.
pub const IMAGE_SIDE: usize = 28;
/// Pixels of an image, row by row from the top left.
pub const PIXELS: usize = IMAGE_SIDE * IMAGE_SIDE;
