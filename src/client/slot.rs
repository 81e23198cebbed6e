//! The slots of the queue: which requests wait for one another.

use crate::protocol::ModelId;

/// What a command is for. Commands of one slot wait for each other; those of different slots do not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum SlotKey {
    Models,
    TestDigit,
    Denoise,
    /// The same by another model, beside it.
    DenoiseBeside,
    Reconstruct,
    /// The same by another model, beside it.
    ReconstructBeside,
    /// The drawing as the model chosen for training gives it back.
    Rebuild,
    Encode,
    Decode,
    Traverse,
    Sweep,
    Gallery(ModelId),
    Views(ModelId),
    /// The same for a chapter's figure, beside the training panel's.
    FigureViews(ModelId),
    TestErrors,
    TestImages,
    Features,
    Filters,
    Activations,
    TopImages,
    CodeMap,
    Path,
    /// A Markov chain of images.
    Chain,
    /// Gradient ascent on an image.
    Maximise,
    Tsne,
    /// Digits at codes drawn from the prior.
    Generate,
    /// The digit at a place of the prior's plane.
    PriorPlace,
    /// The same for a chapter's figure, beside the training panel's.
    FigurePriorPlace,
    /// The shape that settings make.
    Shape,
    /// The shape of the weights in use.
    ShapeInUse,
    /// The list of what is kept in the browser.
    Saved,
    /// A run's beginning: from settings, or from where an earlier one was left.
    Train,
    /// What the run under way is to do.
    Control,
    /// Weights kept, put into use, deleted, and as files.
    Weights,
}

impl SlotKey {
    /// Whether every request is carried out, and not only the newest. A run replaces a run, so that of those to begin the newest is enough.
    pub const fn is_fifo(self) -> bool {
        matches!(self, SlotKey::Control | SlotKey::Weights)
    }
}
