//! The singular values of the contractive autoencoder's Jacobian, with and without the penalty, as a chart and a table, made when the site is
//! built.

use std::path::Path;

use super::figure::{Words, plot, read};
use super::problem::Mistake;
use crate::protocol::{ComparedRun, Comparisons, ModelId};
use crate::ui::charts::layout::plot::{Curve, PlotLayout};

const FILE: &str = "www/models/comparisons.json";

/// The runs that are compared, by the model's presets, with their curves' classes and the pointers to what they are called.
const RUNS: [(&str, &str, &str); 2] =
    [("best", "run-0", "/spectrum/with"), ("without_penalty", "run-1", "/spectrum/without")];

/// How the names of singular values begin; their place follows, 1 for the largest.
const VALUE: &str = "singular_value_";

/// The singular values over their places, both logarithmic, and the table behind them, with the squared norms and the errors. The words are
/// those of the content's folder `language`.
///
/// # Errors
/// Where a file, a run, a figure or a word is missing.
pub fn figure(root: &Path, language: &str) -> Result<String, Mistake> {
    let comparisons: Comparisons = read(root, FILE)?;
    let words = Words::of(root, language)?;
    let runs = comparisons.get(&ModelId::named("contractive")).map(|comparison| &comparison.runs[..]);
    let run = |preset: &str| {
        let run = runs.unwrap_or_default().iter().find(|run| run.preset == preset);
        run.ok_or_else(|| Mistake::File(format!("{FILE}: no contractive {preset}")))
    };
    let [(with, ..), (without, ..)] = RUNS;
    let compared = [run(with)?, run(without)?];
    let missing = || Mistake::File(format!("{FILE}: the contractive runs lack figures"));

    let spectra = compared.map(spectrum);
    let [places, others] = spectra.each_ref().map(|values| values.iter().map(|&(place, _)| place).collect::<Vec<_>>());
    if places.is_empty() || places != others {
        return Err(missing());
    }
    let curves = [0, 1].map(|run| Curve {
        class: RUNS[run].1,
        name: String::new(),
        points: spectra[run].iter().map(|&(place, value)| (place as f64, value)).collect(),
    });
    let title = words.text("/spectrum/title")?;
    let plot = PlotLayout::new(&curves, true, true).map(|layout| plot(&title, layout)).unwrap_or_default();

    let mut heads = format!("<th scope=\"col\">{}</th>", words.text("/spectrum/place")?);
    for (_, class, name) in RUNS {
        heads += &format!("<th scope=\"col\"><span class=\"key {class}\"></span>{}</th>", words.text(name)?);
    }
    let row = |head: &str, cells: [String; 2]| {
        let [with, without] = cells;
        format!("<tr><th scope=\"row\">{head}</th><td>{with}</td><td>{without}</td></tr>\n")
    };
    let values = places
        .iter()
        .enumerate()
        .map(|(at, place)| row(&place.to_string(), spectra.each_ref().map(|values| format!("{:.2}", values[at].1))));
    let mut rows: String = values.collect();
    let norms = compared.map(|run| run.metrics.get("squared_jacobian_norm"));
    let errors = compared.map(|run| run.squared_errors.last());
    let ([Some(with), Some(without)], [Some(error_with), Some(error_without)]) = (norms, errors) else {
        return Err(missing());
    };
    rows += &row(&words.text("/spectrum/squared_norm")?, [with, without].map(|norm| format!("{norm:.0}")));
    rows += &row(&words.text("/spectrum/error")?, [error_with, error_without].map(|error| format!("{error:.5}")));
    let about = words.text("/spectrum/about")?;
    Ok(format!(
        "<figure class=\"view\" data-testid=\"spectrum\">\n{plot}\n\
         <div class=\"table\" tabindex=\"0\" role=\"group\"><table><thead><tr>{heads}</tr></thead>\n\
         <tbody>\n{rows}</tbody></table></div>\n<figcaption class=\"hint\"><b>{title}</b> {about}</figcaption></figure>\n"
    ))
}

/// The singular values of a run by their places, the largest first.
fn spectrum(run: &ComparedRun) -> Vec<(usize, f64)> {
    let place = |name: &str| name.strip_prefix(VALUE)?.parse().ok();
    let mut values: Vec<(usize, f64)> =
        run.metrics.iter().filter_map(|(name, &value)| Some((place(name)?, value))).collect();
    values.sort_by_key(|&(place, _)| place);
    values
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_recorded_place_is_in_the_table_and_on_both_curves() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        for language in ["en", "zh"] {
            let figure = figure(root, language).expect("a figure");
            let curves: Vec<&str> = figure.split("class=\"curve ").skip(1).collect();
            assert_eq!(curves.len(), 2, "{language}");
            assert!(curves.iter().all(|curve| curve.matches('L').count() == 8), "nine points each: {curves:?}");
            for row in
                ["1</th><td>4.88</td><td>13.14</td>", "400</th><td>0.50</td><td>0.73</td>", "<td>775</td><td>3350</td>"]
            {
                assert!(figure.contains(row), "{language}: {row} in {figure}");
            }
        }
    }
}
