//! What has come into view. What lies further down the page requests nothing before.

use leptos::html::Div;
use leptos::prelude::*;
use leptos_use::{UseIntersectionObserverOptions, use_intersection_observer_with_options};

/// Whether the element has been in view, or half a screen away from it; once true it stays so.
pub fn use_visibility(target: NodeRef<Div>) -> ReadSignal<bool> {
    let (visible, set_visible) = signal(false);
    // leptos-use panics without an observer; then everything counts as in view.
    if !js_sys::Reflect::has(&window(), &"IntersectionObserver".into()).unwrap_or(false) {
        set_visible.set(true);
        return visible;
    }
    let options = UseIntersectionObserverOptions::default().root_margin("50% 0px");
    use_intersection_observer_with_options(
        target,
        move |entries, observer| {
            if entries.iter().any(web_sys::IntersectionObserverEntry::is_intersecting) {
                observer.disconnect();
                set_visible.set(true);
            }
        },
        options,
    );
    visible
}
