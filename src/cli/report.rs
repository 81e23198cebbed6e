//! A model's figures as they are now, beside those that its card tells and the bars.

use std::collections::BTreeMap;
use std::error::Error;

use burn::tensor::Device;
use futures::executor::block_on;

use super::Outcome;
use super::figures::{Examples, figures};
use super::files::Files;
use crate::data::dataset::Dataset;
use crate::models::autoencoder::Autoencoder;
use crate::weights;

/// Figures may differ from the card's by this share: other processors round in another order.
const TOLERANCE: f64 = 1e-3;

/// Measures the stored weights anew.
pub fn recompute<M: Autoencoder, D: Dataset>(
    files: &Files,
    config: &M::Config,
    examples: &Examples<D>,
) -> Result<Outcome, Box<dyn Error>> {
    let model: M = weights::load(M::init(config, &Device::flex()), &files.read_weights()?)?;
    let metrics = block_on(figures(&model, config, examples))?;
    println!("{} on the test set:", M::ID.name());
    report::<M>(config, &metrics, &files.read_card()?.metrics)
}

/// Prints `metrics` beside the card's and the bars, which are those of the default sizes.
pub fn report<M: Autoencoder>(
    config: &M::Config,
    metrics: &BTreeMap<String, f64>,
    card: &BTreeMap<String, f64>,
) -> Result<Outcome, Box<dyn Error>> {
    let mut outcome = Outcome::Good;
    let is_default = serde_json::to_value(config)? == serde_json::to_value(M::Config::default())?;
    let benchmarks = if is_default { M::benchmarks() } else { vec![] };
    for (name, &value) in metrics {
        let benchmark = benchmarks.iter().find(|benchmark| benchmark.name == name);
        let missed = benchmark.is_some_and(|benchmark| !benchmark.is_met(value, 1.0));
        let differs = card.get(name).is_none_or(|&told| (value - told).abs() > TOLERANCE * told.abs());
        let at_most = benchmark.and_then(|benchmark| benchmark.at_most).map(|bar| format!(", at most {bar} wanted"));
        let at_least = benchmark.and_then(|benchmark| benchmark.at_least).map(|bar| format!(", at least {bar} wanted"));
        let told = at_most.into_iter().chain(at_least).collect::<String>();
        let missed_note = if missed { ": MISSED" } else { "" };
        let differs_note = if differs { ": DIFFERS from the card" } else { "" };
        println!("  {name}: {value:.6}{told}{missed_note}{differs_note}");
        if missed || differs {
            outcome = Outcome::Missed;
        }
    }
    Ok(outcome)
}
