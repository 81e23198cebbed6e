//! State that links name and the address follows.

use leptos::prelude::*;

use super::router::{Query, Router};
use crate::ui::dom::debounce::use_debounced;

/// How long the address waits for a slider to rest, or a stroke to end.
pub const ADDRESS_DELAY_MS: u64 = 500;

/// What a link says under `name`; None where it says nothing.
pub fn use_linked_text(name: &'static str) -> RwSignal<Option<String>> {
    let router = expect_context::<Router>();
    // From the beginning: else the address would lose it.
    let text = RwSignal::new(router.query().get(name));
    router.on_visit(move |query| text.set(query.get(name)));
    Effect::new(move || text.with(|text| router.note(name, text.as_deref())));
    text
}

/// The number that a link gives under `name`, to two decimals, between the `limits`; `first` where it gives none.
pub fn use_linked_number(name: &'static str, first: f32, limits: (f32, f32)) -> RwSignal<f32> {
    let router = expect_context::<Router>();
    let linked =
        move |query: &Query| query.number(name).map_or(first, |number| (number as f32).clamp(limits.0, limits.1));
    let number = RwSignal::new(linked(&router.query()));
    router.on_visit(move |query| number.set(linked(query)));
    let rested = use_debounced::<f32>(number.into(), ADDRESS_DELAY_MS);
    Effect::new(move || {
        let number = rested.get();
        router.note(name, (number != first).then(|| format!("{number:.2}")).as_deref());
    });
    number
}
