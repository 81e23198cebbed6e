//! One file per autoencoder: its Config, its Module, its loss, its source; what all of them share.

pub mod autoencoder;
pub mod catalogue;
pub mod deep;
pub mod denoising;
pub mod layerwise;
pub mod linear;
pub mod mlp;
pub mod recipe;
pub mod reconstruction;
pub mod sizes;
pub mod source;
pub mod sparse;
pub mod stacked;
pub mod tied;
pub mod variational;

pub use autoencoder::Autoencoder;
