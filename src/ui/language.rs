//! The language: the browser's, or the person's choice, which is kept.

use gloo::storage::{LocalStorage as Store, Storage};
use leptos::prelude::*;

use super::i18n::Locale;

/// Also read by `www/boot.js`.
const KEY: &str = "bottleneck.language";

/// The language that the page is in. Provided as a context.
#[derive(Clone, Copy)]
pub struct I18n(RwSignal<Locale>);

/// A text of `locales/*.json` in the language of an [`I18n`].
macro_rules! t_string {
    ($i18n:expr, $($text:tt)*) => {
        leptos_i18n::td_string!($i18n.get_locale(), $($text)*)
    };
}
pub(super) use t_string;

pub fn use_i18n() -> I18n {
    expect_context()
}

impl I18n {
    /// The language that was chosen on an earlier visit, else the browser's, else English.
    pub fn new() -> Self {
        let kept = Store::get::<String>(KEY).ok().and_then(|name| name.parse().ok());
        let language = gloo::utils::window().navigator().language().unwrap_or_default();
        let browsers = if language.starts_with("zh") { Locale::zh } else { Locale::en };
        Self(RwSignal::new(kept.unwrap_or(browsers)))
    }

    pub fn get_locale(self) -> Locale {
        self.0.get()
    }

    pub fn get_locale_untracked(self) -> Locale {
        self.0.get_untracked()
    }

    /// Changes the language, and keeps it where the browser has storage.
    pub fn choose(self, locale: Locale) {
        self.0.set(locale);
        let _ = Store::set(KEY, if locale == Locale::zh { "zh" } else { "en" });
    }
}
