//! A model's network with its name and the widths of its layers.

use leptos::prelude::*;

use super::explained::Explained;
use crate::protocol::{ModelId, Reconstruction};
use crate::ui::charts::network::NetworkDrawing;
use crate::ui::format::layer_widths;
use crate::ui::i18n::{t_string, use_i18n};
use crate::ui::state::content::Content;
use crate::ui::state::engine_handle::EngineHandle;

/// The shipped network. In a grid it lies in the `area`. Each `result` is seen to pass through its layers.
#[component]
pub fn ModelDrawing(
    #[prop(into)] model: Signal<ModelId>,
    area: &'static str,
    result: RwSignal<Option<Reconstruction>>,
) -> impl IntoView {
    let i18n = use_i18n();
    let content = expect_context::<Content>();
    let engine = expect_context::<EngineHandle>();
    let shape = Memo::new(move |_| engine.shipped_shape(model.get()));
    let name = move || content.model_name(model.get());
    let widths =
        move || shape.with(|shape| shape.as_ref().map(|shape| layer_widths(&shape.layers)).unwrap_or_default());
    view! {
        <div class="through" style=format!("grid-area:{area}")>
            <span class="through-name" aria-hidden="true">{name}</span>
            <NetworkDrawing shape=shape label=name result=result />
            <span class="through-sizes">
                <Explained
                    testid=format!("{area}-widths")
                    text=widths
                    about=move || t_string!(i18n, about.widths)
                />
            </span>
        </div>
    }
}
