//! `train <model> --compare`: models trained side by side, so that they can be compared.

use std::error::Error;
use std::rc::Rc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use burn::tensor::Device;
use futures::executor::block_on;
use serde_json::Value;

use super::files::{Examples, Files};
use super::jacobian;
use super::presets::named;
use super::{Outcome, today};
use crate::analysis::histogram::histogram;
use crate::data::dataset::Dataset;
use crate::models::lesson::{Baseline, Benchmark};
use crate::protocol::{CodeKind, ComparedRun, Comparison, ExampleKind};
use crate::training::evaluation::{codes, squared_error};
use crate::training::{Catalogue, Entry, Run};
use crate::weights::DeviceError;

/// Trains what the model is compared with, and the model itself, and writes the comparison. Each trains an epoch in turn: whatever
/// else the machine has to do falls on all alike.
///
/// # Errors
/// If the model is compared with nothing, or a file cannot be read or written.
pub fn compare(
    catalogue: &Catalogue,
    entry: &dyn Entry,
    files: &Files,
    interrupted: &AtomicBool,
) -> Result<Outcome, Box<dyn Error>> {
    let examples = files.examples(ExampleKind::Digits)?;
    let begin = |baseline: Baseline| ComparedTraining::begin(catalogue, baseline, &examples);
    let mut runs = entry.baselines().into_iter().map(begin).collect::<Result<Vec<_>, _>>()?;
    if runs.is_empty() {
        return Err(format!("{} is compared with nothing", entry.id()).into());
    }
    while runs.iter().any(|training| !training.run.is_done()) {
        for training in runs.iter_mut().filter(|training| !training.run.is_done()) {
            if interrupted.load(Ordering::Relaxed) {
                println!("Nothing was written.");
                return Ok(Outcome::Interrupted);
            }
            println!("{}", training.epoch()?);
        }
    }
    let runs = runs.into_iter().map(|training| training.finish()).collect::<Result<_, _>>()?;
    files.save_comparison(Comparison { date: today(), runs })?;
    println!("Wrote {}.", files.comparisons().display());
    Ok(Outcome::Good)
}

/// A baseline in training.
struct ComparedTraining {
    run: Run,
    /// The preset's.
    name: &'static str,
    benchmarks: Vec<Benchmark>,
    test: Rc<dyn Dataset>,
    /// Spent on training.
    time: Duration,
    /// After each epoch.
    squared_errors: Vec<f64>,
}

impl ComparedTraining {
    fn begin(catalogue: &Catalogue, baseline: Baseline, examples: &Examples) -> Result<Self, Box<dyn Error>> {
        let Baseline { model, preset: name, epochs } = baseline;
        let entry = catalogue.get(model).ok_or_else(|| format!("there is no model named {model}"))?;
        let mut settings: Value = serde_json::from_str(&named(entry, Some(name))?.settings)?;
        settings["recipe"]["epochs"] = epochs.into();
        let run = entry.plan(&settings.to_string())?.begin(examples.train.clone(), &Device::flex())?;
        let (benchmarks, test) = (entry.benchmarks(), examples.test.clone());
        Ok(ComparedTraining { run, name, benchmarks, test, time: Duration::ZERO, squared_errors: vec![] })
    }

    /// Trains an epoch and measures what it came to; tells it in a line.
    fn epoch(&mut self) -> Result<String, DeviceError> {
        let (start, epoch) = (Instant::now(), self.run.progress().epoch);
        while self.run.progress().epoch == epoch {
            self.run.step();
        }
        // What is read has been computed.
        block_on(self.run.losses())?;
        self.time += start.elapsed();
        let model = self.run.trained();
        let error =
            block_on(squared_error(|inputs| model.reconstruct(inputs), &model.device(), &*self.test, 0.0, 0.0))?;
        self.squared_errors.push(error);
        let (model, name, seconds) = (self.run.id(), self.name, self.time.as_secs_f64());
        Ok(format!("{model} {name}: {error:.6} after epoch {}, {seconds:.1} s", epoch + 1))
    }

    fn finish(&self) -> Result<ComparedRun, DeviceError> {
        let model = self.run.trained();
        Ok(ComparedRun {
            model: model.id(),
            preset: self.name.to_string(),
            parameters: model.parameters(),
            epochs: self.run.progress().epochs,
            seconds: self.time.as_secs_f64(),
            squared_errors: self.squared_errors.clone(),
            activations: match model.shape().codes {
                CodeKind::Activations => histogram(&block_on(codes(&*model, &*self.test))?),
                _ => vec![],
            },
            metrics: block_on(jacobian::figures(&*model, &self.benchmarks, &*self.test))?,
        })
    }
}
