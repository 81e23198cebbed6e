//! Bottleneck: autoencoders that anyone can draw on, train and take apart, in one browser tab.
//!
//! The rooms. Imports run one way, and may leave out what lies between: `site` to the plain parts of `ui`; `ui` to `client`, that to the
//! two files of `worker` that start a worker and hear of its end; `worker` to `engine`; `engine` and `cli` to `training`, that to
//! `analysis`, that to `weights`, that to `models`. Everything may read `data`, and `protocol`, which is plain data.

/// What is read out of a trained model: PCA, spans, histograms, paths through a latent space.
pub mod analysis;
/// The `train` command's parts.
#[cfg(feature = "native")]
pub mod cli;
/// The page's client of an engine: queue, process, choice of the device, recovery.
pub mod client;
/// MNIST's IDX files, batches, noise; a drawing made into an MNIST image. No burn, no web.
pub mod data;
/// Answers requests on one device. Knows neither worker nor network.
#[cfg(feature = "engine")]
pub mod engine;
/// The trait of all autoencoders, what they share, and one file per paper.
#[cfg(feature = "engine")]
pub mod models;
/// What passes between the page and an engine: requests, answers, events, errors. Plain data, no burn, no web.
pub mod protocol;
/// Finishes the static site when it is built: chapters, and what a browser without a network needs.
#[cfg(feature = "site")]
pub mod site;
/// One run as a state machine (step, pause, snapshot, resume), the optimiser, the schedule, the evaluation.
#[cfg(feature = "engine")]
pub mod training;
/// The page: chapters, components, charts, texts. Its plain parts compile natively, for their tests.
pub mod ui;
/// Weights as safetensors files, the config embedded in them.
pub mod weights;
/// Hosts an engine in a web worker: fetches files, stores what is kept, runs in between.
#[cfg(target_family = "wasm")]
pub mod worker;
