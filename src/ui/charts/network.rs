//! A network drawn as its layers.

use leptos::prelude::*;

use super::layout::network::{BAR, HEIGHT, Layer, WIDTH, layers, silhouette};
use crate::protocol::Shape;

/// One bar per layer, and the silhouette of all.
#[component]
pub fn NetworkDrawing(#[prop(into)] shape: Signal<Option<Shape>>, #[prop(into)] label: TextProp) -> impl IntoView {
    let drawn = move || {
        let layers =
            shape.with(|shape| shape.as_ref().map(|shape| layers(&shape.layers, shape.code_layer)).unwrap_or_default());
        let outline = silhouette(&layers);
        view! { <polygon class="silhouette" points=outline /> {layers.into_iter().map(bar).collect_view()} }
    };
    view! {
        <div class="network" role="img" aria-label=label>
            <svg viewBox=format!("0 0 {WIDTH} {HEIGHT}")>{drawn}</svg>
        </div>
    }
}

fn bar(layer: Layer) -> impl IntoView {
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
        >
            <title>{size}</title>
        </rect>
    }
}
