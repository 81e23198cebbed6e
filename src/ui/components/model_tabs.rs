//! One tab per model.

use leptos::ev::KeyboardEvent;
use leptos::prelude::*;

use crate::protocol::ModelId;
use crate::ui::dom::focus::focus;
use crate::ui::dom::keys::plain_key;
use crate::ui::i18n::{t_string, use_i18n};
use crate::ui::state::content::Content;
use crate::ui::state::training_setup::TrainingSetup;

/// The id of the panel whose model the tabs choose.
pub const PANEL: &str = "train-panel";

/// The id of a model's tab.
pub fn tab_id(model: ModelId) -> String {
    format!("tab-{}", model.name())
}

/// The tabs; arrow keys, Home and End go from one to another.
#[component]
pub fn ModelTabs(setup: TrainingSetup, models: Vec<ModelId>) -> impl IntoView {
    let i18n = use_i18n();
    let content = expect_context::<Content>();
    let model = setup.model;
    let order = models.clone();
    let key_down = move |event: KeyboardEvent| {
        let count = order.len();
        let at = order.iter().position(|&tab| tab == model.get_untracked()).unwrap_or_default();
        let next = match plain_key(&event).as_str() {
            "ArrowRight" | "ArrowDown" => (at + 1) % count,
            "ArrowLeft" | "ArrowUp" => (at + count - 1) % count,
            "Home" => 0,
            "End" => count - 1,
            _ => return,
        };
        event.prevent_default();
        setup.choose_model(order[next]);
        focus(&tab_id(order[next]));
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
                on:click=move |_| setup.choose_model(tab)
            >
                {move || content.model_name(tab)}
            </button>
        }
    };
    view! {
        <div class="tabs" role="tablist" aria-label=move || t_string!(i18n, train.models) on:keydown=key_down>
            {models.into_iter().map(tab).collect_view()}
        </div>
    }
}
