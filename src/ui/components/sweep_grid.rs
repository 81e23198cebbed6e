//! A sweep of two latent dimensions as a grid of digits, with the present point on it.

use leptos::ev::{KeyboardEvent, MouseEvent};
use leptos::prelude::*;
use web_sys::Element;

use super::picture::Pictures;
use crate::protocol::{Code, Image, Sweep};
use crate::ui::dom::keys::plain_key;
use crate::ui::state::latent::{EXTENT, clamp};

/// Cells in a row and in a column.
const SIDE: usize = 15;

/// The sweep of `dimensions` that the grid shows.
pub fn sweep(dimensions: [usize; 2]) -> Sweep {
    Sweep { dimensions, side: SIDE, extent: EXTENT }
}

/// The images of a [`sweep`]; a click or an arrow key moves `code` to a cell.
#[component]
pub fn SweepGrid(
    code: RwSignal<Code>,
    dimensions: RwSignal<[usize; 2]>,
    #[prop(into)] images: Signal<Vec<Image>>,
    #[prop(into)] label: TextProp,
) -> impl IntoView {
    let go = move |row: usize, column: usize| {
        let [across, up] = dimensions.get_untracked();
        let (x, y) = sweep([across, up]).point(row.min(SIDE - 1), column.min(SIDE - 1));
        code.update(|code| (code[across], code[up]) = (clamp(x), clamp(y)));
    };
    let click = move |event: MouseEvent| {
        let area = event_target::<Element>(&event).get_bounding_client_rect();
        let cell = |at: f64, size: f64| (at / size * SIDE as f64).max(0.0) as usize;
        go(
            cell(f64::from(event.client_y()) - area.top(), area.height()),
            cell(f64::from(event.client_x()) - area.left(), area.width()),
        );
    };
    // The present point in cells from the top left.
    let place = move || {
        let [across, up] = dimensions.get();
        let cells = (SIDE - 1) as f32;
        code.with(|code| {
            ((EXTENT - code[up]) / (2.0 * EXTENT) * cells, (code[across] + EXTENT) / (2.0 * EXTENT) * cells)
        })
    };
    // Arrow keys alone are followed by who does not see the plane.
    let told = RwSignal::new(String::new());
    let tell = move || {
        let axes = dimensions.get_untracked();
        let number = |axis: usize| format!("z{axis} = {:.2}", code.with_untracked(|code| code[axis]));
        told.set(axes.map(number).join(", "));
    };
    let key_down = move |event: KeyboardEvent| {
        let (row, column) = untrack(place);
        let (row, column) = (row.round() as usize, column.round() as usize);
        match plain_key(&event).as_str() {
            "ArrowLeft" => go(row, column.saturating_sub(1)),
            "ArrowRight" => go(row, column + 1),
            "ArrowUp" => go(row.saturating_sub(1), column),
            "ArrowDown" => go(row + 1, column),
            _ => return,
        }
        tell();
        event.prevent_default();
    };
    let marker = move || {
        let (row, column) = place();
        let percent = |cell: f32| cell / SIDE as f32 * 100.0;
        format!("top:{}%;left:{}%;width:{size}%;height:{size}%", percent(row), percent(column), size = percent(1.0))
    };
    view! {
        <div class="field">
            <Pictures
                testid="field"
                images=images
                columns=SIDE
                rows=SIDE
                role="application"
                tabindex="0"
                label=label
                on:click=click
                on:keydown=key_down
            />
            <span class="marker" style=marker></span>
            <span class="visually-hidden" aria-live="polite">
                {told}
            </span>
        </div>
    }
}
