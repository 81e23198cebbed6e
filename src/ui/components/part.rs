//! A part of the page's program: what not every visit needs is fetched when it is first shown.
//!
//! The parts are cut at functions that are marked with `wasm_split` (src/bin/split.rs). leptos' `#[lazy]` does the same, and panics where a part
//! cannot be fetched.

use std::future::Future;

use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_split_helpers::SplitLoaderError;

use crate::ui::i18n::{t_string, use_i18n};

/// Begins to fetch a part; whether it is there by now, or cannot be had.
pub fn use_part(load: impl Future<Output = Result<(), SplitLoaderError>> + 'static) -> ReadSignal<bool> {
    let (is_settled, settle) = signal(false);
    spawn_local(async move {
        // The [`Part`] says what went wrong.
        _ = load.await;
        _ = settle.try_set(true);
    });
    is_settled
}

/// What a function in a part shows, at once where the part is there. Where it cannot be had, a sentence, and a way to try again.
#[component]
pub fn Part<Load, View>(load: Load) -> impl IntoView
where
    Load: Fn() -> View + Send + 'static,
    View: Future<Output = Result<AnyView, SplitLoaderError>> + Send + 'static,
{
    let i18n = use_i18n();
    let attempts = RwSignal::new(0);
    let failed = move || {
        view! {
            <div class="panel part-failed" role="alert" data-testid="part-failed">
                <p>{move || t_string!(i18n, part.failed)}</p>
                <button type="button" data-testid="part-retry" on:click=move |_| attempts.update(|attempts| *attempts += 1)>
                    {move || t_string!(i18n, error.retry)}
                </button>
            </div>
        }
    };
    move || {
        attempts.track();
        let view = load();
        Suspend::new(async move { view.await.unwrap_or_else(|_| failed().into_any()) })
    }
}
