//! A button that copies. By hand, for leptos-use's `use_clipboard` does not tell when the browser refuses.

use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen_futures::JsFuture;

use super::explained::ExplainedButton;
use crate::ui::i18n::{t_string, use_i18n};

/// What became of a text that was to be copied.
#[derive(Clone, PartialEq)]
enum Copied {
    NotYet,
    Done,
    Refused { text: String },
}

/// Puts a text on the clipboard; where the browser refuses, shows it.
#[component]
pub fn CopyButton(
    testid: &'static str,
    #[prop(into)] label: TextProp,
    #[prop(into)] hint: TextProp,
    #[prop(into)] text: Callback<(), String>,
) -> impl IntoView {
    let i18n = use_i18n();
    let copied = RwSignal::new(Copied::NotYet);
    let copy = move |()| {
        let text = text.run(());
        // Without https the browser has no clipboard to give.
        let clipboard =
            js_sys::Reflect::get(&window().navigator(), &"clipboard".into()).is_ok_and(|found| found.is_truthy());
        spawn_local(async move {
            let written = clipboard && JsFuture::from(window().navigator().clipboard().write_text(&text)).await.is_ok();
            copied.set(if written { Copied::Done } else { Copied::Refused { text } });
        });
    };
    let label = move || match copied.get() {
        Copied::Done => t_string!(i18n, share.copied).into(),
        _ => label.get(),
    };
    let refused = move || match copied.get() {
        Copied::Refused { text } => Some(text),
        _ => None,
    };
    view! {
        <ExplainedButton
            testid=testid
            class="quiet"
            text=label
            about=hint
            press=copy
            left=move |()| if copied.try_get_untracked() == Some(Copied::Done) { copied.set(Copied::NotYet) }
        />
        {move || {
            refused().map(|text| {
                view! {
                    <div class="copy-refused" role="status">
                        <span>{move || t_string!(i18n, share.refused)}</span>
                        <div class="copy-text" tabindex="0" data-testid=format!("{testid}-refused")>
                            {text}
                        </div>
                    </div>
                }
            })
        }}
    }
}
