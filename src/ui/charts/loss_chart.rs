//! The losses of the run, drawn over its steps.

use leptos::prelude::*;

use super::layout::plot::Curve;
use super::plot::Plot;
use crate::ui::components::explained::Explained;
use crate::ui::format::four_digits;
use crate::ui::i18n::{t_string, use_i18n};
use crate::ui::state::content::Content;
use crate::ui::state::engine_handle::EngineHandle;
use crate::ui::state::run::LossPoint;

/// The chart and its controls; its height does not depend on a run.
#[component]
pub fn LossChart() -> impl IntoView {
    let i18n = use_i18n();
    let content = expect_context::<Content>();
    let run = expect_context::<EngineHandle>().run;
    let part = RwSignal::new(None::<String>);
    let logarithmic = RwSignal::new(true);

    let names = Memo::new(move |_| {
        let parts = run.with(|run| run.training.last().map(|point| point.parts.clone())).unwrap_or_default();
        parts.into_iter().map(|(name, _)| name).collect::<Vec<_>>()
    });
    let shown = move || part.get().filter(|part| names.with(|names| names.contains(part)));
    let curves = Signal::derive(move || {
        let part = shown();
        let curve = |class, name: &str, points: &[LossPoint]| {
            let point = |point: &LossPoint| Some((point.step as f64, f64::from(point.loss(part.as_deref())?)));
            Curve { class, name: name.to_string(), points: points.iter().filter_map(point).collect() }
        };
        run.with(|run| {
            vec![
                curve("before", t_string!(i18n, train.before), &run.before),
                curve("training", t_string!(i18n, train.training), &run.training),
                curve("validation", t_string!(i18n, train.validation), &run.validation),
            ]
        })
    });
    let label = move || {
        let last = |points: &[LossPoint]| points.last().and_then(|point| point.loss(shown().as_deref()));
        let text = |loss: Option<f32>| loss.map_or("–".to_string(), |loss| four_digits(loss.into()));
        let (training, validation) = run.with(|run| (text(last(&run.training)), text(last(&run.validation))));
        t_string!(i18n, train.chart_label, training = training, validation = validation)
    };
    let parts = move || {
        let option = |name: String| {
            let (label, value) = (name.clone(), name.clone());
            view! {
                <option value=value prop:selected=move || shown().as_ref() == Some(&name)>
                    {move || content.loss_name(&label)}
                </option>
            }
        };
        // A single part is the total.
        let names = names.get();
        (names.len() > 1).then(|| names.into_iter().map(option).collect_view())
    };
    let choose = move |event| {
        let name = event_target_value(&event);
        part.set((!name.is_empty()).then_some(name));
    };
    view! {
        <figure class="chart">
            <figcaption class="chart-head">
                <h2>
                    <Explained
                        testid="chart-name"
                        text=move || t_string!(i18n, train.chart)
                        about=move || t_string!(i18n, about.chart)
                    />
                </h2>
                <span class="chart-keys">
                    <span class="key training">{move || t_string!(i18n, train.training)}</span>
                    <span class="key validation">{move || t_string!(i18n, train.validation)}</span>
                    <span class="key before" hidden=move || run.with(|run| run.before.is_empty())>
                        {move || t_string!(i18n, train.before)}
                    </span>
                </span>
                <label class="choice">
                    <span>{move || t_string!(i18n, train.part)}</span>
                    <select data-testid="chart-part" on:change=choose>
                        <option value="" prop:selected=move || shown().is_none()>
                            {move || t_string!(i18n, train.total)}
                        </option>
                        {parts}
                    </select>
                </label>
                <label class="choice">
                    <input
                        type="checkbox"
                        data-testid="chart-log"
                        prop:checked=logarithmic
                        on:change=move |_| logarithmic.update(|logarithmic| *logarithmic = !*logarithmic)
                    />
                    <span>{move || t_string!(i18n, train.logarithmic)}</span>
                </label>
            </figcaption>
            <Plot
                testid="chart"
                label=label
                across=move || t_string!(i18n, values.step)
                curves=curves
                logarithmic=logarithmic
                placeholder=move || t_string!(i18n, train.none)
            />
        </figure>
    }
}
