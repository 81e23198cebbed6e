//! A canvas that shows images as the models have them.

use leptos::html::Canvas;
use leptos::prelude::*;

use crate::data::IMAGE_SIDE;
use crate::protocol::Image;
use crate::ui::dom::canvas::paint;

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
