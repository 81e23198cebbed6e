//! A network drawn as its layers.

use std::cell::Cell;

use leptos::prelude::*;

use super::layout::network::{BAR, HEIGHT, Layer, WIDTH, layers, silhouette};
use crate::protocol::{Reconstruction, Shape};

/// One bar per layer, and the silhouette of all. They light up one after another when there is another `result`.
#[component]
pub fn NetworkDrawing(
    #[prop(into)] shape: Signal<Option<Shape>>,
    #[prop(into)] label: TextProp,
    #[prop(optional)] result: Option<RwSignal<Option<Reconstruction>>>,
) -> impl IntoView {
    let drawn = move || {
        let layers =
            shape.with(|shape| shape.as_ref().map(|shape| layers(&shape.layers, shape.code_layer)).unwrap_or_default());
        let outline = silhouette(&layers);
        view! { <polygon class="silhouette" points=outline /> {layers.into_iter().enumerate().map(bar).collect_view()} }
    };
    // An animation begins anew only under another name: there are two of them. While someone draws, it begins in every frame, and is
    // seen when they rest.
    let pass = Cell::new(false);
    let passes = move || {
        let is_there = result.is_some_and(|result| result.with(Option::is_some));
        is_there.then(|| if pass.replace(!pass.get()) { "odd" } else { "even" })
    };
    view! {
        <div class="network" role="img" aria-label=label data-pass=passes>
            <svg viewBox=format!("0 0 {WIDTH} {HEIGHT}")>{drawn}</svg>
        </div>
    }
}

/// How long a layer lights up after the one before.
const STEP_MS: usize = 140;

fn bar((number, layer): (usize, Layer)) -> impl IntoView {
    let Layer { size, x, height, is_code } = layer;
    let class = if is_code { "layer code" } else { "layer" };
    view! {
        <rect
            class=class
            x=format!("{x:.1}")
            y=format!("{:.1}", layer.y())
            width=BAR
            height=format!("{height:.1}")
            rx="1.5"
            style=format!("animation-delay:{}ms", number * STEP_MS)
        >
            <title>{size}</title>
        </rect>
    }
}
