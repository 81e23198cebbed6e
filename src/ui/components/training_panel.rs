//! Choose a model, set it up, train it, and watch it learn.

use leptos::html::Div;
use leptos::prelude::*;
use wasm_split_helpers::{SplitLoaderError, wasm_split};

use super::code_plane::FigureViews;
use super::explained::Explained;
use super::inside::FoldedViews;
use super::model_code::ModelCode;
use super::model_pictures::{DrawingPictures, Galleries};
use super::model_tabs::{ModelTabs, PANEL, tab_id};
use super::model_views::ModelViews;
use super::part::Part;
use super::run_controls::RunControls;
use super::run_status::RunStatus;
use super::saved_weights::SavedWeights;
use super::settings_form::SettingsForm;
use super::unfinished_runs::UnfinishedRuns;
use crate::protocol::{Card, ModelDescription, ModelId};
use crate::ui::charts::comparison::Comparison;
use crate::ui::charts::loss_chart::LossChart;
use crate::ui::charts::network::NetworkDrawing;
use crate::ui::dom::visibility::use_visibility;
use crate::ui::format::{four_digits, grouped, layer_widths};
use crate::ui::i18n::{I18n, t_string, use_i18n};
use crate::ui::state::content::Content;
use crate::ui::state::engine_handle::EngineHandle;
use crate::ui::state::model_input::ModelInput;
use crate::ui::state::run::Run;
use crate::ui::state::saved_items::SavedItems;
use crate::ui::state::site_files::{use_card, use_comparisons};
use crate::ui::state::training_setup::TrainingSetup;

/// The training panel for `models`, all where none are named. It is in a part of the program.
#[component]
pub fn TrainingSection(models: &'static [ModelId]) -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <section class="training" id="training" aria-label=move || t_string!(i18n, train.section)>
            <Part preload=load_training view=move || training_panel(models) loading=TrainingPlace />
        </section>
    }
}

/// The place of the panel until it is there.
#[component]
fn TrainingPlace() -> impl IntoView {
    let engine = expect_context::<EngineHandle>();
    view! { <div class="train-loading" hidden=move || engine.is_stopped()></div> }
}

/// The panel as soon as the engine has told its models.
#[wasm_split(training, fallible, preload(load_training))]
fn training_panel(models: &'static [ModelId]) -> Result<AnyView, SplitLoaderError> {
    let engine = expect_context::<EngineHandle>();
    Ok(view! {
        <Show when=move || !engine.models.with(Vec::is_empty) fallback=TrainingPlace>
            <TrainingPanel models=models />
        </Show>
    }
    .into_any())
}

#[component]
fn TrainingPanel(models: &'static [ModelId]) -> impl IntoView {
    let i18n = use_i18n();
    let is_laboratory = models.is_empty();
    let engine = expect_context::<EngineHandle>();
    let is_listed = |description: &&ModelDescription| match is_laboratory {
        true => description.is_in_laboratory,
        false => models.contains(&description.model),
    };
    let models: Vec<ModelId> = engine
        .models
        .with_untracked(|models| models.iter().filter(is_listed).map(|description| description.model).collect());
    let setup = TrainingSetup::linked(engine, &models);
    let model = setup.model;
    let saved = SavedItems::new(setup);
    let ModelInput(image) = expect_context();
    let panel = NodeRef::<Div>::new();
    let in_view = use_visibility(panel);
    // The principal components, which the figure compares with, are fetched with the first gallery.
    let FigureViews(figure) = expect_context();
    let visible = if figure.is_some() { signal(true).0 } else { in_view };
    let comparisons = use_comparisons(visible);
    let other = move || match setup.engine.run.with(Run::under_way) {
        Some(trained) if trained != model.get() => t_string!(i18n, train.other),
        _ => "",
    };
    let has_tabs = models.len() > 1;
    view! {
        <UnfinishedRuns saved=saved models=models.clone() />
        {has_tabs.then(|| view! { <ModelTabs setup=setup models=models /> })}
        <div
            class="train-bench"
            id=PANEL
            node_ref=panel
            role=has_tabs.then_some("tabpanel")
            aria-labelledby=move || has_tabs.then(|| tab_id(model.get()))
        >
            <div class="panel train-settings">
                <About setup=setup is_laboratory=is_laboratory />
                <SettingsForm setup=setup shows_all=is_laboratory />
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
                {is_laboratory.then(|| view! { <SavedWeights saved=saved /> })} <ModelCode saved=saved />
            </div>
            {is_laboratory.then(|| view! { <div class="panel train-inside"><FoldedViews model=model /></div> })}
        </div>
    }
}

/// What the model is: in a sentence where no chapter says it, drawn, and in figures.
#[component]
fn About(setup: TrainingSetup, is_laboratory: bool) -> impl IntoView {
    let i18n = use_i18n();
    let content = expect_context::<Content>();
    let card = use_card(setup.model.into());
    let name = move || content.model_name(setup.model.get());
    let widths =
        move || setup.shape.with(|shape| shape.as_ref().map(|shape| layer_widths(&shape.layers)).unwrap_or_default());
    let rows = move || card.with(|card| card.as_ref().map(|card| figures(i18n, content, card)).unwrap_or_default());
    let row = |(name, value): (String, String)| {
        view! {
            <div>
                <dt>{name}</dt>
                <dd>{value}</dd>
            </div>
        }
    };
    let about = move || content.text(&format!("/about/{}", setup.model.get().name()));
    view! {
        <div class="about">
            {is_laboratory.then(|| view! { <p class="about-text">{about}</p> })}
            <div class="through">
                <NetworkDrawing shape=setup.shape label=name />
                <span class="through-sizes">
                    <Explained testid="widths" text=widths about=move || t_string!(i18n, about.widths) />
                </span>
            </div>
            <div class="card-figures">
                <Explained testid="card" text=move || t_string!(i18n, train.shipped) about=move || t_string!(i18n, about.card) />
                <dl>{move || rows().into_iter().map(row).collect_view()}</dl>
            </div>
        </div>
    }
}

/// What the card tells of the model on the test set, by name: its figures as far as they have one, those that it is judged by first.
fn figures(i18n: I18n, content: Content, card: &Card) -> Vec<(String, String)> {
    const FIRST: [&str; 4] = ["squared_error", "pca_squared_error", "accuracy", "loss"];
    let mut metrics: Vec<_> = card.metrics.iter().collect();
    metrics.sort_by_key(|(name, _)| FIRST.iter().position(|first| first == name).unwrap_or(FIRST.len()));
    let figure = |(name, &value): (&String, &f64)| {
        let [name, written] = ["name", "value"].map(|part| content.text(&format!("/figures/{name}/{part}")));
        let numbers = [
            ("{value}", four_digits(value)),
            ("{percent}", format!("{:.1}", value * 100.0)),
            ("{tenths}", format!("{value:.1}")),
        ];
        let written = numbers.iter().fold(written, |text, (place, number)| text.replace(place, number));
        (!name.is_empty()).then_some((name, written))
    };
    let parameters = (t_string!(i18n, train.parameters).to_string(), grouped(card.parameters));
    metrics.into_iter().filter_map(figure).chain([parameters]).collect()
}
