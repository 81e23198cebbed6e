//! What a model learns from.

use serde::{Deserialize, Serialize};

/// Examples that the project has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Source {
    /// MNIST's images, 784 pixels in [0, 1].
    Digits,
    /// Points of three coordinates about a tilted plane.
    Plane,
}
