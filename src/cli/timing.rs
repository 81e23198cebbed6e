//! `train --time`: how long the training of the shipped weights takes here.

use std::error::Error;
use std::time::Instant;

use burn::tensor::Device;
use futures::executor::block_on;
use serde_json::Value;

use super::Outcome;
use super::files::Files;
use super::presets::named;
use crate::training::Entry;

/// The part of an epoch that is timed.
const PART: usize = 10;

/// Trains the first preset for a tenth of an epoch of each phase, and prints what its training takes at that pace: epochs differ little,
/// and what a run does at its end is not counted. Writes it on the card where it `records`.
///
/// # Errors
/// If the model has phases of other epochs and examples than its recipe tells, or a file cannot be read or written.
pub fn measure(entry: &dyn Entry, files: &Files, records: bool) -> Result<Outcome, Box<dyn Error>> {
    if !entry.describe().is_in_laboratory {
        let id = entry.id();
        return Err(
            format!("{id} is not timed: it is pretrained by other epochs and examples than those multiplied").into()
        );
    }
    let mut settings: Value = serde_json::from_str(&named(entry, None)?.settings)?;
    let recipe = &mut settings["recipe"];
    let number = |name: &str| recipe[name].as_u64().unwrap_or_default() as usize;
    let (epochs, batch, examples) = (number("epochs"), number("batch"), number("examples"));
    let data = files.examples(entry.plan(&settings.to_string())?.shape.examples)?.train;
    let examples = examples.min(data.count());
    let timed = (examples / PART).max(batch).min(examples);
    settings["recipe"]["epochs"] = 1.into();
    settings["recipe"]["examples"] = timed.into();
    let mut run = entry.plan(&settings.to_string())?.begin(data, &Device::flex())?;
    let start = Instant::now();
    while !run.is_done() {
        run.step();
    }
    // What is computed is there only when it is read.
    block_on(run.losses())?;
    let seconds = start.elapsed().as_secs_f64() * examples as f64 / timed as f64 * epochs as f64;
    println!("{}: {seconds:.0} s, {epochs} epochs of each phase", entry.id());
    if records {
        let mut card = files.read_card()?;
        card.seconds = Some(seconds.round());
        files.save_card(&card)?;
    }
    Ok(Outcome::Good)
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::models::Autoencoder;
    use crate::models::classifier::Classifier;
    use crate::training::Catalogue;

    #[test]
    fn a_model_whose_phases_differ_is_refused() {
        let catalogue = Catalogue::all();
        let [data, output, runs] = ["data", "output", "runs"].map(Path::new);
        let files = Files::new(Classifier::ID, data, output, runs);
        let error = measure(catalogue.get(Classifier::ID).unwrap(), &files, false).unwrap_err().to_string();
        assert!(error.starts_with("classifier is not timed"), "{error}");
    }
}
