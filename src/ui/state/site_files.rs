//! JSON files of the site, read beside the engine's.

use gloo::net::http::Request;
use leptos::prelude::*;
use leptos::task::spawn_local;
use serde::de::DeserializeOwned;

use crate::protocol::{Card, Comparisons, EngineError, ModelId};

/// The card of the model; None until it is there, and for good where it cannot be read.
pub fn use_card(model: Signal<ModelId>) -> RwSignal<Option<Card>> {
    let card = RwSignal::new(None);
    Effect::new(move || {
        let wanted = model.get();
        card.set(None);
        spawn_local(async move {
            let read = read_json(format!("models/{}.json", wanted.name())).await.ok();
            // Another model may have been asked for meanwhile, or the chapter left.
            if model.try_get_untracked() == Some(wanted) {
                card.set(read);
            }
        });
    });
    card
}

/// The recorded comparisons by model, fetched when `wanted`; none until they are there, and for good where they cannot be read.
pub fn use_comparisons(wanted: ReadSignal<bool>) -> RwSignal<Comparisons> {
    let comparisons = RwSignal::new(Comparisons::new());
    Effect::new(move || {
        if wanted.get() {
            spawn_local(async move {
                comparisons.set(read_json("models/comparisons.json".to_string()).await.unwrap_or_default());
            });
        }
    });
    comparisons
}

/// Reads a JSON file of the site, its path relative to the page.
///
/// # Errors
/// [`EngineError::Fetch`] with the server's, the network's or the parser's reason.
pub async fn read_json<T: DeserializeOwned>(path: String) -> Result<T, EngineError> {
    let text = fetch(&path).await;
    let value = text.and_then(|text| serde_json::from_str(&text).map_err(|error| error.to_string()));
    value.map_err(|reason| EngineError::Fetch { file: path, reason })
}

/// Reads a text file of the site, its path relative to the page.
///
/// # Errors
/// [`EngineError::Fetch`] with the server's or the network's reason.
pub async fn read_text(path: String) -> Result<String, EngineError> {
    fetch(&path).await.map_err(|reason| EngineError::Fetch { file: path, reason })
}

async fn fetch(path: &str) -> Result<String, String> {
    let response = Request::get(path).send().await.map_err(|error| error.to_string())?;
    match response.ok() {
        true => response.text().await.map_err(|error| error.to_string()),
        false => Err(format!("HTTP {}", response.status())),
    }
}
