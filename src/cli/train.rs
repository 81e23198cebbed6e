//! `train <model>`: a run with a progress bar, kept on Ctrl-C, and the weights and card that it comes to.

use std::error::Error;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use burn::tensor::Device;
use futures::executor::block_on;
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::Value;

use super::figures::Measured;
use super::files::{Examples, Files};
use super::presets::named;
use super::report::report;
use super::{Arguments, Outcome, today};
use crate::protocol::Card;
use crate::training::{Entry, Run};
use crate::weights::Precision;

/// Trains a model by the arguments, or goes on with the run that was interrupted.
///
/// # Errors
/// If the preset is unknown, a file cannot be read or written, or the settings make no run.
pub fn train(
    entry: &dyn Entry,
    arguments: &Arguments,
    files: &Files,
    interrupted: &AtomicBool,
) -> Result<Outcome, Box<dyn Error>> {
    let settings = settings(entry, arguments)?;
    let snapshot = files.read_snapshot()?.filter(|_| !arguments.fresh);
    let plan = match &snapshot {
        Some(snapshot) => entry.snapshot(snapshot)?,
        None => entry.plan(&settings)?,
    };
    if plan.settings != entry.plan(&settings)?.settings {
        let path = files.snapshot();
        let path = path.display();
        return Err(format!("{path} holds a run with other settings: give the same, or --fresh to begin anew").into());
    }
    let examples = files.examples(plan.shape.examples)?;
    let recipe = plan.recipe.clone();
    let mut run = plan.begin(examples.train.clone(), &Device::flex())?;
    println!("{}: {} parameters, {recipe}", entry.id(), run.trained().parameters());
    let progress = run.progress();
    if progress.step > 0 {
        println!("Resuming at step {} of {}.", progress.step, progress.steps);
    }

    let bar = ProgressBar::new((progress.steps * progress.batch) as u64)
        .with_style(ProgressStyle::with_template("{elapsed_precise} {bar:30} {msg}  {per_sec} examples, {eta} left")?);
    bar.set_position((progress.step * progress.batch) as u64);
    bar.reset_eta();
    bar.enable_steady_tick(Duration::from_millis(500));
    while !run.is_done() {
        if interrupted.load(Ordering::Relaxed) {
            files.save_snapshot(&block_on(run.snapshot())?)?;
            bar.abandon();
            println!("Saved in {}; the same command goes on from there.", files.snapshot().display());
            return Ok(Outcome::Interrupted);
        }
        let epoch = run.progress().epoch;
        run.step();
        bar.inc(progress.batch as u64);
        if run.progress().epoch > epoch {
            let losses = block_on(run.losses())?;
            let losses: Vec<String> = losses.iter().map(|(name, value)| format!("{name} {value:.5}")).collect();
            let message = format!("epoch {}/{}: {}", epoch + 1, progress.epochs, losses.join(", "));
            if bar.is_hidden() {
                println!("{message}");
            }
            bar.set_message(message);
            files.save_snapshot(&block_on(run.snapshot())?)?;
        }
    }
    bar.finish();
    let outcome = finish(entry, &run, files, &examples)?;
    files.remove_snapshot()?;
    Ok(outcome)
}

/// What the arguments make of the preset: the settings of a run, as JSON.
fn settings(entry: &dyn Entry, arguments: &Arguments) -> Result<String, Box<dyn Error>> {
    let Arguments { ref preset, epochs, batch, learning_rate, seed, .. } = *arguments;
    let mut settings: Value = serde_json::from_str(&named(entry, preset.as_deref())?.settings)?;
    settings["seed"] = seed.into();
    let recipe = &mut settings["recipe"];
    epochs.into_iter().for_each(|epochs| recipe["epochs"] = epochs.into());
    batch.into_iter().for_each(|batch| recipe["batch"] = batch.into());
    learning_rate.into_iter().for_each(|rate| recipe["learning_rate"] = rate.into());
    let known = entry.describe().settings;
    for (key, number) in &arguments.set {
        let setting = known.iter().find(|setting| setting.key == *key && setting.get(&settings).is_some());
        let setting = setting.ok_or_else(|| {
            let keys: Vec<&str> = known.iter().map(|setting| setting.key.as_ref()).collect();
            format!("{} has no setting {key} in this preset; it knows {}", entry.id(), keys.join(", "))
        })?;
        setting.set(&mut settings, *number)?;
    }
    Ok(settings.to_string())
}

/// Writes the weights and the card of a run that is done.
fn finish(entry: &dyn Entry, run: &Run, files: &Files, examples: &Examples) -> Result<Outcome, Box<dyn Error>> {
    let file = block_on(run.trained().to_file(Precision::Int8))?;
    let stored = entry.load(&file, &Device::flex())?;
    let mut settings: Value = serde_json::from_str(&stored.origin().settings)?;
    let card = Card {
        model: entry.id(),
        config: settings["model"].take(),
        recipe: settings["recipe"].take(),
        seed: settings["seed"].as_u64().unwrap_or_default(),
        epochs: stored.origin().epochs,
        date: today(),
        parameters: stored.parameters(),
        seconds: None,
        metrics: block_on(Measured::new(examples.clone()).figures(&*stored, &entry.benchmarks()))?,
    };
    files.save_model(&file, &card)?;
    println!("Wrote {} ({} bytes) and {}.", files.weights().display(), file.len(), files.card().display());
    report(entry, &card.config, &card.metrics, &card.metrics)
}
