//! The losses of the run, drawn over its steps.

use leptos::prelude::*;

use super::super::element::{El, el, option, value_of, words};
use super::super::lab::EngineHandle;
use super::super::language::{I18n, t_string, use_i18n};
use super::super::training::Mark;
use super::plot::{Curve, four_digits, plot};

/// The chart, as high without a run as with one, and what it is to show.
pub fn loss_chart() -> El {
    let i18n = use_i18n();
    let run = expect_context::<EngineHandle>().run;
    let part = RwSignal::new(None::<String>);
    let logarithmic = RwSignal::new(true);

    let names = Memo::new(move |_| {
        let last = |marks: &Vec<Mark>| marks.last().map(|mark| mark.parts.clone());
        let parts = run.with(|run| last(&run.training)).unwrap_or_default();
        parts.into_iter().map(|(name, _)| name).collect::<Vec<_>>()
    });
    let shown = move || part.get().filter(|part| names.with(|names| names.contains(part)));
    let markup = move || {
        let part = shown();
        let curve = |class, marks: &[Mark]| {
            let point = |mark: &Mark| Some((mark.step as f64, f64::from(mark.loss(part.as_deref())?)));
            Curve { class, points: marks.iter().filter_map(point).collect() }
        };
        let curves = run.with(|run| {
            vec![curve("before", &run.before), curve("training", &run.training), curve("validation", &run.validation)]
        });
        plot(curves, logarithmic.get())
            .unwrap_or_else(|| format!(r#"<p class="no-run">{}</p>"#, t_string!(i18n, train.none)))
    };
    let label = words(move || {
        let last = |marks: &[Mark]| marks.last().and_then(|mark| mark.loss(shown().as_deref()));
        let text = |loss: Option<f32>| loss.map_or("–".to_string(), |loss| four_digits(loss.into()));
        let (training, validation) = run.with(|run| (text(last(&run.training)), text(last(&run.validation))));
        t_string!(i18n, train.chart_label, training = training, validation = validation)
    });
    let parts = move || {
        let total = option("", words(move || t_string!(i18n, train.total)), move || shown().is_none());
        let part = |name: String| {
            let label = name.clone();
            let value = name.clone();
            option(&value, words(move || part_name(i18n, &label)), move || shown().as_ref() == Some(&name))
        };
        let names = names.get();
        let parts: Vec<El> = if names.len() > 1 { names.into_iter().map(part).collect() } else { Vec::new() };
        std::iter::once(total).chain(parts).collect()
    };
    let choose = move |event| {
        let name = value_of(&event);
        part.set((!name.is_empty()).then_some(name));
    };
    let legend = |class: &'static str, name| el("span", class).text(name);
    el("figure", "chart").children([
        el("figcaption", "chart-head").children([
            el("h3", "").text(words(move || t_string!(i18n, train.chart))),
            legend("key training", words(move || t_string!(i18n, train.training))),
            legend("key validation", words(move || t_string!(i18n, train.validation))),
            legend("key before", words(move || t_string!(i18n, train.before)))
                .flag("hidden", move || run.with(|run| run.before.is_empty())),
            el("label", "choice").children([
                el("span", "").text(words(move || t_string!(i18n, train.part))),
                el("select", "").set("data-testid", "chart-part").on("change", choose).each(parts),
            ]),
            el("label", "choice").children([
                el("input", "")
                    .set("type", "checkbox")
                    .set("data-testid", "chart-log")
                    .flag("checked", move || logarithmic.get())
                    .on("change", move |_| logarithmic.update(|logarithmic| *logarithmic = !*logarithmic)),
                el("span", "").text(words(move || t_string!(i18n, train.logarithmic))),
            ]),
        ]),
        el("div", "plot").set("data-testid", "chart").set("role", "img").label(label).prop("innerHTML", markup),
    ])
}

/// The name of a part of the loss; its own where the page has none for it.
fn part_name(i18n: I18n, part: &str) -> String {
    match part {
        "cross_entropy" => t_string!(i18n, train.cross_entropy),
        "squared_error" => t_string!(i18n, train.squared_error),
        "kl_divergence" => t_string!(i18n, train.kl_divergence),
        "sparsity" => t_string!(i18n, train.sparsity),
        "l2" => t_string!(i18n, train.l2),
        other => return other.replace('_', " "),
    }
    .into()
}
