//! The messages between the page and an engine.
//!
//! Everything here is plain data: the page reads it without burn, the engine without the web.

mod answer;
mod asset;
pub mod card;
pub mod comparison;
mod description;
mod error;
mod event;
mod inside;
mod latent;
mod model_id;
pub mod pretraining;
pub mod progress;
mod report;
pub mod request;
pub mod settings;
mod shape;
mod stored;
mod weights_error;

pub use answer::{
    ChainImages, CodesView, Exported, Gallery, PriorView, Projections, Reconstruction, SavedItems, Traversal, Views,
};
pub use asset::{Asset, DeviceKind};
pub use card::Card;
pub use comparison::{ComparedRun, Comparison, Comparisons};
pub use description::{ModelDescription, PresetDescription};
pub use error::EngineError;
pub use event::Event;
pub use inside::{
    Ascent, CodeMap, CodePlane, Feature, FeatureOrder, FeatureSide, Features, Maximised, RebuiltImages, TestErrors,
    TopImage, TopImages,
};
pub use latent::{Code, Sweep};
pub use model_id::ModelId;
pub use pretraining::{PretrainingPoint, PretrainingResults, Try};
pub use progress::Progress;
pub use report::{Control, Report, RunState};
pub use request::*;
pub use settings::{OutOfRange, Setting};
pub use shape::{CodeKind, CodePrior, ExampleKind, MapSize, Prior, Shape, WIDEST};
pub use stored::{LATEST, StoredRun, StoredWeights};
pub use weights_error::WeightsError;

pub use crate::data::noise::Noise;

/// A 28x28 image, row by row, 784 bytes: 0 is background, 255 is ink, as MNIST stores it.
pub type Image = Vec<u8>;
