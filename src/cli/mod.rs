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
    if arguments.pca {
        principal::write(&arguments.data, &arguments.output)?;
        return Ok(Outcome::Good);
    }
    if arguments.test_digits {
        test_digits::write(&arguments.data)?;
        return Ok(Outcome::Good);
    }
    let interrupted = Arc::new(AtomicBool::new(false));
    let flag = interrupted.clone();
    ctrlc::set_handler(move || flag.store(true, Ordering::Relaxed))?;
    if arguments.pretraining {
        return pretraining::measure(&arguments.data, &arguments.output, &arguments.runs, &interrupted);
    }
    let catalogue = Catalogue::all();
    let models: Vec<&dyn Entry> = match arguments.model.as_deref() {
        Some("all") if arguments.compare => catalogue.entries().filter(|entry| !entry.baselines().is_empty()).collect(),
        None | Some("all") if arguments.parzen => catalogue.entries().filter(|entry| parzen::applies(*entry)).collect(),
        None | Some("all") if arguments.time || arguments.pictures => {
            catalogue.entries().filter(|entry| entry.describe().is_in_laboratory).collect()
        }
        None | Some("all") => catalogue.entries().collect(),
        Some(name) => vec![catalogue.get(ModelId::named(name)).ok_or_else(|| unknown(name, &catalogue))?],
    };

    let mut measured = HashMap::new();
    let mut worst = Outcome::Good;
    for entry in models {
        let files = Files::new(entry.id(), &arguments.data, &arguments.output, &arguments.runs);
        let outcome = if arguments.compare {
            comparison::compare(&catalogue, entry, &files, &interrupted)?
        } else if arguments.maximise {
            maximise::maximise(entry, &files)?
        } else if arguments.parzen {
            parzen::measure(entry, &files)?
        } else if arguments.bound {
            bound::measure(entry, &files)?
        } else if arguments.time {
            timing::measure(entry, &files, arguments.record)?
        } else if arguments.pictures {
            pictures::write(entry, &files)?
        } else if arguments.evaluate {
            report::recompute(entry, &files, &mut measured, arguments.record)?
        } else {
            train::train(entry, arguments, &files, &interrupted)?
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
