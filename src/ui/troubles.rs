//! What went wrong, in sentences, over the page's foot so that nothing moves.

use leptos::prelude::*;
use leptos_i18n::t_string;

use super::i18n::use_i18n;
use super::lab::{Aftermath, Lab};
use super::sentence;

/// The problems that have not been dismissed; nothing when there are none.
#[component]
pub fn Troubles() -> impl IntoView {
    let lab = expect_context::<Lab>();
    let i18n = use_i18n();
    let sentences = move || {
        lab.troubles
            .with(|troubles| troubles.iter().map(|trouble| sentence::trouble(i18n, trouble)).collect::<Vec<_>>())
    };
    let can_retry = move || {
        lab.troubles.with(|troubles| {
            troubles.iter().any(|trouble| matches!(trouble.aftermath, Aftermath::Partial | Aftermath::Stopped))
        })
    };
    view! {
        <div class="troubles" aria-live="assertive">
            <Show when=move || lab.troubles.with(|troubles| !troubles.is_empty())>
                <div class="trouble" data-testid="error" role="alert">
                    <div class="trouble-text">{move || sentences().into_iter().map(|text| view! { <p>{text}</p> }).collect_view()}</div>
                    <div class="trouble-actions">
                        <Show when=can_retry>
                            <button on:click=move |_| lab.restart()>{move || t_string!(i18n, problem.retry)}</button>
                        </Show>
                        <button data-testid="dismiss" on:click=move |_| lab.troubles.set(Vec::new())>
                            {move || t_string!(i18n, problem.dismiss)}
                        </button>
                    </div>
                </div>
            </Show>
        </div>
    }
}
