//! Painting images and strokes into canvases.

use leptos::prelude::{document, window};
use wasm_bindgen::{Clamped, JsCast};
use web_sys::{CanvasRenderingContext2d, Element, HtmlCanvasElement, ImageData};

use crate::data::IMAGE_SIDE;
use crate::data::drawing::to_mnist;
use crate::protocol::Image;
use crate::ui::state::drawing::{Action, Dot, Drawing, SIDE};

/// Colours of positive and of negative weights.
const POSITIVE: [u8; 3] = [214, 84, 20];
const NEGATIVE: [u8; 3] = [32, 120, 170];

/// Paints images into a canvas, `columns` in a row, or clears it when there are none.
pub fn paint(canvas: &HtmlCanvasElement, images: &[Image], columns: usize) {
    let Some(context) = context(canvas) else { return };
    let (width, height) = (canvas.width() as usize, canvas.height() as usize);
    if images.is_empty() {
        context.clear_rect(0.0, 0.0, width as f64, height as f64);
        return;
    }
    // Where an image is missing there is no ink.
    let mut rgba = [0, 0, 0, 255].repeat(width * height);
    for (number, image) in images.iter().enumerate() {
        let (top, left) = (number / columns * IMAGE_SIDE, number % columns * IMAGE_SIDE);
        for (row, pixels) in image.chunks(IMAGE_SIDE).enumerate() {
            let start = ((top + row) * width + left) * 4;
            for (pixel, &ink) in rgba[start..].chunks_mut(4).zip(pixels) {
                pixel[..3].fill(ink);
            }
        }
    }
    put_pixels(canvas, &rgba);
}

/// Paints the drawing into a canvas of its own size.
pub fn paint_drawing(canvas: &HtmlCanvasElement, drawing: &Drawing) {
    let Some(context) = context(canvas) else { return };
    context.set_fill_style_str("#000");
    context.fill_rect(0.0, 0.0, SIDE, SIDE);
    let visible = drawing.visible();
    if let Some(image) = visible.image {
        paint_enlarged(&context, image);
    }
    context.set_stroke_style_str("#fff");
    context.set_line_cap("round");
    context.set_line_join("round");
    for action in visible.strokes {
        if let Action::Stroke(dots) = action {
            paint_stroke(&context, dots);
        }
    }
}

/// The image that the models get of the drawing, painted into `canvas` where it has strokes; None where nothing is drawn.
pub fn image_of_drawing(canvas: &HtmlCanvasElement, drawing: &Drawing) -> Option<Image> {
    let visible = drawing.visible();
    if visible.strokes.is_empty() {
        return visible.image.cloned();
    }
    paint_drawing(canvas, drawing);
    let pixels = context(canvas)?.get_image_data(0.0, 0.0, SIDE, SIDE).ok()?.data();
    let ink: Vec<u8> = pixels.chunks(4).map(|rgba| rgba[0]).collect();
    to_mnist(&ink, SIDE as usize, SIDE as usize).map(|image| image.to_vec())
}

/// Paints weights as square images into a canvas, `columns` in a row: the positive in one colour, the negative in another, the stronger
/// the nearer they are to `scale`. Where the canvas is wider than they are, it shows between them.
pub fn paint_weights(canvas: &HtmlCanvasElement, images: &[&[f32]], columns: usize, scale: f32) {
    let (width, height) = (canvas.width() as usize, canvas.height() as usize);
    let pitch = (width / columns).max(1);
    let mut rgba = vec![0; width * height * 4];
    for (number, image) in images.iter().enumerate().take(columns * (height / pitch)) {
        let (top, left, side) = (number / columns * pitch, number % columns * pitch, image.len().isqrt().min(pitch));
        for (at, &weight) in image.iter().enumerate() {
            let start = ((top + at / side) * width + left + at % side) * 4;
            rgba[start..start + 4].copy_from_slice(&diverging(weight / scale));
        }
    }
    put_pixels(canvas, &rgba);
}

/// Paints numbers into a canvas of as many `rows`, row by row, in the colours of [`paint_weights`].
pub fn paint_numbers(canvas: &HtmlCanvasElement, numbers: &[f32], scale: f32) {
    let mut rgba = vec![0; (canvas.width() * canvas.height() * 4) as usize];
    for (pixel, number) in rgba.chunks_mut(4).zip(numbers) {
        pixel.copy_from_slice(&diverging(number / scale));
    }
    put_pixels(canvas, &rgba);
}

/// From the negative colour at -1 over nothing at 0 to the positive one at 1.
fn diverging(share: f32) -> [u8; 4] {
    let [r, g, b] = if share < 0.0 { NEGATIVE } else { POSITIVE };
    [r, g, b, (share.abs().min(1.0) * 255.0).round() as u8]
}

fn put_pixels(canvas: &HtmlCanvasElement, rgba: &[u8]) {
    let Some(context) = context(canvas) else { return };
    // Fails only for sizes that do not fit, and these are the canvas's own.
    if let Ok(data) = ImageData::new_with_u8_clamped_array(Clamped(rgba), canvas.width()) {
        let _ = context.put_image_data(&data, 0.0, 0.0);
    }
}

/// The colour that the style sheet gives to `element`'s text (`color`) or ground (`background-color`).
pub fn colour_of(element: &Element, property: &str) -> String {
    let style = window().get_computed_style(element).ok().flatten();
    style.and_then(|style| style.get_property_value(property).ok()).unwrap_or_default()
}

/// The canvas's two-dimensional context, kept where its pixels can be read; None where the browser refuses one.
pub fn context(canvas: &HtmlCanvasElement) -> Option<CanvasRenderingContext2d> {
    let options = js_sys::Object::new();
    js_sys::Reflect::set(&options, &"willReadFrequently".into(), &true.into()).ok()?;
    canvas.get_context_with_context_options("2d", &options).ok()??.dyn_into().ok()
}

fn paint_stroke(context: &CanvasRenderingContext2d, dots: &[Dot]) {
    for (number, &to) in dots.iter().enumerate() {
        let from = dots[number.saturating_sub(1)];
        context.begin_path();
        context.set_line_width(to.width);
        context.move_to(from.x, from.y);
        // A line of no length is a round dot.
        context.line_to(to.x, to.y);
        context.stroke();
    }
}

/// Paints a 28x28 image over the whole drawing area, smoothed to its size.
fn paint_enlarged(context: &CanvasRenderingContext2d, image: &Image) {
    let Ok(small) = document().create_element("canvas") else { return };
    let small: HtmlCanvasElement = small.unchecked_into();
    small.set_width(IMAGE_SIDE as u32);
    small.set_height(IMAGE_SIDE as u32);
    paint(&small, std::slice::from_ref(image), 1);
    // Fails only for a canvas without pixels.
    let _ = context.draw_image_with_html_canvas_element_and_dw_and_dh(&small, 0.0, 0.0, SIDE, SIDE);
}
