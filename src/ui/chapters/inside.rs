//! The chapter's figure: a look inside any model.

use leptos::prelude::*;

use super::STACKED;
use crate::protocol::{ModelDescription, ModelId};
use crate::ui::components::inside::InsideViews;
use crate::ui::components::model_choice::{ModelList, use_linked_model};
use crate::ui::state::engine_handle::EngineHandle;

/// One view at a time of one model, as soon as the engine has told its models.
#[component]
pub fn InsideFigure() -> impl IntoView {
    let engine = expect_context::<EngineHandle>();
    view! {
        <figure class="figure inside panel">
            <Show
                when=move || !engine.models.with(Vec::is_empty)
                fallback=move || view! { <div class="inside-loading" hidden=move || engine.is_stopped()></div> }
            >
                <ChosenViews />
            </Show>
        </figure>
    }
}

/// The models of the laboratory to choose from, and the views of the one that is chosen.
#[component]
fn ChosenViews() -> impl IntoView {
    let engine = expect_context::<EngineHandle>();
    let is_listed = |description: &&ModelDescription| description.is_in_laboratory;
    let models: Vec<ModelId> = engine
        .models
        .with_untracked(|models| models.iter().filter(is_listed).map(|description| description.model).collect());
    // The first of the catalogue has a code of two numbers, and little to look at.
    let model = use_linked_model(models.clone(), STACKED);
    view! {
        <ModelList models=models model=model />
        <InsideViews model=model />
    }
}
