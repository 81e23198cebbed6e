//! Curves over steps.

use leptos::prelude::*;

use super::layout::plot::{Curve, PlotLayout};
use super::layout::table::curve_rows;
use super::values::Values;

/// The curves with grid and tick labels, and the table behind them; `placeholder` where there is no point to show. The plane is 100
/// wide and high and stretched to its place; the labels are not in it, so that they keep their size.
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
    let rows = Signal::derive(move || curves.with(|curves| curve_rows(across.get().to_string(), curves)));
    view! {
        <div class="plotted">
            <div class="plot" data-testid=testid role="img" aria-label=label>
                {drawn}
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
