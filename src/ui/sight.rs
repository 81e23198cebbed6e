//! What has come into sight. What lies further down the page asks for nothing before.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{IntersectionObserver, IntersectionObserverEntry, IntersectionObserverInit};

use super::element::effect;

/// Whether the element with this id has been in sight, or half a screen away from it; so it stays.
pub fn in_sight(id: &'static str) -> RwSignal<bool> {
    let seen = RwSignal::new(false);
    effect(move || {
        if watch(id, seen).is_none() {
            // Without an observer everything is in sight.
            seen.set(true);
        }
    });
    seen
}

fn watch(id: &str, seen: RwSignal<bool>) -> Option<()> {
    let element = gloo::utils::document().get_element_by_id(id)?;
    let callback = Closure::<dyn Fn(js_sys::Array, IntersectionObserver)>::new(
        move |entries: js_sys::Array, observer: IntersectionObserver| {
            let mut entries = entries.iter().map(|entry| entry.unchecked_into::<IntersectionObserverEntry>());
            if entries.any(|entry| entry.is_intersecting()) {
                observer.disconnect();
                seen.set(true);
            }
        },
    );
    let options = IntersectionObserverInit::new();
    options.set_root_margin("50% 0px");
    IntersectionObserver::new_with_options(callback.as_ref().unchecked_ref(), &options).ok()?.observe(&element);
    // The chapters stay as long as the page.
    callback.forget();
    Some(())
}
