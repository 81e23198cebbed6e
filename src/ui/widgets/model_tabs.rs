//! One tab a model.

use leptos::prelude::*;
use web_sys::KeyboardEvent;

use super::super::element::{El, cast, el, focus, words};
use super::super::language::{t_string, use_i18n};
use super::super::sentence::model_name;
use crate::protocol::ModelId;

/// The id of the panel whose model the tabs choose.
pub const PANEL: &str = "train-panel";

/// The tabs; arrow keys, Home and End go from one to another.
pub fn model_tabs(model: RwSignal<ModelId>) -> El {
    let i18n = use_i18n();
    let key_down = move |event| {
        let event: KeyboardEvent = cast(event);
        let count = ModelId::ALL.len();
        let at = model.get_untracked() as usize;
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
    let tabs = ModelId::ALL.map(|tab| {
        let chosen = move || model.get() == tab;
        el("button", "tab")
            .set("type", "button")
            .set("role", "tab")
            .set("id", tab_id(tab))
            .set("data-testid", format!("model-{}", tab.name()))
            .set("aria-controls", PANEL)
            .live("aria-selected", move || chosen().to_string())
            .live("tabindex", move || if chosen() { "0" } else { "-1" })
            .on("click", move |_| model.set(tab))
            .text(words(move || model_name(i18n, tab)))
    });
    el("div", "tabs")
        .set("role", "tablist")
        .label(words(move || t_string!(i18n, train.models)))
        .on("keydown", key_down)
        .children(tabs)
}

/// The id of a model's tab.
pub fn tab_id(model: ModelId) -> String {
    format!("tab-{}", model.name())
}
