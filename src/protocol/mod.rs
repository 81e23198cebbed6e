//! The messages between the page and an engine.
//!
//! Everything here is plain data: the page reads it without burn, the engine without the web.

mod answer;
mod asset;
pub mod card;
mod command;
pub mod comparison;
mod error;
mod event;
mod latent;
mod model_id;
pub mod progress;
mod report;
pub mod settings;
mod stored;

pub use answer::{Answer, CodesView, Projections, Views};
pub use asset::{Asset, DeviceKind};
pub use card::Card;
pub use command::{Command, Control, Request};
pub use comparison::{ComparedRun, Comparison, Comparisons};
pub use error::EngineError;
pub use event::Event;
pub use latent::{Code, Sweep};
pub use model_id::{ModelId, UnknownModel};
pub use progress::Progress;
pub use report::{Report, RunState};
pub use settings::Knob;
pub use stored::{StoredRun, StoredWeights};

pub use crate::data::noise::Noise;

/// A 28x28 image, row by row, 784 bytes: 0 is background, 255 is ink, as MNIST stores it.
pub type Image = Vec<u8>;

/// Numbers in a code of the variational autoencoder: the page has as many sliders.
pub const VARIATIONAL_CODE: usize = 20;
