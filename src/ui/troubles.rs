//! What went wrong, in sentences, over the page's foot so that nothing moves.

use leptos::prelude::*;

use super::element::{El, button, el, words};
use super::lab::{Alert, EngineHandle, Outcome};
use super::language::{t_string, use_i18n};
use super::sentence;

/// The problems that have not been dismissed; nothing when there are none.
pub fn troubles() -> El {
    let lab = expect_context::<EngineHandle>();
    let i18n = use_i18n();
    let sentences = move || {
        let sentence = |trouble: &Alert| el("p", "").say(sentence::trouble(i18n, trouble));
        lab.troubles.with(|troubles| troubles.iter().map(sentence).collect::<Vec<_>>())
    };
    let can_retry = move || {
        lab.troubles.with(|troubles| {
            troubles.iter().any(|trouble| matches!(trouble.aftermath, Outcome::Partial | Outcome::Stopped))
        })
    };
    let panel = move || {
        if lab.troubles.with(Vec::is_empty) {
            return Vec::new();
        }
        let retry = button("retry", words(move || t_string!(i18n, problem.retry)), move || lab.restart());
        let dismiss = words(move || t_string!(i18n, problem.dismiss));
        let dismiss = button("dismiss", dismiss, move || lab.troubles.set(Vec::new()));
        vec![el("div", "trouble").set("data-testid", "error").set("role", "alert").children([
            el("div", "trouble-text").children(sentences()),
            el("div", "trouble-actions").children(can_retry().then_some(retry)).children([dismiss]),
        ])]
    };
    el("div", "troubles").set("aria-live", "assertive").each(panel)
}
