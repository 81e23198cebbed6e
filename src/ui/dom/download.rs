//! Offering a file for download.

use std::time::Duration;

use gloo::file::{Blob, ObjectUrl};
use leptos::prelude::{document, set_timeout};
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

/// The file's address stays valid this long.
const VALID: Duration = Duration::from_secs(60);

/// Offers `blob` as a file.
pub fn download(name: &str, blob: Blob) {
    let url = ObjectUrl::from(blob);
    let Ok(link) = document().create_element("a") else { return };
    // Two attributes of a fresh link cannot fail.
    let _ = link.set_attribute("href", &url);
    let _ = link.set_attribute("download", name);
    link.unchecked_into::<HtmlElement>().click();
    set_timeout(move || drop(url), VALID);
}
