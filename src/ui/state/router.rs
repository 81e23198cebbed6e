//! Hash routes in the browser: back and forward work, and the page notes its own state in its address.

use leptos::leptos_dom::helpers::location_hash;
use leptos::prelude::*;
use wasm_bindgen::JsValue;
use web_sys::UrlSearchParams;

use super::route::{Chapter, Visit};

/// Where the page is. Provided as a context.
#[derive(Clone, Copy)]
pub struct Router {
    /// Changes when the person follows a link or goes back, not when the page notes its own state.
    pub visited: RwSignal<Visit>,
}

impl Router {
    /// Reads the address now, and whenever it changes.
    pub fn listen() -> Self {
        let visited = RwSignal::new(read());
        let listener = window_event_listener(leptos::ev::hashchange, move |_| {
            let visit = read();
            if visited.with_untracked(|last| *last != visit) {
                visited.set(visit);
            }
        });
        on_cleanup(move || listener.remove());
        Self { visited }
    }

    /// Notes the state of `chapter`, one value under one name or none, in the address, without a new entry to go back to.
    pub fn note(&self, chapter: Chapter, state: Option<(&str, &str)>) {
        let query = state.and_then(|(name, value)| {
            // Only an allocation can fail.
            let query = UrlSearchParams::new().ok()?;
            query.append(name, value);
            Some(String::from(query.to_string()))
        });
        let visit = Visit { chapter: Some(chapter), query: query.unwrap_or_default() };
        let hash = visit.to_hash();
        self.visited.update_untracked(|visited| *visited = visit);
        // Fails where the browser is asked too often; the next note succeeds.
        let _ = window().history().and_then(|history| history.replace_state_with_url(&JsValue::NULL, "", Some(&hash)));
    }
}

/// The value under `name` in a query; the browser's parser undoes the percent-encoding.
pub fn query_value(query: &str, name: &str) -> Option<String> {
    UrlSearchParams::new_with_str(query).ok()?.get(name)
}

fn read() -> Visit {
    Visit::parse(&location_hash().unwrap_or_default())
}
