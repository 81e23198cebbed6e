//! Where the models run, and why.

use super::adapter::{self, Adapter};
use crate::protocol::{DeviceKind, EngineError};

/// Where the person wants the models to run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Preference {
    /// WebGPU where an adapter answers, the CPU elsewhere.
    #[default]
    Auto,
    Cpu,
    WebGpu,
}

impl Preference {
    /// The name in links: `?device=cpu`.
    pub const fn name(self) -> &'static str {
        match self {
            Preference::Auto => "auto",
            Preference::Cpu => "cpu",
            Preference::WebGpu => "webgpu",
        }
    }

    /// The preference of that name; [`Preference::Auto`] for any other.
    pub fn from_name(name: &str) -> Self {
        [Preference::Cpu, Preference::WebGpu].into_iter().find(|choice| choice.name() == name).unwrap_or_default()
    }
}

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
