//! `train <model> --compare`: models trained side by side, so that they can be compared.

use std::collections::BTreeMap;
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

/// The mean squared error per pixel that every run must get below: what always answers the mean image has 0.067.
const LARGEST_ERROR: f64 = 0.04;
/// A figure that few models have: the mean squared norm of the encoder's Jacobian.
const NORM: &str = "squared_jacobian_norm";
/// What a model that penalises the norm must bring it down to, as a share of another's, ...
const LARGEST_NORM_RATIO: f64 = 1.0 / 3.0;
/// ... at no more than so many times its squared error.
const LARGEST_ERROR_RATIO: f64 = 1.2;
/// How far figures may be from those on the card, as a share: the card's are of another run of the same settings.
const TOLERANCE: f64 = 0.1;

/// Trains what the model is compared with, and the model itself, and writes the comparison. Each trains an epoch in turn: whatever
/// else the machine has to do falls on all alike. Prints which bars are missed.
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
    let runs = runs.into_iter().map(|training| training.finish()).collect::<Result<Vec<_>, _>>()?;
    let card = if files.card().exists() { files.read_card()?.metrics } else { BTreeMap::new() };
    let missed = missed(&runs, &card);
    files.save_comparison(Comparison { date: today(), runs })?;
    println!("Wrote {}.", files.comparisons().display());
    missed.iter().for_each(|bar| println!("MISSED: {bar}"));
    Ok(if missed.is_empty() { Outcome::Good } else { Outcome::Missed })
}

/// The bars that are missed, in words. The first of `runs` is the model's own, by the settings that the figures of its `card` are of.
fn missed(runs: &[ComparedRun], card: &BTreeMap<String, f64>) -> Vec<String> {
    let error = |run: &ComparedRun| run.squared_errors.last().copied().unwrap_or(f64::NAN);
    let mut missed = vec![];
    let mut hold = |is_met: bool, bar: String| {
        if !is_met {
            missed.push(bar);
        }
    };
    for run in runs {
        let (found, name) = (error(run), format!("{} {}", run.model, run.preset));
        hold(found < LARGEST_ERROR, format!("{name}: error {found:.6}, less than {LARGEST_ERROR} wanted"));
    }
    if let Some((own, others)) = runs.split_first() {
        for other in others {
            let Some((norm, plain)) = own.metrics.get(NORM).zip(other.metrics.get(NORM)) else { continue };
            let (norm, error) = (norm / plain, error(own) / error(other));
            let against = format!("times that of {} {}", other.model, other.preset);
            hold(
                norm <= LARGEST_NORM_RATIO,
                format!("{NORM} {norm:.3} {against}, at most {LARGEST_NORM_RATIO:.3} wanted"),
            );
            hold(
                error <= LARGEST_ERROR_RATIO,
                format!("error {error:.3} {against}, at most {LARGEST_ERROR_RATIO} wanted"),
            );
        }
        for (name, found) in &own.metrics {
            let Some(told) = card.get(name) else {
                hold(false, format!("{name}: {found:.6}, and none on the card"));
                continue;
            };
            hold((found / told - 1.0).abs() < TOLERANCE, format!("{name}: {found:.6}, and {told:.6} on the card"));
        }
    }
    missed
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::ModelId;

    fn run(error: f64, norm: Option<f64>) -> ComparedRun {
        ComparedRun {
            model: ModelId::new("contractive"),
            preset: "best".to_string(),
            parameters: 1,
            epochs: 2,
            seconds: 1.0,
            squared_errors: vec![0.06, error],
            activations: vec![],
            metrics: norm.map(|norm| (NORM.to_string(), norm)).into_iter().collect(),
        }
    }

    #[test]
    fn each_bar_is_missed_by_itself() {
        let none = BTreeMap::new();
        let card = BTreeMap::from([(NORM.to_string(), 105.0)]);
        let met = [run(0.011, Some(100.0)), run(0.010, Some(300.0))];
        assert_eq!(missed(&met, &card), Vec::<String>::new());
        assert_eq!(missed(&[run(0.039, None), run(0.01, None)], &none).len(), 0, "no norms, nothing to hold them to");
        for (runs, card, expected) in [
            ([run(0.011, None), run(0.041, None)], &none, "error 0.041000"),
            ([run(0.011, None), run(f64::NAN, None)], &none, "error NaN"),
            ([run(0.011, Some(101.0)), run(0.010, Some(300.0))], &card, "squared_jacobian_norm 0.337"),
            ([run(0.0121, Some(100.0)), run(0.010, Some(300.0))], &card, "error 1.210"),
            ([run(0.011, Some(94.0)), run(0.010, Some(300.0))], &card, "94.000000, and 105.000000 on the card"),
            ([run(0.011, Some(100.0)), run(0.010, Some(300.0))], &none, "100.000000, and none on the card"),
        ] {
            let found = missed(&runs, card);
            assert!(found.len() == 1 && found[0].contains(expected), "{expected}: {found:?}");
        }
    }
}
