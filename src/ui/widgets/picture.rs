//! A canvas that shows images as the models have them.

use leptos::html;
use leptos::prelude::*;
use wasm_bindgen::{Clamped, JsCast};
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement, ImageData};

use crate::data::IMAGE_SIDE;
use crate::engine::protocol::Image;

/// A 28x28 image, scaled by the style sheet. Shows nothing when there is none.
#[component]
pub fn Picture(
    /// What to show.
    #[prop(into)]
    image: Signal<Option<Image>>,
    /// What it is, for those who do not see it.
    #[prop(into)]
    label: Signal<String>,
    #[prop(into, optional)] testid: String,
    #[prop(into, optional)] class: String,
) -> impl IntoView {
    let canvas = NodeRef::<html::Canvas>::new();
    Effect::new(move |_| {
        if let Some(canvas) = canvas.get() {
            image.with(|image| paint(&canvas, image.iter().collect(), 1));
        }
    });
    view! {
        <canvas
            node_ref=canvas
            class=format!("picture {class}")
            width=IMAGE_SIDE
            height=IMAGE_SIDE
            role="img"
            aria-label=move || label.get()
            data-testid=testid
            data-empty=move || image.with(Option::is_none).to_string()
        ></canvas>
    }
}

/// Paints images into a canvas, `columns` in a row, or wipes it when there are none.
pub fn paint(canvas: &HtmlCanvasElement, images: Vec<&Image>, columns: usize) {
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
