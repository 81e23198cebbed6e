//! The page's own controls.

pub mod compared;
pub mod draw_canvas;
pub mod field;
pub mod generated;
pub mod hourglass;
pub mod kept_weights;
pub mod latent_slider;
pub mod loss_chart;
pub mod model_pictures;
pub mod model_tabs;
pub mod picture;
pub mod plot;
pub mod range;
pub mod run_controls;
pub mod scatter;
pub mod settings_form;
pub mod test_digit;
pub mod views;
