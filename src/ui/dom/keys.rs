//! What a key means to the page.

use leptos::ev::KeyboardEvent;

/// The key's name; empty with Ctrl, Alt or a command key, which make it the browser's.
pub fn plain_key(event: &KeyboardEvent) -> String {
    let is_browsers = event.ctrl_key() || event.meta_key() || event.alt_key();
    if is_browsers { String::new() } else { event.key() }
}
