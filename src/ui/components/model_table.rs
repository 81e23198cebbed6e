//! All models of the laboratory side by side, as they are shipped.

use futures::future::join_all;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::protocol::{Card, ModelDescription, ModelId};
use crate::ui::i18n::{t_string, use_i18n};
use crate::ui::state::content::Content;
use crate::ui::state::engine_handle::EngineHandle;
use crate::ui::state::model_table::{Column, Order, Row, sorted};
use crate::ui::state::route::Chapter;
use crate::ui::state::router::Router;
use crate::ui::state::site_files::read_json;

/// The order's name in links.
const SORT: &str = "sort";
/// Width and height of the pictures, ten images side by side.
const SIZE: (u32, u32) = (280, 28);

/// The models' figures, sortable, with pictures of the same ten test digits by each.
#[component]
pub fn ModelTable(
    /// Where a model is taught.
    chapter_of: fn(ModelId) -> Chapter,
) -> impl IntoView {
    let i18n = use_i18n();
    let content = expect_context::<Content>();
    let rows = use_rows();
    let order = use_linked_order();
    let head = move |column: Column| {
        let key = column.key();
        let direction = move || match order.get() {
            Some(Order { column: sorted, is_descending }) if sorted == column => {
                if is_descending {
                    "descending"
                } else {
                    "ascending"
                }
            }
            _ => "none",
        };
        view! {
            <th scope="col" aria-sort=direction>
                <button
                    type="button"
                    data-testid=format!("sort-{key}")
                    aria-describedby=format!("column-{key}")
                    on:click=move |_| order.update(|order| *order = Order::clicked(*order, column))
                >
                    {move || content.text(&format!("/model_table/{key}/name"))}
                </button>
            </th>
        }
    };
    let about = move |column: Column| {
        let key = column.key();
        view! {
            <div>
                <dt>{move || content.text(&format!("/model_table/{key}/name"))}</dt>
                <dd id=format!("column-{key}")>{move || content.text(&format!("/model_table/{key}/about"))}</dd>
            </div>
        }
    };
    let picture = move |name: String, alt: String| {
        view! { <img src=format!("models/pictures/{name}.png") width=SIZE.0 height=SIZE.1 alt=alt loading="lazy" /> }
    };
    let body = move || {
        let row = |row: Row| {
            let model = row.model;
            let name = content.model_name(model);
            let figures = Column::ALL
                .map(|column| view! { <td data-column=column.key()>{column.text(&row)}</td> })
                .collect_view();
            let rebuilt = picture(model.to_string(), t_string!(i18n, model_table.rebuilt, model = name.clone()));
            let samples = row.card.metrics.contains_key("parzen_log_likelihood").then(|| {
                picture(format!("{model}-samples"), t_string!(i18n, model_table.samples, model = name.clone()))
            });
            view! {
                <tr data-testid="model-row" data-model=model.to_string()>
                    <th scope="row">
                        <a href=chapter_of(model).link()>{name}</a>
                    </th>
                    <td class="pictures">{rebuilt} {samples}</td>
                    {figures}
                </tr>
            }
        };
        sorted(rows.get(), order.get()).into_iter().map(row).collect_view()
    };
    view! {
        <figure class="figure model-table panel">
            <div class="table" tabindex="0" role="group" aria-label=move || t_string!(i18n, model_table.title)>
                <table data-testid="model-table">
                    <thead>
                        <tr>
                            <th scope="col">{move || t_string!(i18n, model_table.model)}</th>
                            <th scope="col" class="pictures">
                                {picture("test".to_string(), String::new())}
                                <span>{move || t_string!(i18n, model_table.pictures)}</span>
                            </th>
                            {Column::ALL.map(head).collect_view()}
                        </tr>
                    </thead>
                    <tbody>{body}</tbody>
                </table>
            </div>
            <figcaption>
                <dl class="columns hint">{Column::ALL.map(about).collect_view()}</dl>
            </figcaption>
        </figure>
    }
}

/// The order that links name; the address follows the clicks.
fn use_linked_order() -> RwSignal<Option<Order>> {
    let router = expect_context::<Router>();
    let order = RwSignal::new(None);
    router.on_visit(move |query| {
        let linked = query.get(SORT).and_then(|text| Order::parse(&text));
        if linked != order.get_untracked() {
            order.set(linked);
        }
    });
    Effect::new(move |was: Option<Option<Order>>| {
        let order = order.get();
        if was.is_some_and(|was| was != order) {
            let text = order.map(|order| order.to_string());
            router.note(SORT, text.as_deref());
        }
        order
    });
    order
}

/// A row for each model that the laboratory lists and that learns from digits, once its card is there.
fn use_rows() -> RwSignal<Vec<Row>> {
    let engine = expect_context::<EngineHandle>();
    let rows = RwSignal::new(vec![]);
    Effect::new(move || {
        let models = engine.models.get();
        spawn_local(async move {
            let found = join_all(models.into_iter().filter(|model| model.is_in_laboratory).map(row)).await;
            // The chapter may have been left meanwhile.
            rows.try_set(found.into_iter().flatten().collect());
        });
    });
    rows
}

async fn row(model: ModelDescription) -> Option<Row> {
    let code = model.presets.first()?.shape.code();
    let card: Card = read_json(format!("models/{}.json", model.model)).await.ok()?;
    Some(Row { model: model.model, code, card })
}
