//! A model's figures as they are now, beside those that its card tells and the bars.

use std::collections::{BTreeMap, HashMap, hash_map};
use std::error::Error;

use burn::tensor::Device;
use futures::executor::block_on;
use serde_json::Value;

use super::Outcome;
use super::figures::Measured;
use super::files::Files;
use super::presets::named;
use crate::protocol::{Card, ExampleKind};
use crate::training::Entry;

/// Figures may differ from the card's by this share: other processors round in another order.
const TOLERANCE: f64 = 1e-3;

/// Measures the stored weights anew, on the examples of `measured` as far as they were read already; writes the figures on the card
/// where it `records` them.
///
/// # Errors
/// If a file cannot be read or used.
pub fn recompute(
    entry: &dyn Entry,
    files: &Files,
    measured: &mut HashMap<ExampleKind, Measured>,
    records: bool,
) -> Result<Outcome, Box<dyn Error>> {
    let model = entry.load(&files.read_weights()?, &Device::flex())?;
    let kind = model.shape().examples;
    let measured = match measured.entry(kind) {
        hash_map::Entry::Occupied(known) => known.into_mut(),
        hash_map::Entry::Vacant(place) => place.insert(Measured::new(files.examples(kind)?)),
    };
    let metrics = block_on(measured.figures(&*model, &entry.benchmarks()))?;
    println!("{} on the test set:", entry.id());
    let settings: Value = serde_json::from_str(&model.origin().settings)?;
    let card = files.read_card()?;
    // Fields that the Config had not yet when the weights were trained stand on the card too.
    let card =
        if records { Card { config: settings["model"].clone(), metrics: metrics.clone(), ..card } } else { card };
    let outcome = report(entry, &settings["model"], &metrics, &card.metrics)?;
    if records {
        files.save_card(&card)?;
    }
    Ok(outcome)
}

/// Prints `metrics` beside the card's and the bars, which are those of the shipped sizes. What these ask for and nothing computed is missed.
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
    for benchmark in benchmarks.iter().filter(|benchmark| !metrics.contains_key(benchmark.name)) {
        println!("  {}: MISSED: not computed", benchmark.name);
        outcome = Outcome::Missed;
    }
    Ok(outcome)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::models::Autoencoder;
    use crate::models::linear::LinearAutoencoder;
    use crate::training::Catalogue;

    #[test]
    fn a_benchmark_that_was_not_computed_is_missed() {
        let catalogue = Catalogue::all();
        let entry = catalogue.get(LinearAutoencoder::ID).unwrap();
        let shipped: Value = serde_json::from_str(&named(entry, None).unwrap().settings).unwrap();
        // On the right side of each bar: all of this model's are upper ones.
        let mut metrics: BTreeMap<String, f64> =
            entry.benchmarks().iter().map(|benchmark| (benchmark.name.to_string(), 0.01)).collect();
        assert_eq!(report(entry, &shipped["model"], &metrics, &metrics).unwrap(), Outcome::Good);
        metrics.remove("principal_angle").unwrap();
        assert_eq!(report(entry, &shipped["model"], &metrics, &metrics).unwrap(), Outcome::Missed);
        let other = Value::Null;
        assert_eq!(
            report(entry, &other, &metrics, &metrics).unwrap(),
            Outcome::Good,
            "the bars are of the shipped sizes"
        );
    }
}
