//! One run as a state machine (step, pause, snapshot, resume), its optimiser and schedule, the figures on the test set.

pub mod adam;
pub mod evaluation;
#[cfg(feature = "native")]
pub mod native;
pub mod run;
pub mod snapshot;

pub use run::{Run, Settings};
