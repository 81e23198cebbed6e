//! One file per autoencoder: its Config, its Module, its loss, its source; what all of them share.

#[cfg(feature = "engine")]
pub mod autoencoder;
pub mod card;
pub mod catalogue;
#[cfg(feature = "engine")]
pub mod deep;
#[cfg(feature = "engine")]
pub mod denoising;
pub mod knob;
#[cfg(feature = "engine")]
pub mod layerwise;
#[cfg(feature = "engine")]
pub mod linear;
#[cfg(feature = "engine")]
pub mod mlp;
pub mod progress;
#[cfg(feature = "engine")]
pub mod recipe;
#[cfg(feature = "engine")]
pub mod reconstruction;
#[cfg(feature = "engine")]
pub mod sizes;
#[cfg(feature = "engine")]
pub mod source;
#[cfg(feature = "engine")]
pub mod sparse;
#[cfg(feature = "engine")]
pub mod stacked;
#[cfg(feature = "engine")]
pub mod tied;
#[cfg(feature = "engine")]
pub mod variational;
pub mod weights;

#[cfg(feature = "engine")]
pub use autoencoder::Autoencoder;
