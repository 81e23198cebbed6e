//! Curves over steps.

use leptos::ev::{KeyboardEvent, PointerEvent};
use leptos::html::Div;
use leptos::prelude::*;

use super::layout::plot::{Curve, PlotLayout};
use super::layout::table::{curve_rows, curve_values};
use super::values::Values;
use crate::ui::dom::keys::plain_key;

/// How far an arrow key moves the place whose values are told, as a share of the width.
const STEP: f64 = 0.02;

/// The curves with grid and tick labels, and the table behind them; `placeholder` where there is no point to show. The values under the
/// pointer, or that arrow keys lead to, are told in the chart. The plane is 100 wide and high and stretched to its place; the labels are not
/// in it, so that they keep their size.
#[component]
pub fn Plot(
    testid: &'static str,
    #[prop(into)] label: TextProp,
    /// What the curves are drawn over, for the table.
    #[prop(into)]
    across: TextProp,
    #[prop(into)] curves: Signal<Vec<Curve>>,
    #[prop(into, default = Signal::stored(true))] logarithmic: Signal<bool>,
    #[prop(into, optional)] placeholder: TextProp,
) -> impl IntoView {
    let drawn = move || match curves.with(|curves| PlotLayout::new(curves, logarithmic.get(), false)) {
        Some(layout) => draw(layout).into_any(),
        None => {
            let text = placeholder.get();
            (!text.is_empty()).then(|| view! { <p class="no-run">{text}</p> }).into_any()
        }
    };
    let across = Signal::derive(move || across.get().to_string());
    let rows = Signal::derive(move || curves.with(|curves| curve_rows(across.get(), curves)));
    let plot = NodeRef::<Div>::new();
    // As a share of the width.
    let place = RwSignal::new(None::<f64>);
    let point = move |event: PointerEvent| {
        let Some(area) = plot.get_untracked().map(|plot| plot.get_bounding_client_rect()) else { return };
        place.set(Some(((f64::from(event.client_x()) - area.left()) / area.width().max(1.0)).clamp(0.0, 1.0)));
    };
    let key_down = move |event: KeyboardEvent| {
        let step = match plain_key(&event).as_str() {
            "ArrowRight" => STEP,
            "ArrowLeft" => -STEP,
            _ => return,
        };
        event.prevent_default();
        place.update(|place| *place = Some((place.unwrap_or_default() + step).clamp(0.0, 1.0)));
    };
    let told = move || {
        let told = |share| curves.with(|curves| curve_values(&across.get(), curves, share));
        place.get().map(told).unwrap_or_default()
    };
    let line = move || place.get().map(|share| format!("left:{:.1}%", share * 100.0)).unwrap_or_default();
    view! {
        <div class="plotted">
            <div
                node_ref=plot
                class="plot"
                data-testid=testid
                tabindex="0"
                role="application"
                aria-label=label
                on:pointermove=point
                on:pointerdown=point
                on:pointerleave=move |_| place.set(None)
                on:blur=move |_| place.set(None)
                on:keydown=key_down
            >
                {drawn}
                <span class="plot-place" hidden=move || place.get().is_none() style=line></span>
                <p class="plot-told" aria-live="polite">
                    {told}
                </p>
            </div>
            <Values rows=rows />
        </div>
    }
}

fn draw(layout: PlotLayout) -> impl IntoView {
    let PlotLayout { grid, curves, x_labels, y_labels } = layout;
    let curves = curves.into_iter().map(|(class, path)| view! { <path class=format!("curve {class}") d=path /> });
    let y_labels =
        y_labels.into_iter().map(|(y, text)| view! { <span class="tick-y" style=format!("top:{y:.2}%")>{text}</span> });
    let x_labels = x_labels
        .into_iter()
        .map(|(x, text)| view! { <span class="tick-x" style=format!("left:{x:.2}%")>{text}</span> });
    view! {
        <svg viewBox="0 0 100 100" preserveAspectRatio="none">
            <path class="grid" d=grid />
            {curves.collect_view()}
        </svg>
        {y_labels.collect_view()}
        {x_labels.collect_view()}
    }
}
