//! The page as a whole.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, ScrollBehavior, ScrollIntoViewOptions};

use super::chapters::{denoising, train, variational};
use super::content::Content;
use super::drawing::Drawing;
use super::element::{effect, el, words};
use super::header::header;
use super::i18n::Locale;
use super::lab::EngineHandle;
use super::language::{I18n, t_string};
use super::route::{Query, Router};
use super::troubles::troubles;
use crate::client::Preference;
use crate::protocol::Image;

/// What the models get of the drawing; shared by the chapters. Provided as a context.
#[derive(Clone, Copy)]
pub struct ModelInput(pub RwSignal<Option<Image>>);

pub fn app() -> AnyView {
    let i18n = I18n::new();
    provide_context(i18n);
    let router = Router::new();
    provide_context(router);
    let preference = Query::of_page().get("device").map(|name| Preference::from_name(&name)).unwrap_or_default();
    provide_context(EngineHandle::start(preference));
    provide_context(Content::new());
    provide_context(ModelInput(RwSignal::new(None)));
    provide_context(RwSignal::new(Drawing::default()));

    effect(move || {
        let document = gloo::utils::document();
        document.set_title(t_string!(i18n, title));
        let language = if i18n.get_locale() == Locale::zh { "zh-Hans" } else { "en" };
        if let Some(root) = document.document_element() {
            // Only screen readers and hyphenation miss it where it fails.
            let _ = root.set_attribute("lang", language);
        }
    });
    effect(move || {
        if let Some(chapter) = router.visited.get().chapter {
            scroll_to(chapter.name());
        }
    });

    let intro = el("div", "intro").children([
        el("h1", "").text(words(move || t_string!(i18n, intro_title))),
        el("p", "").text(words(move || t_string!(i18n, intro))),
    ]);
    let main = el("main", "").children([intro, denoising::chapter(), variational::chapter(), train::chapter()]);
    let footer = el("footer", "").children([el("p", "").text(words(move || t_string!(i18n, footer)))]);
    el("div", "").children(header()).children([main, footer, troubles()]).view()
}

fn scroll_to(id: &str) {
    let Some(section) = gloo::utils::document().get_element_by_id(id) else { return };
    let options = ScrollIntoViewOptions::new();
    options.set_behavior(ScrollBehavior::Smooth);
    section.unchecked_into::<HtmlElement>().scroll_into_view_with_scroll_into_view_options(&options);
}
