//! A canvas that shows images as the models have them.

use leptos::html;
use leptos::prelude::*;
use wasm_bindgen::{Clamped, JsCast};
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement, ImageData};

use super::super::element::{El, Words, derive, effect, el};
use crate::data::IMAGE_SIDE;
use crate::protocol::Image;

/// A 28x28 image, scaled by the style sheet, and what it is for those who do not see it. Shows nothing when there is none.
pub fn picture(testid: &'static str, image: Signal<Option<Image>>, label: Words) -> El {
    let images = derive(move || image.get().into_iter().collect());
    pictures(testid, images, (1, 1), label)
}

/// Images side by side, so many columns and rows of them.
pub fn pictures(testid: &'static str, images: Signal<Vec<Image>>, (columns, rows): (usize, usize), label: Words) -> El {
    let canvas = NodeRef::<html::Canvas>::new();
    effect(move || {
        if let Some(canvas) = canvas.get() {
            images.with(|images| paint(&canvas, images, columns));
        }
    });
    el("canvas", "picture")
        .canvas(canvas)
        .set("width", columns * IMAGE_SIDE)
        .set("height", rows * IMAGE_SIDE)
        .set("role", "img")
        .label(label)
        .set("data-testid", testid)
        .live("data-empty", move || images.with(Vec::is_empty).to_string())
}

/// Paints images into a canvas, `columns` in a row, or wipes it when there are none.
pub fn paint(canvas: &HtmlCanvasElement, images: &[Image], columns: usize) {
    let Some(context) = context(canvas) else { return };
    let (width, height) = (canvas.width() as usize, canvas.height() as usize);
    if images.is_empty() {
        context.clear_rect(0.0, 0.0, width as f64, height as f64);
        return;
    }
    let mut rgba = vec![255; width * height * 4];
    for (number, image) in images.iter().enumerate() {
        let (top, left) = (number / columns * IMAGE_SIDE, number % columns * IMAGE_SIDE);
        for (row, pixels) in image.chunks(IMAGE_SIDE).enumerate() {
            let start = ((top + row) * width + left) * 4;
            for (pixel, &ink) in rgba[start..].chunks_mut(4).zip(pixels) {
                pixel[..3].fill(ink);
            }
        }
    }
    // Fails only for sizes that do not fit, and these are the canvas's own.
    if let Ok(data) = ImageData::new_with_u8_clamped_array(Clamped(&rgba), width as u32) {
        let _ = context.put_image_data(&data, 0.0, 0.0);
    }
}

/// The canvas's two-dimensional context, kept where its pixels can be read; None where the browser refuses one.
pub fn context(canvas: &HtmlCanvasElement) -> Option<CanvasRenderingContext2d> {
    let options = js_sys::Object::new();
    js_sys::Reflect::set(&options, &"willReadFrequently".into(), &true.into()).ok()?;
    canvas.get_context_with_context_options("2d", &options).ok()??.dyn_into().ok()
}
