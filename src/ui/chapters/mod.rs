//! The page's chapters.

pub mod denoising;
pub mod train;
pub mod variational;
