//! A labelled slider with its value beside it.

use leptos::prelude::*;

use super::explained::Explanation;
use crate::ui::dom::number::parse_number;

/// A range from `min` to `max`, what it sets, its value shown with so many `digits` after the point.
#[component]
pub fn Range(
    testid: &'static str,
    #[prop(into)] label: TextProp,
    #[prop(into)] about: TextProp,
    value: RwSignal<f32>,
    #[prop(default = 0.0)] min: f32,
    #[prop(into)] max: Signal<f32>,
    step: f32,
    #[prop(default = 0)] digits: usize,
) -> impl IntoView {
    let input = move |event| {
        if let Some(number) = parse_number(&event_target_value(&event)) {
            value.set((number as f32).clamp(min, max.get_untracked()));
        }
    };
    let explanation = format!("{testid}-about");
    let described_by = explanation.clone();
    // A label names the first field within it, which is the output.
    let name = format!("{testid}-name");
    let named_by = name.clone();
    view! {
        <div class="explains">
            <Explanation id=explanation about=about />
            <label class="range">
                <span class="range-label explained-name" id=name>{move || label.get()}</span>
                <output class="range-value" aria-live="off">{move || format!("{:.digits$}", value.get())}</output>
                <input
                    type="range"
                    min=min
                    max=max
                    step=step
                    prop:value=move || value.get().to_string()
                    on:input=input
                    data-testid=testid
                    aria-labelledby=named_by
                    aria-describedby=described_by
                />
            </label>
        </div>
    }
}
