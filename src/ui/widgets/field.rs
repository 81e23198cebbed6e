//! A plane of the latent space as a field of images, with the present point on it.

use leptos::prelude::*;
use web_sys::{Element, KeyboardEvent, MouseEvent};

use super::super::element::{El, Words, cast, el};
use super::super::latent::{EXTENT, set_dimension};
use super::picture::pictures;
use crate::protocol::{Image, Sweep};

/// Cells in a row and in a column.
pub const SIDE: usize = 15;

/// The sweep of `dimensions` that the field shows.
pub fn sweep(dimensions: [usize; 2]) -> Sweep {
    Sweep { dimensions, side: SIDE, extent: EXTENT }
}

/// The images of a [`sweep`]; a click or an arrow key moves `code` to a cell.
pub fn field(
    code: RwSignal<Vec<f32>>,
    dimensions: RwSignal<[usize; 2]>,
    images: Signal<Vec<Image>>,
    label: Words,
) -> El {
    let go = move |row: usize, column: usize| {
        let [across, up] = dimensions.get_untracked();
        let (x, y) = sweep([across, up]).point(row.min(SIDE - 1), column.min(SIDE - 1));
        set_dimension(code, across, x);
        set_dimension(code, up, y);
    };
    let click = move |event| {
        let area = event_target::<Element>(&event).get_bounding_client_rect();
        let event: MouseEvent = cast(event);
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
    let key_down = move |event| {
        let event: KeyboardEvent = cast(event);
        let (row, column) = untrack(place);
        let (row, column) = (row.round() as usize, column.round() as usize);
        match event.key().as_str() {
            "ArrowLeft" => go(row, column.saturating_sub(1)),
            "ArrowRight" => go(row, column + 1),
            "ArrowUp" => go(row.saturating_sub(1), column),
            "ArrowDown" => go(row + 1, column),
            _ => return,
        }
        event.prevent_default();
    };
    let marker = move || {
        let (row, column) = place();
        let percent = |cell: f32| cell / SIDE as f32 * 100.0;
        format!("top:{}%;left:{}%;width:{size}%;height:{size}%", percent(row), percent(column), size = percent(1.0))
    };
    let canvas = pictures("field", images, (SIDE, SIDE), label)
        .set("tabindex", 0)
        .set("role", "application")
        .on("click", click)
        .on("keydown", key_down);
    el("div", "field").children([canvas, el("span", "marker").live("style", marker)])
}
