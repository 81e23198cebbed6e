//! What a canvas of the page shows.

use bottleneck::data::IMAGE_SIDE;
use serde::Deserialize;

/// The pixels of a canvas. They are grey, so one channel says all.
#[derive(Debug, Deserialize)]
pub struct Picture {
    /// The page says that there is nothing to show.
    pub empty: bool,
    pub width: usize,
    /// Number of pixels that are not wholly transparent.
    pub opaque: usize,
    pub pixels: Vec<u8>,
}

impl Picture {
    /// Nothing is shown and nothing pretends to be.
    pub fn is_blank(&self) -> bool {
        self.empty && self.opaque == 0
    }

    /// Something bright on every pixel's ground.
    pub fn is_drawn(&self) -> bool {
        !self.empty && self.opaque == self.pixels.len() && is_inked(&self.pixels)
    }

    /// The 28x28 images that a canvas is made of, row by row.
    pub fn tiles(&self) -> Vec<Vec<u8>> {
        let across = self.width / IMAGE_SIDE;
        let down = self.pixels.len() / self.width / IMAGE_SIDE;
        let tile = |number: usize| {
            let start = number / across * IMAGE_SIDE * self.width + number % across * IMAGE_SIDE;
            (0..IMAGE_SIDE).flat_map(|row| &self.pixels[start + row * self.width..][..IMAGE_SIDE]).copied().collect()
        };
        (0..across * down).map(tile).collect()
    }

    /// The centre of mass, in pixels from the top left.
    pub fn centre(&self) -> (f64, f64) {
        let mass: f64 = self.pixels.iter().map(|&pixel| f64::from(pixel)).sum();
        let along = |position: fn(usize, usize) -> usize| {
            let moments = self.pixels.iter().enumerate();
            moments.map(|(i, &pixel)| f64::from(pixel) * (position(i, self.width) as f64 + 0.5)).sum::<f64>() / mass
        };
        (along(|i, width| i % width), along(|i, width| i / width))
    }
}

/// Whether there is a stroke in an image.
pub fn is_inked(image: &[u8]) -> bool {
    image.iter().any(|&pixel| pixel > 128)
}
