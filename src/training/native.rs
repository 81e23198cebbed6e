//! The command line around a [`Run`]: files, a progress bar, Ctrl-C.

use std::collections::BTreeMap;
use std::error::Error;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use burn::tensor::Device;
use clap::Parser;
use futures::executor::block_on;
use indicatif::{ProgressBar, ProgressStyle};

use super::evaluation::evaluate;
use super::run::{Run, Settings};
use crate::data::idx::Images;
use crate::data::split::split;
use crate::models::autoencoder::Autoencoder;
use crate::models::card::Card;
use crate::models::catalogue::{ModelId, ModelVisitor};
use crate::models::recipe::Recipe;
use crate::models::weights::{self, Precision};

pub mod files;

use files::Files;

/// Seed of the shipped weights.
const SEED: u64 = 42;

/// Figures may differ from the card's by this share: other processors round in another order.
const TOLERANCE: f64 = 1e-3;

/// Trains a model on MNIST and writes its weights and card. Ctrl-C saves the run; the same command resumes it.
#[derive(Clone, Debug, Parser)]
#[command(name = "train")]
pub struct Arguments {
    /// vae, denoising, or all (the default of --evaluate)
    #[arg(required_unless_present = "evaluate")]
    model: Option<String>,
    /// Passes over the 55,000 training images [default: the model's recipe]
    #[arg(long)]
    epochs: Option<usize>,
    /// Images in a step [default: the model's recipe]
    #[arg(long)]
    batch: Option<usize>,
    /// Peak learning rate [default: the model's recipe]
    #[arg(long)]
    learning_rate: Option<f64>,
    /// Determines weights, order and noise
    #[arg(long, default_value_t = SEED)]
    seed: u64,
    /// Begin anew, though a run was interrupted
    #[arg(long)]
    fresh: bool,
    /// Train nothing: recompute the figures of the weights, and compare them with the card and the bars
    #[arg(long, conflicts_with_all = ["epochs", "batch", "learning_rate", "seed", "fresh"])]
    evaluate: bool,
    /// Folder of MNIST's four files, gzipped
    #[arg(long, default_value = "www/data/mnist")]
    data: PathBuf,
    /// Folder of the weights and cards
    #[arg(long, default_value = "www/models")]
    output: PathBuf,
    /// Folder of the interrupted runs
    #[arg(long, default_value = "runs")]
    runs: PathBuf,
}

/// How the command ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outcome {
    /// Every bar is met.
    Good,
    /// A bar is missed, or a figure differs from the card's.
    Missed,
    /// By Ctrl-C; the run is saved.
    Interrupted,
}

/// Runs the command.
///
/// # Errors
/// If the model is unknown, a file cannot be read or written, or the settings make no run.
pub fn main(arguments: &Arguments) -> Result<Outcome, Box<dyn Error>> {
    let models = match arguments.model.as_deref() {
        None | Some("all") => ModelId::ALL.to_vec(),
        Some(name) => vec![name.parse()?],
    };
    let interrupted = Arc::new(AtomicBool::new(false));
    let flag = interrupted.clone();
    ctrlc::set_handler(move || flag.store(true, Ordering::Relaxed))?;

    let mut worst = Outcome::Good;
    for model in models {
        let outcome = model.visit(Command { arguments, interrupted: &interrupted })?;
        worst = worst.max(outcome);
        if outcome == Outcome::Interrupted {
            break;
        }
    }
    Ok(worst)
}

struct Command<'a> {
    arguments: &'a Arguments,
    interrupted: &'a AtomicBool,
}

impl ModelVisitor for Command<'_> {
    type Output = Result<Outcome, Box<dyn Error>>;

    fn visit<M: Autoencoder>(self) -> Self::Output {
        let Arguments { data, output, runs, .. } = self.arguments;
        let files = Files::new(M::ID, data, output, runs);
        if self.arguments.evaluate { recompute::<M>(&files) } else { self.train::<M>(&files) }
    }
}

impl Command<'_> {
    fn train<M: Autoencoder>(&self, files: &Files) -> Result<Outcome, Box<dyn Error>> {
        let (images, _) = split(&files.train_images()?);
        let mut run = self.begin::<M>(files, images)?;
        let recipe = &run.settings().recipe;
        println!("{}: {} parameters, {recipe}", M::ID.name(), run.model().num_params());

        let progress = run.progress();
        let bar = ProgressBar::new((progress.steps * progress.batch) as u64).with_style(ProgressStyle::with_template(
            "{elapsed_precise} {bar:30} {msg}  {per_sec} images, {eta} left",
        )?);
        bar.set_position((progress.step * progress.batch) as u64);
        bar.reset_eta();
        bar.enable_steady_tick(Duration::from_millis(500));
        while !run.is_done() {
            if self.interrupted.load(Ordering::Relaxed) {
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
        let outcome = finish(&run, files)?;
        files.remove_snapshot()?;
        Ok(outcome)
    }

    /// A fresh run, or the interrupted one.
    fn begin<M: Autoencoder>(&self, files: &Files, images: Images) -> Result<Run<M, Images>, Box<dyn Error>> {
        let Arguments { epochs, batch, learning_rate, seed, fresh, .. } = *self.arguments;
        let preset = M::presets().swap_remove(0);
        let defaults = preset.recipe;
        let settings = Settings {
            model: preset.config,
            recipe: Recipe {
                epochs: epochs.unwrap_or(defaults.epochs),
                batch: batch.unwrap_or(defaults.batch),
                learning_rate: learning_rate.unwrap_or(defaults.learning_rate),
                ..defaults
            },
            seed,
        };
        let device = Device::flex();
        let Some(snapshot) = files.read_snapshot()?.filter(|_| !fresh) else {
            return Ok(Run::new(settings, images, &device)?);
        };
        let run = Run::<M, Images>::resume(&snapshot, images, &device)?;
        if serde_json::to_value(run.settings())? != serde_json::to_value(&settings)? {
            return Err(format!(
                "{} holds a run with other settings: give the same, or --fresh to begin anew",
                files.snapshot().display()
            )
            .into());
        }
        println!("Resuming at step {} of {}.", run.progress().step, run.progress().steps);
        Ok(run)
    }
}

/// Writes the weights and the card of a run that is done.
fn finish<M: Autoencoder>(run: &Run<M, Images>, files: &Files) -> Result<Outcome, Box<dyn Error>> {
    let Settings { model: config, recipe, seed } = run.settings();
    let file = block_on(weights::to_bytes(&run.model(), Precision::Half))?;
    let stored: M = weights::load(M::init(config, &Device::flex()), &file)?;
    let metrics = block_on(evaluate(&stored, config, &files.test_images()?))?;
    let card = Card {
        model: M::ID,
        config: serde_json::to_value(config)?,
        recipe: serde_json::to_value(recipe)?,
        seed: *seed,
        epochs: recipe.epochs,
        date: time::OffsetDateTime::now_utc().date().to_string(),
        parameters: stored.num_params(),
        metrics,
    };
    files.save_model(&file, &card)?;
    println!("Wrote {} ({} bytes) and {}.", files.weights().display(), file.len(), files.card().display());
    Ok(report::<M>(&card.metrics, &card.metrics))
}

/// Measures the stored weights anew.
fn recompute<M: Autoencoder>(files: &Files) -> Result<Outcome, Box<dyn Error>> {
    let card = files.read_card()?;
    let config: M::Config = serde_json::from_value(card.config)?;
    let model: M = weights::load(M::init(&config, &Device::flex()), &files.read_weights()?)?;
    let metrics = block_on(evaluate(&model, &config, &files.test_images()?))?;
    println!("{} on the test set:", M::ID.name());
    Ok(report::<M>(&metrics, &card.metrics))
}

/// Prints `metrics` beside the card's and the bars.
fn report<M: Autoencoder>(metrics: &BTreeMap<String, f64>, card: &BTreeMap<String, f64>) -> Outcome {
    let mut outcome = Outcome::Good;
    for (name, &value) in metrics {
        let bar = M::benchmarks().into_iter().find(|benchmark| benchmark.name == name).and_then(|b| b.at_most);
        let missed = bar.is_some_and(|bar| value.is_nan() || value > bar);
        let differs = card.get(name).is_none_or(|&told| (value - told).abs() > TOLERANCE * told.abs());
        let told = bar.map(|bar| format!(", at most {bar} wanted")).unwrap_or_default();
        let missed_note = if missed { ": MISSED" } else { "" };
        let differs_note = if differs { ": DIFFERS from the card" } else { "" };
        println!("  {name}: {value:.6}{told}{missed_note}{differs_note}");
        if missed || differs {
            outcome = Outcome::Missed;
        }
    }
    outcome
}
