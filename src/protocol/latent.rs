//! Points of a latent space.

use serde::{Deserialize, Serialize};

/// A point of a model's latent space.
pub type Code = Vec<f32>;

/// A `side` x `side` field of images: `dimensions[0]` goes from `-extent` at the left to `extent` at the right,
/// `dimensions[1]` from `-extent` at the bottom to `extent` at the top; the others stay.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Sweep {
    pub dimensions: [usize; 2],
    pub side: usize,
    pub extent: f32,
}

impl Sweep {
    /// The values of the two dimensions in a cell, counted from the top left.
    pub fn point(&self, row: usize, column: usize) -> (f32, f32) {
        let step = 2.0 * self.extent / (self.side - 1) as f32;
        (column as f32 * step - self.extent, self.extent - row as f32 * step)
    }
}
