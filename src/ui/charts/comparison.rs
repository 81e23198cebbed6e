//! Models that were trained natively side by side, recorded: how the error fell, how long it took, where it ended.

use leptos::prelude::*;

use super::layout::plot::Curve;
use super::plot::Plot;
use crate::protocol::{ComparedRun, Comparisons, ModelId};
use crate::ui::format::{clock, grouped, sentences};
use crate::ui::i18n::{t_string, use_i18n};
use crate::ui::state::content::Content;

/// The colours of the curves, in the order of the runs; where the second lies on the first, that shows between its dashes.
pub const RUN_CLASSES: [&str; 3] = ["run-0", "run-1 dashed", "run-2"];

/// The recorded comparison of the model; hidden where it has none.
#[component]
pub fn Comparison(model: RwSignal<ModelId>, comparisons: RwSignal<Comparisons>) -> impl IntoView {
    let i18n = use_i18n();
    let content = expect_context::<Content>();
    let runs = Memo::new(move |_| {
        let model = model.get();
        comparisons
            .with(|comparisons| comparisons.get(&model).map(|comparison| comparison.runs.clone()))
            .unwrap_or_default()
    });
    let name = move |run: &ComparedRun| {
        let preset = content.preset_name(&run.preset);
        let is_alone = runs.with(|runs| runs.iter().all(|other| other.model == run.model));
        if is_alone { preset } else { format!("{} ({preset})", content.model_name(run.model)) }
    };
    let curves = Signal::derive(move || {
        let curve = |(class, run): (&'static str, &ComparedRun)| Curve {
            class,
            name: name(run),
            points: (1..).map(f64::from).zip(run.squared_errors.iter().copied()).collect(),
        };
        runs.with(|runs| RUN_CLASSES.into_iter().zip(runs).map(curve).collect())
    });
    let rows = move || {
        let runs = runs.get();
        let row = |(class, run): (&'static str, ComparedRun)| {
            let name = name(&run);
            let error = run.squared_errors.last().map_or("–".to_string(), |error| format!("{error:.5}"));
            view! {
                <tr>
                    <th scope="row">
                        <span class=format!("key {class}")></span>
                        <span>{t_string!(i18n, compared.name, name = name, epochs = run.epochs)}</span>
                    </th>
                    <td>{grouped(run.parameters)}</td>
                    <td>{clock(run.seconds.round() as u32)}</td>
                    <td>{error}</td>
                </tr>
            }
        };
        RUN_CLASSES.into_iter().zip(runs).map(row).collect_view()
    };
    let explanation =
        move || sentences([content.text("/compared/all"), content.text(&format!("/compared/{}", model.get().name()))]);
    view! {
        <figure class="view" hidden=move || runs.with(Vec::is_empty)>
            <h2>{move || t_string!(i18n, compared.title)}</h2>
            <Plot
                testid="compared"
                label=move || t_string!(i18n, compared.title)
                across=move || t_string!(i18n, values.epoch)
                curves=curves
            />
            <table>
                <thead>
                    <tr>
                        <th scope="col">{move || t_string!(i18n, compared.run)}</th>
                        <th scope="col">{move || t_string!(i18n, compared.weights)}</th>
                        <th scope="col">{move || t_string!(i18n, compared.time)}</th>
                        <th scope="col">{move || t_string!(i18n, compared.error)}</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
            <figcaption class="hint">{explanation}</figcaption>
        </figure>
    }
}
