//! The page's own controls.

pub mod draw_canvas;
pub mod field;
pub mod hourglass;
pub mod latent_slider;
pub mod picture;
pub mod range;
