//! Either kind of examples, so that a run of a model is one type.

use super::dataset::Dataset;
use super::idx::Images;
use super::plane::Plane;

/// Images or points.
#[derive(Clone, Debug)]
pub enum AnyDataset {
    Digits(Images),
    Plane(Plane),
}

impl Dataset for AnyDataset {
    fn count(&self) -> usize {
        match self {
            AnyDataset::Digits(images) => images.count(),
            AnyDataset::Plane(plane) => plane.count(),
        }
    }

    fn width(&self) -> usize {
        match self {
            AnyDataset::Digits(images) => images.width(),
            AnyDataset::Plane(plane) => plane.width(),
        }
    }

    fn read(&self, index: usize, row: &mut [f32]) {
        match self {
            AnyDataset::Digits(images) => images.read(index, row),
            AnyDataset::Plane(plane) => plane.read(index, row),
        }
    }
}
