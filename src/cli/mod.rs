//! The `train` command: trains models natively, recomputes figures, compares, measures pretraining, maximises activations, estimates and
//! bounds likelihoods, times the training, writes pictures, principal components and test digits.

use std::collections::HashMap;
use std::error::Error;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::protocol::ModelId;
use crate::training::{Catalogue, Entry};

mod arguments;
pub mod bound;
mod chain;
pub mod classifier;
pub mod comparison;
pub mod figures;
pub mod files;
pub mod jacobian;
pub mod linear_classifier;
mod maximise;
pub mod parzen;
mod pictures;
mod presets;
pub mod pretraining;
pub mod principal;
mod report;
mod test_digits;
mod timing;
mod train;

pub use arguments::Arguments;
use arguments::{ModelTask, Task};
use files::Files;

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
    match arguments.task() {
        Task::PrincipalComponents => principal::write(&arguments.data, &arguments.output).map(|()| Outcome::Good),
        Task::TestDigits => test_digits::write(&arguments.data).map(|()| Outcome::Good),
        Task::Pretraining => {
            pretraining::measure(&arguments.data, &arguments.output, &arguments.runs, interruption()?.as_ref())
        }
        Task::OfModels(task) => of_models(task, arguments, interruption()?.as_ref()),
    }
}

/// Whether Ctrl-C was pressed, which ends nothing by itself from now on.
fn interruption() -> Result<Arc<AtomicBool>, ctrlc::Error> {
    let interrupted = Arc::new(AtomicBool::new(false));
    let flag = interrupted.clone();
    ctrlc::set_handler(move || flag.store(true, Ordering::Relaxed))?;
    Ok(interrupted)
}

/// For the model that is named, or for each that the task is for.
fn of_models(task: ModelTask, arguments: &Arguments, interrupted: &AtomicBool) -> Result<Outcome, Box<dyn Error>> {
    let catalogue = Catalogue::all();
    let is_meant = |entry: &&dyn Entry| match task {
        ModelTask::Compare => !entry.baselines().is_empty(),
        ModelTask::Parzen => parzen::applies(*entry),
        ModelTask::Time | ModelTask::Pictures => entry.describe().is_in_laboratory,
        ModelTask::Train | ModelTask::Evaluate | ModelTask::Bound | ModelTask::Maximise => true,
    };
    let models: Vec<&dyn Entry> = match arguments.model.as_deref() {
        None | Some("all") => catalogue.entries().filter(is_meant).collect(),
        Some(name) => vec![catalogue.get(ModelId::named(name)).ok_or_else(|| unknown(name, &catalogue))?],
    };
    let mut measured = HashMap::new();
    let mut worst = Outcome::Good;
    for entry in models {
        let files = Files::new(entry.id(), &arguments.data, &arguments.output, &arguments.runs);
        let outcome = match task {
            ModelTask::Train => train::train(entry, arguments, &files, interrupted)?,
            ModelTask::Evaluate => report::recompute(entry, &files, &mut measured, arguments.record)?,
            ModelTask::Parzen => parzen::measure(entry, &files)?,
            ModelTask::Bound => bound::measure(entry, &files)?,
            ModelTask::Time => timing::measure(entry, &files, arguments.record)?,
            ModelTask::Pictures => pictures::write(entry, &files)?,
            ModelTask::Maximise => maximise::maximise(entry, &files)?,
            ModelTask::Compare => comparison::compare(&catalogue, entry, &files, interrupted)?,
        };
        worst = worst.max(outcome);
        if outcome == Outcome::Interrupted {
            break;
        }
    }
    Ok(worst)
}

fn unknown(name: &str, catalogue: &Catalogue) -> String {
    let names: Vec<&str> = catalogue.entries().map(|entry| entry.id().name()).collect();
    format!("no model is named {name}; there are {}", names.join(", "))
}

/// The day, `YYYY-MM-DD`, UTC.
fn today() -> String {
    time::OffsetDateTime::now_utc().date().to_string()
}
