//! Images with their classes.

use std::ops::Range;
use std::sync::Arc;

use super::dataset::Dataset;
use super::idx::{IdxError, Images};

/// MNIST's images and, where they are known, their digits. Clones and slices share both.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LabelledImages {
    pub images: Images,
    /// One for each image from `first` on, or none at all.
    labels: Arc<[u8]>,
    first: usize,
}

impl LabelledImages {
    /// # Errors
    /// [`IdxError::Counts`] where there is not one label for each image.
    pub fn new(images: Images, labels: Vec<u8>) -> Result<Self, IdxError> {
        match labels.len() == images.count() {
            true => Ok(LabelledImages { images, labels: labels.into(), first: 0 }),
            false => Err(IdxError::Counts { images: images.count(), labels: labels.len() }),
        }
    }

    /// Images without labels.
    pub fn unlabelled(images: Images) -> Self {
        LabelledImages { images, labels: Arc::new([]), first: 0 }
    }

    /// Those of `range`.
    pub fn slice(&self, range: Range<usize>) -> Self {
        let first = self.first + range.start;
        LabelledImages { images: self.images.slice(range), labels: self.labels.clone(), first }
    }
}

impl Dataset for LabelledImages {
    fn count(&self) -> usize {
        self.images.count()
    }

    fn width(&self) -> usize {
        self.images.width()
    }

    fn read(&self, index: usize, row: &mut [f32]) {
        self.images.read(index, row);
    }

    fn label(&self, index: usize) -> Option<u8> {
        self.labels.get(self.first + index).copied()
    }
}
