//! What was measured about pretraining as a chart and a table, made when the site is built: the page need not carry how.

use std::collections::BTreeMap;
use std::path::Path;

use super::figure::{Words, plot, read};
use super::problem::Mistake;
use crate::protocol::{PretrainingPoint, PretrainingResults, Try};
use crate::ui::charts::layout::plot::{Curve, PlotLayout};
use crate::ui::format::grouped;
use crate::ui::state::route::Chapter;

const FILE: &str = "www/models/pretraining.json";

/// The ways to train, by the classifier's presets, and their curves' classes.
const WAYS: [(&str, &str); 5] = [
    ("denoising_tuned", "run-0"),
    ("denoising_frozen", "run-0 dashed"),
    ("stacked_tuned", "run-1"),
    ("stacked_frozen", "run-1 dashed"),
    ("scratch", "run-2"),
];

/// The accuracies over the number of labels, and the table behind them, each of whose figures sets up the run of its first seed. The words
/// are those of the content's folder `language`.
///
/// # Errors
/// Where a file or a word is missing.
pub fn figure(root: &Path, language: &str) -> Result<String, Mistake> {
    let results: PretrainingResults = read(root, FILE)?;
    let words = Words::of(root, language)?;
    // A point is shown once it has all its seeds.
    let seeds = results.points.iter().map(|point| point.accuracies.len()).max().unwrap_or_default();
    let whole = results.points.iter().filter(|point| point.accuracies.len() == seeds);
    let points: BTreeMap<(usize, &str), &PretrainingPoint> =
        whole.map(|point| ((point.labels, point.preset.as_str()), point)).collect();
    let mut labels: Vec<usize> = results.points.iter().map(|point| point.labels).collect();
    labels.dedup();

    let curve = |(preset, class)| {
        let measured = labels.iter().filter_map(|&labels| {
            let (mean, spread) = points.get(&(labels, preset))?.mean_and_deviation()?;
            Some((labels as f64, 100.0 * mean, 100.0 * spread))
        });
        let measured: Vec<(f64, f64, f64)> = measured.collect();
        let means = measured.iter().map(|&(labels, mean, _)| (labels, mean)).collect();
        let spread = measured.iter().map(|&(labels, mean, spread)| (labels, [mean - spread, mean + spread]));
        [Curve { class, name: String::new(), points: means }, Curve::strokes(class, spread)]
    };
    let curves: Vec<Curve> = WAYS.into_iter().flat_map(curve).collect();
    let title = words.text("/pretraining/title")?;
    let plot = PlotLayout::new(&curves, false, true).map(|layout| plot(&title, layout)).unwrap_or_default();

    let (mut heads, mut rows) = (String::new(), String::new());
    for (preset, class) in WAYS {
        let name = words.text(&format!("/presets/{preset}"))?;
        heads += &format!("<th scope=\"col\"><span class=\"key {class}\"></span>{name}</th>");
    }
    for &labels in &labels {
        let cells = WAYS.map(|(preset, _)| points.get(&(labels, preset)).copied().map_or("–".to_string(), cell));
        let cells: String = cells.into_iter().map(|cell| format!("<td>{cell}</td>")).collect();
        rows += &format!("<tr><th scope=\"row\">{}</th>{cells}</tr>\n", grouped(labels));
    }
    let [head, about] = [words.text("/settings/labels/name")?, words.text("/pretraining/about")?];
    Ok(format!(
        "<figure class=\"view pretraining\" data-testid=\"pretraining\">\n{plot}\n\
         <div class=\"table\" tabindex=\"0\" role=\"group\"><table><thead><tr><th scope=\"col\">{head}</th>{heads}</tr></thead>\n\
         <tbody>\n{rows}</tbody></table></div>\n<figcaption class=\"hint\"><b>{title}</b> {about}</figcaption></figure>\n"
    ))
}

/// Mean and standard deviation in percent, as a link to the run of the first seed.
fn cell(point: &PretrainingPoint) -> String {
    let (Some((mean, spread)), Some(chosen)) = (point.mean_and_deviation(), point.chosen()) else {
        return "–".to_string();
    };
    let (chapter, PretrainingPoint { preset, labels, .. }) = (Chapter::Pretraining.link(), point);
    let Try { learning_rate, epochs, batch, .. } = chosen;
    let settings = format!("labels:{labels},learning_rate:{learning_rate},tuning_epochs:{epochs},batch:{batch},seed:1");
    let (mean, spread) = (100.0 * mean, 100.0 * spread);
    format!("<a href=\"{chapter}?preset={preset}&amp;set={settings}\">{mean:.1} ± {spread:.1}</a>")
}
