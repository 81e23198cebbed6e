//! What is read out of a trained model.

pub mod latent;
