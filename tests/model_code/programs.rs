//! The programs in Rust: www/code/<model>.rs.

#[path = "../../www/code/adversarial.rs"]
pub mod adversarial;
#[path = "../../www/code/contractive.rs"]
pub mod contractive;
#[path = "../../www/code/convolutional.rs"]
pub mod convolutional;
#[path = "../../www/code/deep.rs"]
pub mod deep;
#[path = "../../www/code/denoising.rs"]
pub mod denoising;
#[path = "../../www/code/gsn.rs"]
pub mod gsn;
#[path = "../../www/code/layerwise.rs"]
pub mod layerwise;
#[path = "../../www/code/linear.rs"]
pub mod linear;
#[path = "../../www/code/sparse.rs"]
pub mod sparse;
#[path = "../../www/code/stacked.rs"]
pub mod stacked;
#[path = "../../www/code/tied.rs"]
pub mod tied;
#[path = "../../www/code/vae.rs"]
pub mod vae;
#[path = "../../www/code/wta.rs"]
pub mod wta;
