//! What a model makes of many examples, also while it learns.

use leptos::prelude::*;

use super::code_plane::{CodePlane, FigureViews};
use super::prior_plane::{CollapseNotice, PriorPlane};
use crate::client::SlotKey;
use crate::protocol::{Comparisons, ModelId, Views};
use crate::ui::charts::comparison::RUN_CLASSES;
use crate::ui::charts::layout::plot::Curve;
use crate::ui::charts::plot::Plot;
use crate::ui::format::sentences;
use crate::ui::i18n::{t_string, use_i18n};
use crate::ui::state::content::Content;
use crate::ui::state::requests::use_views;

/// The views that suit the model; none for most.
#[component]
pub fn ModelViews(
    model: RwSignal<ModelId>,
    visible: ReadSignal<bool>,
    comparisons: RwSignal<Comparisons>,
) -> impl IntoView {
    let FigureViews(shared) = expect_context();
    let views = shared.unwrap_or_else(|| use_views(model, visible, SlotKey::Views));
    view! {
        <Accuracy views=views />
        <Codes model=model views=views />
        <Prior model=model views=views />
        <Activations model=model views=views comparisons=comparisons />
    }
}

/// The share of test images whose digit the model tells.
#[component]
fn Accuracy(views: RwSignal<Views>) -> impl IntoView {
    let i18n = use_i18n();
    let accuracy = move || views.with(|views| views.accuracy);
    let told = move || {
        accuracy().map(|accuracy| format!("{}: {:.2}\u{a0}%", t_string!(i18n, pretraining.accuracy), 100.0 * accuracy))
    };
    view! {
        <p class="hint" data-testid="accuracy" hidden=move || accuracy().is_none()>
            {told}
        </p>
    }
}

/// The codes of two numbers beside PCA's.
#[component]
fn Codes(model: RwSignal<ModelId>, views: RwSignal<Views>) -> impl IntoView {
    let i18n = use_i18n();
    let content = expect_context::<Content>();
    let explanation =
        move || sentences([content.text("/codes/all"), content.text(&format!("/codes/{}", model.get().name()))]);
    view! {
        <figure class="view" hidden=move || views.with(|views| views.codes.is_none())>
            <h2>{move || t_string!(i18n, views.codes)}</h2>
            <CodePlane testids=["codes", "pca-codes"] views=views />
            <figcaption class="hint">{explanation}</figcaption>
        </figure>
    }
}

/// The codes beside draws of the distribution that they are to follow.
#[component]
fn Prior(model: RwSignal<ModelId>, views: RwSignal<Views>) -> impl IntoView {
    let i18n = use_i18n();
    let content = expect_context::<Content>();
    view! {
        <figure class="view" hidden=move || views.with(|views| views.prior.is_none())>
            <h2>{move || t_string!(i18n, prior.title)}</h2>
            <PriorPlane
                testids=["prior-codes", "prior-draws"]
                decoded="prior-decoded"
                distance="prior-distance"
                slot_key=SlotKey::PriorPlace
                model=model
                views=views
            />
            <CollapseNotice model=model views=views />
            <figcaption class="hint">{move || content.text("/prior")}</figcaption>
        </figure>
    }
}

/// The shares of activations, beside those of the last run of the model's recorded comparison, which is drawn as it is there.
#[component]
fn Activations(model: RwSignal<ModelId>, views: RwSignal<Views>, comparisons: RwSignal<Comparisons>) -> impl IntoView {
    let i18n = use_i18n();
    let content = expect_context::<Content>();
    let other = move || {
        let model = model.get();
        comparisons.with(|comparisons| {
            let mut runs = RUN_CLASSES.into_iter().zip(&comparisons.get(&model)?.runs);
            runs.next_back().map(|(class, run)| (class, run.clone()))
        })
    };
    let other_class = move || other().map(|(class, _)| class).unwrap_or_default();
    let other_name = move || other().map(|(_, run)| content.preset_name(&run.preset)).unwrap_or_default();
    let curves = Signal::derive(move || {
        let own = views.with(|views| views.activations.clone()).unwrap_or_default();
        let other = other().map(|(_, run)| run.activations).unwrap_or_default();
        let own_name = t_string!(i18n, views.this).to_string();
        vec![Curve::histogram(other_class(), other_name(), &other), Curve::histogram("own", own_name, &own)]
    });
    view! {
        <figure class="view" hidden=move || views.with(|views| views.activations.is_none())>
            <div class="chart-head">
                <h2>{move || t_string!(i18n, views.activations)}</h2>
                <span class="chart-keys">
                    <span class="key own">{move || t_string!(i18n, views.this)}</span>
                    <span class=move || format!("key {}", other_class())>{other_name}</span>
                </span>
            </div>
            <Plot
                testid="activations"
                label=move || t_string!(i18n, views.activations)
                across=move || t_string!(i18n, values.activation)
                curves=curves
            />
            <figcaption class="hint">{move || content.text("/activations")}</figcaption>
        </figure>
    }
}
