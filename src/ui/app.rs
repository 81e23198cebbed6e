//! The page as a whole.

use leptos::prelude::*;

use super::chapters::page::ChapterPage;
use super::components::alerts::AlertPanel;
use super::components::contents::Contents;
use super::components::header::Header;
use super::components::status_line::StatusLine;
use super::components::update_offer::UpdateOffer;
use super::dom::focus::focus;
use super::i18n::messages::chapter_name;
use super::i18n::{I18nSubContextProvider, language, t_string, use_i18n};
use super::state::content::Content;
use super::state::drawing::Drawing;
use super::state::engine_handle::EngineHandle;
use super::state::model_input::ModelInput;
use super::state::route::{Chapter, LANGUAGE};
use super::state::router::{Query, Router};
use super::state::theme::use_theme;
use crate::client::Preference;

/// The page in the reader's language.
#[component]
pub fn App() -> impl IntoView {
    let router = Router::listen();
    provide_context(router);
    let initial = Signal::stored(language::initial(router.query().get(LANGUAGE)));
    view! {
        <I18nSubContextProvider initial_locale=initial>
            <Page />
        </I18nSubContextProvider>
    }
}

#[component]
fn Page() -> impl IntoView {
    let i18n = use_i18n();
    let router = expect_context::<Router>();
    let chapter = router.chapter;
    let address = window().location().search().unwrap_or_default();
    let preference = Query::parse(&address).get("device").map(|name| Preference::from_name(&name));
    let engine = EngineHandle::start(preference.unwrap_or_default());
    provide_context(engine);
    provide_context(Content::fetch(engine));
    let drawing = RwSignal::new(Drawing::first());
    provide_context(drawing);
    provide_context(ModelInput::follow(drawing));
    provide_context(use_theme());
    language::follow_in_document(router);
    follow_chapter(chapter);
    let contents_open = RwSignal::new(false);
    view! {
        <Header contents_open=contents_open />
        <StatusLine />
        <div class="frame">
            <Contents open=contents_open />
            <main id="main" tabindex="-1">
                <UpdateOffer />
                {move || view! { <ChapterPage chapter=chapter.get() /> }}
            </main>
        </div>
        <footer>
            <p>{move || t_string!(i18n, footer)}</p>
        </footer>
        <AlertPanel />
    }
}

/// Names the document after the chapter; a chapter that is gone to begins at its top, where a screen reader and the keyboard are then.
fn follow_chapter(chapter: Memo<Chapter>) {
    let i18n = use_i18n();
    Effect::new(move || {
        let name = chapter_name(i18n, chapter.get());
        document().set_title(&format!("{name} · Bottleneck"));
    });
    Effect::new(move |was: Option<Chapter>| {
        let chapter = chapter.get();
        if was.is_some_and(|was| was != chapter) {
            focus("main");
            window().scroll_to_with_x_and_y(0.0, 0.0);
        }
        chapter
    });
}
