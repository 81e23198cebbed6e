//! A cloud of points in a plane.

use leptos::ev::{KeyboardEvent, MouseEvent};
use leptos::prelude::*;
use leptos::svg::Svg;

use super::layout::scatter::DigitPoints;
use crate::ui::dom::keys::plain_key;

/// Side of the square that the points lie in.
const SIDE: f32 = 100.0;
/// How far an arrow key moves the place.
const STEP: f32 = 4.0;

/// The points, each in the colour of its digit, and at the mean of a digit's points its name.
#[component]
pub fn Scatter(
    testid: &'static str,
    #[prop(into)] label: TextProp,
    #[prop(into)] paths: Signal<Vec<DigitPoints>>,
    /// The style of a ring, which lies at the origin without one.
    #[prop(into)]
    ring: TextProp,
    /// Where it can be chosen, a place across and down in the square, by a click, a tap or the arrow keys.
    #[prop(optional)]
    place: Option<RwSignal<Option<[f32; 2]>>>,
    /// Whether it can be chosen now.
    #[prop(into, optional)]
    is_open: Signal<bool>,
) -> impl IntoView {
    let square = NodeRef::<Svg>::new();
    let place = move || place.filter(|_| is_open.get());
    let click = move |event: MouseEvent| {
        let (Some(place), Some(square)) = (untrack(place), square.get_untracked()) else { return };
        let area = square.get_bounding_client_rect();
        let scale = f64::from(SIDE) / area.width().max(1.0);
        let across = (f64::from(event.client_x()) - area.left()) * scale;
        let down = (f64::from(event.client_y()) - area.top()) * scale;
        place.set(Some([across, down].map(|at| (at as f32).clamp(0.0, SIDE))));
    };
    let key_down = move |event: KeyboardEvent| {
        let Some(place) = untrack(place) else { return };
        let [across, down] = match plain_key(&event).as_str() {
            "ArrowLeft" => [-STEP, 0.0],
            "ArrowRight" => [STEP, 0.0],
            "ArrowUp" => [0.0, -STEP],
            "ArrowDown" => [0.0, STEP],
            "Enter" | " " => [0.0; 2],
            _ => return,
        };
        event.prevent_default();
        let [x, y] = place.get_untracked().unwrap_or([SIDE / 2.0; 2]);
        place.set(Some([x + across, y + down].map(|at| at.clamp(0.0, SIDE))));
    };
    let dots = move || {
        let dots = |DigitPoints { digit, path, .. }| view! { <path class=format!("dots digit-{digit}") d=path /> };
        paths.get().into_iter().map(dots).collect_view()
    };
    let names = move || {
        let name = |DigitPoints { digit, name, .. }| {
            let [x, y] = name?.map(|at: f32| format!("{at:.1}"));
            Some(view! { <text class=format!("digit-name digit-{digit}") x=x y=y>{digit}</text> })
        };
        paths.get().into_iter().filter_map(name).collect_view()
    };
    view! {
        <div
            class="scatter"
            class:chosen-from=move || place().is_some()
            data-testid=testid
            role=move || if place().is_some() { "application" } else { "img" }
            tabindex=move || place().map(|_| "0")
            aria-label=label
            on:click=click
            on:keydown=key_down
        >
            <svg node_ref=square viewBox="0 0 100 100" aria-hidden="true">
                {dots}
                {names}
                <circle class="ring" r="3.5" style=move || ring.get() />
            </svg>
        </div>
    }
}
