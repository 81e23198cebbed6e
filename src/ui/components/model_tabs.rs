//! One tab a model.

use leptos::ev::KeyboardEvent;
use leptos::prelude::*;

use crate::protocol::ModelId;
use crate::ui::dom::focus::focus;
use crate::ui::i18n::messages::model_name;
use crate::ui::i18n::{t_string, use_i18n};

/// The id of the panel whose model the tabs choose.
pub const PANEL: &str = "train-panel";

/// The id of a model's tab.
pub fn tab_id(model: ModelId) -> String {
    format!("tab-{}", model.name())
}

/// The tabs; arrow keys, Home and End go from one to another.
#[component]
pub fn ModelTabs(model: RwSignal<ModelId>) -> impl IntoView {
    let i18n = use_i18n();
    let key_down = move |event: KeyboardEvent| {
        let count = ModelId::ALL.len();
        let at = ModelId::ALL.iter().position(|&tab| tab == model.get_untracked()).unwrap_or_default();
        let next = match event.key().as_str() {
            "ArrowRight" | "ArrowDown" => (at + 1) % count,
            "ArrowLeft" | "ArrowUp" => (at + count - 1) % count,
            "Home" => 0,
            "End" => count - 1,
            _ => return,
        };
        event.prevent_default();
        model.set(ModelId::ALL[next]);
        focus(&tab_id(ModelId::ALL[next]));
    };
    let tab = move |tab: ModelId| {
        let is_chosen = move || model.get() == tab;
        view! {
            <button
                type="button"
                class="tab"
                role="tab"
                id=tab_id(tab)
                data-testid=format!("model-{}", tab.name())
                aria-controls=PANEL
                aria-selected=move || is_chosen().to_string()
                tabindex=move || if is_chosen() { "0" } else { "-1" }
                on:click=move |_| model.set(tab)
            >
                {move || model_name(i18n, tab)}
            </button>
        }
    };
    view! {
        <div class="tabs" role="tablist" aria-label=move || t_string!(i18n, train.models) on:keydown=key_down>
            {ModelId::ALL.map(tab).into_iter().collect_view()}
        </div>
    }
}
