//! Debounced signals.

use std::time::Duration;

use leptos::leptos_dom::helpers::debounce;
use leptos::prelude::*;

/// The value, once it has not changed for so many milliseconds. (leptos-use's `signal_debounced` would panic where the chapter is left
/// meanwhile: unlike leptos' own `debounce`, it is not cleared with its owner.)
pub fn use_debounced<T: Clone + Send + Sync + 'static>(value: Signal<T>, milliseconds: u64) -> Signal<T> {
    let debounced = RwSignal::new(value.get_untracked());
    let mut follow = debounce(Duration::from_millis(milliseconds), move |()| debounced.set(value.get_untracked()));
    Effect::new(move |was: Option<()>| {
        value.track();
        if was.is_some() {
            follow(());
        }
    });
    debounced.into()
}
