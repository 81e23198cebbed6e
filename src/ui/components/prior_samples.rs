//! Digits at codes drawn from the prior.

use leptos::ev::KeyboardEvent;
use leptos::html::Div;
use leptos::prelude::*;

use super::picture::Picture;
use crate::protocol::{Code, ModelId};
use crate::ui::dom::focus::focus;
use crate::ui::dom::keys::plain_key;
use crate::ui::dom::visibility::use_visibility;
use crate::ui::i18n::{t_string, use_i18n};
use crate::ui::state::latent::draw_from_prior;
use crate::ui::state::requests::use_samples;

const COUNT: usize = 60;

fn id_of(number: usize) -> String {
    format!("prior-{number}")
}

/// The model's digits at codes of its prior; a click on one sets `code` to its own.
#[component]
pub fn PriorSamples(model: ModelId, code: RwSignal<Code>) -> impl IntoView {
    let i18n = use_i18n();
    let size = code.with_untracked(Vec::len);
    let draw = move || (0..COUNT).map(|_| draw_from_prior(size, js_sys::Math::random)).collect::<Vec<_>>();
    let codes = RwSignal::new(draw());
    let panel = NodeRef::<Div>::new();
    let samples = use_samples(model, codes, use_visibility(panel));
    // One stop for the Tab key, at which arrow keys go from digit to digit.
    let stop = RwSignal::new(0);
    let key_down = move |event: KeyboardEvent| {
        let at = stop.get_untracked();
        let next = match plain_key(&event).as_str() {
            "ArrowRight" | "ArrowDown" => (at + 1) % COUNT,
            "ArrowLeft" | "ArrowUp" => (at + COUNT - 1) % COUNT,
            _ => return,
        };
        event.prevent_default();
        stop.set(next);
        focus(&id_of(next));
    };
    let digit = move |number: usize| {
        let image = Signal::derive(move || samples.with(|(images, _)| images.get(number).cloned()));
        let go = move |_| {
            if let Some(to) = samples.with_untracked(|(_, codes)| codes.get(number).cloned()) {
                code.set(to);
            }
        };
        view! {
            <button
                type="button"
                class="image-button"
                id=id_of(number)
                tabindex=move || if stop.get() == number { "0" } else { "-1" }
                on:click=go
            >
                <Picture image=image label=move || t_string!(i18n, latent.many_one, number = number + 1) />
            </button>
        }
    };
    view! {
        <div class="panel prior-samples" id="prior-samples" node_ref=panel>
            <div class="prior-head">
                <h2>{move || t_string!(i18n, latent.many)}</h2>
                <p class="hint">{move || t_string!(i18n, latent.many_hint)}</p>
                <button type="button" data-testid="many-again" on:click=move |_| codes.set(draw())>
                    {move || t_string!(i18n, latent.many_again)}
                </button>
            </div>
            <div class="prior-digits" on:keydown=key_down>
                {(0..COUNT).map(digit).collect_view()}
            </div>
        </div>
    }
}
