//! What excites a unit: the test images that activate it most, and an image made to activate it more.

use std::collections::BTreeSet;

use leptos::prelude::*;

use super::maximisation::Maximisation;
use super::{Inside, activation};
use crate::client::SlotKey;
use crate::protocol::{GetTopImages, TopImage, TopImages};
use crate::ui::charts::values::Values;
use crate::ui::components::explained::Explained;
use crate::ui::components::picture::Picture;
use crate::ui::dom::number::parse_number;
use crate::ui::i18n::{t_string, use_i18n};
use crate::ui::state::answers::use_settled_answer;

/// Test images that are shown.
const COUNT: u32 = 10;

/// A unit of a layer, chosen by its numbers.
#[component]
pub fn UnitView() -> impl IntoView {
    let i18n = use_i18n();
    let Inside { model, layer, unit, layers, shape, .. } = expect_context();
    // The first unit of a map sees a corner, which is black in all images.
    Effect::new(move || {
        let layer = layer.get();
        let maps = shape.with(|shape| shape.as_ref().and_then(|shape| shape.maps_of(layer)));
        if let Some(maps) = maps
            && unit.get_untracked() == 0
        {
            unit.set(maps.middle());
        }
    });
    // What a link names may not be there.
    let units = move || layers.with(|layers| layers.get(layer.get()).copied().unwrap_or(1));
    let is_there = Memo::new(move |_| layers.with(|layers| layer.get() < layers.len()) && unit.get() < units());
    let top = use_settled_answer(SlotKey::TopImages, model, move |model| {
        let (layer, unit) = (layer.get(), unit.get());
        is_there.get().then_some(GetTopImages { model, layer: layer as u32, unit: unit as u32, count: COUNT })
    });
    let best = Signal::derive(move || top.with(|top| top.as_ref().and_then(|top| top.images.first().cloned())));
    let set_layer = move |event| {
        if let Some(number) = parse_number(&event_target_value(&event)) {
            layer.set(number as usize);
            unit.update(|unit| *unit = (*unit).min(units().saturating_sub(1)));
        }
    };
    let set_unit = move |event| {
        if let Some(number) = parse_number(&event_target_value(&event)) {
            unit.set((number.max(0.0) as usize).min(untrack(units).saturating_sub(1)));
        }
    };
    let any = move |_| unit.set((js_sys::Math::random() * untrack(units) as f64) as usize);
    let options = move || {
        let layers = layers.get();
        let option = |(number, count): (usize, usize)| {
            view! {
                <option value=number prop:selected=move || layer.get() == number>
                    {move || t_string!(i18n, inside.layer_of, layer = number, count = count)}
                </option>
            }
        };
        layers.into_iter().enumerate().skip(1).map(option).collect_view()
    };
    let shown_images = move || top.with(|top| top.as_ref().map(|top| top.images.clone())).unwrap_or_default();
    // A sigmoid gives 1 to many.
    let is_tie = move || {
        let images = shown_images();
        let told: BTreeSet<String> = images.iter().map(|top| activation(top.activation, None)).collect();
        told.len() == 1 && images.iter().any(|top| top.before_activation != top.activation)
    };
    let images = move || {
        let is_tie = is_tie();
        let shown = |top: TopImage| {
            let label = top.label;
            view! {
                <div class="top-image">
                    <Picture image=Signal::stored(Some(top.image)) label=move || t_string!(i18n, inside.digit, digit = label) />
                    <span>{activation(top.activation, is_tie.then_some(top.before_activation))}</span>
                </div>
            }
        };
        shown_images().into_iter().map(shown).collect_view()
    };
    let figures = move || {
        top.with(|top| match top {
            Some(TopImages { mean, least, largest, .. }) => {
                let [mean, least, largest] = [mean, least, largest].map(|number| format!("{number:.3}"));
                t_string!(i18n, inside.unit_figures, mean = mean, least = least, largest = largest)
            }
            None if is_there.get() => t_string!(i18n, inside.computing).to_string(),
            None => t_string!(i18n, inside.no_unit).to_string(),
        })
    };
    let bars = move || {
        let shares = top.with(|top| top.as_ref().map(|top| top.histogram.clone())).unwrap_or_default();
        let largest = shares.iter().fold(f64::MIN_POSITIVE, |largest, &share| largest.max(share));
        let bar = |share: f64| view! { <span style=format!("height:{:.1}%", share / largest * 100.0)></span> };
        shares.into_iter().map(bar).collect_view()
    };
    let rows = move || {
        let mut rows =
            vec![vec![t_string!(i18n, values.activation).to_string(), t_string!(i18n, inside.share).to_string()]];
        top.with(|top| {
            let Some(TopImages { least, largest, histogram, .. }) = top else { return };
            let width = (largest - least) / histogram.len().max(1) as f32;
            rows.extend(histogram.iter().enumerate().map(|(bin, share)| {
                vec![format!("{:.3}", least + (bin as f32 + 0.5) * width), format!("{:.2}\u{a0}%", share * 100.0)]
            }));
        });
        rows
    };
    view! {
        <div class="inside-tools">
            <label>
                {move || t_string!(i18n, inside.layer)}
                <select data-testid="unit-layer" on:change=set_layer>{options}</select>
            </label>
            <label>
                {move || t_string!(i18n, inside.unit)}
                <input
                    type="number"
                    min="0"
                    max=move || units().saturating_sub(1)
                    data-testid="unit-number"
                    prop:value=move || unit.get().to_string()
                    on:change=set_unit
                />
            </label>
            <button type="button" data-testid="unit-any" on:click=any>{move || t_string!(i18n, inside.any)}</button>
            <span aria-live="polite">
                <Explained testid="unit-figures" class="hint" text=figures about=move || t_string!(i18n, inside.about_activation) />
            </span>
        </div>
        <h2>{move || t_string!(i18n, inside.top_images)}</h2>
        <div class="top-images" data-testid="top-images">{images}</div>
        <p class="hint" data-testid="top-tie" hidden=move || !is_tie()>{move || t_string!(i18n, inside.in_brackets)}</p>
        <div class="unit-columns">
            <div class="unit-histogram">
                <h2>
                    <Explained testid="distribution" text=move || t_string!(i18n, inside.distribution) about=move || t_string!(i18n, inside.about_distribution) />
                </h2>
                <div class="histogram" role="img" aria-label=move || t_string!(i18n, inside.distribution)>{bars}</div>
                <div class="histogram-ends hint">
                    <span>{move || top.with(|top| top.as_ref().map(|top| format!("{:.3}", top.least)))}</span>
                    <span>{move || top.with(|top| top.as_ref().map(|top| format!("{:.3}", top.largest)))}</span>
                </div>
                <Values rows=Signal::derive(rows) />
            </div>
            <Maximisation best=best />
        </div>
    }
}
