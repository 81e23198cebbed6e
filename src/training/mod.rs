//! One run as a state machine (step, pause, snapshot, resume), its optimiser and schedule, the figures on the test set.

pub mod adam;
pub mod evaluation;
pub mod run;
pub mod snapshot;

pub use run::{Run, Settings};
