//! The views into a model.

/// A view into a model.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InsideView {
    Reconstructions,
    Weights,
    Unit,
    Layers,
    Codes,
}

impl InsideView {
    pub const ALL: [InsideView; 5] =
        [InsideView::Reconstructions, InsideView::Weights, InsideView::Unit, InsideView::Layers, InsideView::Codes];

    /// Its name in links.
    pub const fn name(self) -> &'static str {
        match self {
            InsideView::Reconstructions => "reconstructions",
            InsideView::Weights => "weights",
            InsideView::Unit => "unit",
            InsideView::Layers => "layers",
            InsideView::Codes => "codes",
        }
    }

    /// The view of that name; None for any other.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|view| view.name() == name)
    }
}
