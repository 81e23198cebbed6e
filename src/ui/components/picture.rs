//! A canvas that shows images as the models have them.

use leptos::html::Canvas;
use leptos::prelude::*;

use crate::data::IMAGE_SIDE;
use crate::protocol::Image;
use crate::ui::dom::canvas::{paint, paint_weights};

/// The difference of two pixels, which are 0 to 1, from which on its colour is full.
const FULL_COLOUR: f32 = 0.5;

/// A 28x28 image, scaled by the style sheet, and what it is for those who do not see it. Shows nothing when there is none.
#[component]
pub fn Picture(
    #[prop(optional)] testid: &'static str,
    #[prop(into)] image: Signal<Option<Image>>,
    #[prop(into)] label: TextProp,
) -> impl IntoView {
    let images = Signal::derive(move || image.get().into_iter().collect::<Vec<_>>());
    view! { <Pictures testid=testid images=images label=label /> }
}

/// Images side by side, so many columns and rows of them.
#[component]
pub fn Pictures(
    testid: &'static str,
    #[prop(into)] images: Signal<Vec<Image>>,
    #[prop(default = 1)] columns: usize,
    #[prop(default = 1)] rows: usize,
    #[prop(default = "img")] role: &'static str,
    #[prop(optional)] tabindex: Option<&'static str>,
    #[prop(into)] label: TextProp,
) -> impl IntoView {
    let canvas = NodeRef::<Canvas>::new();
    Effect::new(move || {
        if let Some(canvas) = canvas.get() {
            images.with(|images| paint(&canvas, images, columns));
        }
    });
    view! {
        <canvas
            node_ref=canvas
            class="picture"
            width=columns * IMAGE_SIDE
            height=rows * IMAGE_SIDE
            role=role
            tabindex=tabindex
            aria-label=label
            data-testid=testid
            data-empty=move || images.with(Vec::is_empty).to_string()
        ></canvas>
    }
}

/// What the [`difference`]s of images are, side by side: what was added in one colour, what was lost in another.
#[component]
pub fn Differences(
    testid: &'static str,
    #[prop(into)] differences: Signal<Vec<Vec<f32>>>,
    #[prop(default = 1)] columns: usize,
    #[prop(into)] label: TextProp,
) -> impl IntoView {
    let canvas = NodeRef::<Canvas>::new();
    Effect::new(move || {
        if let Some(canvas) = canvas.get() {
            differences.with(|differences| {
                let differences: Vec<&[f32]> = differences.iter().map(Vec::as_slice).collect();
                paint_weights(&canvas, &differences, columns, FULL_COLOUR);
            });
        }
    });
    view! {
        <canvas
            node_ref=canvas
            class="picture difference"
            width=columns * IMAGE_SIDE
            height=IMAGE_SIDE
            role="img"
            aria-label=label
            data-testid=testid
            data-empty=move || differences.with(Vec::is_empty).to_string()
        ></canvas>
    }
}

/// What `to` has more of than `from`, pixel by pixel, -1 to 1; below 0 where it has less.
pub fn difference(from: &Image, to: &Image) -> Vec<f32> {
    from.iter().zip(to).map(|(&from, &to)| (f32::from(to) - f32::from(from)) / 255.0).collect()
}
