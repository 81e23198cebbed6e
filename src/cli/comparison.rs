//! `train <model> --compare`: models trained side by side, so that they can be compared.

use std::error::Error;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use burn::tensor::Device;
use futures::executor::block_on;

use super::arguments::SEED;
use super::figures::Examples;
use super::files::Files;
use super::{Outcome, named, today};
use crate::analysis::histogram::histogram;
use crate::data::idx::Images;
use crate::models::autoencoder::{Autoencoder, Baseline};
use crate::models::catalogue::ModelVisitor;
use crate::models::recipe::Recipe;
use crate::protocol::ModelId;
use crate::protocol::comparison::{ComparedRun, Comparison};
use crate::training::evaluation::{codes, squared_error};
use crate::training::{Run, Settings};
use crate::weights::DeviceError;

/// Trains what `M` is compared with, and `M` itself, and writes the comparison. Each trains an epoch in turn: whatever else the
/// machine has to do falls on all alike.
///
/// # Errors
/// If `M` is compared with nothing, or a file cannot be read or written.
pub fn compare<M: Autoencoder>(files: &Files, interrupted: &AtomicBool) -> Result<Outcome, Box<dyn Error>> {
    let examples = files.digits()?;
    let enter = |baseline: Baseline| baseline.model.visit(Enter { baseline, examples: &examples });
    let mut runs = M::baselines().into_iter().map(enter).collect::<Result<Vec<_>, _>>()?;
    if runs.is_empty() {
        return Err(format!("{} is compared with nothing", M::ID.name()).into());
    }
    while runs.iter().any(|run| !run.is_done()) {
        for run in runs.iter_mut().filter(|run| !run.is_done()) {
            if interrupted.load(Ordering::Relaxed) {
                println!("Nothing was written.");
                return Ok(Outcome::Interrupted);
            }
            println!("{}", run.epoch()?);
        }
    }
    let runs = runs.into_iter().map(|run| run.finish()).collect::<Result<_, _>>()?;
    files.save_comparison(Comparison { date: today(), runs })?;
    println!("Wrote {}.", files.comparisons().display());
    Ok(Outcome::Good)
}

/// The models that are compared with anything.
pub fn compared() -> Vec<ModelId> {
    ModelId::ALL.into_iter().filter(|model| model.visit(IsCompared)).collect()
}

struct IsCompared;

impl ModelVisitor for IsCompared {
    type Output = bool;

    fn visit<M: Autoencoder>(self) -> bool {
        !M::baselines().is_empty()
    }
}

/// A baseline in training, whatever its model.
trait Compared {
    fn is_done(&self) -> bool;

    /// Trains an epoch and measures what it came to; tells it in a line.
    fn epoch(&mut self) -> Result<String, DeviceError>;

    fn finish(&self) -> Result<ComparedRun, DeviceError>;
}

/// Makes a [`Compared`] of a baseline.
struct Enter<'a> {
    baseline: Baseline,
    examples: &'a Examples<Images>,
}

impl ModelVisitor for Enter<'_> {
    type Output = Result<Box<dyn Compared>, Box<dyn Error>>;

    fn visit<M: Autoencoder>(self) -> Self::Output {
        let Baseline { preset: name, epochs, .. } = self.baseline;
        let preset = named::<M>(Some(name))?;
        let recipe = Recipe { epochs, ..preset.recipe };
        let settings = Settings { model: preset.config, recipe, seed: SEED };
        let Examples { train, test } = self.examples.clone();
        let run = Run::<M, Images>::new(settings, train, &Device::flex())?;
        Ok(Box::new(InTraining { run, name, test, time: Duration::ZERO, squared_errors: vec![] }))
    }
}

struct InTraining<M: Autoencoder> {
    run: Run<M, Images>,
    /// The preset's.
    name: &'static str,
    test: Images,
    /// Spent on training.
    time: Duration,
    /// After each epoch.
    squared_errors: Vec<f64>,
}

impl<M: Autoencoder> Compared for InTraining<M> {
    fn is_done(&self) -> bool {
        self.run.is_done()
    }

    fn epoch(&mut self) -> Result<String, DeviceError> {
        let (start, epoch) = (Instant::now(), self.run.progress().epoch);
        while self.run.progress().epoch == epoch {
            self.run.step();
        }
        // What is read has been computed.
        block_on(self.run.losses())?;
        self.time += start.elapsed();
        let error = block_on(squared_error(&self.run.model(), &self.run.settings().model, &self.test, 0.0, 0.0))?;
        self.squared_errors.push(error);
        let (model, name, seconds) = (M::ID.name(), self.name, self.time.as_secs_f64());
        Ok(format!("{model} {name}: {error:.6} after epoch {}, {seconds:.1} s", epoch + 1))
    }

    fn finish(&self) -> Result<ComparedRun, DeviceError> {
        let model = self.run.model();
        Ok(ComparedRun {
            model: M::ID,
            preset: self.name.to_string(),
            parameters: model.num_params(),
            epochs: self.run.progress().epochs,
            seconds: self.time.as_secs_f64(),
            squared_errors: self.squared_errors.clone(),
            activations: match M::has_activations() {
                true => histogram(&block_on(codes(&model, &self.test))?),
                false => vec![],
            },
        })
    }
}
