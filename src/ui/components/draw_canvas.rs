//! The drawing surface: mouse, finger, pen and keys draw on it.

use leptos::ev::{KeyboardEvent, PointerEvent};
use leptos::html::Canvas;
use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};

use crate::ui::dom::canvas::paint_drawing;
use crate::ui::dom::frame::use_frame;
use crate::ui::dom::keys::plain_key;
use crate::ui::state::drawing::{Dot, Drawing, SIDE};

/// How far an arrow key moves the pen, in the drawing's units.
const KEY_STEP: f64 = 8.0;

/// The pen that the keys move.
#[derive(Clone, Copy, PartialEq)]
struct Pen {
    x: f64,
    y: f64,
    down: bool,
    shown: bool,
}

/// The drawing surface.
#[component]
pub fn DrawCanvas(
    drawing: RwSignal<Drawing>,
    /// Width of the pen, in the drawing's units.
    brush: RwSignal<f32>,
    #[prop(into)] label: TextProp,
    #[prop(into)] hint: TextProp,
) -> impl IntoView {
    let canvas = NodeRef::<Canvas>::new();
    let pen = RwSignal::new(Pen { x: SIDE / 2.0, y: SIDE / 2.0, down: false, shown: false });
    let stroking = StoredValue::new(None::<i32>);

    // However fast the pointer, the canvas is painted once a frame.
    use_frame(
        move || drawing.track(),
        move || {
            if let Some(canvas) = canvas.get_untracked() {
                drawing.with_untracked(|drawing| paint_drawing(&canvas, drawing));
            }
        },
    );

    let dot = move |event: &PointerEvent| {
        let canvas = canvas.get_untracked()?;
        let area = canvas.get_bounding_client_rect();
        // A pen that reports pressure draws from half to one and a half times the brush.
        let pressure = if event.pointer_type() == "pen" { 0.5 + f64::from(event.pressure()) } else { 1.0 };
        Some(Dot {
            x: (f64::from(event.client_x()) - area.left()) / area.width() * SIDE,
            y: (f64::from(event.client_y()) - area.top()) / area.height() * SIDE,
            width: f64::from(brush.get_untracked()) * pressure,
        })
    };
    let pointer_down = move |event: PointerEvent| {
        if event.button() != 0 || stroking.get_value().is_some() {
            return;
        }
        event.prevent_default();
        if let (Some(canvas), Some(dot)) = (canvas.get_untracked(), dot(&event)) {
            // Without capture a stroke merely ends at the edge.
            let _ = canvas.set_pointer_capture(event.pointer_id());
            let _ = canvas.focus();
            stroking.set_value(Some(event.pointer_id()));
            pen.update(|pen| pen.shown = false);
            drawing.update(|drawing| drawing.begin(dot));
        }
    };
    let pointer_move = move |event: PointerEvent| {
        if stroking.get_value() == Some(event.pointer_id()) {
            let dots: Vec<Dot> = coalesced(event).iter().filter_map(dot).collect();
            drawing.update(|drawing| dots.into_iter().for_each(|dot| drawing.extend(dot)));
        }
    };
    let pointer_end = move |event: PointerEvent| {
        if stroking.get_value() == Some(event.pointer_id()) {
            stroking.set_value(None);
        }
    };
    let key_down = move |event: KeyboardEvent| {
        if draw_by_key(&event, drawing, pen, f64::from(brush.get_untracked())) {
            event.prevent_default();
        }
    };
    let pen_style = move || {
        let Pen { x, y, .. } = pen.get();
        let percent = |at: f64| at / SIDE * 100.0;
        format!("left:{}%;top:{}%;width:{w}%;height:{w}%", percent(x), percent(y), w = percent(brush.get().into()))
    };
    let pen_class = move || match pen.get() {
        Pen { shown: false, .. } => "pen gone",
        Pen { down: true, .. } => "pen down",
        Pen { .. } => "pen",
    };
    view! {
        <div class="drawing">
            <canvas
                node_ref=canvas
                class="draw"
                width=SIDE
                height=SIDE
                tabindex="0"
                role="application"
                aria-label=label
                data-testid="draw"
                on:pointerdown=pointer_down
                on:pointermove=pointer_move
                on:pointerup=pointer_end
                on:pointercancel=pointer_end
                on:keydown=key_down
                on:blur=move |_| pen.update(|pen| (pen.shown, pen.down) = (false, false))
            ></canvas>
            <span class=move || if drawing.with(Drawing::is_empty) { "drawing-hint" } else { "drawing-hint gone" }>
                {move || hint.get()}
            </span>
            <span class=pen_class style=pen_style></span>
        </div>
    }
}

/// The events that the browser merged into one, where it tells them.
fn coalesced(event: PointerEvent) -> Vec<PointerEvent> {
    let has = js_sys::Reflect::has(&event, &JsValue::from_str("getCoalescedEvents")).unwrap_or(false);
    let events: Vec<PointerEvent> =
        if has { event.get_coalesced_events().iter().map(JsCast::unchecked_into).collect() } else { Vec::new() };
    if events.is_empty() { vec![event] } else { events }
}

/// Does what a key means; false when it means nothing here.
fn draw_by_key(event: &KeyboardEvent, drawing: RwSignal<Drawing>, pen: RwSignal<Pen>, width: f64) -> bool {
    if (event.ctrl_key() || event.meta_key()) && !event.alt_key() {
        let act = match event.key().to_ascii_lowercase().as_str() {
            "z" if !event.shift_key() => Drawing::undo,
            "z" | "y" => Drawing::redo,
            _ => return false,
        };
        pen.update(|pen| pen.down = false);
        drawing.update(act);
        return true;
    }
    let step = if event.shift_key() { KEY_STEP / 4.0 } else { KEY_STEP };
    let (dx, dy) = match plain_key(event).as_str() {
        "ArrowLeft" => (-step, 0.0),
        "ArrowRight" => (step, 0.0),
        "ArrowUp" => (0.0, -step),
        "ArrowDown" => (0.0, step),
        " " => {
            pen.update(|pen| (pen.down, pen.shown) = (!pen.down, true));
            let Pen { x, y, down, .. } = pen.get_untracked();
            if down {
                drawing.update(|drawing| drawing.begin(Dot { x, y, width }));
            }
            return true;
        }
        "Delete" | "Backspace" => {
            pen.update(|pen| pen.down = false);
            drawing.update(Drawing::clear);
            return true;
        }
        _ => return false,
    };
    pen.update(|pen| {
        pen.x = (pen.x + dx).clamp(0.0, SIDE);
        pen.y = (pen.y + dy).clamp(0.0, SIDE);
        pen.shown = true;
    });
    let Pen { x, y, down, .. } = pen.get_untracked();
    if down {
        drawing.update(|drawing| drawing.extend(Dot { x, y, width }));
    }
    true
}
