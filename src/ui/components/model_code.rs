//! The model at hand as a program, in Python or Rust.

use leptos::ev::Event;
use leptos::prelude::*;
use leptos::task::spawn_local;
use web_sys::Element;

use super::copy_button::CopyButton;
use super::saved_weights::download_weights;
use crate::ui::format::sentences;
use crate::ui::i18n::{t_string, use_i18n};
use crate::ui::state::alerts::Outcome;
use crate::ui::state::content::Content;
use crate::ui::state::engine_handle::OnError;
use crate::ui::state::model_code::{PYTHON, RUST, path, with_settings};
use crate::ui::state::saved_items::SavedItems;
use crate::ui::state::site_files::read_text;

/// What the programs read, beside the weights: the labels where there are classes to be learnt or told.
const MNIST: [&str; 2] = ["train-images-idx3-ubyte.gz", "train-labels-idx1-ubyte.gz"];

/// The program in each language, with the weights, the images and the labels that it loads.
#[component]
pub fn ModelCode(saved: SavedItems) -> impl IntoView {
    let i18n = use_i18n();
    let content = expect_context::<Content>();
    let SavedItems { setup, .. } = saved;
    let is_in_laboratory =
        Memo::new(move |_| setup.engine.describe(setup.model.get()).is_some_and(|model| model.is_in_laboratory));
    // Together: each text that follows the language by itself makes the page larger.
    let files = move || {
        let texts = ["/code/about", "/code/back"].map(|text| content.text(text)).into_iter();
        let texts = texts.take(if is_in_laboratory.get() { 2 } else { 1 });
        view! {
            <h2>{content.text("/code/title")}</h2>
            <p class="hint">{sentences(texts)}</p>
            <button type="button" data-testid="code-weights" on:click=move |_| download_weights(saved)>
                {t_string!(i18n, train.download)}
            </button>
            {MNIST.map(|file| view! { <a href=format!("data/mnist/{file}")>{file}</a> })}
        }
    };
    view! {
        <div class="model-code">
            {files} <Program saved=saved language=PYTHON name="Python · PyTorch" />
            <Program saved=saved language=RUST name="Rust · burn" />
        </div>
    }
}

/// The program with the settings that are set, folded; it is fetched when it is unfolded.
#[component]
fn Program(saved: SavedItems, language: &'static str, name: &'static str) -> impl IntoView {
    let content = expect_context::<Content>();
    let setup = saved.setup;
    let is_open = RwSignal::new(false);
    let program = RwSignal::new(None::<String>);
    let code = move || {
        program
            .with(|text| setup.settings.with(|settings| with_settings(text.as_deref().unwrap_or_default(), settings)))
    };
    Effect::new(move || {
        let model = setup.model.get();
        program.set(None);
        if is_open.get() {
            spawn_local(async move {
                let text = read_text(path(model.name(), language)).await;
                // Another may have been asked for meanwhile, or the chapter left.
                if setup.model.try_get_untracked() == Some(model) {
                    match text {
                        Ok(text) => program.set(Some(text)),
                        // Another engine would not help.
                        Err(error) => setup.engine.show(error, OnError::Show(Outcome::Refused)),
                    }
                }
            });
        }
    });
    let toggle = move |event: Event| is_open.set(event_target::<Element>(&event).has_attribute("open"));
    view! {
        <details on:toggle=toggle>
            <summary data-testid=format!("code-{language}")>{name}</summary>
            <CopyButton
                testid=if language == RUST { "copy-rs" } else { "copy-py" }
                label=move || content.text("/code/copy")
                hint=move || content.text("/code/copy_hint")
                text=move |()| untrack(code)
            />
            // A program's words are not the page's language.
            <div class="program notranslate" tabindex="0" data-testid=format!("program-{language}")>
                {code}
            </div>
        </details>
    }
}
