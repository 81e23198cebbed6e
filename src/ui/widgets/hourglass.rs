//! A network drawn as what it is: layers that narrow to a code and widen again.

use leptos::prelude::*;

use super::super::element::{El, Words, el};

const WIDTH: f64 = 96.0;
const HEIGHT: f64 = 48.0;
const BAR: f64 = 4.0;

/// One bar a layer, the code's in the middle, as high as the root of its size so that 20 beside 784 can still be seen, and the silhouette of all.
pub fn hourglass(sizes: Signal<Vec<usize>>, label: Words) -> El {
    el("div", "hourglass").set("role", "img").label(label).prop("innerHTML", move || sizes.with(|sizes| svg(sizes)))
}

fn svg(sizes: &[usize]) -> String {
    let layers = layers(sizes);
    let top = layers.iter().map(|layer| (layer.x, HEIGHT - layer.height));
    let foot = layers.iter().map(|layer| (layer.x, HEIGHT + layer.height));
    let mut silhouette = String::new();
    for (x, y) in top.chain(foot.rev()) {
        silhouette += &format!("{:.1},{:.1} ", x + BAR / 2.0, y / 2.0);
    }
    let mut bars = String::new();
    for Layer { size, x, height, is_code } in layers {
        let (class, y) = (if is_code { "layer code" } else { "layer" }, (HEIGHT - height) / 2.0);
        bars += &format!(
            r#"<rect class="{class}" x="{x:.1}" y="{y:.1}" width="{BAR}" height="{height:.1}" rx="1.5"><title>{size}</title></rect>"#
        );
    }
    format!(r#"<svg viewBox="0 0 {WIDTH} {HEIGHT}"><polygon class="silhouette" points="{silhouette}"/>{bars}</svg>"#)
}

/// The widths of layers as they are commonly written: 784-300-784.
pub fn widths(sizes: &[usize]) -> String {
    sizes.iter().map(usize::to_string).collect::<Vec<_>>().join("-")
}

struct Layer {
    size: usize,
    x: f64,
    height: f64,
    is_code: bool,
}

fn layers(sizes: &[usize]) -> Vec<Layer> {
    let largest = sizes.iter().copied().max().unwrap_or(1) as f64;
    let gap = (WIDTH - BAR) / (sizes.len().max(2) - 1) as f64;
    let layer = |(number, &size): (usize, &usize)| Layer {
        size,
        x: number as f64 * gap,
        height: HEIGHT * (size as f64 / largest).sqrt(),
        is_code: number == sizes.len() / 2,
    };
    sizes.iter().enumerate().map(layer).collect()
}
