//! What the page knows, apart from how it looks.

/// The errors shown to the person, and what each led to.
pub mod alerts;
#[cfg(all(target_family = "wasm", feature = "ui"))]
pub mod answers;
#[cfg(all(target_family = "wasm", feature = "ui"))]
pub mod chapter_text;
#[cfg(all(target_family = "wasm", feature = "ui"))]
pub mod content;
/// The drawing as a list of actions.
pub mod drawing;
/// A drawing in a link.
pub mod drawing_link;
#[cfg(all(target_family = "wasm", feature = "ui"))]
pub mod engine_handle;
/// Pictures as an animated GIF.
#[cfg(any(feature = "ui", feature = "native"))]
pub mod film;
/// The views into a model.
pub mod inside_view;
/// A point of the latent space, and how a link holds it.
pub mod latent;
#[cfg(all(target_family = "wasm", feature = "ui"))]
pub mod linked;
/// The engine's files on their way.
pub mod loads;
/// A model as a program in Python or Rust.
pub mod model_code;
#[cfg(all(target_family = "wasm", feature = "ui"))]
pub mod model_input;
/// The models side by side.
pub mod model_table;
/// The noise of a run's settings.
pub mod noise;
#[cfg(all(target_family = "wasm", feature = "ui"))]
pub mod requests;
/// What the page measures for the answers of exercises.
pub mod results;
/// Hash routes as text.
pub mod route;
#[cfg(all(target_family = "wasm", feature = "ui"))]
pub mod router;
/// A training run, folded from its reports.
pub mod run;
#[cfg(all(target_family = "wasm", feature = "ui"))]
pub mod saved_items;
/// The settings of a run in a link.
pub mod settings_link;
#[cfg(all(target_family = "wasm", feature = "ui"))]
pub mod site_files;
#[cfg(all(target_family = "wasm", feature = "ui"))]
pub mod theme;
#[cfg(all(target_family = "wasm", feature = "ui"))]
pub mod training_setup;
