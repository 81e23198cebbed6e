//! Hash routes in the browser: back and forward work, and the page notes its own state in its address. By hand, for leptos_router reads
//! the query before a link's `#`, not the one within it, and its paths would need rewrites, which a static host has not.

use std::collections::BTreeMap;

use leptos::leptos_dom::helpers::location_hash;
use leptos::prelude::*;
use wasm_bindgen::JsValue;
use web_sys::UrlSearchParams;

use super::drawing_link::DRAWING;
use super::route::{Chapter, LANGUAGE, Visit};
use crate::ui::dom::number::parse_number;

/// Where the page is. Provided as a context.
#[derive(Clone, Copy)]
pub struct Router {
    /// Changes when the person follows a link or goes back, not when the page notes its own state.
    visited: RwSignal<Visit>,
    /// The link that was followed last.
    followed: StoredValue<String>,
    pub chapter: Memo<Chapter>,
    /// The latest state of each chapter, by its file's name: who comes back finds it as it was left.
    left: StoredValue<BTreeMap<&'static str, String>>,
    /// The link whose digit the figure shows; empty where something was changed since.
    shown: StoredValue<String>,
}

/// The state that a link holds, by name.
pub struct Query(Option<UrlSearchParams>);

impl Query {
    /// Reads a query without its question mark; the browser's parser undoes the percent-encoding.
    pub fn parse(query: &str) -> Self {
        // Only an allocation can fail.
        Query(UrlSearchParams::new_with_str(query).ok())
    }

    pub fn get(&self, name: &str) -> Option<String> {
        self.0.as_ref()?.get(name)
    }

    /// The number under `name`, where there is one.
    pub fn number(&self, name: &str) -> Option<f64> {
        self.get(name).and_then(|text| parse_number(&text))
    }

    pub fn is_empty(&self) -> bool {
        self.text().is_empty()
    }

    fn set(&self, name: &str, value: Option<&str>) {
        match (&self.0, value) {
            (Some(query), Some(value)) => query.set(name, value),
            (Some(query), None) => query.delete(name),
            (None, _) => {}
        }
    }

    fn text(&self) -> String {
        self.0.as_ref().map(|query| String::from(query.to_string())).unwrap_or_default()
    }
}

impl Router {
    /// Reads the address now, and whenever it changes.
    pub fn listen() -> Self {
        let first = read();
        let followed = StoredValue::new(first.to_hash());
        let visited = RwSignal::new(first);
        let left = StoredValue::new(BTreeMap::new());
        let chapter = Memo::new(move |_| visited.with(|visit| visit.chapter));
        let router = Self { visited, followed, chapter, left, shown: StoredValue::default() };
        let listener = window_event_listener(leptos::ev::hashchange, move |_| router.visit(read()));
        on_cleanup(move || listener.remove());
        router
    }

    fn visit(self, mut visit: Visit) {
        let last = self.visited.get_untracked();
        self.remember(&last);
        if visit.query.is_empty()
            && let Some(left) = self.left.with_value(|left| left.get(visit.chapter.file()).cloned())
        {
            visit.query = left;
            replace_address(&visit);
        }
        self.followed.set_value(visit.to_hash());
        if last != visit {
            self.visited.set(visit);
        }
    }

    /// Keeps the state of a chapter for who comes back to it.
    fn remember(self, visit: &Visit) {
        let query = Query::parse(&visit.query);
        // The drawing and the language go with the person from chapter to chapter.
        query.set(DRAWING, None);
        query.set(LANGUAGE, None);
        self.left.update_value(|left| drop(left.insert(visit.chapter.file(), query.text())));
    }

    /// Calls `take` with the state of each link to the present chapter that is followed, the one that led here first.
    pub fn on_visit(self, take: impl Fn(&Query) + 'static) {
        let chapter = self.chapter.get_untracked();
        Effect::new(move || {
            let visit = self.visited.get();
            if visit.chapter == chapter {
                untrack(|| take(&Query::parse(&visit.query)));
            }
        });
    }

    /// Has an effect run again whenever a link is followed, to whichever chapter.
    pub fn track_visits(self) {
        self.visited.track();
    }

    /// The link that was followed last, as it was written.
    pub fn link(self) -> String {
        self.followed.get_value()
    }

    /// The state of the link that was followed last, as it was written.
    pub fn written(self) -> Query {
        self.followed.with_value(|link| Query::parse(link.split_once('?').map_or("", |(_, query)| query)))
    }

    /// Notes which link's digit the figure shows; none where it shows something else.
    pub fn show(self, link: String) {
        self.shown.set_value(link);
    }

    /// The link whose digit the figure shows; empty where it shows something else.
    pub fn shown(self) -> String {
        self.shown.get_value()
    }

    /// The state of the present link.
    pub fn query(self) -> Query {
        self.visited.with_untracked(|visit| Query::parse(&visit.query))
    }

    /// The address of what is seen, with more of its state than the address bar holds, and how the page is to be shown (`?embed=...`).
    pub fn link_with(self, view: &str, state: &[(&str, Option<String>)]) -> String {
        let query = self.query();
        state.iter().for_each(|(name, value)| query.set(name, value.as_deref()));
        let visit = Visit { chapter: self.chapter.get_untracked(), query: query.text() };
        let address = window().location().href().unwrap_or_default();
        let page = address.split(['#', '?']).next().unwrap_or_default();
        format!("{page}{view}{}", visit.to_hash())
    }

    /// Notes a value of the present chapter's state under `name`, or that there is none, in the address, without a new entry to go
    /// back to.
    pub fn note(self, name: &str, value: Option<&str>) {
        let query = self.query();
        if query.get(name).as_deref() == value {
            return;
        }
        query.set(name, value);
        self.visited.update_untracked(|visit| visit.query = query.text());
        self.visited.with_untracked(replace_address);
    }
}

fn replace_address(visit: &Visit) {
    let hash = visit.to_hash();
    // Fails where the browser is asked too often; the next note succeeds.
    let _ = window().history().and_then(|history| history.replace_state_with_url(&JsValue::NULL, "", Some(&hash)));
}

fn read() -> Visit {
    Visit::parse(&location_hash().unwrap_or_default())
}
