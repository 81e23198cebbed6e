//! MNIST's usual split: of the 60,000 training images the first 55,000 train, the last 5,000 choose settings.

use super::dataset::Dataset;
use super::labelled::LabelledImages;

/// Images at the end of the training file that no model is trained on.
pub const VALIDATION: usize = 5_000;

/// `(train, validation)` of the training file's images.
pub fn split(images: &LabelledImages) -> (LabelledImages, LabelledImages) {
    let train = images.count().saturating_sub(VALIDATION);
    (images.slice(0..train), images.slice(train..images.count()))
}
