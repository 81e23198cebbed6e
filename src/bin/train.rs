//! `train <model>`: trains a model natively and writes its weights and card, or recomputes the card's figures.

use std::process::ExitCode;

use bottleneck::cli::{self, Arguments};
use clap::Parser;

/// Buffers of a step are freed and asked for again all the time: twice as fast as with the system's allocator.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    match cli::main(&Arguments::parse()) {
        Ok(cli::Outcome::Good) => ExitCode::SUCCESS,
        Ok(cli::Outcome::Missed) => ExitCode::FAILURE,
        Ok(cli::Outcome::Interrupted) => ExitCode::from(130),
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}
