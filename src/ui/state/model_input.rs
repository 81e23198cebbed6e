//! The image that the chapters hand to the models.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::HtmlCanvasElement;

use super::drawing::{Drawing, SIDE};
use crate::protocol::Image;
use crate::ui::dom::canvas::image_of_drawing;
use crate::ui::dom::frame::use_frame;

/// What the models get of the drawing; shared by the chapters. Provided as a context.
#[derive(Clone, Copy)]
pub struct ModelInput(pub RwSignal<Option<Image>>);

impl ModelInput {
    /// Follows the drawing, whether or not a chapter shows it.
    pub fn follow(drawing: RwSignal<Drawing>) -> Self {
        let image = RwSignal::new(None);
        let canvas = document().create_element("canvas").ok().map(JsCast::unchecked_into::<HtmlCanvasElement>);
        if let Some(canvas) = &canvas {
            canvas.set_width(SIDE as u32);
            canvas.set_height(SIDE as u32);
        }
        use_frame(
            move || drawing.track(),
            move || {
                if let Some(canvas) = &canvas {
                    drawing.with_untracked(|drawing| image.set(image_of_drawing(canvas, drawing)));
                }
            },
        );
        Self(image)
    }
}
