//! What the page can ask of an engine, each request with its answer.

use serde::{Deserialize, Serialize};

use super::answer::{ChainImages, Exported, Gallery, Reconstruction, SavedItems, Traversal, Views};
use super::inside::{
    Ascent, CodeMap, FeatureOrder, FeatureSide, Features, Maximised, RebuiltImages, TestErrors, TopImages,
};
use super::{Asset, Code, Control, EngineError, Image, ModelDescription, ModelId, Noise, Shape, Sweep};

/// A question to an engine.
pub trait Request: Into<Command> {
    /// What it is answered with.
    type Answer;

    /// The answer to this request.
    ///
    /// # Errors
    /// [`EngineError::OtherAnswer`] where it is the answer to another.
    fn unwrap(answer: Answer) -> Result<Self::Answer, EngineError>;
}

/// A request on its way; it is answered once, under its number.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct RequestMessage {
    pub id: u64,
    pub command: Command,
}

/// A struct for each request, the enums [`Command`] and [`Answer`] of all of them, and which belongs to which.
macro_rules! requests {
    ($($(#[$doc:meta])* $name:ident { $($field:ident: $type:ty),* $(,)? } -> $answer:ty;)*) => {
        $(
            $(#[$doc])*
            #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
            pub struct $name {
                $(pub $field: $type,)*
            }

            impl From<$name> for Command {
                fn from(request: $name) -> Self {
                    Command::$name(request)
                }
            }

            impl Request for $name {
                type Answer = $answer;

                fn unwrap(answer: Answer) -> Result<$answer, EngineError> {
                    match answer {
                        Answer::$name(answer) => Ok(answer),
                        // Which one is not said: the names of all types would be kilobytes of the page.
                        _ => Err(EngineError::OtherAnswer(stringify!($name).into())),
                    }
                }
            }
        )*

        /// Any request.
        #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
        pub enum Command {
            $($name($name),)*
        }

        /// The answer to the request of the same name.
        #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
        pub enum Answer {
            $($name($answer),)*
        }
    };
}

requests! {
    /// The models that there are.
    ListModels {} -> Vec<ModelDescription>;
    /// The shape of `model` by `settings` (JSON), which are refused where they make no run; without, that of the weights in use.
    GetShape { model: ModelId, settings: Option<String> } -> Shape;

    /// The image number `nth` (counted round) among those of `digit` (0 to 9) in the [test digits](Asset::TestDigits): the same one
    /// for good, whatever else is loaded.
    GetTestDigit { digit: u8, nth: u32 } -> Image;
    /// `image` with `noise` added, and what `model` makes of it. A stochastic code is replaced by its mean.
    Reconstruct { model: ModelId, image: Image, noise: Noise } -> Reconstruction;
    /// The images at `codes`.
    Decode { model: ModelId, codes: Vec<Code> } -> Vec<Image>;
    /// For every dimension of `code`, the images where it alone is moved to `-extent` and to `extent`.
    Traverse { model: ModelId, code: Code, extent: f32 } -> Traversal;
    /// The images on the plane of a [`Sweep`] through `code`, row by row from the top left.
    DecodeSweep { model: ModelId, code: Code, sweep: Sweep } -> Vec<Image>;
    /// Fixed test digits, and what `model` makes of them; what PCA does, as soon as its components are there.
    GetGallery { model: ModelId } -> Gallery;
    /// What `model` makes of many examples at once.
    GetViews { model: ModelId } -> Views;

    /// How well `model` rebuilds each test image.
    GetTestErrors { model: ModelId } -> TestErrors;
    /// The test images of these `numbers`, and what `model` makes of them.
    RebuildTestImages { model: ModelId, numbers: Vec<u32> } -> RebuiltImages;
    /// Weights of `model` as images: `count` units from place `first` on in that order.
    GetFeatures { model: ModelId, side: FeatureSide, order: FeatureOrder, first: u32, count: u32 } -> Features;
    /// The filters of the first layer of `model` or of its last, a convolution: square, each row by row.
    GetFilters { model: ModelId, side: FeatureSide } -> Vec<Vec<f32>>;
    /// What every layer of `model` makes of `image`, which is the first; the outputs are not clipped.
    GetActivations { model: ModelId, image: Image } -> Vec<Vec<f32>>;
    /// The `count` test images that activate `unit` of a layer most.
    GetTopImages { model: ModelId, layer: u32, unit: u32, count: u32 } -> TopImages;
    /// The test images' codes in a plane: that of two numbers, or of most variance.
    GetCodeMap { model: ModelId } -> CodeMap;
    /// `count` images on the way between two codes, by even steps or, where `spherical`, by even angles.
    DecodePath { model: ModelId, from: Code, to: Code, count: u32, spherical: bool } -> Vec<Image>;

    /// Step number `step` of the Markov chain of `model` under `seed`, from `image`. Takes a model whose shape [has one](Shape::has_chain).
    AdvanceChain { model: ModelId, image: Image, seed: u64, step: u32 } -> ChainImages;

    /// `steps` steps along the gradient, that make the image of these `pixels` activate `unit` of a layer more; from random ones by `seed` where there are
    /// none. Takes a program that trains.
    Maximise {
        model: ModelId, layer: u32, unit: u32, pixels: Vec<f32>, seed: u64, ascent: Ascent, steps: u32
    } -> Maximised;
    /// The test images' codes by t-SNE, `steps` steps further than at the last request, from the start where it `restarts`. Takes a
    /// program that trains.
    AdvanceTsne { model: ModelId, steps: u32, restarts: bool } -> CodeMap;

    /// Begins a run of `model` by `settings` (JSON), in place of the one under way; [`Report`](super::Report)s follow.
    Train { model: ModelId, settings: String } -> ();
    /// Says to the run under way what to do next.
    ControlRun { control: Control } -> ();
    /// Goes on with the run that was saved; paused, unless it `resumes`.
    RecoverRun { model: ModelId, resumes: bool } -> ();

    /// Has the files of `asset` come; of weights, those `kept` under this name where they can be had, else the shipped ones. An
    /// [`Event`](super::Event) tells when they are there.
    FetchAsset { asset: Asset, kept: Option<String> } -> ();
    /// Puts the shipped weights into use again.
    RestoreWeights { model: ModelId } -> ();
    /// The weights of `model` as files.
    ExportWeights { model: ModelId } -> Exported;
    /// Puts the weights of a safetensors file into use.
    ImportWeights { model: ModelId, file: Vec<u8> } -> ();

    /// The runs that can be recovered and the weights that were kept in the browser.
    ListSaved {} -> SavedItems;
    /// Keeps the weights of `model` in the browser, under `name`.
    SaveWeights { model: ModelId, name: String } -> ();
    /// Puts weights that were kept into use.
    UseWeights { model: ModelId, name: String } -> ();
    /// Deletes weights that were kept.
    DeleteWeights { model: ModelId, name: String } -> ();
    /// Deletes the run that can be recovered.
    DeleteRun { model: ModelId } -> ();
}

impl Command {
    /// Whether the answer goes through all test images, seconds long, and changes nothing: the worker leaves it between two batches for what comes
    /// meanwhile, and goes on with it afterwards.
    pub const fn goes_through_test_set(&self) -> bool {
        matches!(
            self,
            Command::GetTestErrors(_)
                | Command::GetFeatures(_)
                | Command::GetTopImages(_)
                | Command::GetCodeMap(_)
                | Command::AdvanceTsne(_)
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_answer_to_another_request_is_an_error() {
        assert_eq!(GetTestDigit::unwrap(Answer::GetTestDigit(vec![7])), Ok(vec![7]));
        let other = GetTestDigit::unwrap(Answer::Train(()));
        assert_eq!(other, Err(EngineError::OtherAnswer("GetTestDigit".to_string())));
    }
}
