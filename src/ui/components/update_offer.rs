//! A new version of the page, offered while the one that is open goes on.

use leptos::ev::Event;
use leptos::leptos_dom::helpers::window_event_listener_untyped;
use leptos::prelude::*;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::ui::i18n::{t_string, use_i18n};
use crate::ui::state::engine_handle::EngineHandle;
use crate::ui::state::run::Run;

#[wasm_bindgen]
extern "C" {
    // www/offline.js
    #[wasm_bindgen(js_namespace = bottleneck, js_name = hasUpdate)]
    fn has_update() -> bool;
    #[wasm_bindgen(js_namespace = bottleneck, js_name = loadUpdate)]
    fn load_update();
}

/// Offers the version that waits, if one does; it is loaded only when a person asks for it.
#[component]
pub fn UpdateOffer() -> impl IntoView {
    let i18n = use_i18n();
    let EngineHandle { run, .. } = expect_context();
    let is_offered = RwSignal::new(has_update());
    let listener = window_event_listener_untyped("bottleneck-update", move |_: Event| is_offered.set(true));
    on_cleanup(move || listener.remove());
    let text = move || match run.with(Run::under_way) {
        Some(_) => t_string!(i18n, offline.update_later),
        None => t_string!(i18n, offline.update),
    };
    let offer = move || {
        view! {
            <div class="panel offer" data-testid="update">
                <p>{text}</p>
                <button type="button" data-testid="update-load" on:click=move |_| load_update()>
                    {move || t_string!(i18n, offline.load)}
                </button>
            </div>
        }
    };
    view! {
        <div class="offers" aria-live="polite">
            {move || is_offered.get().then(offer)}
        </div>
    }
}
