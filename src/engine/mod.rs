//! The typed protocol, the engine that answers it, its device, the worker that hosts it, the page's client to it.
//!
//! The engine knows no worker: tests drive the very same `Engine` directly.

mod problem;
pub mod protocol;

#[cfg(all(target_family = "wasm", feature = "ui"))]
pub mod client;
#[cfg(feature = "engine")]
pub mod device;
#[cfg(feature = "engine")]
#[allow(clippy::module_inception)]
pub mod engine;
#[cfg(all(target_family = "wasm", feature = "engine"))]
pub mod fetch;
#[cfg(target_family = "wasm")]
pub mod host;
pub mod lanes;
#[cfg(target_family = "wasm")]
pub mod link;
#[cfg(feature = "engine")]
mod session;
#[cfg(all(target_family = "wasm", feature = "engine"))]
mod store;
#[cfg(feature = "engine")]
mod trained;
#[cfg(feature = "engine")]
mod trainer;
#[cfg(all(target_family = "wasm", feature = "engine"))]
pub mod worker;
