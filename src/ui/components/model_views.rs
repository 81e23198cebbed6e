//! What a model makes of many examples, also while it learns.

use leptos::prelude::*;

use crate::protocol::{Asset, CodesView, Comparisons, ModelId, Views};
use crate::ui::charts::layout::plot::Curve;
use crate::ui::charts::layout::scatter::scatter_paths;
use crate::ui::charts::layout::table::centre_rows;
use crate::ui::charts::plot::Plot;
use crate::ui::charts::scatter::Scatter;
use crate::ui::charts::values::Values;
use crate::ui::i18n::{t_string, use_i18n};
use crate::ui::state::content::Content;
use crate::ui::state::engine_handle::EngineHandle;
use crate::ui::state::requests::use_views;

/// The views that suit the model; none for most.
#[component]
pub fn ModelViews(
    model: RwSignal<ModelId>,
    visible: ReadSignal<bool>,
    comparisons: RwSignal<Comparisons>,
) -> impl IntoView {
    let views = use_views(model, visible);
    view! {
        <Codes model=model views=views />
        <Activations model=model views=views comparisons=comparisons />
    }
}

/// The codes of two numbers beside PCA's.
#[component]
fn Codes(model: RwSignal<ModelId>, views: RwSignal<Views>) -> impl IntoView {
    let i18n = use_i18n();
    let content = expect_context::<Content>();
    let no_pca = expect_context::<EngineHandle>().is_unusable(Asset::PrincipalComponents);
    let cloud = move |points: fn(&CodesView) -> &[[f32; 2]]| {
        Signal::derive(move || {
            let paths = |view: &CodesView| scatter_paths(points(view), &view.labels);
            views.with(|views| views.codes.as_ref().map(paths)).unwrap_or_default()
        })
    };
    let pca = cloud(|view| &view.pca);
    let digits = move || {
        let labelled = views.with(|views| views.codes.as_ref().is_some_and(|view| !view.labels.is_empty()));
        let key = |digit: u8| view! { <span class=format!("dots digit-{digit}")>{digit}</span> };
        labelled.then(|| (0..10).map(key).collect_view())
    };
    let rows = move || {
        let (own, pca) = (t_string!(i18n, views.own), t_string!(i18n, views.pca));
        let mut names = vec![t_string!(i18n, values.digit).to_string(), t_string!(i18n, values.count).to_string()];
        names.extend([own, pca].into_iter().flat_map(|name| [0, 1].map(|axis| format!("{name}, {axis}"))));
        let centres = |view: &CodesView| {
            names.truncate(if view.pca.is_empty() { 4 } else { 6 });
            centre_rows(names, t_string!(i18n, values.all), &view.labels, &[&view.codes, &view.pca])
        };
        views.with(|views| views.codes.as_ref().map(centres)).unwrap_or_default()
    };
    let explanation =
        move || content.text("/codes/all") + " " + &content.text(&format!("/codes/{}", model.get().name()));
    view! {
        <figure class="view" hidden=move || views.with(|views| views.codes.is_none())>
            <h2>{move || t_string!(i18n, views.codes)}</h2>
            <div class="clouds">
                <div class="cloud">
                    <Scatter testid="codes" label=move || t_string!(i18n, views.own) paths=cloud(|view| &view.codes) />
                    <span>{move || t_string!(i18n, views.own)}</span>
                </div>
                <div class="cloud" hidden=move || no_pca.get() && pca.with(Vec::is_empty)>
                    <Scatter testid="pca-codes" label=move || t_string!(i18n, views.pca) paths=pca />
                    <span>{move || t_string!(i18n, views.pca)}</span>
                </div>
                <Values rows=Signal::derive(rows) />
            </div>
            <div class="digit-keys" aria-hidden="true">
                {digits}
            </div>
            <figcaption class="hint">{explanation}</figcaption>
        </figure>
    }
}

/// The shares of activations, beside those of the last run of the model's recorded comparison.
#[component]
fn Activations(model: RwSignal<ModelId>, views: RwSignal<Views>, comparisons: RwSignal<Comparisons>) -> impl IntoView {
    let i18n = use_i18n();
    let content = expect_context::<Content>();
    let other = move || {
        let model = model.get();
        comparisons.with(|comparisons| comparisons.get(&model).and_then(|comparison| comparison.runs.last().cloned()))
    };
    let other_name = move || other().map(|run| content.preset_name(&run.preset)).unwrap_or_default();
    let curves = Signal::derive(move || {
        let own = views.with(|views| views.activations.clone()).unwrap_or_default();
        let other = other().map(|run| run.activations).unwrap_or_default();
        let own_name = t_string!(i18n, views.this).to_string();
        vec![Curve::histogram("run-1", other_name(), &other), Curve::histogram("run-0", own_name, &own)]
    });
    view! {
        <figure class="view" hidden=move || views.with(|views| views.activations.is_none())>
            <div class="chart-head">
                <h2>{move || t_string!(i18n, views.activations)}</h2>
                <span class="key run-0">{move || t_string!(i18n, views.this)}</span>
                <span class="key run-1">{other_name}</span>
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
