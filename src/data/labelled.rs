//! Images with their classes.

use std::ops::Range;
use std::sync::Arc;

use super::dataset::Dataset;
use super::idx::{IdxError, Images, parse_images, parse_labels};

/// MNIST's images and, where they are known, their digits. Clones and slices share both.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LabelledImages {
    pub images: Images,
    /// One for each image from `first` on, or none at all.
    labels: Arc<[u8]>,
    first: usize,
}

/// Why a set's two IDX files cannot be used, by the file at fault.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SetError {
    Images(IdxError),
    Labels(IdxError),
}

impl LabelledImages {
    /// The images of a set's two IDX files, unpacked.
    ///
    /// # Errors
    /// Says which file does not parse; that of the labels, where there is not one for each image.
    pub fn parse(images: &[u8], labels: &[u8]) -> Result<Self, SetError> {
        let images = parse_images(images).map_err(SetError::Images)?;
        parse_labels(labels).and_then(|labels| Self::new(images, labels)).map_err(SetError::Labels)
    }

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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::PIXELS;

    fn file(words: &[u32], bytes: usize) -> Vec<u8> {
        words.iter().flat_map(|word| word.to_be_bytes()).chain(std::iter::repeat_n(7, bytes)).collect()
    }

    #[test]
    fn the_file_at_fault_is_named() {
        let (images, labels) = (file(&[2051, 3, 28, 28], 3 * PIXELS), file(&[2049, 3], 3));
        let set = LabelledImages::parse(&images, &labels).unwrap();
        assert_eq!((set.count(), set.label(2)), (3, Some(7)));

        let cut = LabelledImages::parse(&images[..20], &labels);
        assert_eq!(cut, Err(SetError::Images(IdxError::Truncated { found: 20, expected: 2368 })));
        let cut = LabelledImages::parse(&images, &labels[..9]);
        assert_eq!(cut, Err(SetError::Labels(IdxError::Truncated { found: 9, expected: 11 })));
        let few = LabelledImages::parse(&images, &file(&[2049, 2], 2));
        assert_eq!(few, Err(SetError::Labels(IdxError::Counts { images: 3, labels: 2 })));
    }
}
