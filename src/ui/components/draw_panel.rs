//! The drawing with its tools: brush, undo, redo, clear, and test digits to put in.

use leptos::prelude::*;

use super::draw_canvas::DrawCanvas;
use super::explained::ExplainedButton;
use super::range::Range;
use crate::protocol::Image;
use crate::ui::dom::debounce::use_debounced;
use crate::ui::i18n::{t_string, use_i18n};
use crate::ui::state::drawing::Drawing;
use crate::ui::state::drawing_link::{DIGIT, DRAWING, format_image, parse_digit, parse_image};
use crate::ui::state::linked::ADDRESS_DELAY_MS;
use crate::ui::state::model_input::ModelInput;
use crate::ui::state::requests::{any_digit, put_test_digit, use_test_digit};
use crate::ui::state::router::Router;

/// The drawing that all chapters share, and what changes it; a link may hold it.
#[component]
pub fn DrawPanel() -> impl IntoView {
    let i18n = use_i18n();
    let drawing = expect_context::<RwSignal<Drawing>>();
    let brush = RwSignal::new(22.0);
    follow_link();
    view! {
        <div class="panel draw-panel" id="draw">
            <DrawCanvas
                drawing=drawing
                brush=brush
                label=move || t_string!(i18n, draw.canvas)
                hint=move || t_string!(i18n, draw.hint)
            />
            <DrawTools drawing=drawing brush=brush />
            <TestDigits />
        </div>
    }
}

/// Draws what a link holds; the address follows what is drawn.
pub fn follow_link() {
    let drawing = expect_context::<RwSignal<Drawing>>();
    let ModelInput(image) = expect_context();
    let router = expect_context::<Router>();
    // How many actions the drawing had when the link's image was put in.
    let linked = StoredValue::new(None::<usize>);
    let link = StoredValue::new(String::new());
    let put = put_test_digit(move || {
        linked.set_value(Some(drawing.with_untracked(Drawing::count)));
        router.show(link.get_value());
    });
    router.on_visit(move |query| {
        router.show(String::new());
        link.set_value(router.link());
        if let Some((digit, nth)) = query.get(DIGIT).and_then(|text| parse_digit(&text)) {
            put(digit, nth);
        } else if let Some(text) = query.get(DRAWING).filter(|text| Some(text) != drawing_text(drawing, image).as_ref())
        {
            if let Some(image) = parse_image(&text) {
                linked.set_value(Some(drawing.with_untracked(Drawing::count) + 1));
                drawing.update(|drawing| drawing.put(image));
            } else if text.is_empty() {
                drawing.update(Drawing::clear);
            }
        } else if query.get(DRAWING).is_none() {
            // A link to something else of the chapter leaves the drawing as it is.
            note_drawing(router, drawing, image);
        }
    });
    Effect::new(move || {
        let count = drawing.with(Drawing::count);
        if linked.get_value().is_some_and(|linked| linked != count) {
            linked.set_value(None);
            router.show(String::new());
            router.note(DIGIT, None);
        }
    });
    let drawn = use_debounced::<Option<Image>>(image.into(), ADDRESS_DELAY_MS);
    Effect::new(move |was: Option<()>| {
        drawn.track();
        let query = router.query();
        // The link's own image is on its way, and a test digit has its number in the address.
        if was.is_none() && query.get(DRAWING).is_some() || query.get(DIGIT).is_some() {
            return;
        }
        note_drawing(router, drawing, drawn);
    });
}

/// Notes the drawing in the address, unless it is the first.
fn note_drawing(router: Router, drawing: RwSignal<Drawing>, image: impl GetUntracked<Value = Option<Image>>) {
    let is_drawn = drawing.with_untracked(|drawing| *drawing != Drawing::first());
    router.note(DRAWING, drawing_text(drawing, image).as_deref().filter(|_| is_drawn));
}

/// The drawing as links hold it, empty where it is blank; None before it was painted.
pub fn drawing_text(drawing: RwSignal<Drawing>, image: impl GetUntracked<Value = Option<Image>>) -> Option<String> {
    if drawing.with_untracked(Drawing::is_empty) {
        return Some(String::new());
    }
    image.get_untracked().as_deref().map(format_image)
}

#[component]
fn DrawTools(drawing: RwSignal<Drawing>, brush: RwSignal<f32>) -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <div class="tools">
            <button
                type="button"
                data-testid="draw-undo"
                disabled=move || drawing.with(|drawing| !drawing.can_undo())
                on:click=move |_| drawing.update(Drawing::undo)
            >
                {move || t_string!(i18n, draw.undo)}
            </button>
            <button
                type="button"
                data-testid="draw-redo"
                disabled=move || drawing.with(|drawing| !drawing.can_redo())
                on:click=move |_| drawing.update(Drawing::redo)
            >
                {move || t_string!(i18n, draw.redo)}
            </button>
            <button
                type="button"
                data-testid="draw-clear"
                disabled=move || drawing.with(Drawing::is_empty)
                on:click=move |_| drawing.update(Drawing::clear)
            >
                {move || t_string!(i18n, draw.clear)}
            </button>
            <Range
                testid="brush"
                label=move || t_string!(i18n, draw.brush)
                about=move || t_string!(i18n, about.brush)
                value=brush
                min=8.0
                max=44.0
                step=1.0
            />
        </div>
    }
}

/// Buttons that put test digits on the canvas.
#[component]
fn TestDigits() -> impl IntoView {
    let i18n = use_i18n();
    let put = use_test_digit();
    let digit = move |digit: u8| {
        let label = move || t_string!(i18n, draw.sample_of, digit = digit);
        view! {
            <button
                type="button"
                class="digit"
                data-testid=format!("sample-{digit}")
                aria-label=label
                on:click=move |_| put(digit)
            >
                {digit}
            </button>
        }
    };
    view! {
        <div class="samples">
            <ExplainedButton
                testid="sample"
                text=move || t_string!(i18n, draw.sample)
                about=move || t_string!(i18n, draw.sample_hint)
                press=move |()| put(any_digit())
            />
            {(0..10).map(digit).collect_view()}
        </div>
    }
}
