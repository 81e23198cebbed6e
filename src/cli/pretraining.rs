//! `train --pretraining`: how many digits a classifier tells that learnt from few labels, its encoder pretrained or not.

use std::error::Error;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::atomic::{AtomicBool, Ordering};

use burn::tensor::Device;
use futures::executor::block_on;
use serde_json::{Value, json};

use super::files::{FileError, read, read_json, replace, replace_json, sets};
use super::{Outcome, today};
use crate::data::dataset::Dataset;
use crate::models::Autoencoder;
use crate::models::classifier::Classifier;
use crate::protocol::{PresetDescription, PretrainingPoint, PretrainingResults, Try};
use crate::training::evaluation::accuracy;
use crate::training::{Catalogue, Entry, Run, snapshot};
use crate::weights::{self, TrainedModel};

/// The file among those of the models.
pub const FILE: &str = "pretraining.json";

/// How many labels are told; with each number the images in a step of fine-tuning, and the most epochs of it.
pub const LABELS: [(usize, usize, usize); 6] =
    [(100, 50, 200), (300, 50, 100), (1_000, 50, 50), (3_000, 50, 25), (10_000, 150, 20), (55_000, 150, 8)];

/// Each draws labels, first weights, and orders of its own.
pub const SEEDS: [u64; 5] = [1, 2, 3, 4, 5];

/// Peak learning rates that are tried where the encoder is fine-tuned, and where the softmax layer alone is.
const RATES: [[f64; 3]; 2] = [[3e-4, 1e-3, 3e-3], [3e-3, 1e-2, 3e-2]];

/// The best rate is tried with a quarter of the epochs too, which is stopping early.
const EARLY: usize = 4;

/// So many labels are few: with them an encoder that was pretrained on noisy images must be worth more than the seeds differ. One that was
/// pretrained without noise is not held to that, for it was found to gain next to nothing.
const FEW: [usize; 3] = [100, 300, 1_000];

/// Measures what the file does not have yet; whatever is measured is written at once. Prints which bars are missed.
///
/// # Errors
/// If a file cannot be read or written.
pub fn measure(data: &Path, output: &Path, runs: &Path, interrupted: &AtomicBool) -> Result<Outcome, Box<dyn Error>> {
    let catalogue = Catalogue::all();
    let entry = catalogue.get(Classifier::ID).ok_or("there is no classifier")?;
    let path = output.join(FILE);
    let mut results: PretrainingResults = if path.exists() { read_json(&path)? } else { Default::default() };
    let (train, validation, test) = sets(data)?;
    let experiment = Experiment { entry, train: Rc::new(train), runs: runs.join("pretraining"), interrupted };
    for (labels, batch, most_epochs) in LABELS {
        for preset in entry.describe().presets {
            let index = point(&mut results, &preset.name, labels);
            for number in 0..=RATES[0].len() {
                if results.points[index].tries.len() > number {
                    continue;
                }
                let rates = RATES[usize::from(is_encoder_frozen(&preset)?)];
                let best = results.points[index].chosen().map_or(rates[0], |chosen| chosen.learning_rate);
                let (learning_rate, epochs) =
                    rates.get(number).map_or((best, most_epochs / EARLY), |&rate| (rate, most_epochs));
                let mut tried = Try { learning_rate, epochs, batch, accuracy: 0.0 };
                let Some(model) = experiment.train(&preset, labels, tried, SEEDS[0])? else { return interruption() };
                tried.accuracy = share(&*model, &validation)?;
                println!(
                    "{} {labels}: {:.4} on validation, rate {learning_rate}, {epochs} epochs",
                    preset.name, tried.accuracy
                );
                results.points[index].tries.push(tried);
                save(&path, &mut results)?;
            }
            for seed in SEEDS {
                if results.points[index].accuracies.contains_key(&seed) {
                    continue;
                }
                let chosen = results.points[index].chosen().ok_or("nothing was tried")?;
                let Some(model) = experiment.train(&preset, labels, chosen, seed)? else { return interruption() };
                let accuracy = share(&*model, &test)?;
                println!("{} {labels}: {accuracy:.4} on test, seed {seed}", preset.name);
                results.points[index].accuracies.insert(seed, accuracy);
                save(&path, &mut results)?;
            }
        }
    }
    let missed = missed(&results);
    missed.iter().for_each(|bar| println!("MISSED: {bar}"));
    Ok(if missed.is_empty() { Outcome::Good } else { Outcome::Missed })
}

/// The bars that are missed, in words.
fn missed(results: &PretrainingResults) -> Vec<String> {
    let measured = |preset: &str, labels| {
        let mut points = results.points.iter();
        points.find(|point| point.preset == preset && point.labels == labels)?.mean_and_deviation()
    };
    let mut missed = vec![];
    for labels in FEW {
        for preset in ["denoising_tuned", "denoising_frozen"] {
            let Some((scratch, pretrained)) = measured("scratch", labels).zip(measured(preset, labels)) else {
                missed.push(format!("{preset} {labels}: not measured"));
                continue;
            };
            let (gain, spread) = (pretrained.0 - scratch.0, pretrained.1.max(scratch.1));
            if gain <= spread {
                missed
                    .push(format!("{preset} {labels}: {gain:.4} more than from scratch, more than {spread:.4} wanted"));
            }
        }
    }
    missed
}

fn interruption() -> Result<Outcome, Box<dyn Error>> {
    println!("What was measured is written; the same command goes on from there.");
    Ok(Outcome::Interrupted)
}

/// Where the point of a preset with so many labels is; it is added where it is not.
fn point(results: &mut PretrainingResults, preset: &str, labels: usize) -> usize {
    let points = &mut results.points;
    points.iter().position(|point| point.preset == preset && point.labels == labels).unwrap_or_else(|| {
        points.push(PretrainingPoint {
            preset: preset.to_string(),
            labels,
            tries: Vec::new(),
            accuracies: Default::default(),
        });
        points.len() - 1
    })
}

fn save(path: &Path, results: &mut PretrainingResults) -> Result<(), FileError> {
    results.date = today();
    results.metrics = results.summary();
    replace_json(path, results)
}

fn share(model: &dyn TrainedModel, data: &dyn Dataset) -> Result<f64, Box<dyn Error>> {
    Ok(block_on(accuracy(model, data))?.ok_or("the model does not classify")?)
}

fn is_encoder_frozen(preset: &PresetDescription) -> Result<bool, serde_json::Error> {
    Ok(serde_json::from_str::<Value>(&preset.settings)?["model"]["is_encoder_frozen"] == json!(true))
}

/// What all runs have in common.
struct Experiment<'a> {
    entry: &'a dyn Entry,
    train: Rc<dyn Dataset>,
    /// Folder of the pretrained encoders.
    runs: PathBuf,
    interrupted: &'a AtomicBool,
}

impl Experiment<'_> {
    /// The preset with so many labels, fine-tuned as `tried` says; None where it was interrupted.
    fn train(
        &self,
        preset: &PresetDescription,
        labels: usize,
        tried: Try,
        seed: u64,
    ) -> Result<Option<Rc<dyn TrainedModel>>, Box<dyn Error>> {
        let mut settings: Value = serde_json::from_str(&preset.settings)?;
        settings["seed"] = seed.into();
        let recipe = &mut settings["recipe"];
        recipe["examples"] = labels.into();
        recipe["batch"] = tried.batch.into();
        recipe["learning_rate"] = tried.learning_rate.into();
        recipe["epochs"] = tried.epochs.into();
        let mut run = if settings["model"]["pretraining"].is_null() {
            self.begin(&settings)?
        } else {
            let Some(pretrained) = self.pretrained(&settings)? else { return Ok(None) };
            let file = snapshot::with_settings(&pretrained, &settings.to_string())?;
            self.entry.snapshot(&file)?.begin(self.train.clone(), &Device::flex())?
        };
        Ok(self.advance(&mut run, |run| !run.is_done()).then(|| run.trained()))
    }

    /// The snapshot of a run of these settings where fine-tuning begins: the same for all that are pretrained alike, and kept.
    fn pretrained(&self, settings: &Value) -> Result<Option<Vec<u8>>, Box<dyn Error>> {
        let mut of_pretraining = json!({"model": settings["model"], "seed": settings["seed"]});
        of_pretraining["model"]["is_encoder_frozen"] = json!(false);
        let kind = if settings["model"]["pretraining"]["corruption"].is_null() { "stacked" } else { "denoising" };
        let path = self.runs.join(format!("{kind}-{}.safetensors", settings["seed"]));
        if path.exists() {
            let file = read(&path)?;
            let kept: Option<Value> = weights::read_metadata(&file)?
                .get(weights::SETTINGS)
                .map(|kept| serde_json::from_str(kept))
                .transpose()?;
            if kept.is_some_and(|kept| ["model", "seed"].iter().all(|part| kept[part] == of_pretraining[part])) {
                return Ok(Some(file));
            }
        }
        of_pretraining["recipe"] = settings["recipe"].clone();
        let mut run = self.begin(&of_pretraining)?;
        if !self.advance(&mut run, |run| run.phase() == 0) {
            return Ok(None);
        }
        let file = block_on(run.snapshot())?;
        replace(&path, &file)?;
        println!("Wrote {}.", path.display());
        Ok(Some(file))
    }

    fn begin(&self, settings: &Value) -> Result<Run, Box<dyn Error>> {
        Ok(self.entry.plan(&settings.to_string())?.begin(self.train.clone(), &Device::flex())?)
    }

    /// Takes steps as long as `goes_on` says; false where it was interrupted.
    fn advance(&self, run: &mut Run, goes_on: impl Fn(&Run) -> bool) -> bool {
        while goes_on(run) {
            if self.interrupted.load(Ordering::Relaxed) {
                return false;
            }
            run.step();
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pretraining_on_noisy_images_is_held_to_more_than_the_spread() {
        let point = |preset: &str, labels, around: f64| PretrainingPoint {
            preset: preset.to_string(),
            labels,
            tries: vec![],
            accuracies: [(1, around - 0.01), (2, around), (3, around + 0.01)].into(),
        };
        let at = |labels| {
            [
                point("scratch", labels, 0.80),
                point("stacked_tuned", labels, 0.75),
                point("denoising_tuned", labels, 0.82),
                point("denoising_frozen", labels, 0.815),
            ]
        };
        let mut results = PretrainingResults { points: FEW.into_iter().flat_map(at).collect(), ..Default::default() };
        assert_eq!(missed(&results), Vec::<String>::new());
        results.points[2] = point("denoising_tuned", 100, 0.805);
        let removed = results.points.pop().expect("points");
        assert_eq!((removed.preset.as_str(), removed.labels), ("denoising_frozen", 1_000));
        let found = missed(&results);
        assert!(found.len() == 2 && found[0].starts_with("denoising_tuned 100: 0.0050 more"), "{found:?}");
        assert_eq!(found[1], "denoising_frozen 1000: not measured");
    }
}
