//! A part of the page's program: what not every visit needs is fetched when a chapter that has it is opened.
//!
//! The program is split at functions that are marked with `wasm_split` (src/bin/split.rs). leptos' `#[lazy]` does the same, and panics where a part
//! cannot be fetched.

use std::future::Future;

use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_split_helpers::SplitLoaderError;

use crate::ui::i18n::{t_string, use_i18n};

#[derive(Clone, Copy, PartialEq)]
enum State {
    Loading,
    There,
    Failed,
}

/// What `view`, a function in a part of the program, shows when `preload` has fetched the part; `loading` until then. Where the part cannot be
/// had, a sentence, and a way to try again.
#[component]
pub fn Part<Preload, Loaded, View, Viewed>(preload: Preload, view: View, #[prop(into)] loading: ViewFn) -> impl IntoView
where
    Preload: Fn() -> Loaded + Copy + Send + 'static,
    Loaded: Future<Output = Result<(), SplitLoaderError>> + 'static,
    View: Fn() -> Viewed + Send + 'static,
    Viewed: Future<Output = Result<AnyView, SplitLoaderError>> + Send + 'static,
{
    let i18n = use_i18n();
    let (state, is_fetching) = (RwSignal::new(State::Loading), RwSignal::new(false));
    let fetch = move || {
        if is_fetching.get_untracked() {
            return;
        }
        is_fetching.set(true);
        spawn_local(async move {
            let loaded = if preload().await.is_ok() { State::There } else { State::Failed };
            // The chapter may have been left.
            _ = is_fetching.try_set(false);
            // Where it failed again the button stays, and the keyboard's focus on it.
            if state.try_get_untracked().is_some_and(|known| known != loaded) {
                state.set(loaded);
            }
        });
    };
    fetch();
    let retry = move || {
        if is_fetching.get() { t_string!(i18n, part.loading) } else { t_string!(i18n, error.retry) }
    };
    move || match state.get() {
        State::Loading => loading.run(),
        // It is there, so that this is no later than the view around it.
        State::There => {
            let view = view();
            Suspend::new(async move { view.await.ok() }).into_any()
        }
        State::Failed => view! {
            <div class="panel part-failed" role="alert" data-testid="part-failed">
                <p>{move || t_string!(i18n, part.failed)}</p>
                <button
                    type="button"
                    data-testid="part-retry"
                    aria-busy=move || is_fetching.get().to_string()
                    on:click=move |_| fetch()
                >
                    {retry}
                </button>
            </div>
        }
        .into_any(),
    }
}
