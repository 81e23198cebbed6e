//! The messages between the page and an engine.
//!
//! Everything here is plain data: the page reads it without burn, the engine without the web.

use serde::{Deserialize, Serialize};

pub use super::problem::Problem;
pub use crate::data::noise::Noise;
pub use crate::insight::latent::{Code, Sweep};
pub use crate::models::card::Card;
pub use crate::models::catalogue::{ModelId, VARIATIONAL_CODE};
pub use crate::models::comparison::{ComparedRun, Comparisons};
pub use crate::models::knob::Knob;
pub use crate::models::progress::Progress;

/// A 28x28 image, row by row, 784 bytes: 0 is background, 255 is ink, as MNIST stores it.
pub type Image = Vec<u8>;

/// Where a model runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum DeviceKind {
    Cpu,
    WebGpu,
}

/// A file that an engine needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Asset {
    /// The engine's own program.
    Program(DeviceKind),
    /// A model's trained weights.
    Weights(ModelId),
    /// The principal components that models are compared with.
    PrincipalComponents,
    /// The 10,000 test images and their labels.
    TestSet,
    /// The 60,000 training images, fetched when a run begins.
    TrainingSet,
}

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

/// The answer to a [`Command`] of the same name. Errors are mean squared errors per pixel, pixels in [0, 1].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Answer {
    TestDigit {
        image: Image,
    },
    /// `input` is the image with its noise, clipped for display; its error is that of the unclipped one.
    Reconstruct {
        input: Image,
        input_error: f32,
        output: Image,
        output_error: f32,
        code: Code,
    },
    Decode {
        images: Vec<Image>,
    },
    /// `low[d]` and `high[d]` belong to dimension `d`.
    Traverse {
        low: Vec<Image>,
        high: Vec<Image>,
    },
    /// Row by row from the top left.
    Sweep {
        images: Vec<Image>,
    },
    Gallery {
        originals: Vec<Image>,
        reconstructions: Vec<Image>,
        /// Of the reconstructions shown, together.
        error: f32,
        /// None where PCA would need more components than are kept.
        pca: Option<Projections>,
    },
    Views(Views),
    /// Names, and the settings as JSON; the first is how the shipped weights were trained.
    Presets {
        presets: Vec<(String, String)>,
    },
    Stored {
        runs: Vec<StoredRun>,
        weights: Vec<StoredWeights>,
    },
    /// The card is JSON.
    Exported {
        weights: Vec<u8>,
        card: String,
    },
    /// It is done; nothing is to be told.
    Done,
}

/// What PCA makes of the digits of a gallery, with as many components as a code of the model has numbers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Projections {
    pub components: usize,
    /// Empty while the components are not there.
    pub images: Vec<Image>,
    /// Of the images shown, together.
    pub error: f32,
}

/// What a model makes of many examples. Each view is None for models that it does not suit.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Views {
    /// Where codes are points of a plane.
    pub codes: Option<CodesView>,
    /// Where every number of a code is an activation in [0, 1]: the shares of them in
    /// [`HISTOGRAM_BINS`](crate::insight::histogram::HISTOGRAM_BINS) equal bins.
    pub activations: Option<Vec<f64>>,
}

/// Codes of two numbers, and PCA's for the same examples.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CodesView {
    pub codes: Vec<[f32; 2]>,
    /// Empty while the components are not there.
    pub pca: Vec<[f32; 2]>,
    /// The digits, 0 to 9; empty where the examples are points.
    pub labels: Vec<u8>,
}

/// A run that was not finished when the page went away.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StoredRun {
    pub model: ModelId,
    pub progress: Progress,
    /// Milliseconds since 1970.
    pub saved: f64,
}

/// Weights that the person kept.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StoredWeights {
    pub model: ModelId,
    /// Empty for those learnt or loaded last, which are kept by themselves.
    pub name: String,
    /// Milliseconds since 1970.
    pub saved: f64,
}

/// How a run is, about twice a second and whenever its state changes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Report {
    pub model: ModelId,
    pub state: RunState,
    pub progress: Progress,
    /// Of late; 0 while none are trained on.
    pub images_per_second: f32,
    /// The parts of the training loss by name, averaged over the steps since the last report; empty without any.
    pub losses: Vec<(String, f32)>,
    /// The same on 1,000 validation images; empty where not measured this time.
    pub validation: Vec<(String, f32)>,
}

/// What a run does.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum RunState {
    /// The training images are on their way.
    Loading,
    Running,
    Paused,
    /// All epochs are done.
    Done,
    /// The person stopped it.
    Stopped,
    /// It cannot go on; the last good weights are in use.
    Failed(Problem),
}

/// What an engine reports, asked or not.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum Event {
    /// The device is there; `name` is the adapter's own, empty where it gives none.
    Ready {
        device: DeviceKind,
        name: String,
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
    /// A file could not be had or used; the commands that need it are answered with the same problem.
    Unusable {
        asset: Asset,
        problem: Problem,
    },
    Answered {
        id: u64,
        answer: Result<Answer, Problem>,
    },
    /// How the run under way is.
    Training(Report),
    /// The weights of `model` in use are kept under the empty name.
    Kept {
        model: ModelId,
    },
    /// Something that nobody asked for failed, such as keeping a snapshot; the rest goes on.
    Trouble {
        problem: Problem,
    },
    /// The engine cannot go on.
    Stopped {
        problem: Problem,
    },
}
