//! The language: the browser's, or the person's choice, which is kept.

use gloo::storage::{LocalStorage as Store, Storage};
use leptos::prelude::*;

use super::{I18n, Locale, t_string, use_i18n};

/// Where the choice is kept; also read by `www/boot.js`.
const KEY: &str = "bottleneck.language";

/// The language that was chosen on an earlier visit, else the browser's, else English.
pub fn initial() -> Locale {
    let kept = Store::get::<String>(KEY).ok().and_then(|name| name.parse().ok());
    let language = window().navigator().language().unwrap_or_default();
    let browsers = if language.starts_with("zh") { Locale::zh } else { Locale::en };
    kept.unwrap_or(browsers)
}

/// Changes to the other language, and keeps it where the browser has storage.
pub fn switch(i18n: I18n) {
    let other = if i18n.get_locale_untracked() == Locale::en { Locale::zh } else { Locale::en };
    i18n.set_locale(other);
    let _ = Store::set(KEY, if other == Locale::zh { "zh" } else { "en" });
}

/// Gives the document its title and its language.
pub fn follow_in_document() {
    let i18n = use_i18n();
    Effect::new(move || {
        document().set_title(t_string!(i18n, title));
        let language = if i18n.get_locale() == Locale::zh { "zh-Hans" } else { "en" };
        if let Some(root) = document().document_element() {
            // Only screen readers and hyphenation miss it where it fails.
            let _ = root.set_attribute("lang", language);
        }
    });
}
