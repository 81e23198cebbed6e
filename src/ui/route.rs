//! Hash routes: the chapter and its state are in the link, back and forward work, any static host serves them.

use std::collections::BTreeMap;

use gloo::history::{HashHistory, History, HistoryListener};
use leptos::prelude::*;

/// A chapter of the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Chapter {
    Denoising,
    Variational,
}

impl Chapter {
    pub const ALL: [Chapter; 2] = [Chapter::Denoising, Chapter::Variational];

    /// Its name in links, and the id of its section.
    pub const fn name(self) -> &'static str {
        match self {
            Chapter::Denoising => "denoising",
            Chapter::Variational => "variational",
        }
    }
}

/// The state that a link carries, by name.
pub type Query = BTreeMap<String, String>;

/// Where the page is. Provided as a context.
#[derive(Clone, Copy)]
pub struct Router {
    history: StoredValue<HashHistory, LocalStorage>,
    _listener: StoredValue<HistoryListener, LocalStorage>,
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
        let history = HashHistory::new();
        let visited = RwSignal::new(read(&history));
        let listener = history.listen({
            let history = history.clone();
            move || {
                let visit = read(&history);
                if visited.with_untracked(|last| *last != visit) {
                    visited.set(visit);
                }
            }
        });
        Self { history: StoredValue::new_local(history), _listener: StoredValue::new_local(listener), visited }
    }

    /// Notes `state` of `chapter` in the address, without a new entry to go back to.
    pub fn note(&self, chapter: Chapter, state: &Query) {
        let visit = Visit { chapter: Some(chapter), query: state.clone() };
        self.visited.update_untracked(|visited| *visited = visit);
        // Fails only for a state that cannot be written as a query; a map of strings always can.
        self.history.with_value(|history| {
            let _ = history.replace_with_query(format!("/{}", chapter.name()), state);
        });
    }
}

fn read(history: &HashHistory) -> Visit {
    let location = history.location();
    let name = location.path().trim_matches('/');
    let chapter = Chapter::ALL.into_iter().find(|chapter| chapter.name() == name);
    Visit { chapter, query: location.query::<Query>().unwrap_or_default() }
}
