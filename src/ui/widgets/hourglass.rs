//! A network drawn as what it is: layers that narrow to a code and widen again.

use leptos::prelude::*;

const WIDTH: f64 = 96.0;
const HEIGHT: f64 = 48.0;
const BAR: f64 = 4.0;

/// One bar a layer, as high as the root of its size so that 20 beside 784 can still be seen, and the silhouette of all.
#[component]
pub fn Hourglass(#[prop(into)] sizes: Signal<Vec<usize>>, #[prop(into)] label: Signal<String>) -> impl IntoView {
    let layers = move || sizes.with(|sizes| layers(sizes));
    let silhouette = move || {
        let layers = layers();
        let top = layers.iter().map(|layer| format!("{},{}", layer.x + BAR / 2.0, (HEIGHT - layer.height) / 2.0));
        let foot = layers.iter().map(|layer| format!("{},{}", layer.x + BAR / 2.0, (HEIGHT + layer.height) / 2.0));
        top.chain(foot.rev()).collect::<Vec<_>>().join(" ")
    };
    let bars = move || {
        let bars = layers().into_iter().map(|Layer { size, x, height, narrowest }| {
            view! {
                <rect
                    class="layer"
                    class:code=narrowest
                    x=x
                    y=(HEIGHT - height) / 2.0
                    width=BAR
                    height=height
                    rx="1.5"
                >
                    <title>{size}</title>
                </rect>
            }
        });
        bars.collect_view()
    };
    view! {
        <svg class="hourglass" viewBox=format!("0 0 {WIDTH} {HEIGHT}") role="img" aria-label=move || label.get()>
            <polygon class="silhouette" points=silhouette />
            {bars}
        </svg>
    }
}

struct Layer {
    size: usize,
    x: f64,
    height: f64,
    narrowest: bool,
}

fn layers(sizes: &[usize]) -> Vec<Layer> {
    let largest = sizes.iter().copied().max().unwrap_or(1) as f64;
    let smallest = sizes.iter().copied().min().unwrap_or(1);
    let gap = (WIDTH - BAR) / (sizes.len().max(2) - 1) as f64;
    let layer = |(number, &size): (usize, &usize)| Layer {
        size,
        x: number as f64 * gap,
        height: HEIGHT * (size as f64 / largest).sqrt(),
        narrowest: size == smallest,
    };
    sizes.iter().enumerate().map(layer).collect()
}
