//! The page. It names neither burn nor a worker: it requests from the engine's client and draws the answers.
//!
//! `state` and `charts::layout` hold what is plain computing: it compiles and is tested natively. The rest needs a browser.

#[cfg(all(target_family = "wasm", feature = "ui"))]
mod app;
#[cfg(all(target_family = "wasm", feature = "ui"))]
mod chapters;
/// Plots, point clouds and drawings of networks.
pub mod charts;
#[cfg(all(target_family = "wasm", feature = "ui"))]
mod components;
#[cfg(all(target_family = "wasm", feature = "ui"))]
mod dom;
/// Numbers as the page writes them.
pub mod format;
#[cfg(all(target_family = "wasm", feature = "ui"))]
mod i18n;
/// What the page knows, apart from how it looks.
pub mod state;

/// Puts the page in place of its shell.
#[cfg(all(target_family = "wasm", feature = "ui"))]
pub fn run() {
    console_error_panic_hook::set_once();
    if let Some(shell) = leptos::prelude::document().get_element_by_id("shell") {
        shell.remove();
    }
    leptos::mount::mount_to_body(app::App);
}
