//! A network drawn as what it is: layers that narrow to a code and widen again.

use leptos::prelude::*;

const WIDTH: f64 = 96.0;
const HEIGHT: f64 = 40.0;
const BAR: f64 = 5.0;

/// One bar a layer, as high as the fourth root of its size, so that 20 beside 784 can still be seen.
#[component]
pub fn Hourglass(#[prop(into)] sizes: Signal<Vec<usize>>, #[prop(into)] label: Signal<String>) -> impl IntoView {
    let bars = move || {
        sizes.with(|sizes| {
            let largest = sizes.iter().copied().max().unwrap_or(1) as f64;
            let narrowest = sizes.iter().copied().min().unwrap_or(1);
            let gap = (WIDTH - BAR) / (sizes.len().max(2) - 1) as f64;
            let bars = sizes.iter().enumerate().map(|(layer, &size)| {
                let height = HEIGHT * (size as f64 / largest).powf(0.35);
                let class = if size == narrowest { "layer code" } else { "layer" };
                view! {
                    <rect class=class x=layer as f64 * gap y=(HEIGHT - height) / 2.0 width=BAR height=height rx="2">
                        <title>{size}</title>
                    </rect>
                }
            });
            bars.collect_view()
        })
    };
    view! {
        <svg class="hourglass" viewBox=format!("0 0 {WIDTH} {HEIGHT}") role="img" aria-label=move || label.get()>
            {bars}
        </svg>
    }
}
