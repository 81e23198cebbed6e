//! What the page can ask of an engine.

use serde::{Deserialize, Serialize};

use super::{Code, Image, ModelId, Noise, Sweep};

/// A question to the engine; each is answered once, under its number.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Request {
    pub id: u64,
    pub command: Command,
}

/// What an engine can be asked.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Command {
    /// The test image number `nth` (counted round) among those of `digit` (0 to 9).
    TestDigit { digit: u8, nth: u32 },
    /// `image` with `noise` added, and what `model` makes of it. A stochastic code is replaced by its mean.
    Reconstruct { model: ModelId, image: Image, noise: Noise },
    /// The images at `codes`.
    Decode { model: ModelId, codes: Vec<Code> },
    /// For every dimension of `code`, the images where it alone is moved to `-extent` and to `extent`.
    Traverse { model: ModelId, code: Code, extent: f32 },
    /// The images on the plane of a [`Sweep`] through `code`.
    Sweep { model: ModelId, code: Code, sweep: Sweep },
    /// Has weights of `model` come, those `kept` under this name where they can be had, else the shipped ones; an [`Event`] tells
    /// when they are there.
    Fetch { model: ModelId, kept: Option<String> },
    /// Fixed test digits, and what `model` makes of them; what PCA does, as soon as its components are there.
    Gallery { model: ModelId },
    /// What `model` makes of many examples at once.
    Views { model: ModelId },
    /// The ways to train `model` that make sense.
    Presets { model: ModelId },
    /// Begins a run of `model`, in place of the one under way; [`Report`]s follow. `settings` is the JSON object that
    /// [`Knob`] tells of.
    Train { model: ModelId, settings: String },
    /// Says to the run under way what to do next.
    Control(Control),
    /// Goes on with the run of an earlier visit, paused.
    Recover { model: ModelId },
    /// The runs that can be recovered and the weights that were kept.
    Stored,
    /// Keeps the weights of `model` in the browser, under `name`.
    Keep { model: ModelId, name: String },
    /// Puts weights that were kept into use.
    Use { model: ModelId, name: String },
    /// Deletes weights that were kept.
    Forget { model: ModelId, name: String },
    /// Deletes the run that can be recovered.
    Discard { model: ModelId },
    /// The weights of `model` as files.
    Export { model: ModelId },
    /// Puts the weights of a safetensors file into use.
    Import { model: ModelId, file: Vec<u8> },
    /// Puts the shipped weights into use again.
    Restore { model: ModelId },
}

/// What a run is to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Control {
    Pause,
    /// One batch, then pause.
    Step,
    Resume,
    /// Ends the run; its weights stay in use.
    Stop,
}
