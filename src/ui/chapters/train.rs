//! Choose a model, set it up, train it, and watch it learn.

use std::cell::Cell;

use leptos::prelude::*;

use super::super::cards::{layers, use_card, use_comparisons};
use super::super::content::{Content, text_at};
use super::super::element::{El, derive, effect, el, words};
use super::super::lab::EngineHandle;
use super::super::language::{t_string, use_i18n};
use super::super::route::{Chapter, Query, Router, Visit};
use super::super::sight::in_sight;
use super::super::training::Plan;
use super::super::widgets::compared::compared;
use super::super::widgets::hourglass::{hourglass, widths};
use super::super::widgets::kept_weights::{Shelf, kept_weights, unfinished_runs};
use super::super::widgets::loss_chart::loss_chart;
use super::super::widgets::model_pictures::{drawing, galleries};
use super::super::widgets::model_tabs::{PANEL, model_tabs, tab_id};
use super::super::widgets::run_controls::{run_controls, run_status};
use super::super::widgets::settings_form::settings_form;
use super::super::widgets::views::views;
use crate::protocol::ModelId;

/// The model's name in links.
const KEY: &str = "model";

/// The model that is shown when the link names none, where the page has it: what the others vary.
const FIRST: &str = "stacked";

pub fn chapter() -> El {
    let i18n = use_i18n();
    let plan = Plan::new(expect_context::<EngineHandle>(), model_of_link());
    note_model(plan);
    let shelf = Shelf::new(plan);
    let in_sight = in_sight(PANEL);
    let comparisons = use_comparisons(in_sight);
    let lead = el("div", "lead").children([
        el("h2", "").text(words(move || t_string!(i18n, train.title))),
        el("p", "").text(words(move || t_string!(i18n, train.lead))),
    ]);
    let other = move || match plan.lab.run.with(|run| run.under_way()) {
        Some(model) if model != plan.model.get() => t_string!(i18n, train.other),
        _ => "",
    };
    let panel = el("div", "train-bench")
        .set("id", PANEL)
        .set("role", "tabpanel")
        .live("aria-labelledby", move || tab_id(plan.model.get()))
        .children([
            el("div", "panel train-settings").children([
                about(plan),
                settings_form(plan),
                run_controls(plan),
                el("p", "hint").text(words(other)),
            ]),
            el("div", "panel train-live").children([run_status(plan), loss_chart()]),
            el("div", "panel train-pictures").children(galleries(plan, in_sight)).children([drawing(plan, in_sight)]),
            el("div", "panel train-views")
                .children(views(plan, in_sight, comparisons))
                .children([compared(plan.model, comparisons)]),
            el("div", "panel train-weights").children([kept_weights(shelf)]),
        ]);
    el("section", "chapter").set("id", Chapter::Train.name()).children([
        lead,
        unfinished_runs(shelf),
        model_tabs(plan.model),
        panel,
        corrections(),
    ])
}

/// Where the models differ from the notebook that they follow.
fn corrections() -> El {
    let item = |pointer| el("li", "").text(text_at(pointer));
    el("details", "corrections").children([
        el("summary", "").text(text_at("/corrections/title")),
        el("p", "").text(text_at("/corrections/lead")),
        el("ul", "").children([
            item("/corrections/items/0"),
            item("/corrections/items/1"),
            item("/corrections/items/2"),
        ]),
    ])
}

/// What the model is: in a sentence, drawn, and in figures.
fn about(plan: Plan) -> El {
    let i18n = use_i18n();
    let content = expect_context::<Content>();
    let card = use_card(plan.model.into());
    let sizes = derive(move || plan.settings.with(|settings| layers(&settings["model"])));
    let sentence = words(move || content.text(&format!("/about/{}", plan.model.get().name())));
    let figures = move || {
        card.with(|card| {
            let card = card.as_ref()?;
            let mut figures = t_string!(i18n, train.parameters, count = card.parameters);
            let metric = |name: &str| card.metrics.get(name).map(|error| format!("{error:.5}"));
            if let Some(error) = metric("squared_error") {
                figures.push(' ');
                figures += &match metric("pca_squared_error") {
                    Some(pca) => t_string!(i18n, train.pca, error = error, pca = pca),
                    None => t_string!(i18n, train.error, error = error),
                };
            }
            if let Some(angle) = card.metrics.get("principal_angle") {
                figures.push(' ');
                figures += &t_string!(i18n, train.angle, angle = format!("{angle:.1}"));
            }
            if let Some(mean) = card.metrics.get("mean_activation") {
                figures.push(' ');
                figures += &t_string!(i18n, train.activation, mean = format!("{mean:.3}"));
            }
            Some(figures)
        })
    };
    let widths = words(move || sizes.with(|sizes| widths(sizes)));
    el("div", "about").children([
        el("p", "").text(sentence),
        el("div", "through").children([hourglass(sizes, widths.clone()), el("span", "through-sizes").text(widths)]),
        el("p", "hint").text(words(move || figures().unwrap_or_default())),
    ])
}

/// The model that the page's link names.
fn model_of_link() -> ModelId {
    let router = expect_context::<Router>();
    let named = router.visited.with_untracked(model_of);
    named.or_else(|| FIRST.parse().ok()).unwrap_or(ModelId::ALL[0])
}

fn model_of(visit: &Visit) -> Option<ModelId> {
    let name = visit.query.get(KEY).filter(|_| visit.chapter == Some(Chapter::Train))?;
    name.parse().ok()
}

/// The link follows the model, and the model a link.
fn note_model(plan: Plan) {
    let router = expect_context::<Router>();
    let first = Cell::new(true);
    effect(move || {
        let model = plan.model.get();
        if !first.replace(false) {
            router.note(Chapter::Train, Query::of(KEY, model.name()));
        }
    });
    effect(move || {
        let named = router.visited.with(model_of);
        if let Some(model) = named.filter(|model| *model != plan.model.get_untracked()) {
            plan.model.set(model);
        }
    });
}
