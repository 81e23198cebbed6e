//! What is told about the shipped weights, read from beside them.

use gloo::net::http::Request;
use leptos::prelude::*;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::element::effect;
use crate::protocol::{Card, Comparisons, EngineError, ModelId};

/// The card of the model; None until it is there, and for good where it cannot be read.
pub fn use_card(model: Signal<ModelId>) -> RwSignal<Option<Card>> {
    let card = RwSignal::new(None);
    effect(move || {
        let wanted = model.get();
        card.set(None);
        leptos::task::spawn_local(async move {
            let read = read(format!("models/{}.json", wanted.name())).await.ok();
            // Another model may have been asked for meanwhile.
            if model.get_untracked() == wanted {
                card.set(read);
            }
        });
    });
    card
}

/// The recorded comparisons by model, fetched when `wanted`; none until they are there, and for good where they cannot be read.
pub fn use_comparisons(wanted: RwSignal<bool>) -> RwSignal<Comparisons> {
    let comparisons = RwSignal::new(Comparisons::new());
    effect(move || {
        if wanted.get() {
            leptos::task::spawn_local(async move {
                comparisons.set(read("models/comparisons.json".to_string()).await.unwrap_or_default());
            });
        }
    });
    comparisons
}

/// Reads a JSON file of the site, its path relative to the page.
///
/// # Errors
/// [`EngineError::Fetch`] with the server's, the network's or the parser's reason.
pub async fn read<T: DeserializeOwned>(path: String) -> Result<T, EngineError> {
    let text = fetch(path.clone()).await?;
    serde_json::from_str(&text).map_err(|error| EngineError::Fetch { file: path, reason: error.to_string() })
}

async fn fetch(path: String) -> Result<String, EngineError> {
    let read = async {
        let response = Request::get(&path).send().await.map_err(|error| error.to_string())?;
        match response.ok() {
            true => response.text().await.map_err(|error| error.to_string()),
            false => Err(format!("HTTP {}", response.status())),
        }
    };
    read.await.map_err(|reason| EngineError::Fetch { file: path, reason })
}

/// The widths of the layers from input to output, by a model's config.
pub fn layers(config: &Value) -> Vec<usize> {
    let number = |name: &str| config[name].as_u64().map(|size| size as usize);
    let hidden = match &config["hidden"] {
        Value::Array(widths) => widths,
        width => std::slice::from_ref(width),
    };
    let hidden = hidden.iter().filter_map(|size| size.as_u64()).map(|size| size as usize);
    let mut sizes: Vec<usize> = number("input").into_iter().chain(hidden).collect();
    // The decoder's layers are the encoder's, backwards.
    let decoder: Vec<usize> = sizes.iter().rev().copied().collect();
    sizes.extend(number("code"));
    sizes.extend(decoder);
    sizes
}

/// How strong the noise was that a denoising model was trained with: the largest sigma and the largest dropout rate.
pub fn strongest_noise(card: &Card) -> Option<(f32, f32)> {
    let corruption = &card.recipe["corruption"];
    Some((corruption["sigma"].as_f64()? as f32, corruption["dropout"].as_f64()? as f32))
}
