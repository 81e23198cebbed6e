//! The page. It names neither burn nor a worker: it puts questions to the engine's client and draws the answers.

mod app;
mod cards;
mod chapters;
mod content;
mod drawing;
mod element;
mod header;
mod lab;
mod language;
mod latent;
mod number;
mod rebuilt;
mod route;
mod sentence;
mod sight;
mod theme;
mod training;
mod troubles;
mod widgets;

// Made by build.rs from locales/*.json.
include!(concat!(env!("OUT_DIR"), "/i18n.rs"));

/// Puts the page in place of its shell.
pub fn run() {
    console_error_panic_hook::set_once();
    if let Some(shell) = gloo::utils::document().get_element_by_id("shell") {
        shell.remove();
    }
    leptos::mount::mount_to_body(app::app);
}
