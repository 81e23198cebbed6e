//! The language: the browser's, or the person's choice, which is kept.

use gloo::storage::{LocalStorage as Store, Storage};
use leptos::prelude::*;

use super::{I18n, Locale, use_i18n};
use crate::ui::state::route::LANGUAGE;
use crate::ui::state::router::Router;

/// Where the choice is kept; also read by `www/boot.js`.
const KEY: &str = "bottleneck.language";

/// The language that a link asks for, else the one that was chosen on an earlier visit, else the browser's, else English.
pub fn initial(linked: Option<String>) -> Locale {
    if let Some(linked) = linked.as_deref().and_then(of_folder) {
        return linked;
    }
    let kept = Store::get::<String>(KEY).ok().and_then(|name| of_folder(&name));
    let language = window().navigator().language().unwrap_or_default();
    let browsers = if language.starts_with("zh") { Locale::zh } else { Locale::en };
    kept.unwrap_or(browsers)
}

/// The folder of the language's texts in `content/`.
pub fn folder(locale: Locale) -> &'static str {
    if locale == Locale::zh { "zh" } else { "en" }
}

/// The language whose folder has this name. Parsing a language tag would take ICU's parser: kilobytes of the page.
fn of_folder(name: &str) -> Option<Locale> {
    [Locale::en, Locale::zh].into_iter().find(|&locale| folder(locale) == name)
}

/// Changes to the other language, and keeps it where the browser has storage.
pub fn switch(i18n: I18n) {
    let other = if i18n.get_locale_untracked() == Locale::en { Locale::zh } else { Locale::en };
    i18n.set_locale(other);
    let _ = Store::set(KEY, folder(other));
}

/// Gives the document its language; follows that of a link, and gives the address the one that the reader has chosen.
pub fn follow_in_document(router: Router) {
    let i18n = use_i18n();
    Effect::new(move || {
        let language = if i18n.get_locale() == Locale::zh { "zh-Hans" } else { "en" };
        if let Some(root) = document().document_element() {
            // Only screen readers and hyphenation miss it where it fails.
            let _ = root.set_attribute("lang", language);
        }
    });
    Effect::new(move |was: Option<Locale>| {
        router.track_visits();
        let locale = i18n.get_locale();
        let named = router.query().get(LANGUAGE);
        let is_chosen = was.is_some_and(|was| was != locale);
        let linked = named.as_deref().and_then(of_folder).filter(|_| !is_chosen).unwrap_or(locale);
        if linked != locale {
            i18n.set_locale(linked);
        } else if is_chosen || named.is_some() {
            router.note(LANGUAGE, Some(folder(locale)));
        }
        linked
    });
}
