//! Hosts an engine in a web worker: fetches files, stores what is kept, takes a run's steps in between.
//!
//! The page's program has `host` and `side_channel` of it alone, to spawn such a worker and to hear of its end.

#[cfg(feature = "engine")]
mod downloads;
#[cfg(feature = "engine")]
mod event_loop;
#[cfg(feature = "engine")]
mod events;
#[cfg(feature = "engine")]
mod fetch;
pub mod host;
#[cfg(feature = "engine")]
mod inbox;
#[cfg(feature = "engine")]
mod program;
#[cfg(feature = "engine")]
mod serve;
pub mod side_channel;
#[cfg(feature = "engine")]
mod state;
#[cfg(feature = "engine")]
mod store;

#[cfg(feature = "engine")]
pub use program::run;
