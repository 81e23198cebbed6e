//! A labelled slider with its value beside it.

use leptos::ev;
use leptos::prelude::*;

/// A range from `min` to `max`.
#[component]
pub fn Range(
    #[prop(into)] label: Signal<String>,
    value: RwSignal<f32>,
    #[prop(optional)] min: f32,
    #[prop(into)] max: Signal<f32>,
    step: f32,
    /// Digits after the point.
    #[prop(optional)]
    digits: usize,
    #[prop(into, optional)] testid: String,
) -> impl IntoView {
    let input = move |event: ev::Event| {
        if let Ok(number) = event_target_value(&event).parse::<f32>() {
            value.set(number.clamp(min, max.get_untracked()));
        }
    };
    view! {
        <label class="range">
            <span class="range-label">{move || label.get()}</span>
            <output class="range-value">{move || format!("{:.digits$}", value.get())}</output>
            <input
                type="range"
                min=min
                max=move || max.get()
                step=step
                prop:value=move || value.get().to_string()
                on:input=input
                data-testid=testid
            />
        </label>
    }
}
