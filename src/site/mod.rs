//! Finishes the static site when it is built: the chapters from Markdown to HTML with MathML, and what a browser without a network needs.
//!
//! Nothing of it is in the page: `src/bin/site.rs` runs it after trunk has put the rest together.

/// The whole of it, from the source's folder into the site's.
pub mod build;
/// Measured figures, from the models' cards.
pub mod cards;
/// One chapter: Markdown in, HTML and what it consists of out.
pub mod chapter;
/// Blocks of code.
mod code;
/// Items of the Rust source, by name.
pub mod excerpt;
/// What the figures share that are made when the site is built.
mod figure;
/// The list of the site's files, by which versions are kept apart.
pub mod files;
/// What the page measures, in texts.
mod live;
/// TeX to MathML.
pub mod math;
/// What a chapter consists of, to be compared between languages.
pub mod outline;
/// What was measured about pretraining, as a figure.
mod pretraining;
/// What is wrong with a text, and where.
pub mod problem;
/// Programs in WebAssembly, as they are shipped.
pub mod programs;
/// The singular values of the contractive autoencoder's Jacobian, as a figure.
mod spectrum;
/// The tokens of Rust.
pub mod tokens;
/// Functions that are never executed, in WebAssembly.
mod unused;
