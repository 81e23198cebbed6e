//! The language: the browser's, or the person's choice, which is kept.

use gloo::storage::{LocalStorage as Store, Storage};
use leptos::prelude::*;
use leptos_i18n::{I18nContext, Locale as _};

use super::i18n::{I18nKeys, Locale};

/// Also read by `www/boot.js`.
const KEY: &str = "bottleneck.language";

type I18n = I18nContext<Locale, I18nKeys>;

/// Takes up the language that was chosen on an earlier visit.
pub fn restore(i18n: I18n) {
    // In an effect, since leptos_i18n takes the browser's language in one of its own, before this.
    Effect::new(move |_| {
        let kept = Store::get::<String>(KEY).ok().and_then(|name| name.parse().ok());
        if let Some(locale) = kept {
            i18n.set_locale(locale);
        }
    });
}

/// Changes the language, and keeps it where the browser has storage.
pub fn choose(i18n: I18n, locale: Locale) {
    i18n.set_locale(locale);
    let _ = Store::set(KEY, locale.as_str());
}
