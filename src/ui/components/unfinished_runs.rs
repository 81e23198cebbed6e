//! Runs of earlier visits that can be gone on with.

use leptos::prelude::*;

use crate::protocol::{ModelId, StoredRun};
use crate::ui::i18n::{t_string, use_i18n};
use crate::ui::state::content::Content;
use crate::ui::state::saved_items::SavedItems;

/// Offers to go on with the runs of earlier visits of `models`, while none is under way.
#[component]
pub fn UnfinishedRuns(saved: SavedItems, models: Vec<ModelId>) -> impl IntoView {
    let i18n = use_i18n();
    let content = expect_context::<Content>();
    let setup = saved.setup;
    let offer = move |StoredRun { model, progress, .. }: StoredRun| {
        let text = move || {
            let model = content.model_name(model);
            t_string!(i18n, train.unfinished, model = model, step = progress.step, steps = progress.steps)
        };
        view! {
            <div class="panel offer" data-testid="unfinished">
                <p>{text}</p>
                <button type="button" data-testid="recover" on:click=move |_| setup.recover(model)>
                    {move || t_string!(i18n, train.resume)}
                </button>
                <button type="button" data-testid="discard" on:click=move |_| saved.discard_run(model)>
                    {move || t_string!(i18n, train.discard)}
                </button>
            </div>
        }
    };
    let offers = move || {
        let runs = saved.runs.get().into_iter();
        runs.filter(|run| models.contains(&run.model)).map(offer).collect_view()
    };
    view! {
        <div class="offers" aria-live="polite">
            {move || (!setup.is_under_way()).then(&offers)}
        </div>
    }
}
