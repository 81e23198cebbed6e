//! Hash routes: the chapter and its state are in the link, back and forward work, any static host serves them.

use gloo::events::EventListener;
use gloo::utils::window;
use leptos::prelude::*;
use wasm_bindgen::JsValue;
use web_sys::UrlSearchParams;

/// A chapter of the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Chapter {
    Denoising,
    Variational,
    Train,
}

impl Chapter {
    pub const ALL: [Chapter; 3] = [Chapter::Denoising, Chapter::Variational, Chapter::Train];

    /// Its name in links, and the id of its section.
    pub const fn name(self) -> &'static str {
        match self {
            Chapter::Denoising => "denoising",
            Chapter::Variational => "variational",
            Chapter::Train => "train",
        }
    }
}

/// The state that a link carries, as the link spells it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Query(String);

impl Query {
    /// What follows the question mark of the page's own address.
    pub fn of_page() -> Self {
        Self(window().location().search().unwrap_or_default())
    }

    /// The state of that one name.
    pub fn of(name: &str, value: &str) -> Self {
        let query = UrlSearchParams::new().map(|query| {
            query.append(name, value);
            String::from(query.to_string())
        });
        // Only an allocation can fail.
        Self(query.unwrap_or_default())
    }

    /// What is carried under `name`.
    pub fn get(&self, name: &str) -> Option<String> {
        UrlSearchParams::new_with_str(&self.0).ok()?.get(name)
    }
}

/// Where the page is. Provided as a context.
#[derive(Clone, Copy)]
pub struct Router {
    _listener: StoredValue<EventListener, LocalStorage>,
    /// Changes when the person follows a link or goes back, not when the page notes its own state.
    pub visited: RwSignal<Visit>,
}

/// A chapter that was gone to, and the state that its link carried.
#[derive(Clone, Debug, PartialEq)]
pub struct Visit {
    pub chapter: Option<Chapter>,
    pub query: Query,
}

impl Router {
    pub fn new() -> Self {
        let visited = RwSignal::new(read());
        let listener = EventListener::new(&window(), "hashchange", move |_| {
            let visit = read();
            if visited.with_untracked(|last| *last != visit) {
                visited.set(visit);
            }
        });
        Self { _listener: StoredValue::new_local(listener), visited }
    }

    /// Notes `state` of `chapter` in the address, without a new entry to go back to.
    pub fn note(&self, chapter: Chapter, state: Query) {
        let mark = if state.0.is_empty() { "" } else { "?" };
        let address = format!("#/{}{mark}{}", chapter.name(), state.0);
        self.visited.update_untracked(|visited| *visited = Visit { chapter: Some(chapter), query: state });
        // Fails where the browser is asked too often; the next note tells it.
        let _ =
            window().history().and_then(|history| history.replace_state_with_url(&JsValue::NULL, "", Some(&address)));
    }
}

fn read() -> Visit {
    let hash = window().location().hash().unwrap_or_default();
    let (path, query) = hash.split_once('?').unwrap_or((&hash, ""));
    let name = path.trim_matches(['#', '/']);
    let chapter = Chapter::ALL.into_iter().find(|chapter| chapter.name() == name);
    Visit { chapter, query: Query(query.to_string()) }
}
