//! The programs that the page gives of a model (www/code): they are of its settings, run, and compute what the engine computes.

mod case;
mod programs;
mod python;
mod rust;
mod settings;
#[path = "../support/mod.rs"]
mod support;
