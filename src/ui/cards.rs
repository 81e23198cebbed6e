//! The cards of the shipped weights, read from beside them.

use gloo::net::http::Request;
use leptos::prelude::*;

use crate::engine::protocol::{Card, ModelId};

/// The card of `model`; None until it is there, and for good where it cannot be read.
pub fn use_card(model: ModelId) -> Signal<Option<Card>> {
    let card = RwSignal::new(None);
    leptos::task::spawn_local(async move {
        let response = Request::get(&format!("./models/{}.json", model.name())).send().await;
        if let Ok(response) = response {
            card.set(response.json::<Card>().await.ok());
        }
    });
    card.into()
}

/// The widths of the layers from input to output, by the card's config.
pub fn layers(card: &Card) -> Vec<usize> {
    let number = |name: &str| card.config[name].as_u64().map(|size| size as usize);
    let hidden = card.config["hidden"].as_array().map(Vec::as_slice).unwrap_or_default();
    let hidden: Vec<usize> = hidden.iter().filter_map(|size| size.as_u64()).map(|size| size as usize).collect();
    let ends = || number("input").into_iter();
    let (down, up) = (hidden.iter().copied(), hidden.iter().rev().copied());
    ends().chain(down).chain(number("code")).chain(up).chain(ends()).collect()
}

/// How strong the noise was that a denoising model was trained with: the largest sigma and the largest dropout rate.
pub fn strongest_noise(card: &Card) -> Option<(f32, f32)> {
    let corruption = &card.recipe["corruption"];
    Some((corruption["sigma"].as_f64()? as f32, corruption["dropout"].as_f64()? as f32))
}
