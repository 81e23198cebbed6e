//! The filters of a first convolution, and the maps that a model makes of the drawing.

use leptos::html::Canvas;
use leptos::prelude::*;

use crate::client::SlotKey;
use crate::protocol::{FeatureSide, GetActivations, GetFilters, GetShape, MapSize, ModelId};
use crate::ui::charts::layout::tiles::{is_sparse, with_wide_dots};
use crate::ui::dom::canvas::paint_weights;
use crate::ui::i18n::{t_string, use_i18n};
use crate::ui::state::answers::use_answer;
use crate::ui::state::engine_handle::EngineHandle;
use crate::ui::state::model_input::ModelInput;

/// Tiles in a row.
const COLUMNS: usize = 8;

/// As many filters, and as large, as room is kept for until they are there.
const EXPECTED: MapSize = MapSize { maps: 16, side: 3 };

/// The filters of the first layer of `model`, a convolution; those of its decoder where `is_dictionary`.
#[component]
fn Filters(model: RwSignal<ModelId>, is_dictionary: bool) -> impl IntoView {
    let i18n = use_i18n();
    let side = if is_dictionary { FeatureSide::Decoder } else { FeatureSide::Encoder };
    let filters = use_answer(SlotKey::Filters, model, move |model| Some(GetFilters { model, side }));
    let tiles = Signal::derive(move || filters.get().unwrap_or_default());
    let name = move || {
        let (count, side) = tiles.with(|tiles| (tiles.len(), side_of(tiles)));
        match is_dictionary {
            true => t_string!(i18n, maps.dictionary, count = count, side = side),
            false => t_string!(i18n, maps.filters, count = count, side = side),
        }
    };
    view! {
        <figure class="maps">
            <Tiles testid="filters".to_string() expected=EXPECTED tiles=tiles label=name />
            <figcaption class="hint">{name}</figcaption>
        </figure>
    }
}

/// What `model` makes of the drawing, layer by layer, where that is maps; the filters of its first layer, or of its decoder where
/// `is_dictionary`.
#[component]
pub fn FeatureMaps(model: RwSignal<ModelId>, #[prop(optional)] is_dictionary: bool) -> impl IntoView {
    let i18n = use_i18n();
    let engine = expect_context::<EngineHandle>();
    let ModelInput(image) = expect_context();
    let layers =
        use_answer(SlotKey::Activations, model, move |model| Some(GetActivations { model, image: image.get()? }));
    let in_use = use_answer(SlotKey::ShapeInUse, model, |model| Some(GetShape { model, settings: None }));
    let shape = move || in_use.get().or_else(|| engine.shipped_shape(model.get()));
    // The views are made anew only for other sizes.
    let sizes = Memo::new(move |_| shape().map(|shape| shape.maps).unwrap_or_default());
    let drawn = move || {
        let sizes = sizes.get().into_iter().enumerate().filter_map(|(layer, size)| Some((layer, size?)));
        sizes
            .map(|(layer, size)| {
                let values = Signal::derive(move || {
                    layers
                        .with(|layers| layers.as_ref().and_then(|layers| layers.get(layer).cloned()))
                        .unwrap_or_default()
                });
                view! { <Maps layer=layer size=size values=values /> }
            })
            .collect_view()
    };
    view! {
        <div class="feature-maps" data-testid="feature-maps">
            <h2>
                {move || {
                    if is_dictionary { t_string!(i18n, maps.dictionary_title) } else { t_string!(i18n, maps.title) }
                }}
            </h2>
            <div class="maps-row">
                <Filters model=model is_dictionary=is_dictionary />
                {drawn}
            </div>
        </div>
    }
}

/// A layer's maps beside each other.
#[component]
pub fn Maps(
    /// Counted from the input, which is 0.
    layer: usize,
    size: MapSize,
    /// All maps, one after another.
    #[prop(into)]
    values: Signal<Vec<f32>>,
) -> impl IntoView {
    let i18n = use_i18n();
    let tiles = Signal::derive(move || {
        values.with(|values| values.chunks(size.side * size.side).map(<[f32]>::to_vec).collect::<Vec<_>>())
    });
    let name = move || t_string!(i18n, maps.layer, layer = layer, count = size.maps, side = size.side);
    view! {
        <figure class="maps">
            <Tiles testid=format!("maps-{layer}") expected=size tiles=tiles label=name />
            <figcaption class="hint">{name}</figcaption>
        </figure>
    }
}

/// Squares of numbers on one canvas, a line of nothing about each.
#[component]
fn Tiles(
    testid: String,
    /// What the canvas is as large as before there is anything.
    expected: MapSize,
    tiles: Signal<Vec<Vec<f32>>>,
    #[prop(into)] label: TextProp,
) -> impl IntoView {
    let canvas = NodeRef::<Canvas>::new();
    Effect::new(move || {
        if let Some(canvas) = canvas.get() {
            tiles.with(|tiles| {
                let size = match tiles.len() {
                    0 => expected,
                    maps => MapSize { maps, side: side_of(tiles) },
                };
                let (width, height) = extent(size);
                canvas.set_width(width);
                canvas.set_height(height);
                let largest = tiles.iter().flatten().fold(f32::MIN_POSITIVE, |largest, value| largest.max(value.abs()));
                let dots = is_sparse(tiles).then(|| tiles.iter().map(|tile| with_wide_dots(tile)).collect::<Vec<_>>());
                let tiles: Vec<&[f32]> = dots.as_ref().unwrap_or(tiles).iter().map(Vec::as_slice).collect();
                paint_weights(&canvas, &tiles, COLUMNS, largest);
            });
        }
    });
    let (width, height) = extent(expected);
    view! {
        <canvas
            node_ref=canvas
            class="weights-canvas"
            width=width
            height=height
            role="img"
            aria-label=label
            data-testid=testid
            data-count=move || tiles.with(Vec::len)
        ></canvas>
    }
}

/// Width and height of the canvas that the tiles are on, in numbers.
fn extent(MapSize { maps, side }: MapSize) -> (u32, u32) {
    ((COLUMNS * (side + 1)) as u32, (maps.div_ceil(COLUMNS) * (side + 1)) as u32)
}

/// Numbers in a row of a tile; 0 where there is none.
fn side_of(tiles: &[Vec<f32>]) -> usize {
    tiles.first().map_or(0, |tile| tile.len().isqrt())
}
