//! What is read out of a trained model.

pub mod eigen;
pub mod energy_distance;
pub mod features;
pub mod histogram;
pub mod importance;
#[cfg(feature = "native")]
pub mod jacobian;
pub mod latent;
#[cfg(feature = "training")]
pub mod maximisation;
#[cfg(feature = "native")]
pub mod parzen;
pub mod pca;
#[cfg(feature = "engine")]
pub mod principal;
pub mod ranking;
pub mod ridge;
pub mod span;
pub mod sparseness;
pub mod subspace;
#[cfg(feature = "training")]
pub mod tsne;
