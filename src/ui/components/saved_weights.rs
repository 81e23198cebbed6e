//! Weights that are kept: in this browser, or as files.

use gloo::file::futures::read_as_bytes;
use gloo::file::{Blob, FileList};
use js_sys::Date;
use leptos::ev::Event;
use leptos::prelude::*;
use leptos::task::spawn_local;
use web_sys::HtmlInputElement;

use crate::protocol::{ModelId, StoredWeights};
use crate::ui::dom::download::download;
use crate::ui::i18n::{t_string, use_i18n};
use crate::ui::state::content::Content;
use crate::ui::state::run::Run;
use crate::ui::state::saved_items::SavedItems;

/// Keeps weights, and puts kept ones into use again.
#[component]
pub fn SavedWeights(saved: SavedItems) -> impl IntoView {
    let i18n = use_i18n();
    // The entry whose deletion was asked for once.
    let asked = RwSignal::new(None::<StoredWeights>);
    let entries = move || {
        let entry = |entry| view! { <Entry saved=saved asked=asked entry=entry /> };
        saved.weights.get().into_iter().map(entry).collect_view()
    };
    view! {
        <div class="weights">
            <h2>{move || t_string!(i18n, train.weights)}</h2>
            <KeepForm saved=saved />
            // The browser's own words would be in its language, not in the page's.
            <label class="file">
                <span>{move || t_string!(i18n, train.load)}</span>
                <input
                    type="file"
                    accept=".safetensors"
                    data-testid="import"
                    disabled=move || is_in_training(saved, saved.setup.model.get())
                    on:change=move |event| import(saved, &event)
                />
            </label>
            <h3>{move || t_string!(i18n, train.kept)}</h3>
            <ul class="kept">
                <Show
                    when=move || !saved.weights.with(Vec::is_empty)
                    fallback=move || view! { <li class="hint">{move || t_string!(i18n, train.kept_none)}</li> }
                >
                    {entries}
                </Show>
            </ul>
            <Show when=move || saved.setup.is_under_way()>
                <p class="hint" data-testid="weights-in-training">{move || t_string!(i18n, train.in_training)}</p>
            </Show>
        </div>
    }
}

/// Whether a run of `model` is under way: it would write over the weights that are put into use meanwhile.
fn is_in_training(saved: SavedItems, model: ModelId) -> bool {
    saved.setup.engine.run.with(Run::under_way) == Some(model)
}

/// Keeps the weights in use under a name, or offers them as files. What is kept under the name is replaced at the second press.
#[component]
fn KeepForm(saved: SavedItems) -> impl IntoView {
    let i18n = use_i18n();
    let content = expect_context::<Content>();
    let model = saved.setup.model;
    let typed = RwSignal::new(None::<String>);
    let today = || String::from(Date::new_0().to_iso_string()).split('T').next().unwrap_or_default().to_string();
    let proposed = move || saved.free_name(model.get(), &format!("{} {}", content.model_name(model.get()), today()));
    let name = move || typed.get().unwrap_or_else(proposed);
    // The model and name whose replacement was asked for once.
    let asked = RwSignal::new(None::<(ModelId, String)>);
    let wanted = move || (model.get(), name().trim().to_string());
    let is_asked = move || asked.with(|asked| asked.as_ref() == Some(&wanted()));
    let keep = move |_| {
        let (model, name) = untrack(wanted);
        if name.is_empty() {
            return;
        }
        if untrack(|| saved.has(model, &name) && !is_asked()) {
            return asked.set(Some((model, name)));
        }
        saved.keep(model, name);
        asked.set(None);
        typed.set(None);
    };
    // One download per click: browsers block a second one, or ask.
    let download_card = move |_| {
        let model = model.get_untracked();
        saved.export(model, move |_, card| download(&format!("{}.json", model.name()), Blob::new(card.as_str())));
    };
    view! {
        <div class="keep">
            <label class="setting">
                <span>{move || t_string!(i18n, train.name)}</span>
                <input
                    maxlength="80"
                    autocomplete="off"
                    data-testid="keep-name"
                    prop:value=name
                    on:input=move |event| typed.set(Some(event_target_value(&event)))
                />
            </label>
            <button
                type="button"
                data-testid="keep"
                data-asked=move || is_asked().to_string()
                on:click=keep
            >
                {move || if is_asked() { t_string!(i18n, train.replace) } else { t_string!(i18n, train.keep) }}
            </button>
            <button type="button" data-testid="export" on:click=move |_| download_weights(saved)>
                {move || t_string!(i18n, train.download)}
            </button>
            <button type="button" data-testid="export-card" on:click=download_card>
                {move || t_string!(i18n, train.download_card)}
            </button>
        </div>
    }
}

/// Offers the weights in use as a file.
pub fn download_weights(saved: SavedItems) {
    let model = saved.setup.model.get_untracked();
    saved.export(model, move |weights, _| {
        download(&format!("{}.safetensors", model.name()), Blob::new(weights.as_slice()));
    });
}

/// One entry of the list. It is deleted at the second press.
#[component]
fn Entry(saved: SavedItems, asked: RwSignal<Option<StoredWeights>>, entry: StoredWeights) -> impl IntoView {
    let i18n = use_i18n();
    let content = expect_context::<Content>();
    let StoredWeights { model, name, .. } = entry.clone();
    let is_latest = name.is_empty();
    let entry = StoredValue::new(entry);
    let name = StoredValue::new(name);
    let title = move || match is_latest {
        true => t_string!(i18n, train.latest).to_string(),
        false => name.get_value(),
    };
    let is_asked = move || asked.with(|asked| entry.with_value(|entry| asked.as_ref() == Some(entry)));
    let delete = move |_| match untrack(is_asked) {
        true => saved.delete(model, name.get_value()),
        false => asked.set(Some(entry.get_value())),
    };
    view! {
        <li data-testid="kept" data-latest=is_latest.to_string()>
            <span class="kept-name">{title}</span>
            <span class="hint">{move || content.model_name(model)}</span>
            <button
                type="button"
                data-testid="use"
                disabled=move || is_in_training(saved, model)
                on:click=move |_| saved.put_into_use(model, name.get_value())
            >
                {move || t_string!(i18n, train.take)}
            </button>
            <button type="button" data-testid="forget" on:click=delete>
                {move || if is_asked() { t_string!(i18n, train.sure) } else { t_string!(i18n, train.delete) }}
            </button>
        </li>
    }
}

/// Puts the chosen file's weights into use. A file that cannot be read is refused as an empty one is.
fn import(saved: SavedItems, event: &Event) {
    let input: HtmlInputElement = event_target(event);
    let Some(file) = input.files().map(FileList::from).and_then(|files| files.first().cloned()) else { return };
    // The same file can be chosen again.
    input.set_value("");
    let model = saved.setup.model.get_untracked();
    spawn_local(async move {
        let file = read_as_bytes(&file).await.unwrap_or_default();
        saved.import(model, file);
    });
}
