//! The trait of all autoencoders, what they share, and one file per paper.

pub mod activations;
pub mod autoencoder;
pub mod batch;
pub mod catalogue;
pub mod convolutions;
pub mod discriminator;
pub mod layers;
pub mod lesson;
pub mod objective;
pub mod optimisers;
pub mod priors;
pub mod recipe;
pub mod relu_network;
pub mod sampler;
pub mod settings;
pub mod winners;

pub mod adversarial;
pub mod adversarial_style;
pub mod classifier;
pub mod contractive;
pub mod contractive_stacked;
pub mod convolutional;
pub mod convolutional_denoising;
pub mod deep;
pub mod denoising;
pub mod gsn;
pub mod layerwise;
pub mod linear;
pub mod sparse;
pub mod stacked;
pub mod tied;
pub mod variational;
pub mod winner_take_all;
pub mod winner_take_all_convolutional;

pub use autoencoder::Autoencoder;

/// Whether this program trains. The one that every visitor of the page gets does not: all that training needs is as much again, and
/// is left out where it cannot be reached.
pub const TRAINS: bool = cfg!(feature = "training");
