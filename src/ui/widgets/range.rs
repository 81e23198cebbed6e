//! A labelled slider with its value beside it.

use leptos::prelude::*;

use super::super::element::{El, Words, el, value_of, words};
use super::super::number::number;

/// A range from `min` to `max`, its value shown with so many `digits` after the point.
pub fn range(
    testid: &'static str,
    label: Words,
    value: RwSignal<f32>,
    (min, max): (f32, Signal<f32>),
    (step, digits): (f32, usize),
) -> El {
    let input = move |event| {
        if let Some(number) = number(&value_of(&event)) {
            value.set((number as f32).clamp(min, max.get_untracked()));
        }
    };
    el("label", "range").children([
        el("span", "range-label").text(label),
        el("output", "range-value").text(words(move || format!("{:.digits$}", value.get()))),
        el("input", "")
            .set("type", "range")
            .set("min", min)
            .live("max", move || max.get().to_string())
            .set("step", step)
            .prop("value", move || value.get().to_string())
            .on("input", input)
            .set("data-testid", testid),
    ])
}
