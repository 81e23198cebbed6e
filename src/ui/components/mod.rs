//! The page's own controls.

pub mod alerts;
pub mod contents;
pub mod draw_canvas;
pub mod draw_panel;
pub mod header;
pub mod latent_slider;
pub mod model_choice;
pub mod model_drawing;
pub mod model_pictures;
pub mod model_tabs;
pub mod model_views;
pub mod offline_files;
pub mod picture;
pub mod prior_samples;
pub mod range;
pub mod run_controls;
pub mod run_status;
pub mod saved_weights;
pub mod settings_form;
pub mod share_tools;
pub mod status_line;
pub mod step;
pub mod sweep_grid;
pub mod training_panel;
pub mod unfinished_runs;
pub mod update_offer;
