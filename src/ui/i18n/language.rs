//! The language: the browser's, or the person's choice, which is kept.

use gloo::storage::{LocalStorage as Store, Storage};
use leptos::prelude::*;

use super::{I18n, Locale, use_i18n};
use crate::ui::state::router::Router;

/// Where the choice is kept; also read by `www/boot.js`.
const KEY: &str = "bottleneck.language";

/// The language's name in links.
pub const KEY_IN_LINKS: &str = "lang";

/// The language that a link asks for, else the one that was chosen on an earlier visit, else the browser's, else English.
pub fn initial(linked: Option<String>) -> Locale {
    if let Some(linked) = linked.and_then(|name| of_folder(&name)) {
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

/// Gives the document its language, and the address where the reader has chosen it or a link had another.
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
        let locale = i18n.get_locale();
        // Who comes back to a chapter finds the address as it was left, in whichever language that was.
        router.chapter.track();
        let is_named = router.query().get(KEY_IN_LINKS).is_some();
        if is_named || was.is_some_and(|was| was != locale) {
            router.note(KEY_IN_LINKS, Some(folder(locale)));
        }
        locale
    });
}
