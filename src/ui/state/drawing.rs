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
    /// What was undone since anything else was done, the latest last.
    undone: Vec<Action>,
    /// Whether the last action is a stroke that may be drawn on.
    is_open: bool,
}

/// What the canvas shows: an image beneath, strokes above.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Visible<'a> {
    pub image: Option<&'a Image>,
    pub strokes: &'a [Action],
}

/// A 3 as a pen writes it, in the drawing's units.
const THREE: [(f64, f64); 25] = [
    (96.0, 70.0),
    (106.0, 58.0),
    (119.0, 51.0),
    (134.0, 48.0),
    (149.0, 51.0),
    (162.0, 58.0),
    (172.0, 70.0),
    (177.0, 84.0),
    (177.0, 100.0),
    (172.0, 114.0),
    (162.0, 126.0),
    (149.0, 133.0),
    (134.0, 136.0),
    (141.0, 135.0),
    (157.0, 140.0),
    (170.0, 151.0),
    (179.0, 166.0),
    (182.0, 182.0),
    (179.0, 198.0),
    (170.0, 213.0),
    (157.0, 224.0),
    (141.0, 229.0),
    (123.0, 229.0),
    (107.0, 224.0),
    (94.0, 213.0),
];

impl Drawing {
    /// What stands on the canvas before anyone has drawn: a 3, so that there is something to see.
    pub fn first() -> Self {
        let dots = THREE.iter().map(|&(x, y)| Dot { x, y, width: 22.0 }).collect();
        Drawing { actions: vec![Action::Stroke(dots)], undone: Vec::new(), is_open: false }
    }

    /// How many things the person did that are not undone.
    pub fn count(&self) -> usize {
        self.actions.len()
    }

    /// Begins a stroke.
    pub fn begin(&mut self, dot: Dot) {
        self.act(Action::Stroke(vec![dot]));
        self.is_open = true;
    }

    /// Draws the stroke on, unless anything else was done since it began.
    pub fn extend(&mut self, dot: Dot) {
        if let Some(Action::Stroke(dots)) = self.actions.last_mut().filter(|_| self.is_open) {
            dots.push(dot);
        }
    }

    pub fn put(&mut self, image: Image) {
        self.act(Action::Put(image));
    }

    pub fn clear(&mut self) {
        if !self.is_empty() {
            self.act(Action::Clear);
        }
    }

    fn act(&mut self, action: Action) {
        self.undone.clear();
        self.actions.push(action);
        self.is_open = false;
    }

    /// Takes the last action back.
    pub fn undo(&mut self) {
        self.undone.extend(self.actions.pop());
        self.is_open = false;
    }

    pub fn can_undo(&self) -> bool {
        !self.actions.is_empty()
    }

    /// Does again what was undone last.
    pub fn redo(&mut self) {
        self.actions.extend(self.undone.pop());
        self.is_open = false;
    }

    pub fn can_redo(&self) -> bool {
        !self.undone.is_empty()
    }

    /// Whether nothing is drawn.
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stroke_is_not_drawn_on_when_it_is_over() {
        let dot = |x: f64| Dot { x, y: 0.0, width: 1.0 };
        let mut drawing = Drawing::default();
        drawing.begin(dot(0.0));
        drawing.begin(dot(1.0));
        drawing.undo();
        drawing.extend(dot(2.0));
        assert_eq!(drawing.visible().strokes, [Action::Stroke(vec![dot(0.0)])]);
        drawing.redo();
        drawing.extend(dot(3.0));
        assert_eq!(drawing.visible().strokes.last(), Some(&Action::Stroke(vec![dot(1.0)])));
    }

    #[test]
    fn what_is_seen_follows_the_last_image_or_clearing() {
        let dot = Dot { x: 1.0, y: 2.0, width: 3.0 };
        let mut drawing = Drawing::default();
        drawing.clear();
        assert!(drawing.is_empty() && !drawing.can_undo(), "clearing nothing is no action");
        drawing.begin(dot);
        drawing.extend(dot);
        drawing.put(vec![7]);
        drawing.begin(dot);
        let image = vec![7];
        assert_eq!(drawing.visible(), Visible { image: Some(&image), strokes: &[Action::Stroke(vec![dot])] });
        drawing.clear();
        assert!(drawing.is_empty() && drawing.can_undo());
        (0..3).for_each(|_| drawing.undo());
        assert_eq!(drawing.visible(), Visible { image: None, strokes: &[Action::Stroke(vec![dot, dot])] });
    }

    #[test]
    fn what_was_undone_can_be_done_again_until_something_else_is() {
        let dot = Dot { x: 1.0, y: 2.0, width: 3.0 };
        let mut drawing = Drawing::default();
        drawing.undo();
        assert!(!drawing.can_redo(), "there was nothing to undo");
        drawing.begin(dot);
        drawing.put(vec![7]);
        let whole = drawing.clone();
        (0..2).for_each(|_| drawing.undo());
        drawing.redo();
        assert_eq!(drawing.visible(), Visible { image: None, strokes: &[Action::Stroke(vec![dot])] });
        drawing.redo();
        assert_eq!((&drawing, drawing.can_redo()), (&whole, false));
        drawing.redo();
        assert_eq!(drawing, whole, "there was nothing to do again");
        drawing.undo();
        drawing.begin(dot);
        assert!(!drawing.can_redo(), "something else was done");
    }
}
