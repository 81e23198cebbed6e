//! One dimension of a code: a slider, and at each end the image that it leads to.

use leptos::ev;
use leptos::prelude::*;

use super::super::latent::{EXTENT, STEP, set_dimension};
use super::picture::Picture;
use crate::engine::protocol::Image;

/// The slider of `dimension`; a double click sets it back to 0.
#[component]
pub fn LatentSlider(
    code: RwSignal<Vec<f32>>,
    dimension: usize,
    #[prop(into)] low: Signal<Option<Image>>,
    #[prop(into)] high: Signal<Option<Image>>,
    #[prop(into)] low_label: Signal<String>,
    #[prop(into)] high_label: Signal<String>,
    #[prop(into)] label: Signal<String>,
    #[prop(into)] hint: Signal<String>,
) -> impl IntoView {
    let value = move || code.with(|code| code[dimension]);
    let input = move |event: ev::Event| {
        if let Ok(z) = event_target_value(&event).parse() {
            set_dimension(code, dimension, z);
        }
    };
    let go = move |z: f32| move |_| set_dimension(code, dimension, z);
    view! {
        <div class="latent-slider">
            <button class="leads-to" tabindex="-1" title=move || low_label.get() on:click=go(-EXTENT)>
                <Picture image=low label=low_label />
            </button>
            <span class="latent-track">
                <span class="latent-name" aria-hidden="true">
                    <span>"z"<sub>{dimension}</sub></span>
                    <output>{move || format!("{:.2}", value())}</output>
                </span>
                <input
                    type="range"
                    min=-EXTENT
                    max=EXTENT
                    step=STEP
                    title=move || hint.get()
                    aria-label=move || label.get()
                    data-testid=format!("latent-{dimension}")
                    prop:value=move || value().to_string()
                    on:input=input
                    on:dblclick=move |_| set_dimension(code, dimension, 0.0)
                />
            </span>
            <button class="leads-to" tabindex="-1" title=move || high_label.get() on:click=go(EXTENT)>
                <Picture image=high label=high_label />
            </button>
        </div>
    }
}
