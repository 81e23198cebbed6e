//! A model's figures as they are now, beside those that its card tells and the bars.

use std::collections::BTreeMap;
use std::error::Error;

use burn::tensor::Device;
use futures::executor::block_on;
use serde_json::Value;

use super::Outcome;
use super::figures::figures;
use super::files::Files;
use super::presets::named;
use crate::training::Entry;

/// Figures may differ from the card's by this share: other processors round in another order.
const TOLERANCE: f64 = 1e-3;

/// Measures the stored weights anew.
///
/// # Errors
/// If a file cannot be read or used.
pub fn recompute(entry: &dyn Entry, files: &Files) -> Result<Outcome, Box<dyn Error>> {
    let model = entry.load(&files.read_weights()?, &Device::flex())?;
    let examples = files.examples(model.shape().examples)?;
    let metrics = block_on(figures(&*model, &entry.benchmarks(), &examples))?;
    println!("{} on the test set:", entry.id());
    let settings: Value = serde_json::from_str(&model.origin().settings)?;
    report(entry, &settings["model"], &metrics, &files.read_card()?.metrics)
}

/// Prints `metrics` beside the card's and the bars, which are those of the shipped sizes.
///
/// # Errors
/// If the model has no presets.
pub fn report(
    entry: &dyn Entry,
    config: &Value,
    metrics: &BTreeMap<String, f64>,
    card: &BTreeMap<String, f64>,
) -> Result<Outcome, Box<dyn Error>> {
    let mut outcome = Outcome::Good;
    let shipped: Value = serde_json::from_str(&named(entry, None)?.settings)?;
    let benchmarks = if *config == shipped["model"] { entry.benchmarks() } else { vec![] };
    for (name, &value) in metrics {
        let benchmark = benchmarks.iter().find(|benchmark| benchmark.name == name);
        let missed = benchmark.is_some_and(|benchmark| !benchmark.is_met(value, 1.0));
        let differs = card.get(name).is_none_or(|&recorded| (value - recorded).abs() > TOLERANCE * recorded.abs());
        let at_most = benchmark.and_then(|benchmark| benchmark.at_most).map(|bar| format!(", at most {bar} wanted"));
        let at_least = benchmark.and_then(|benchmark| benchmark.at_least).map(|bar| format!(", at least {bar} wanted"));
        let bars = at_most.into_iter().chain(at_least).collect::<String>();
        let missed_note = if missed { ": MISSED" } else { "" };
        let differs_note = if differs { ": DIFFERS from the card" } else { "" };
        println!("  {name}: {value:.6}{bars}{missed_note}{differs_note}");
        if missed || differs {
            outcome = Outcome::Missed;
        }
    }
    Ok(outcome)
}
