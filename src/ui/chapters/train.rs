//! Choose a model, set it up, train it, and watch it learn.

use std::cell::Cell;

use leptos::html::Div;
use leptos::prelude::*;

use crate::protocol::{Card, ModelId};
use crate::ui::charts::comparison::Comparison;
use crate::ui::charts::loss_chart::LossChart;
use crate::ui::charts::network::NetworkDrawing;
use crate::ui::components::model_pictures::{DrawingPictures, Galleries};
use crate::ui::components::model_tabs::{ModelTabs, PANEL, tab_id};
use crate::ui::components::model_views::ModelViews;
use crate::ui::components::run_controls::RunControls;
use crate::ui::components::run_status::RunStatus;
use crate::ui::components::saved_weights::SavedWeights;
use crate::ui::components::settings_form::SettingsForm;
use crate::ui::components::unfinished_runs::UnfinishedRuns;
use crate::ui::dom::visibility::use_visibility;
use crate::ui::format::{four_digits, layer_widths};
use crate::ui::i18n::{I18n, t_string, use_i18n};
use crate::ui::state::content::Content;
use crate::ui::state::engine_handle::EngineHandle;
use crate::ui::state::model_input::ModelInput;
use crate::ui::state::route::{Chapter, Visit};
use crate::ui::state::router::{Router, query_value};
use crate::ui::state::run::Run;
use crate::ui::state::saved_items::SavedItems;
use crate::ui::state::site_files::{use_card, use_comparisons};
use crate::ui::state::training_setup::TrainingSetup;

/// The model's name in links.
const KEY: &str = "model";

#[component]
pub fn TrainChapter() -> impl IntoView {
    let i18n = use_i18n();
    let engine = expect_context::<EngineHandle>();
    view! {
        <section class="chapter" id=Chapter::Train.name()>
            <div class="lead">
                <h2>{move || t_string!(i18n, train.title)}</h2>
                <p>{move || t_string!(i18n, train.lead)}</p>
            </div>
            <Show
                when=move || !engine.models.with(Vec::is_empty)
                fallback=move || view! { <div class="train-loading" hidden=move || engine.is_stopped()></div> }
            >
                <TrainingPanel />
            </Show>
            <Corrections />
        </section>
    }
}

/// The models that the engine has told: one is chosen, set up and trained.
#[component]
fn TrainingPanel() -> impl IntoView {
    let i18n = use_i18n();
    let setup = use_linked_setup();
    let model = setup.model;
    let saved = SavedItems::new(setup);
    let ModelInput(image) = expect_context();
    let panel = NodeRef::<Div>::new();
    let visible = use_visibility(panel);
    let comparisons = use_comparisons(visible);
    let other = move || match setup.engine.run.with(Run::under_way) {
        Some(trained) if trained != model.get() => t_string!(i18n, train.other),
        _ => "",
    };
    view! {
        <UnfinishedRuns saved=saved />
        <ModelTabs model=model />
        <div
            class="train-bench"
            id=PANEL
            node_ref=panel
            role="tabpanel"
            aria-labelledby=move || tab_id(model.get())
        >
            <div class="panel train-settings">
                <About setup=setup />
                <SettingsForm setup=setup />
                <RunControls setup=setup />
                <p class="hint">{other}</p>
            </div>
            <div class="panel train-live">
                <RunStatus />
                <LossChart />
            </div>
            <div class="panel train-pictures">
                <Galleries model=model visible=visible />
                <DrawingPictures model=model drawn=image.into() visible=visible />
            </div>
            <div class="panel train-views">
                <ModelViews model=model visible=visible comparisons=comparisons />
                <Comparison model=model comparisons=comparisons />
            </div>
            <div class="panel train-weights">
                <SavedWeights saved=saved />
            </div>
        </div>
    }
}

/// Where the models differ from the notebook that they follow.
#[component]
fn Corrections() -> impl IntoView {
    let content = expect_context::<Content>();
    view! {
        <details class="corrections" hidden=move || content.text("/corrections/title").is_empty()>
            <summary>{move || content.text("/corrections/title")}</summary>
            <p>{move || content.text("/corrections/lead")}</p>
            <ul>
                <li>{move || content.text("/corrections/items/0")}</li>
                <li>{move || content.text("/corrections/items/1")}</li>
                <li>{move || content.text("/corrections/items/2")}</li>
            </ul>
        </details>
    }
}

/// What the model is: in a sentence, drawn, and in figures.
#[component]
fn About(setup: TrainingSetup) -> impl IntoView {
    let i18n = use_i18n();
    let content = expect_context::<Content>();
    let card = use_card(setup.model.into());
    let name = move || content.model_name(setup.model.get());
    let widths = move || setup.shape.with(|shape| shape.as_ref().map(|shape| layer_widths(&shape.layers)));
    view! {
        <div class="about">
            <p>{move || content.text(&format!("/about/{}", setup.model.get().name()))}</p>
            <div class="through">
                <NetworkDrawing shape=setup.shape label=name />
                <span class="through-sizes">{widths}</span>
            </div>
            <p class="hint">{move || card.with(|card| card.as_ref().map(|card| figures(i18n, content, card)))}</p>
        </div>
    }
}

/// What the card tells of the model on the test set: its figures, as far as there is a text about them.
fn figures(i18n: I18n, content: Content, card: &Card) -> String {
    let figure = |(name, &value): (&String, &f64)| {
        let text = content.text(&format!("/figures/{name}"));
        (!text.is_empty()).then(|| text.replace("{value}", &four_digits(value)))
    };
    let parameters = t_string!(i18n, train.parameters, count = card.parameters);
    [parameters].into_iter().chain(card.metrics.iter().filter_map(figure)).collect::<Vec<_>>().join(" ")
}

/// The setup of the model that the link names; the link follows the model, and the model a link.
fn use_linked_setup() -> TrainingSetup {
    let router = expect_context::<Router>();
    let engine = expect_context::<EngineHandle>();
    let known = move |visit: &Visit| model_of(visit).filter(|&model| engine.describe(model).is_some());
    let first = engine.models.with_untracked(|models| models[0].model);
    let setup = TrainingSetup::new(engine, router.visited.with_untracked(known).unwrap_or(first));
    let is_first = Cell::new(true);
    Effect::new(move || {
        let model = setup.model.get();
        if !is_first.replace(false) {
            router.note(Chapter::Train, Some((KEY, model.name())));
        }
    });
    Effect::new(move || {
        let named = router.visited.with(known);
        if let Some(model) = named.filter(|model| *model != setup.model.get_untracked()) {
            setup.model.set(model);
        }
    });
    setup
}

fn model_of(visit: &Visit) -> Option<ModelId> {
    let name = query_value(&visit.query, KEY).filter(|_| visit.chapter == Some(Chapter::Train))?;
    Some(ModelId::named(&name))
}
