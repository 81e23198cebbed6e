//! What of the site is kept on the device, and all of it when a person wants that.

use leptos::ev::Event;
use leptos::leptos_dom::helpers::window_event_listener_untyped;
use leptos::prelude::*;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::ui::i18n::{t_string, use_i18n};

#[wasm_bindgen]
extern "C" {
    // www/offline.js: a word and two numbers, `keeping 12.3 46.0`; empty where nothing can be kept.
    #[wasm_bindgen(js_namespace = bottleneck, js_name = filesState)]
    fn files_state() -> String;
    #[wasm_bindgen(js_namespace = bottleneck, js_name = updateFilesState)]
    fn update_files_state();
    #[wasm_bindgen(js_namespace = bottleneck, js_name = keepEverything)]
    fn keep_everything();
}

/// How many megabytes are kept of how many, and a button that has the rest fetched; nothing where the browser keeps nothing.
#[component]
pub fn OfflineFiles() -> impl IntoView {
    let i18n = use_i18n();
    let state = RwSignal::new(files_state());
    let listener = window_event_listener_untyped("bottleneck-files", move |_: Event| state.set(files_state()));
    on_cleanup(move || listener.remove());
    update_files_state();
    let word = move |at: usize| state.with(|state| state.split(' ').nth(at).unwrap_or_default().to_string());
    let kind = Memo::new(move |_| word(0));
    let text = move || {
        let (kept, total) = (word(1), word(2));
        match word(0).as_str() {
            "all" => t_string!(i18n, offline.all, total = total),
            "full" => t_string!(i18n, offline.full, kept = kept, total = total),
            "failed" => t_string!(i18n, offline.failed, kept = kept, total = total),
            _ => t_string!(i18n, offline.kept, kept = kept, total = total),
        }
    };
    let is = move |other: &'static str| kind.with(|kind| kind == other);
    let panel = move || {
        view! {
            <div class="offline-files" data-testid="offline" data-state=kind>
                // A count that moves is not read aloud, its end is.
                <p aria-live=move || if is("keeping") { "off" } else { "polite" }>{text}</p>
                <button
                    type="button"
                    data-testid="offline-keep"
                    hidden=move || is("all")
                    disabled=move || is("keeping")
                    on:click=move |_| keep_everything()
                >
                    {move || t_string!(i18n, offline.keep)}
                </button>
            </div>
        }
    };
    let can_keep = Memo::new(move |_| !is(""));
    view! { {move || can_keep.get().then(panel)} }
}
