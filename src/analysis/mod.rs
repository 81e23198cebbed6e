//! What is read out of a trained model.

pub mod eigen;
pub mod histogram;
pub mod latent;
pub mod pca;
#[cfg(feature = "engine")]
pub mod principal;
pub mod span;
