//! The page as a whole.

use gloo::history::{BrowserHistory, History};
use leptos::prelude::*;
use leptos_i18n::t_string;
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, ScrollBehavior, ScrollIntoViewOptions};

use super::chapters::{denoising::DenoisingChapter, variational::VariationalChapter};
use super::header::Header;
use super::i18n::{I18nContextProvider, Locale, use_i18n};
use super::lab::Lab;
use super::language;
use super::route::{Query, Router};
use super::troubles::Troubles;
use crate::engine::client::Preference;
use crate::engine::protocol::Image;

/// What the models get of the drawing; shared by the chapters. Provided as a context.
#[derive(Clone, Copy)]
pub struct Seen(pub RwSignal<Option<Image>>);

#[component]
pub fn App() -> impl IntoView {
    // The language is told by the page itself: the provider would say "zh" for what is "zh-Hans".
    view! {
        <I18nContextProvider set_lang_attr_on_html=false>
            <Page />
        </I18nContextProvider>
    }
}

#[component]
fn Page() -> impl IntoView {
    let i18n = use_i18n();
    language::restore(i18n);
    let router = Router::new();
    provide_context(router);
    let lab = Lab::start(preference_of_address());
    provide_context(lab);
    provide_context(Seen(RwSignal::new(None)));

    Effect::new(move |_| gloo::utils::document().set_title(t_string!(i18n, title)));
    Effect::new(move |_| {
        let language = if i18n.get_locale() == Locale::zh { "zh-Hans" } else { "en" };
        if let Some(root) = gloo::utils::document().document_element() {
            // Only screen readers and hyphenation miss it where it fails.
            let _ = root.set_attribute("lang", language);
        }
    });
    Effect::new(move |_| {
        if let Some(chapter) = router.visited.get().chapter {
            scroll_to(chapter.name());
        }
    });

    view! {
        <Header />
        <main>
            <div class="intro">
                <h1>{move || t_string!(i18n, intro_title)}</h1>
                <p>{move || t_string!(i18n, intro)}</p>
            </div>
            <DenoisingChapter />
            <VariationalChapter />
        </main>
        <footer>
            <p>{move || t_string!(i18n, footer)}</p>
        </footer>
        <Troubles />
    }
}

/// `?device=cpu` or `?device=webgpu`.
fn preference_of_address() -> Preference {
    let location = BrowserHistory::new().location();
    let query = location.query::<Query>().unwrap_or_default();
    query.get("device").map(|name| Preference::from_name(name)).unwrap_or_default()
}

fn scroll_to(id: &str) {
    let Some(section) = gloo::utils::document().get_element_by_id(id) else { return };
    let options = ScrollIntoViewOptions::new();
    options.set_behavior(ScrollBehavior::Smooth);
    section.unchecked_into::<HtmlElement>().scroll_into_view_with_scroll_into_view_options(&options);
}
