//! One dimension of a code: a slider, and at each end the image that it leads to.

use leptos::prelude::*;

use super::super::element::{El, Words, el, value_of, words};
use super::super::language::{t_string, use_i18n};
use super::super::latent::{EXTENT, STEP, set_dimension};
use super::super::number::number;
use super::picture::picture;
use crate::protocol::Image;

/// The slider of `dimension`, between the images at its ends; a double click sets it back to 0.
pub fn latent_slider(code: RwSignal<Vec<f32>>, dimension: usize, ends: [Signal<Option<Image>>; 2]) -> El {
    let i18n = use_i18n();
    let value = move || code.with(|code| code[dimension]);
    let input = move |event| {
        if let Some(z) = number(&value_of(&event)) {
            set_dimension(code, dimension, z as f32);
        }
    };
    let leads_to = |z: f32, image, label: Words| {
        let title = label.clone();
        el("button", "leads-to")
            .set("tabindex", -1)
            .live("title", move || title())
            .on("click", move |_| set_dimension(code, dimension, z))
            .children([picture("", image, label)])
    };
    let name = el("span", "latent-name").set("aria-hidden", true).children([
        el("span", "").say("z").children([el("sub", "").say(dimension)]),
        el("output", "").text(words(move || format!("{:.2}", value()))),
    ]);
    let slider = el("input", "")
        .set("type", "range")
        .set("min", -EXTENT)
        .set("max", EXTENT)
        .set("step", STEP)
        .live("title", move || t_string!(i18n, latent.slider_hint))
        .label(words(move || t_string!(i18n, latent.slider, dimension = dimension)))
        .set("data-testid", format!("latent-{dimension}"))
        .prop("value", move || value().to_string())
        .on("input", input)
        .on("dblclick", move |_| set_dimension(code, dimension, 0.0));
    let [low, high] = ends;
    el("div", "latent-slider").children([
        leads_to(-EXTENT, low, words(move || t_string!(i18n, latent.low, dimension = dimension))),
        el("span", "latent-track").children([name, slider]),
        leads_to(EXTENT, high, words(move || t_string!(i18n, latent.high, dimension = dimension))),
    ])
}
