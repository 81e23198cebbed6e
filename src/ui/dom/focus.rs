//! Moving the keyboard's focus.

use leptos::prelude::document;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

/// Sets the focus to the element with this id.
pub fn focus(id: &str) {
    if let Some(element) = document().get_element_by_id(id) {
        // Where the focus cannot follow, Tab still leads there.
        let _ = element.unchecked_into::<HtmlElement>().focus();
    }
}
