//! One file per chapter of the page.

pub mod denoising;
pub mod train;
pub mod variational;
