//! Texts that are read at leisure, `www/content/<language>/models.json`: what the page paints first need not wait for them.

use leptos::prelude::*;
use serde_json::Value;

use super::cards::read;
use super::element::{Words, effect, words};
use super::i18n::Locale;
use super::lab::EngineHandle;
use super::language::use_i18n;

/// The texts in the page's language. Provided as a context.
#[derive(Clone, Copy)]
pub struct Content(RwSignal<Value>);

impl Content {
    /// Fetches the texts, and again when the language changes.
    pub fn new() -> Self {
        let (i18n, lab) = (use_i18n(), expect_context::<EngineHandle>());
        let content = Self(RwSignal::new(Value::Null));
        effect(move || {
            let locale = i18n.get_locale();
            leptos::task::spawn_local(async move {
                let language = if locale == Locale::zh { "zh" } else { "en" };
                let texts = read(format!("content/{language}/models.json")).await;
                if i18n.get_locale_untracked() == locale {
                    match texts {
                        Ok(texts) => content.0.set(texts),
                        Err(problem) => lab.miss(problem),
                    }
                }
            });
        });
        content
    }

    /// The text at a JSON pointer, `/about/linear`; empty until it is there.
    pub fn text(self, pointer: &str) -> String {
        self.0.with(|texts| texts.pointer(pointer).and_then(Value::as_str).unwrap_or_default().to_string())
    }
}

/// The text at a JSON pointer.
pub fn text_at(pointer: &'static str) -> Words {
    let content = expect_context::<Content>();
    words(move || content.text(pointer))
}
