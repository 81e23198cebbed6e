//! The page's client of an engine: chooses the device, starts the engine, puts requests to it, and goes on when it ends.

pub mod preference;
pub mod queue;
pub mod requirements;
pub mod routing;
pub mod slot;

#[cfg(all(target_family = "wasm", feature = "ui"))]
mod adapter;
#[cfg(all(target_family = "wasm", feature = "ui"))]
mod choice;
#[cfg(all(target_family = "wasm", feature = "ui"))]
mod engine_client;
#[cfg(all(target_family = "wasm", feature = "ui"))]
mod process;

#[cfg(all(target_family = "wasm", feature = "ui"))]
pub use choice::Reason;
#[cfg(all(target_family = "wasm", feature = "ui"))]
pub use engine_client::{Client, Notice};
pub use preference::Preference;
pub use slot::SlotKey;
