//! A code as bars, one for each of its numbers.

use leptos::ev::{KeyboardEvent, PointerEvent};
use leptos::html::Div;
use leptos::prelude::*;

use super::layout::bars::{bar_paths, largest};
use super::layout::table::code_rows;
use super::values::Values;
use crate::protocol::Code;
use crate::ui::dom::keys::plain_key;
use crate::ui::format::grouped;
use crate::ui::i18n::{t_string, use_i18n};

/// How exactly a pointer points, in pixels to either side.
const REACH: f64 = 3.0;

/// The numbers of a code about the line at 0. The number under the pointer, or that arrow keys lead to, is told below.
#[component]
pub fn CodeBars(
    testid: &'static str,
    #[prop(into)] code: Signal<Code>,
    /// Called with the place of the number that is clicked, or on which Enter is pressed.
    #[prop(into, optional)]
    on_choose: Option<Callback<usize>>,
) -> impl IntoView {
    let i18n = use_i18n();
    let place = RwSignal::new(None::<usize>);
    let count = move || code.with(Vec::len);
    let bars = NodeRef::<Div>::new();
    let place_at = move |x: i32| {
        let area = bars.get_untracked()?.get_bounding_client_rect();
        let (count, width) = (untrack(count), area.width().max(1.0));
        let place = |x: f64| ((x - area.left()) / width).max(0.0) * count as f64;
        let x = f64::from(x);
        if width >= REACH * count as f64 {
            return Some(place(x) as usize);
        }
        // Of bars that are thinner than a pointer is exact, the longest one near it.
        let near = place(x - REACH) as usize..=place(x + REACH) as usize;
        code.with_untracked(|code| {
            let bars = near.filter_map(|at| Some((at, code.get(at)?.abs())));
            bars.max_by(|(_, a), (_, b)| a.total_cmp(b)).map(|(at, _)| at)
        })
    };
    let point = move |event: PointerEvent| place.set(place_at(event.client_x()));
    let choose = move |at: Option<usize>| {
        if let (Some(on_choose), Some(at)) = (on_choose, at.filter(|at| *at < untrack(count))) {
            on_choose.run(at);
        }
    };
    let key_down = move |event: KeyboardEvent| {
        let at = place.get_untracked();
        let next = match plain_key(&event).as_str() {
            "ArrowRight" => at.map_or(0, |at| at + 1),
            "ArrowLeft" => at.unwrap_or_default().saturating_sub(1),
            "Enter" if on_choose.is_some() => return choose(at),
            _ => return,
        };
        event.prevent_default();
        place.set(Some(next.min(count().saturating_sub(1))));
    };
    let told = move || {
        code.with(|code| {
            let number = place.get().and_then(|place| Some((place, code.get(place)?)));
            match number {
                Some((place, number)) => t_string!(i18n, figure.number, place = place, number = format!("{number:.3}")),
                None if code.is_empty() => "\u{a0}".to_string(),
                None => {
                    let largest = format!("{:.2}", largest(code));
                    t_string!(i18n, figure.scale, count = grouped(code.len()), largest = largest)
                }
            }
        })
    };
    let rows =
        move || code.with(|code| code_rows([t_string!(i18n, values.place), t_string!(i18n, values.number)], code));
    view! {
        <div
            node_ref=bars
            class="code-bars"
            class:chosen-from=on_choose.is_some()
            data-testid=testid
            data-count=count
            tabindex="0"
            role="application"
            aria-label=move || t_string!(i18n, figure.code_label, count = grouped(count()))
            on:pointermove=point
            on:pointerdown=point
            on:click=move |event| choose(place_at(event.client_x()))
            on:pointerleave=move |_| place.set(None)
            on:keydown=key_down
        >
            <svg viewBox="0 0 100 100" preserveAspectRatio="none" aria-hidden="true">
                <path class="bars" d=move || code.with(|code| bar_paths(code)) />
                <path class="zero" d="M0 50H100" />
            </svg>
        </div>
        <p class="code-told" aria-live="polite">
            {told}
        </p>
        <Values rows=Signal::derive(rows) />
    }
}
