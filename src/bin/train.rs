//! `train <model>`: trains a model natively and writes its weights and card, or recomputes the card's figures.

use std::process::ExitCode;

use bottleneck::training::native::{self, Arguments};
use clap::Parser;

/// Buffers of a step are freed and asked for again all the time: twice as fast as with the system's allocator.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    match native::main(&Arguments::parse()) {
        Ok(native::Outcome::Good) => ExitCode::SUCCESS,
        Ok(native::Outcome::Missed) => ExitCode::FAILURE,
        Ok(native::Outcome::Interrupted) => ExitCode::from(130),
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}
