//! What an engine reports, asked or not.

use serde::{Deserialize, Serialize};

use super::{Answer, Asset, DeviceKind, EngineError, ModelId, Report};

/// What an engine reports, asked or not.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum Event {
    /// The device computes; `name` is the adapter's own, empty where it gives none. `answer_ms` is how long a GPU takes to answer
    /// with one image, in milliseconds; 0 for the CPU.
    Ready {
        device: DeviceKind,
        name: String,
        answer_ms: f64,
    },
    /// `loaded` of `total` bytes of a file (`total` is unknown where the server compresses on the way).
    Progress {
        asset: Asset,
        loaded: u64,
        total: Option<u64>,
    },
    Loaded {
        asset: Asset,
    },
    /// A file could not be had or used; the commands that need it are answered with the same error.
    Unusable {
        asset: Asset,
        error: EngineError,
    },
    /// An answer that takes `total` test images has `done` of them.
    Computing {
        done: u32,
        total: u32,
    },
    Answered {
        id: u64,
        answer: Result<Answer, EngineError>,
    },
    /// How the run under way is.
    Training(Report),
    /// The weights of `model` in use are kept under the name [`LATEST`](super::LATEST).
    Kept {
        model: ModelId,
    },
    /// Something that nobody asked for failed, such as keeping a snapshot; the rest goes on.
    Alert {
        error: EngineError,
    },
    /// The engine cannot go on.
    Stopped {
        error: EngineError,
    },
}
