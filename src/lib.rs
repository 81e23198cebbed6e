//! Bottleneck: autoencoders that anyone can draw on, train and take apart, in one browser tab.
//!
//! The rooms, in the direction that imports may run (`ui` to `engine`, `engine` to the rest, `models` to burn alone):

/// MNIST's IDX files, batches, noise; a drawing made into an MNIST image. No burn, no web.
pub mod data;
/// The typed protocol, the engine itself, its device, the worker that hosts it and the page's client to it.
pub mod engine;
/// What is read out of a trained model.
pub mod insight;
/// One file per autoencoder: its Config, its Module, its loss, its source; the weights' files.
pub mod models;
/// One run as a state machine (step, pause, snapshot, resume), the schedules, the metrics.
#[cfg(feature = "engine")]
pub mod training;
/// The page: app, chapters, widgets, texts.
#[cfg(all(target_family = "wasm", feature = "ui"))]
pub mod ui;
