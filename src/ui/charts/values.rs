//! A chart as a table, for whoever cannot see it or wants its numbers.

use leptos::ev::Event;
use leptos::prelude::*;
use web_sys::Element;

use super::layout::table::Rows;
use crate::ui::i18n::{t_string, use_i18n};

/// The rows behind a chart, folded; they are computed only while they are unfolded.
#[component]
pub fn Values(#[prop(into)] rows: Signal<Rows>) -> impl IntoView {
    let i18n = use_i18n();
    let is_open = RwSignal::new(false);
    let toggle = move |event: Event| is_open.set(event_target::<Element>(&event).has_attribute("open"));
    let table = move || {
        let mut rows = rows.get().into_iter();
        let name = |name: String| view! { <th scope="col">{name}</th> };
        let names = rows.next().unwrap_or_default().into_iter().map(name).collect_view();
        let row = |cells: Vec<String>| {
            let mut cells = cells.into_iter();
            let head = cells.next();
            view! {
                <tr>
                    <th scope="row">{head}</th>
                    {cells.map(|cell| view! { <td>{cell}</td> }).collect_view()}
                </tr>
            }
        };
        view! {
            <table>
                <thead>
                    <tr>{names}</tr>
                </thead>
                <tbody>{rows.map(row).collect_view()}</tbody>
            </table>
        }
    };
    view! {
        <details class="values" on:toggle=toggle>
            <summary>{move || t_string!(i18n, values.title)}</summary>
            {move || (is_open.get() && rows.with(|rows| rows.len() > 1)).then(table)}
        </details>
    }
}
