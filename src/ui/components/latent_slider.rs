//! One dimension of a code: a slider, and at each end the image that it leads to.

use leptos::prelude::*;

use super::picture::Picture;
use crate::protocol::{Code, Image};
use crate::ui::dom::number::parse_number;
use crate::ui::i18n::{t_string, use_i18n};
use crate::ui::state::latent::{EXTENT, STEP, clamp};

/// The slider of `dimension`, between the images at its ends; a double click sets it back to 0.
#[component]
pub fn LatentSlider(
    code: RwSignal<Code>,
    dimension: usize,
    #[prop(into)] low: Signal<Option<Image>>,
    #[prop(into)] high: Signal<Option<Image>>,
) -> impl IntoView {
    let i18n = use_i18n();
    let value = move || code.with(|code| code[dimension]);
    let set = move |z: f32| code.update(|code| code[dimension] = clamp(z));
    let input = move |event| {
        if let Some(z) = parse_number(&event_target_value(&event)) {
            set(z as f32);
        }
    };
    let low_label = move || t_string!(i18n, latent.low, dimension = dimension);
    let high_label = move || t_string!(i18n, latent.high, dimension = dimension);
    view! {
        <div class="latent-slider">
            <button type="button" class="image-button" tabindex="-1" on:click=move |_| set(-EXTENT)>
                <Picture image=low label=low_label />
            </button>
            <span class="latent-track">
                <span class="latent-name" aria-hidden="true">
                    <span>"z"<sub>{dimension}</sub></span>
                    <output>{move || format!("{:.2}", value()).replace('-', "−")}</output>
                </span>
                <input
                    type="range"
                    min=-EXTENT
                    max=EXTENT
                    step=STEP
                    aria-label=move || t_string!(i18n, latent.slider, dimension = dimension)
                    data-testid=format!("latent-{dimension}")
                    prop:value=move || value().to_string()
                    on:input=input
                    on:dblclick=move |_| set(0.0)
                />
            </span>
            <button type="button" class="image-button" tabindex="-1" on:click=move |_| set(EXTENT)>
                <Picture image=high label=high_label />
            </button>
        </div>
    }
}
