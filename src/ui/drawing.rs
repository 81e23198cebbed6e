//! The drawing as it came about, so that it can be undone, and the image that the models get of it.

use crate::protocol::Image;

/// Width and height of the drawing area, in its own units.
pub const SIDE: f64 = 280.0;

/// A point of a stroke, and how wide the pen was there.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Dot {
    pub x: f64,
    pub y: f64,
    pub width: f64,
}

/// One thing that the person did.
#[derive(Clone, Debug, PartialEq)]
pub enum Action {
    Stroke(Vec<Dot>),
    /// An image was put in, in place of everything before.
    Put(Image),
    Clear,
}

/// Everything the person did, in order.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Drawing {
    actions: Vec<Action>,
}

/// What is on the paper: an image beneath, strokes above.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Visible<'a> {
    pub image: Option<&'a Image>,
    pub strokes: &'a [Action],
}

impl Drawing {
    /// Begins a stroke.
    pub fn begin(&mut self, dot: Dot) {
        self.actions.push(Action::Stroke(vec![dot]));
    }

    /// Draws the stroke on.
    pub fn extend(&mut self, dot: Dot) {
        if let Some(Action::Stroke(dots)) = self.actions.last_mut() {
            dots.push(dot);
        }
    }

    pub fn put(&mut self, image: Image) {
        self.actions.push(Action::Put(image));
    }

    pub fn clear(&mut self) {
        if !self.is_empty() {
            self.actions.push(Action::Clear);
        }
    }

    /// Takes the last action back.
    pub fn undo(&mut self) {
        self.actions.pop();
    }

    pub fn can_undo(&self) -> bool {
        !self.actions.is_empty()
    }

    /// Whether the paper is blank.
    pub fn is_empty(&self) -> bool {
        let visible = self.visible();
        visible.image.is_none() && visible.strokes.is_empty()
    }

    pub fn visible(&self) -> Visible<'_> {
        let last = self.actions.iter().rposition(|action| !matches!(action, Action::Stroke(_)));
        let image = last.and_then(|last| match &self.actions[last] {
            Action::Put(image) => Some(image),
            _ => None,
        });
        Visible { image, strokes: &self.actions[last.map_or(0, |last| last + 1)..] }
    }
}
