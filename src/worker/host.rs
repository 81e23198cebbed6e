//! The reactor that both sides of the worker's boundary know: requests go in, events come out.

use gloo::worker::reactor::{ReactorScope, reactor};

use crate::protocol::{Event, RequestMessage};

/// An engine in a worker: spawned by the page's client, registered by the engine's own program.
#[reactor]
pub async fn EngineHost(scope: ReactorScope<RequestMessage, Event>) {
    #[cfg(feature = "engine")]
    super::serve::serve(scope).await;
    // The page only spawns engines: it holds no program of theirs.
    #[cfg(not(feature = "engine"))]
    drop(scope);
}
