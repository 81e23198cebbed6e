//! Models that were trained natively side by side, recorded: how the error fell, how long it took, where it ended.

use leptos::prelude::*;

use super::super::content::Content;
use super::super::element::{El, el, words};
use super::super::language::{t_string, use_i18n};
use super::super::sentence::{model_name, preset_name};
use super::plot::{Curve, plot};
use super::run_controls::clock;
use crate::protocol::{ComparedRun, Comparisons, ModelId};

/// The colours of the curves, in the order of the runs.
const CLASSES: [&str; 3] = ["run-0", "run-1", "run-2"];

/// The recorded comparison of the model; nothing where it has none.
pub fn compared(model: RwSignal<ModelId>, comparisons: RwSignal<Comparisons>) -> El {
    let i18n = use_i18n();
    let content = expect_context::<Content>();
    let runs = move || {
        let model = model.get();
        comparisons
            .with(|comparisons| comparisons.get(&model).map(|comparison| comparison.runs.clone()))
            .unwrap_or_default()
    };
    let markup = move || {
        let curve = |(class, errors): (&'static str, &[f64])| Curve {
            class,
            points: errors.iter().enumerate().map(|(epoch, &error)| ((epoch + 1) as f64, error)).collect(),
        };
        let runs = runs();
        let errors = runs.iter().map(|run| run.squared_errors.as_slice());
        plot(CLASSES.into_iter().zip(errors).map(curve).collect(), true).unwrap_or_default()
    };
    let row = move |class: &'static str, cells: [String; 4]| {
        let [name, parameters, time, error] = cells;
        el("tr", "").children([
            el("th", "")
                .set("scope", "row")
                .children([el("span", "").set("class", format!("key {class}")), el("span", "").say(name)]),
            el("td", "").say(parameters),
            el("td", "").say(time),
            el("td", "").say(error),
        ])
    };
    let rows = move || {
        let runs = runs();
        let several = runs.iter().any(|run| run.model != runs[0].model);
        let line = |(class, run): (&'static str, &ComparedRun)| {
            let preset = preset_name(i18n, &run.preset);
            let name = if several { format!("{} ({preset})", model_name(i18n, run.model)) } else { preset };
            let error = run.squared_errors.last().map_or("–".to_string(), |error| format!("{error:.5}"));
            let name = t_string!(i18n, compared.name, name = name, epochs = run.epochs);
            row(class, [name, run.parameters.to_string(), clock(run.seconds.round() as u32), error])
        };
        CLASSES.into_iter().zip(&runs).map(line).collect()
    };
    let head = |text| el("th", "").set("scope", "col").text(text);
    let title = words(move || t_string!(i18n, compared.title));
    el("figure", "view").flag("hidden", move || runs().is_empty()).children([
        el("h3", "").text(title.clone()),
        el("div", "plot").set("data-testid", "compared").set("role", "img").label(title).prop("innerHTML", markup),
        el("table", "").children([
            el("thead", "").children([el("tr", "").children([
                head(words(move || t_string!(i18n, compared.run))),
                head(words(move || t_string!(i18n, compared.weights))),
                head(words(move || t_string!(i18n, compared.time))),
                head(words(move || t_string!(i18n, compared.error))),
            ])]),
            el("tbody", "").each(rows),
        ]),
        el("figcaption", "hint").text(words(move || {
            content.text("/compared/all") + " " + &content.text(&format!("/compared/{}", model.get().name()))
        })),
    ])
}
