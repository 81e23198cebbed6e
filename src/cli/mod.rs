//! The command line around a [`Run`]: files, a progress bar, Ctrl-C.

use std::error::Error;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use burn::tensor::Device;
use futures::executor::block_on;
use indicatif::{ProgressBar, ProgressStyle};

use crate::data::dataset::Dataset;
use crate::models::autoencoder::{Autoencoder, Preset};
use crate::models::catalogue::ModelVisitor;
use crate::models::recipe::Recipe;
use crate::models::source::Source;
use crate::protocol::ModelId;
use crate::protocol::card::Card;
use crate::training::run::{Run, Settings};
use crate::weights::{self, Precision};

mod arguments;
pub mod comparison;
pub mod figures;
pub mod files;
pub mod principal;
mod report;

pub use arguments::Arguments;
use figures::{Examples, figures};
use files::Files;
use report::{recompute, report};

/// How the command ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outcome {
    /// Every bar is met.
    Good,
    /// A bar is missed, or a figure differs from the card's.
    Missed,
    /// By Ctrl-C.
    Interrupted,
}

/// Runs the command.
///
/// # Errors
/// If the model or the preset is unknown, a file cannot be read or written, or the settings make no run.
pub fn main(arguments: &Arguments) -> Result<Outcome, Box<dyn Error>> {
    if arguments.pca {
        principal::write(&arguments.data, &arguments.output)?;
        return Ok(Outcome::Good);
    }
    let models = match arguments.model.as_deref() {
        Some("all") if arguments.compare => comparison::compared(),
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
        let Arguments { data, output, runs, compare, evaluate, .. } = self.arguments;
        let files = Files::new(M::ID, data, output, runs);
        if *compare {
            return comparison::compare::<M>(&files, self.interrupted);
        }
        let task = if *evaluate { None } else { Some(self.settings::<M>()?) };
        let config = match &task {
            Some(settings) => settings.model.clone(),
            None => serde_json::from_value(files.read_card()?.config)?,
        };
        match M::source(&config) {
            Source::Digits => self.work::<M, _>(&files, task, config, files.digits()?),
            Source::Plane => self.work::<M, _>(&files, task, config, files::plane()),
        }
    }
}

impl Command<'_> {
    /// What the arguments make of the preset.
    fn settings<M: Autoencoder>(&self) -> Result<Settings<M::Config>, Box<dyn Error>> {
        let Arguments { ref preset, epochs, batch, learning_rate, seed, .. } = *self.arguments;
        let preset = named::<M>(preset.as_deref())?;
        let defaults = preset.recipe;
        let recipe = Recipe {
            epochs: epochs.unwrap_or(defaults.epochs),
            batch: batch.unwrap_or(defaults.batch),
            learning_rate: learning_rate.unwrap_or(defaults.learning_rate),
            ..defaults
        };
        Ok(Settings { model: preset.config, recipe, seed })
    }

    /// Trains by the settings; without any, measures the stored weights anew.
    fn work<M: Autoencoder, D: Dataset + Clone>(
        &self,
        files: &Files,
        task: Option<Settings<M::Config>>,
        config: M::Config,
        examples: Examples<D>,
    ) -> Result<Outcome, Box<dyn Error>> {
        match task {
            Some(settings) => self.train::<M, D>(files, settings, &examples),
            None => recompute::<M, D>(files, &config, &examples),
        }
    }

    fn train<M: Autoencoder, D: Dataset + Clone>(
        &self,
        files: &Files,
        settings: Settings<M::Config>,
        examples: &Examples<D>,
    ) -> Result<Outcome, Box<dyn Error>> {
        let mut run = self.begin::<M, D>(files, settings, examples.train.clone())?;
        let recipe = &run.settings().recipe;
        println!("{}: {} parameters, {recipe}", M::ID.name(), run.model().num_params());

        let progress = run.progress();
        let bar = ProgressBar::new((progress.steps * progress.batch) as u64).with_style(ProgressStyle::with_template(
            "{elapsed_precise} {bar:30} {msg}  {per_sec} examples, {eta} left",
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
        let outcome = finish(&run, files, examples)?;
        files.remove_snapshot()?;
        Ok(outcome)
    }

    /// A fresh run, or the interrupted one.
    fn begin<M: Autoencoder, D: Dataset>(
        &self,
        files: &Files,
        settings: Settings<M::Config>,
        data: D,
    ) -> Result<Run<M, D>, Box<dyn Error>> {
        let device = Device::flex();
        let Some(snapshot) = files.read_snapshot()?.filter(|_| !self.arguments.fresh) else {
            return Ok(Run::new(settings, data, &device)?);
        };
        let run = Run::<M, D>::resume(&snapshot, data, &device)?;
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

/// The preset of this name, or the first.
fn named<M: Autoencoder>(name: Option<&str>) -> Result<Preset<M::Config>, String> {
    let presets = M::presets();
    let index = name.map_or(Some(0), |name| presets.iter().position(|preset| preset.name == name));
    let names: Vec<&str> = presets.iter().map(|preset| preset.name).collect();
    let names = names.join(", ");
    let unknown = || format!("{} has no such preset; it has {names}", M::ID.name());
    index.and_then(|index| presets.into_iter().nth(index)).ok_or_else(unknown)
}

/// The day, `YYYY-MM-DD`, UTC.
fn today() -> String {
    time::OffsetDateTime::now_utc().date().to_string()
}

/// Writes the weights and the card of a run that is done.
fn finish<M: Autoencoder, D: Dataset>(
    run: &Run<M, D>,
    files: &Files,
    examples: &Examples<D>,
) -> Result<Outcome, Box<dyn Error>> {
    let settings = run.settings();
    let metadata = weights::metadata::<M>(&serde_json::to_string(settings)?);
    let file = block_on(weights::to_bytes(&run.model(), Precision::Half, Some(metadata)))?;
    let (stored, config) = weights::load_own::<M>(&file, &Device::flex())?;
    let card = Card {
        model: M::ID,
        config: serde_json::to_value(&config)?,
        recipe: serde_json::to_value(&settings.recipe)?,
        seed: settings.seed,
        epochs: run.progress().epochs,
        date: today(),
        parameters: stored.num_params(),
        metrics: block_on(figures(&stored, &config, examples))?,
    };
    files.save_model(&file, &card)?;
    println!("Wrote {} ({} bytes) and {}.", files.weights().display(), file.len(), files.card().display());
    report::<M>(&config, &card.metrics, &card.metrics)
}
