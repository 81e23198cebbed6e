//! The paper: mouse, finger, pen and keys draw on it.

use std::cell::RefCell;
use std::rc::Rc;

use gloo::render::{AnimationFrame, request_animation_frame};
use leptos::html;
use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement, KeyboardEvent, PointerEvent};

use super::super::drawing::{Action, Dot, Drawing, SIDE};
use super::super::element::{El, Words, cast, effect, el};
use super::picture;
use crate::data::{IMAGE_SIDE, drawing::to_mnist};
use crate::protocol::Image;

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

/// The drawing area. `image` follows `drawing`, once a frame.
/// `brush` is the width of the pen, in the drawing's units.
pub fn draw_canvas(
    drawing: RwSignal<Drawing>,
    image: RwSignal<Option<Image>>,
    brush: RwSignal<f32>,
    label: Words,
    hint: Words,
) -> El {
    let canvas = NodeRef::<html::Canvas>::new();
    let pen = RwSignal::new(Pen { x: SIDE / 2.0, y: SIDE / 2.0, down: false, shown: false });
    let stroking = StoredValue::new(None::<i32>);

    // However fast the pointer, the paper is painted and read once a frame.
    let frame: Rc<RefCell<Option<AnimationFrame>>> = Rc::default();
    effect(move || {
        drawing.track();
        let next = request_animation_frame(move |_| {
            if let Some(canvas) = canvas.get_untracked() {
                drawing.with_untracked(|drawing| image.set(render(&canvas, drawing)));
            }
        });
        frame.replace(Some(next));
    });

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
    let pointer_down = move |event| {
        let event: PointerEvent = cast(event);
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
    let pointer_move = move |event| {
        let event: PointerEvent = cast(event);
        if stroking.get_value() == Some(event.pointer_id()) {
            let dots: Vec<Dot> = coalesced(event).iter().filter_map(dot).collect();
            drawing.update(|drawing| dots.into_iter().for_each(|dot| drawing.extend(dot)));
        }
    };
    let pointer_end = move |event| {
        let event: PointerEvent = cast(event);
        if stroking.get_value() == Some(event.pointer_id()) {
            stroking.set_value(None);
        }
    };
    let key_down = move |event| {
        let event: KeyboardEvent = cast(event);
        if keyed(&event, drawing, pen, f64::from(brush.get_untracked())) {
            event.prevent_default();
        }
    };
    let pen_style = move || {
        let Pen { x, y, .. } = pen.get();
        let percent = |at: f64| at / SIDE * 100.0;
        format!("left:{}%;top:{}%;width:{w}%;height:{w}%", percent(x), percent(y), w = percent(brush.get().into()))
    };

    let paper = el("canvas", "draw")
        .canvas(canvas)
        .set("width", SIDE)
        .set("height", SIDE)
        .set("tabindex", 0)
        .set("role", "application")
        .label(label)
        .set("data-testid", "draw")
        .on("pointerdown", pointer_down)
        .on("pointermove", pointer_move)
        .on("pointerup", pointer_end)
        .on("pointercancel", pointer_end)
        .on("keydown", key_down)
        .on("blur", move |_| pen.update(|pen| (pen.shown, pen.down) = (false, false)));
    let hint = el("span", "")
        .live("class", move || if drawing.with(Drawing::is_empty) { "paper-hint" } else { "paper-hint gone" })
        .text(hint);
    let pen_class = move || match pen.get() {
        Pen { shown: false, .. } => "pen gone",
        Pen { down: true, .. } => "pen down",
        Pen { .. } => "pen",
    };
    let pen = el("span", "").live("class", pen_class).live("style", pen_style);
    el("div", "paper").children([paper, hint, pen])
}

/// The events that the browser merged into one, where it tells them.
fn coalesced(event: PointerEvent) -> Vec<PointerEvent> {
    let has = js_sys::Reflect::has(&event, &JsValue::from_str("getCoalescedEvents")).unwrap_or(false);
    let events: Vec<PointerEvent> = if has {
        event.get_coalesced_events().iter().map(|event| event.unchecked_into()).collect()
    } else {
        Vec::new()
    };
    if events.is_empty() { vec![event] } else { events }
}

/// Does what a key says; false when it says nothing to the paper.
fn keyed(event: &KeyboardEvent, drawing: RwSignal<Drawing>, pen: RwSignal<Pen>, width: f64) -> bool {
    let step = if event.shift_key() { KEY_STEP / 4.0 } else { KEY_STEP };
    let (dx, dy) = match event.key().as_str() {
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
            drawing.update(Drawing::clear);
            return true;
        }
        "z" | "Z" if event.ctrl_key() || event.meta_key() => {
            drawing.update(Drawing::undo);
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

/// Paints the drawing, and returns the image that the models get of it; None for blank paper.
fn render(canvas: &HtmlCanvasElement, drawing: &Drawing) -> Option<Image> {
    let context = picture::context(canvas)?;
    context.set_fill_style_str("#000");
    context.fill_rect(0.0, 0.0, SIDE, SIDE);
    let visible = drawing.visible();
    if let Some(image) = visible.image {
        put(&context, image);
        if visible.strokes.is_empty() {
            return Some(image.clone());
        }
    }
    context.set_stroke_style_str("#fff");
    context.set_line_cap("round");
    context.set_line_join("round");
    for action in visible.strokes {
        if let Action::Stroke(dots) = action {
            stroke(&context, dots);
        }
    }
    let pixels = context.get_image_data(0.0, 0.0, SIDE, SIDE).ok()?.data();
    let ink: Vec<u8> = pixels.chunks(4).map(|rgba| rgba[0]).collect();
    to_mnist(&ink, SIDE as usize, SIDE as usize).map(|image| image.to_vec())
}

fn stroke(context: &CanvasRenderingContext2d, dots: &[Dot]) {
    for (number, &to) in dots.iter().enumerate() {
        let from = dots[number.saturating_sub(1)];
        context.begin_path();
        context.set_line_width(to.width);
        context.move_to(from.x, from.y);
        // A line of no length is a round dot.
        context.line_to(to.x, to.y);
        context.stroke();
    }
}

/// Puts a 28x28 image on the paper, smoothed to its size.
fn put(context: &CanvasRenderingContext2d, image: &Image) {
    let Ok(small) = gloo::utils::document().create_element("canvas") else { return };
    let small: HtmlCanvasElement = small.unchecked_into();
    small.set_width(IMAGE_SIDE as u32);
    small.set_height(IMAGE_SIDE as u32);
    picture::paint(&small, std::slice::from_ref(image), 1);
    // Fails only for a canvas without pixels.
    let _ = context.draw_image_with_html_canvas_element_and_dw_and_dh(&small, 0.0, 0.0, SIDE, SIDE);
}
