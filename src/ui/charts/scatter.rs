//! A cloud of points in a plane.

use leptos::prelude::*;

/// The points, each in the colour of its digit.
#[component]
pub fn Scatter(
    testid: &'static str,
    #[prop(into)] label: TextProp,
    /// Paths of dots by digit, as [`scatter_paths`](super::layout::scatter::scatter_paths) makes them.
    #[prop(into)]
    paths: Signal<Vec<(usize, String)>>,
    /// The style of a ring, which lies at the origin without one.
    #[prop(into)]
    ring: TextProp,
) -> impl IntoView {
    let dots = move || {
        let dots = |(digit, path)| view! { <path class=format!("dots digit-{digit}") d=path /> };
        paths.get().into_iter().map(dots).collect_view()
    };
    view! {
        <div class="scatter" data-testid=testid role="img" aria-label=label>
            <svg viewBox="0 0 100 100">{dots} <circle class="ring" r="3.5" style=move || ring.get() /></svg>
        </div>
    }
}
