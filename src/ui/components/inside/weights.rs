//! The weights between the pixels and the units next to them, as images; the filters between the image and the maps next to it.

use leptos::ev::{KeyboardEvent, MouseEvent};
use leptos::html::Canvas;
use leptos::prelude::*;
use web_sys::Element;

use super::{Inside, reset_with_model};
use crate::client::SlotKey;
use crate::data::{IMAGE_SIDE, PIXELS};
use crate::protocol::{CodeKind, Feature, FeatureOrder, FeatureSide, GetFeatures, Shape};
use crate::ui::components::explained::Explained;
use crate::ui::dom::canvas::paint_weights;
use crate::ui::dom::keys::plain_key;
use crate::ui::i18n::{t_string, use_i18n};
use crate::ui::state::answers::use_settled_answer;
use crate::ui::state::linked::use_linked_text;

/// Tiles in a row, and rows: of few units fewer and larger ones. The grid is always twice as wide as high, so that nothing moves.
fn grid(units: u32) -> (usize, usize) {
    match units {
        1..=8 => (4, 2),
        9..=32 => (8, 4),
        _ => (12, 6),
    }
}

/// Tiles of the largest grid.
const TILES: u32 = 12 * 6;

/// The names of the end of the network and of the order in links, and their values.
const SIDE: &str = "side";
const ENCODER: &str = "encoder";
const DECODER: &str = "decoder";
const ORDER: &str = "order";
const USAGE: &str = "usage";

/// The end of the network that is shown at first. Of codes that are sparse it is the decoder, whose weights are what the images are made of.
fn side_at_first(shape: &Shape) -> FeatureSide {
    match shape.codes {
        CodeKind::Activations | CodeKind::Images { .. } => FeatureSide::Decoder,
        _ => FeatureSide::Encoder,
    }
}

/// Tiles of weights, one of them large, with its figures.
#[component]
pub fn Weights() -> impl IntoView {
    let i18n = use_i18n();
    let inside = expect_context::<Inside>();
    let chosen_side = use_linked_text(SIDE);
    let side = Memo::new(move |_| {
        let at_first = || inside.shape.with(|shape| shape.as_ref().map_or(FeatureSide::Encoder, side_at_first));
        match chosen_side.get().as_deref() {
            Some(ENCODER) => FeatureSide::Encoder,
            Some(DECODER) => FeatureSide::Decoder,
            _ => at_first(),
        }
    });
    let chosen_order = use_linked_text(ORDER);
    let is_by_usage = Memo::new(move |_| chosen_order.with(|order| order.as_deref() == Some(USAGE)));
    let order = move || if is_by_usage.get() { FeatureOrder::Usage } else { FeatureOrder::Norm };
    let first = RwSignal::new(0_u32);
    let place = RwSignal::new(0_usize);
    let features = use_settled_answer(SlotKey::Features, inside.model, move |model| {
        Some(GetFeatures { model, side: side.get(), order: order(), first: first.get(), count: TILES })
    });
    // Another model begins at its own side.
    reset_with_model(inside.model, chosen_side);
    Effect::new(move || {
        inside.model.track();
        first.set(0);
        place.set(0);
    });
    let units = Memo::new(move |_| features.with(|features| features.as_ref().map_or(0, |features| features.units)));
    let grid = Memo::new(move |_| grid(units.get()));
    let scale = move || features.with(|features| features.as_ref().map_or(1.0, |features| features.scale));
    let tiles = Signal::derive(move || {
        features.with(|features| features.as_ref().map(|features| features.tiles.clone())).unwrap_or_default()
    });
    let chosen = move || tiles.with(|tiles| tiles.get(place.get()).cloned());
    let from = move |first_of: u32| {
        first.set(first_of);
        place.set(0);
    };
    let click = move |event: MouseEvent| {
        let area = event_target::<Element>(&event).get_bounding_client_rect();
        let cell = |at: f64, size: f64, count: usize| ((at / size * count as f64).max(0.0) as usize).min(count - 1);
        let (columns, rows) = grid.get_untracked();
        let row = cell(f64::from(event.client_y()) - area.top(), area.height(), rows);
        let column = cell(f64::from(event.client_x()) - area.left(), area.width(), columns);
        choose(place, tiles, row * columns + column);
    };
    let key_down = move |event: KeyboardEvent| {
        let (at, (columns, _)) = (place.get_untracked(), grid.get_untracked());
        let next = match plain_key(&event).as_str() {
            "ArrowLeft" => at.saturating_sub(1),
            "ArrowRight" => at + 1,
            "ArrowUp" => at.saturating_sub(columns),
            "ArrowDown" => at + columns,
            _ => return,
        };
        event.prevent_default();
        choose(place, tiles, next);
    };
    let excites = move |_| {
        let layer = features.with_untracked(|features| features.as_ref().map(|features| features.layer as usize));
        if let (Some(layer), Some(feature)) = (layer, untrack(chosen)) {
            let maps = inside.shape.with_untracked(|shape| shape.as_ref().and_then(|shape| shape.maps_of(layer)));
            let unit = feature.unit as usize;
            inside.show_unit(layer, maps.map_or(unit, |maps| unit * maps.side * maps.side + maps.middle()));
        }
    };
    let figures = move || match chosen() {
        Some(Feature { unit, norm, usage, weights }) => {
            let (norm, usage) = (format!("{norm:.2}"), format!("{usage:.3}"));
            if weights.len() == PIXELS {
                t_string!(i18n, inside.weight_figures, unit = unit, norm = norm, usage = usage)
            } else {
                t_string!(i18n, inside.filter_figures, map = unit, norm = norm, usage = usage)
            }
        }
        None => "\u{a0}".to_string(),
    };
    // What has no name yet is told to be on its way.
    let label = move || match chosen() {
        Some(_) => figures(),
        None => t_string!(i18n, inside.computing).to_string(),
    };
    let told = move || {
        let (first, units) = (first.get(), units.get());
        if units == 0 {
            return t_string!(i18n, inside.computing).to_string();
        }
        t_string!(i18n, inside.which, first = (first + 1).min(units), last = (first + TILES).min(units), count = units)
    };
    let marker = move || {
        let (columns, rows) = grid.get();
        let (row, column) = (place.get() / columns, place.get() % columns);
        let percent = |at: usize, of: usize| at as f64 / of as f64 * 100.0;
        format!(
            "top:{}%;left:{}%;width:{}%;height:{}%",
            percent(row, rows),
            percent(column, columns),
            percent(1, columns),
            percent(1, rows)
        )
    };
    view! {
        <div class="inside-tools">
            <label>
                {move || t_string!(i18n, inside.side)}
                <select data-testid="weights-side" on:change=move |event| {
                    chosen_side.set(Some(event_target_value(&event)));
                    from(0);
                }>
                    <option value=ENCODER prop:selected=move || side.get() == FeatureSide::Encoder>{move || t_string!(i18n, inside.encoder)}</option>
                    <option value=DECODER prop:selected=move || side.get() == FeatureSide::Decoder>{move || t_string!(i18n, inside.decoder)}</option>
                </select>
            </label>
            <label>
                {move || t_string!(i18n, inside.order)}
                <select data-testid="weights-order" on:change=move |event| {
                    chosen_order.set(Some(event_target_value(&event)).filter(|order| order == USAGE));
                    from(0);
                }>
                    <option value="norm" prop:selected=move || !is_by_usage.get()>{move || t_string!(i18n, inside.norm)}</option>
                    <option value=USAGE prop:selected=is_by_usage>{move || t_string!(i18n, inside.usage)}</option>
                </select>
            </label>
            <button type="button" disabled=move || first.get() == 0 on:click=move |_| from(first.get_untracked().saturating_sub(TILES))>
                {move || t_string!(i18n, inside.earlier)}
            </button>
            <button type="button" data-testid="weights-later" disabled=move || { first.get() + TILES >= units.get() } on:click=move |_| from(first.get_untracked() + TILES)>
                {move || t_string!(i18n, inside.later)}
            </button>
            <span class="hint" data-testid="weights-which">{told}</span>
        </div>
        <div class="weights-view">
            <div class="field">
                <Tiles
                    testid="weights"
                    tiles=tiles
                    scale=Signal::derive(scale)
                    grid=grid.into()
                    role="application"
                    label=move || t_string!(i18n, inside.weights_label)
                    on:click=click
                    on:keydown=key_down
                />
                <span class="marker" style=marker hidden=move || units.get() == 0></span>
            </div>
            <div class="weight-detail">
                <Tiles
                    testid="weight"
                    tiles=Signal::derive(move || chosen().into_iter().collect())
                    scale=Signal::derive(scale)
                    grid=Signal::stored((1, 1))
                    label=label
                />
                <p aria-live="polite">
                    <Explained testid="weight-figures" text=figures about=move || t_string!(i18n, inside.about_weight_figures) />
                </p>
                <button type="button" data-testid="weight-excites" on:click=excites>
                    {move || t_string!(i18n, inside.excites)}
                </button>
                <div class="weight-legend hint">
                    <span>{move || format!("−{:.2}", scale())}</span>
                    <span class="weight-scale"></span>
                    <span>{move || format!("+{:.2}", scale())}</span>
                </div>
            </div>
        </div>
    }
}

fn choose(place: RwSignal<usize>, tiles: Signal<Vec<Feature>>, at: usize) {
    place.set(at.min(tiles.with_untracked(Vec::len).saturating_sub(1)));
}

/// Weights as images on one canvas, a line of nothing about each where there are several.
#[component]
fn Tiles(
    testid: &'static str,
    tiles: Signal<Vec<Feature>>,
    /// The weight at the ends of the colours.
    scale: Signal<f32>,
    /// So many columns and rows.
    grid: Signal<(usize, usize)>,
    #[prop(default = "img")] role: &'static str,
    #[prop(into)] label: TextProp,
) -> impl IntoView {
    let canvas = NodeRef::<Canvas>::new();
    // The canvas is as large as for images before there is anything.
    let extent = move || {
        let side = tiles.with(|tiles| tiles.first().map_or(IMAGE_SIDE, |tile| tile.weights.len().isqrt()));
        let (columns, rows) = grid.get();
        let pitch = if columns > 1 { side + 1 } else { side };
        (columns * pitch, rows * pitch)
    };
    Effect::new(move || {
        if let Some(canvas) = canvas.get() {
            let (width, height) = extent();
            canvas.set_width(width as u32);
            canvas.set_height(height as u32);
            tiles.with(|tiles| {
                let weights: Vec<&[f32]> = tiles.iter().map(|tile| &*tile.weights).collect();
                paint_weights(&canvas, &weights, grid.get().0, scale.get());
            });
        }
    });
    let (width, height) = untrack(extent);
    view! {
        <canvas
            node_ref=canvas
            class="weights-canvas"
            width=width
            height=height
            role=role
            tabindex=(role == "application").then_some("0")
            aria-label=label
            data-testid=testid
            data-count=move || tiles.with(Vec::len)
        ></canvas>
    }
}
