//! Long texts, `www/content/<language>/models.json`: what the page paints first need not wait for them.

use leptos::prelude::*;
use leptos::task::spawn_local;
use serde_json::Value;

use super::alerts::Outcome;
use super::engine_handle::{EngineHandle, OnError};
use super::site_files::read_json;
use crate::protocol::ModelId;
use crate::ui::i18n::{language, use_i18n};

/// The texts in the page's language. Provided as a context.
#[derive(Clone, Copy)]
pub struct Content(RwSignal<Value>);

impl Content {
    /// Fetches the texts, and again when the language changes.
    pub fn fetch(engine: EngineHandle) -> Self {
        let i18n = use_i18n();
        let content = Self(RwSignal::new(Value::Null));
        Effect::new(move || {
            let locale = i18n.get_locale();
            spawn_local(async move {
                let texts = read_json(format!("content/{}/models.json", language::folder(locale))).await;
                if i18n.get_locale_untracked() == locale {
                    match texts {
                        Ok(texts) => content.0.set(texts),
                        // Another engine would not help.
                        Err(error) => engine.show(error, OnError::Show(Outcome::Refused)),
                    }
                }
            });
        });
        content
    }

    /// The name of `key` in a group of names, `/settings/seed/name`; the key itself where there is none.
    pub fn name(self, pointer: &str, key: &str) -> String {
        let name = self.text(pointer);
        if name.is_empty() { key.replace('_', " ") } else { name }
    }

    pub fn model_name(self, model: ModelId) -> String {
        self.name(&format!("/names/{model}"), model.name())
    }

    pub fn preset_name(self, preset: &str) -> String {
        self.name(&format!("/presets/{preset}"), preset)
    }

    pub fn setting_name(self, key: &str) -> String {
        self.name(&format!("/settings/{key}/name"), key)
    }

    /// The name of a part of a loss.
    pub fn loss_name(self, part: &str) -> String {
        self.name(&format!("/losses/{part}"), part)
    }

    /// The text at a JSON pointer, `/about/linear`; empty until it is there.
    pub fn text(self, pointer: &str) -> String {
        self.0.with(|texts| texts.pointer(pointer).and_then(Value::as_str).unwrap_or_default().to_string())
    }
}
