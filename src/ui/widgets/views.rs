//! What a model makes of many examples, also while it learns.

use std::cell::Cell;

use leptos::prelude::*;

use super::super::content::{Content, text_at};
use super::super::element::{El, Words, effect, el, words};
use super::super::language::{t_string, use_i18n};
use super::super::training::Plan;
use super::plot::{Curve, plot};
use super::scatter::scatter;
use crate::client::SlotKey;
use crate::protocol::{Answer, Asset, CodesView, Command, Comparisons, Views};

/// The preset whose activations others are shown beside.
const PLAIN: &str = "plain";

/// The views that suit the model; none for most.
pub fn views(plan: Plan, in_sight: RwSignal<bool>, comparisons: RwSignal<Comparisons>) -> [El; 2] {
    let shown = use_views(plan, in_sight);
    [codes(plan, shown), activations(plan, shown, comparisons)]
}

fn use_views(plan: Plan, in_sight: RwSignal<bool>) -> RwSignal<Views> {
    let lab = plan.lab;
    let views = RwSignal::new(Views::default());
    let [test_set, components] = [Asset::TestSet, Asset::PrincipalComponents].map(|asset| lab.has(asset));
    let before = Cell::new(None);
    effect(move || {
        let model = plan.model.get();
        lab.follow(model);
        components.track();
        if before.replace(Some(model)) != Some(model) {
            views.set(Views::default());
        }
        if in_sight.get() && test_set.get() {
            lab.ask(SlotKey::Views(model), Command::Views { model }, move |answer| match answer {
                Answer::Views(answer) if plan.model.get_untracked() == model => views.set(answer),
                _ => {}
            });
        }
    });
    views
}

/// The codes of two numbers beside PCA's.
fn codes(plan: Plan, views: RwSignal<Views>) -> El {
    let i18n = use_i18n();
    let content = expect_context::<Content>();
    let is_there = move || views.with(|views| views.codes.is_some());
    let labelled = move || views.with(|views| views.codes.as_ref().is_some_and(|view| !view.labels.is_empty()));
    let cloud = move |testid: &'static str, name: Words, points: fn(&CodesView) -> &[[f32; 2]]| {
        let markup = move || {
            views.with(|views| views.codes.as_ref().map(|view| scatter(points(view), &view.labels))).unwrap_or_default()
        };
        el("div", "cloud").children([
            el("div", "scatter")
                .set("data-testid", testid)
                .set("role", "img")
                .label(name.clone())
                .prop("innerHTML", markup),
            el("span", "").text(name),
        ])
    };
    let digits = move || match labelled() {
        true => (0..10).map(|digit| el("span", "").set("class", format!("dots digit-{digit}")).say(digit)).collect(),
        false => Vec::new(),
    };
    el("figure", "view").flag("hidden", move || !is_there()).children([
        el("h3", "").text(words(move || t_string!(i18n, views.codes))),
        el("div", "clouds").children([
            cloud("codes", words(move || t_string!(i18n, views.own)), |view| &view.codes),
            cloud("pca-codes", words(move || t_string!(i18n, views.pca)), |view| &view.pca),
        ]),
        el("div", "digit-keys").set("aria-hidden", true).each(digits),
        el("figcaption", "hint").text(words(move || {
            content.text("/codes/all") + " " + &content.text(&format!("/codes/{}", plan.model.get().name()))
        })),
    ])
}

/// The shares of activations, beside those of the plain autoencoder of the model's recorded comparison.
fn activations(plan: Plan, views: RwSignal<Views>, comparisons: RwSignal<Comparisons>) -> El {
    let i18n = use_i18n();
    let is_there = move || views.with(|views| views.activations.is_some());
    let markup = move || {
        let own = views.with(|views| views.activations.clone()).unwrap_or_default();
        let plain = comparisons.with(|comparisons| {
            let run = comparisons.get(&plan.model.get())?.runs.iter().find(|run| run.preset == PLAIN)?;
            Some(run.activations.clone())
        });
        let curves = vec![steps("run-1", &plain.unwrap_or_default()), steps("run-0", &own)];
        plot(curves, true).unwrap_or_default()
    };
    let name = words(move || t_string!(i18n, views.activations));
    el("figure", "view").flag("hidden", move || !is_there()).children([
        el("div", "chart-head").children([
            el("h3", "").text(name.clone()),
            el("span", "key run-0").text(words(move || t_string!(i18n, views.this))),
            el("span", "key run-1").text(words(move || t_string!(i18n, preset.plain))),
        ]),
        el("div", "plot").set("data-testid", "activations").set("role", "img").label(name).prop("innerHTML", markup),
        el("figcaption", "hint").text(text_at("/activations")),
    ])
}

/// Shares of equal bins of [0, 1] as a flight of steps.
fn steps(class: &'static str, shares: &[f64]) -> Curve {
    let edge = |bin: usize| bin as f64 / shares.len() as f64;
    let points = shares.iter().enumerate().flat_map(|(bin, &share)| [(edge(bin), share), (edge(bin + 1), share)]);
    Curve { class, points: points.collect() }
}
