//! The drawing on its way through the layers, and what the decoder makes of a code in which one number is set by hand.

use leptos::html::Canvas;
use leptos::prelude::*;

use super::Inside;
use crate::client::SlotKey;
use crate::protocol::{Code, CodeKind, Decode, GetActivations};
use crate::ui::charts::code_bars::CodeBars;
use crate::ui::components::draw_panel::DrawPanel;
use crate::ui::components::explained::Explained;
use crate::ui::components::feature_maps::Maps;
use crate::ui::components::picture::Picture;
use crate::ui::dom::canvas::paint_numbers;
use crate::ui::dom::number::parse_number;
use crate::ui::i18n::{t_string, use_i18n};
use crate::ui::state::answers::use_answer;
use crate::ui::state::model_input::ModelInput;

/// A layer's activations as pixels of a strip of so many rows.
const ROWS: usize = 28;

/// Every layer's activations for the drawing; the code with a number set by hand, and its image.
#[component]
pub fn Layers() -> impl IntoView {
    let i18n = use_i18n();
    let inside = expect_context::<Inside>();
    let Inside { model, shape, .. } = inside;
    let ModelInput(image) = expect_context();
    let layers =
        use_answer(SlotKey::Activations, model, move |model| Some(GetActivations { model, image: image.get()? }));
    let code_layer =
        Memo::new(move |_| shape.with(|shape| shape.as_ref().map(|shape| shape.code_layer).unwrap_or_default()));
    let code = Memo::new(move |_| {
        layers
            .with(|layers| layers.as_ref().and_then(|layers| layers.get(code_layer.get()).cloned()))
            .unwrap_or_default()
    });
    let place = RwSignal::new(0_usize);
    let set_by_hand = RwSignal::new(None::<f32>);
    let own = move || code.with(|code| code.get(place.get()).copied().unwrap_or_default());
    let number = Signal::derive(move || set_by_hand.get().unwrap_or_else(own));
    // Another drawing or another unit begins from what the encoder says.
    Effect::new(move || {
        code.track();
        place.track();
        set_by_hand.set(None);
    });
    let changed = Signal::derive(move || {
        let mut code: Code = code.get();
        if let Some(place) = code.get_mut(place.get()) {
            *place = number.get();
        }
        code
    });
    let decoded = use_answer(SlotKey::Decode, model, move |model| {
        changed.with(|code| (!code.is_empty()).then(|| Decode { model, codes: vec![code.clone()] }))
    });
    let extent = Signal::derive(move || code.with(|code| code.iter().fold(1.0_f32, |most, z| most.max(2.0 * z.abs()))));
    // A sigmoid gives nothing below 0.
    let is_positive =
        move || shape.with(|shape| shape.as_ref().is_some_and(|shape| shape.codes == CodeKind::Activations));
    let least = Signal::derive(move || if is_positive() { 0.0 } else { -extent.get() });
    let maps_of = move |layer| shape.with(|shape| shape.as_ref().and_then(|shape| shape.maps_of(layer)));
    let drawn = move || {
        let count = layers.with(|layers| layers.as_ref().map_or(0, Vec::len));
        (0..count)
            .map(|number| {
                let values = Signal::derive(move || {
                    layers
                        .with(|layers| layers.as_ref().and_then(|layers| layers.get(number).cloned()))
                        .unwrap_or_default()
                });
                match maps_of(number) {
                    Some(size) => view! { <Maps layer=number size=size values=values /> }.into_any(),
                    None => view! { <Layer number=number values=values is_code=move || code_layer.get() == number /> }
                        .into_any(),
                }
            })
            .collect_view()
    };
    // The views are made anew only for another number of layers.
    let count = Memo::new(move |_| layers.with(|layers| layers.as_ref().map_or(0, Vec::len)));
    view! {
        <div class="dissection">
            <DrawPanel />
            <div class="layers-view">
                <div class="layers" data-testid="layers" data-count=count>
                    {move || {
                        count.track();
                        untrack(drawn)
                    }}
                </div>
                <h2>{move || t_string!(i18n, inside.take_apart)}</h2>
                // So many bars would be thinner than a pixel.
                <Show when=move || shape.with(|shape| shape.as_ref().is_none_or(|shape| !shape.has_wide_codes()))>
                    <CodeBars testid="dissected-code" code=changed on_choose=move |at: usize| place.set(at) />
                </Show>
                <div class="inside-tools">
                    <label>
                        {move || t_string!(i18n, inside.unit)}
                        <input
                            type="number"
                            min="0"
                            max=move || code.with(|code| code.len().saturating_sub(1))
                            data-testid="dissected-unit"
                            prop:value=move || place.get().to_string()
                            on:change=move |event| {
                                if let Some(number) = parse_number(&event_target_value(&event)) {
                                    place.set((number.max(0.0) as usize).min(code.with_untracked(Vec::len).saturating_sub(1)));
                                }
                            }
                        />
                    </label>
                    <button type="button" data-testid="dissected-reset" disabled=move || set_by_hand.with(Option::is_none) on:click=move |_| set_by_hand.set(None)>
                        {move || t_string!(i18n, inside.as_encoded)}
                    </button>
                </div>
                <CodeNumber number=number least=least extent=extent set=set_by_hand />
                <div class="step dissected">
                    <Picture
                        testid="dissected"
                        image=Signal::derive(move || decoded.with(|images| images.as_ref().and_then(|images| images.first().cloned())))
                        label=move || t_string!(i18n, inside.dissected)
                    />
                    <p class="caption">{move || t_string!(i18n, inside.dissected)}</p>
                </div>
            </div>
        </div>
    }
}

/// The slider of a number of the code, from `least` to `extent`.
#[component]
fn CodeNumber(
    number: Signal<f32>,
    least: Signal<f32>,
    extent: Signal<f32>,
    set: RwSignal<Option<f32>>,
) -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <div class="ranged">
            <label class="range">
                <span class="range-label">{move || t_string!(i18n, inside.set_to)}</span>
                <output class="range-value">{move || format!("{:.3}", number.get())}</output>
                <input
                    type="range"
                    min=least
                    max=extent
                    step="0.001"
                    data-testid="dissected-number"
                    prop:value=move || number.get().to_string()
                    on:input=move |event| {
                        if let Some(value) = parse_number(&event_target_value(&event)) {
                            set.set(Some(value as f32));
                        }
                    }
                />
            </label>
        </div>
    }
}

/// One layer's activations, each a pixel.
#[component]
fn Layer(number: usize, values: Signal<Vec<f32>>, is_code: impl Fn() -> bool + Send + 'static) -> impl IntoView {
    let i18n = use_i18n();
    let canvas = NodeRef::<Canvas>::new();
    let width = Memo::new(move |_| values.with(Vec::len).div_ceil(ROWS).max(1));
    Effect::new(move || {
        if let Some(canvas) = canvas.get() {
            canvas.set_width(width.get() as u32);
            values.with(|values| {
                let largest = values.iter().fold(f32::MIN_POSITIVE, |largest, value| largest.max(value.abs()));
                paint_numbers(&canvas, values, largest);
            });
        }
    });
    let name = move || {
        let (count, mean) =
            values.with(|values| (values.len(), values.iter().sum::<f32>() / values.len().max(1) as f32));
        t_string!(i18n, inside.layer_figures, layer = number, count = count, mean = format!("{mean:.3}"))
    };
    view! {
        <figure class="layer-strip" class:code=is_code>
            <canvas node_ref=canvas class="weights-canvas" width="1" height=ROWS role="img" aria-label=name data-testid=format!("layer-{number}")></canvas>
            <figcaption>
                <Explained testid=format!("layer-{number}-figures") class="hint" text=name about=move || t_string!(i18n, inside.about_layer_figures) />
            </figcaption>
        </figure>
    }
}
