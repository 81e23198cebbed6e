//! What went wrong, in sentences, over the page's foot so that nothing moves.

use leptos::prelude::*;

use crate::ui::i18n::{messages, t_string, use_i18n};
use crate::ui::state::alerts::{Alert, Alerts};
use crate::ui::state::content::Content;
use crate::ui::state::engine_handle::EngineHandle;

/// The errors that have not been dismissed; nothing when there are none.
#[component]
pub fn AlertPanel() -> impl IntoView {
    let i18n = use_i18n();
    let content = expect_context::<Content>();
    let engine = expect_context::<EngineHandle>();
    let alerts = engine.alerts;
    let sentences = move || {
        let sentence = |alert: &Alert| view! { <p>{messages::alert(i18n, content, alert)}</p> };
        alerts.with(|alerts| alerts.iter().map(sentence).collect_view())
    };
    view! {
        <section class="alerts" aria-label=move || t_string!(i18n, error.label)>
            <Show when=move || !alerts.with(Alerts::is_empty)>
                <div
                    class="alert"
                    data-testid="error"
                    data-errors=move || alerts.with(Alerts::error_names)
                    data-outcomes=move || alerts.with(Alerts::outcome_names)
                >
                    <div class="alert-text" role="alert">{sentences}</div>
                    <div class="alert-actions">
                        <Show when=move || alerts.with(Alerts::can_retry)>
                            <button type="button" data-testid="retry" on:click=move |_| engine.restart()>
                                {move || t_string!(i18n, error.retry)}
                            </button>
                        </Show>
                        <button type="button" data-testid="dismiss" on:click=move |_| alerts.set(Alerts::default())>
                            {move || t_string!(i18n, error.dismiss)}
                        </button>
                    </div>
                </div>
            </Show>
        </section>
    }
}
