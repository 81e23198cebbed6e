//! One run as a state machine (step, pause, snapshot, resume), the learner that it drives, the schedule, the evaluation.

pub mod catalogue;
mod corruption;
pub mod evaluation;
pub mod learner;
mod optimiser_state;
pub mod run;
mod schedule;
pub mod snapshot;

pub use catalogue::{Catalogue, Entry};
pub use run::Run;
