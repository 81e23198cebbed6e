//! Thousands of points of a plane on one canvas: dragged, pinched, and made larger by wheel, buttons and keys.

use leptos::ev::{KeyboardEvent, PointerEvent, WheelEvent};
use leptos::html::{Canvas, Div};
use leptos::prelude::*;
use leptos_use::use_preferred_dark;
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement, HtmlElement};

use super::layout::scatter::digit_means;
use super::layout::viewport::Viewport;
use crate::ui::dom::canvas::{colour_of, context};
use crate::ui::dom::frame::use_frame;
use crate::ui::dom::keys::plain_key;
use crate::ui::i18n::{t_string, use_i18n};
use crate::ui::state::theme::Theme;

/// Pixels of the canvas in each direction; the style sheet scales it.
const SIDE: f64 = 1000.0;
/// How near, in these pixels, the pointer must be to a point; a finger covers more.
const REACH: f64 = 24.0;
/// How many times larger one press of a key or turn of a wheel makes everything.
const ZOOM: f64 = 1.25;
/// How a digit's name is written on the canvas.
const NAME_FONT: &str = "700 44px system-ui, sans-serif";
/// A press that moves less is a click.
const CLICK: f64 = 8.0;

/// The points of a cloud.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Cloud {
    pub points: Vec<[f32; 2]>,
    /// The digits, 0 to 9; empty where there are none.
    pub labels: Vec<u8>,
}

/// The points, each in the colour of its digit, at the mean of a digit's points its name, and a path over them.
#[component]
pub fn PointCloud(
    testid: &'static str,
    #[prop(into)] label: TextProp,
    #[prop(into)] cloud: Signal<Cloud>,
    /// A line over the points.
    #[prop(into)]
    path: Signal<Vec<[f32; 2]>>,
    /// The number of the point at the pointer, or that arrow keys lead to.
    chosen: RwSignal<Option<usize>>,
    /// Called with the place that is clicked.
    on_place: impl Fn([f32; 2]) + Copy + 'static,
) -> impl IntoView {
    let i18n = use_i18n();
    // Its colours are read when it is painted.
    let (theme, is_dark) = (expect_context::<RwSignal<Theme>>(), use_preferred_dark());
    let (canvas, area) = (NodeRef::<Canvas>::new(), NodeRef::<Div>::new());
    let viewport = RwSignal::new(Viewport::around(&[], SIDE));
    // What was made larger stays so while the points move.
    Effect::new(move || cloud.with(|cloud| viewport.update(|viewport| viewport.refit(&cloud.points))));
    use_frame(
        move || {
            viewport.track();
            cloud.track();
            path.track();
            chosen.track();
            theme.track();
            is_dark.track();
        },
        move || {
            if let (Some(canvas), Some(area)) = (canvas.get_untracked(), area.get_untracked()) {
                let viewport = viewport.get_untracked();
                let colours = digit_colours(&area);
                cloud.with_untracked(|cloud| paint(&canvas, &viewport, cloud, &colours, chosen.get_untracked()));
                path.with_untracked(|path| paint_path(&canvas, &viewport, path));
            }
        },
    );

    // The pointers that are down, and where.
    let pointers = StoredValue::new(Vec::<(i32, [f64; 2])>::new());
    let travelled = StoredValue::new(0.0_f64);
    let pixel = move |x: i32, y: i32| {
        let area = canvas.get_untracked().map(|canvas| canvas.get_bounding_client_rect())?;
        let scale = SIDE / area.width().max(1.0);
        Some([(f64::from(x) - area.left()) * scale, (f64::from(y) - area.top()) * scale])
    };
    let choose = move |at: [f64; 2]| {
        let nearest = cloud.with_untracked(|cloud| viewport.get_untracked().nearest(&cloud.points, at, REACH));
        if chosen.get_untracked() != nearest {
            chosen.set(nearest);
        }
    };
    let pointer_down = move |event: PointerEvent| {
        let Some(at) = pixel(event.client_x(), event.client_y()) else { return };
        if let Some(canvas) = canvas.get_untracked() {
            // Without capture a drag merely ends at the edge.
            let _ = canvas.set_pointer_capture(event.pointer_id());
        }
        pointers.update_value(|pointers| pointers.push((event.pointer_id(), at)));
        travelled.set_value(0.0);
    };
    let pointer_move = move |event: PointerEvent| {
        let Some(to) = pixel(event.client_x(), event.client_y()) else { return };
        let down = pointers.get_value();
        let Some(&(_, from)) = down.iter().find(|(id, _)| *id == event.pointer_id()) else { return choose(to) };
        let moved = [to[0] - from[0], to[1] - from[1]];
        travelled.update_value(|travelled| *travelled += moved[0].hypot(moved[1]));
        match down.iter().find(|(id, _)| *id != event.pointer_id()) {
            // Two fingers: what is between them stays between them.
            Some(&(_, other)) => viewport.update(|viewport| {
                let distance = |at: [f64; 2]| (at[0] - other[0]).hypot(at[1] - other[1]).max(1.0);
                viewport.pan([moved[0] / 2.0, moved[1] / 2.0]);
                viewport.zoom(distance(to) / distance(from), [(to[0] + other[0]) / 2.0, (to[1] + other[1]) / 2.0]);
            }),
            None => viewport.update(|viewport| viewport.pan(moved)),
        }
        pointers.update_value(|pointers| {
            pointers.iter_mut().filter(|(id, _)| *id == event.pointer_id()).for_each(|pointer| pointer.1 = to);
        });
    };
    let pointer_up = move |event: PointerEvent| {
        let is_last = pointers.with_value(|pointers| pointers.len() == 1);
        pointers.update_value(|pointers| pointers.retain(|(id, _)| *id != event.pointer_id()));
        if let Some(at) = pixel(event.client_x(), event.client_y())
            && is_last
            && travelled.get_value() < CLICK
        {
            choose(at);
            on_place(viewport.get_untracked().point(at));
        }
    };
    let pointer_gone = move |event: PointerEvent| {
        pointers.update_value(|pointers| pointers.retain(|(id, _)| *id != event.pointer_id()));
    };
    // A finger that is lifted leaves as well: what it tapped stays told.
    let pointer_leave = move |event: PointerEvent| {
        if event.pointer_type() != "touch" {
            chosen.set(None);
        }
    };
    let wheel = move |event: WheelEvent| {
        // A page is scrolled by a wheel alone; with a key, or by a pinch on a touch pad, the cloud is made larger.
        if !event.ctrl_key() && !event.meta_key() {
            return;
        }
        event.prevent_default();
        if let Some(at) = pixel(event.client_x(), event.client_y()) {
            viewport.update(|viewport| viewport.zoom((-event.delta_y() / 300.0).exp(), at));
        }
    };
    let zoom = move |factor: f64| viewport.update(|viewport| viewport.zoom(factor, [SIDE / 2.0; 2]));
    let key_down = move |event: KeyboardEvent| {
        let step = SIDE / 20.0;
        match plain_key(&event).as_str() {
            "ArrowLeft" => viewport.update(|viewport| viewport.pan([step, 0.0])),
            "ArrowRight" => viewport.update(|viewport| viewport.pan([-step, 0.0])),
            "ArrowUp" => viewport.update(|viewport| viewport.pan([0.0, step])),
            "ArrowDown" => viewport.update(|viewport| viewport.pan([0.0, -step])),
            "+" | "=" => zoom(ZOOM),
            "-" => zoom(1.0 / ZOOM),
            "0" => cloud.with_untracked(|cloud| viewport.set(Viewport::around(&cloud.points, SIDE))),
            "Enter" | " " => {
                choose([SIDE / 2.0; 2]);
                on_place(viewport.get_untracked().point([SIDE / 2.0; 2]));
            }
            _ => return,
        }
        choose([SIDE / 2.0; 2]);
        event.prevent_default();
    };
    let key = |digit: u8| view! { <span class=format!("dots digit-{digit}")>{digit}</span> };
    view! {
        <div class="cloud-canvas" node_ref=area>
            <canvas
                node_ref=canvas
                width=SIDE
                height=SIDE
                tabindex="0"
                role="application"
                aria-label=label
                data-testid=testid
                data-count=move || cloud.with(|cloud| cloud.points.len())
                data-zoom=move || format!("{:.2}", viewport.with(Viewport::magnification))
                on:pointerdown=pointer_down
                on:pointermove=pointer_move
                on:pointerup=pointer_up
                on:pointercancel=pointer_gone
                on:pointerleave=pointer_leave
                on:wheel=wheel
                on:keydown=key_down
            ></canvas>
            <div class="cloud-tools">
                <button
                    type="button"
                    data-testid=format!("{testid}-larger")
                    aria-label=move || t_string!(i18n, inside.larger)
                    on:click=move |_| zoom(ZOOM * ZOOM)
                >
                    "+"
                </button>
                <button
                    type="button"
                    data-testid=format!("{testid}-smaller")
                    aria-label=move || t_string!(i18n, inside.smaller)
                    on:click=move |_| zoom(1.0 / (ZOOM * ZOOM))
                >
                    "−"
                </button>
            </div>
            <div class="digit-keys" aria-hidden="true">{(0..10).map(key).collect_view()}</div>
        </div>
    }
}

/// The colours of the digits, as their keys have them.
fn digit_colours(area: &HtmlElement) -> Vec<String> {
    let key = |digit: usize| area.query_selector(&format!(".digit-{digit}")).ok().flatten();
    (0..10).map(|digit| key(digit).map(|key| colour_of(&key, "color")).unwrap_or_default()).collect()
}

fn paint(canvas: &HtmlCanvasElement, viewport: &Viewport, cloud: &Cloud, colours: &[String], chosen: Option<usize>) {
    let Some(context) = context(canvas) else { return };
    context.clear_rect(0.0, 0.0, SIDE, SIDE);
    context.set_global_alpha(0.75);
    // Points grow more slowly than what lies between them.
    let size = 4.0 * viewport.magnification().max(1.0).powf(0.25);
    for (digit, colour) in colours.iter().enumerate() {
        context.set_fill_style_str(colour);
        for (number, &point) in cloud.points.iter().enumerate() {
            if usize::from(cloud.labels.get(number).copied().unwrap_or_default()) == digit {
                let [x, y] = viewport.pixel(point);
                context.fill_rect(x - size / 2.0, y - size / 2.0, size, size);
            }
        }
    }
    context.set_global_alpha(1.0);
    paint_names(&context, canvas, viewport, cloud, colours);
    if let Some(&point) = chosen.and_then(|number| cloud.points.get(number)) {
        ring(&context, canvas, viewport.pixel(point));
    }
}

/// Writes each digit at the mean of its points, on a margin in the colour of the ground.
fn paint_names(
    context: &CanvasRenderingContext2d,
    canvas: &HtmlCanvasElement,
    viewport: &Viewport,
    cloud: &Cloud,
    colours: &[String],
) {
    context.set_font(NAME_FONT);
    context.set_text_align("center");
    context.set_text_baseline("middle");
    context.set_line_width(10.0);
    context.set_line_join("round");
    context.set_stroke_style_str(&colour_of(canvas, "background-color"));
    for (digit, (mean, colour)) in digit_means(&cloud.points, &cloud.labels).into_iter().zip(colours).enumerate() {
        let Some(mean) = mean else { continue };
        let ([x, y], name) = (viewport.pixel(mean), digit.to_string());
        context.set_fill_style_str(colour);
        // Without its name a digit still has its colour.
        let _ = context.stroke_text(&name, x, y).and_then(|()| context.fill_text(&name, x, y));
    }
}

fn paint_path(canvas: &HtmlCanvasElement, viewport: &Viewport, path: &[[f32; 2]]) {
    let Some(context) = context(canvas).filter(|_| !path.is_empty()) else { return };
    context.set_stroke_style_str(&colour_of(canvas, "color"));
    context.set_line_width(4.0);
    context.begin_path();
    for &point in path {
        let [x, y] = viewport.pixel(point);
        context.line_to(x, y);
    }
    context.stroke();
    for point in [path.first(), path.last()].into_iter().flatten() {
        ring(&context, canvas, viewport.pixel(*point));
    }
}

fn ring(context: &CanvasRenderingContext2d, canvas: &HtmlCanvasElement, [x, y]: [f64; 2]) {
    context.set_stroke_style_str(&colour_of(canvas, "color"));
    context.set_line_width(4.0);
    context.begin_path();
    // Fails only for a negative radius.
    let _ = context.arc(x, y, 12.0, 0.0, std::f64::consts::TAU);
    context.stroke();
}
