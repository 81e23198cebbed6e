//! Where the models run, and why.

use super::adapter::{self, Adapter};
use super::preference::Preference;
use crate::protocol::{DeviceKind, EngineError};

/// Why the models run where they do.
#[derive(Clone, Debug, PartialEq)]
pub enum Reason {
    /// The person chose it.
    Chosen,
    /// An adapter answered; with `software` it is a software adapter.
    AdapterFound {
        software: bool,
    },
    NoAdapter,
    /// The browser does not know WebGPU, or the page was not loaded securely.
    NoWebGpu,
    /// The WebGPU engine ended.
    FellBack(EngineError),
}

/// The device for `preference`, and why it is that one.
pub async fn choose(preference: Preference) -> (DeviceKind, Reason) {
    if preference == Preference::Cpu {
        return (DeviceKind::Cpu, Reason::Chosen);
    }
    match adapter::probe().await {
        Adapter::Found { software } if preference == Preference::Auto => {
            (DeviceKind::WebGpu, Reason::AdapterFound { software })
        }
        Adapter::Found { .. } => (DeviceKind::WebGpu, Reason::Chosen),
        Adapter::None => (DeviceKind::Cpu, Reason::NoAdapter),
        Adapter::NoWebGpu => (DeviceKind::Cpu, Reason::NoWebGpu),
    }
}
