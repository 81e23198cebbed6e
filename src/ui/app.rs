//! The page as a whole.

use leptos::prelude::*;
use web_sys::{ScrollBehavior, ScrollIntoViewOptions};

use super::chapters::denoising::{DENOISING, DenoisingChapter};
use super::chapters::train::TrainChapter;
use super::chapters::variational::{VARIATIONAL, VariationalChapter};
use super::components::alerts::AlertPanel;
use super::components::header::Header;
use super::components::status_line::StatusLine;
use super::i18n::{I18nSubContextProvider, language, t_string, use_i18n};
use super::state::content::Content;
use super::state::drawing::Drawing;
use super::state::engine_handle::EngineHandle;
use super::state::model_input::ModelInput;
use super::state::router::{Router, query_value};
use crate::client::Preference;

/// The page in the reader's language.
#[component]
pub fn App() -> impl IntoView {
    let initial = Signal::stored(language::initial());
    view! {
        <I18nSubContextProvider initial_locale=initial>
            <Page />
        </I18nSubContextProvider>
    }
}

#[component]
fn Page() -> impl IntoView {
    let i18n = use_i18n();
    language::follow_in_document();
    let router = Router::listen();
    provide_context(router);
    let address = window().location().search().unwrap_or_default();
    let preference = query_value(&address, "device").map(|name| Preference::from_name(&name)).unwrap_or_default();
    let engine = EngineHandle::start(preference, &[DENOISING, VARIATIONAL]);
    provide_context(engine);
    provide_context(Content::fetch(engine));
    provide_context(ModelInput(RwSignal::new(None)));
    provide_context(RwSignal::new(Drawing::default()));
    Effect::new(move |was_complete: Option<bool>| {
        // Chapters grow when the engine has told its models: the linked one is gone to again, at once, so that nothing is seen to move.
        let is_complete = !engine.models.with(Vec::is_empty);
        if let Some(chapter) = router.visited.get().chapter {
            let is_loaded = was_complete == Some(true);
            let behavior = if is_loaded { ScrollBehavior::Smooth } else { ScrollBehavior::Instant };
            request_animation_frame(move || scroll_to(chapter.name(), behavior));
        }
        is_complete
    });
    view! {
        <Header />
        <StatusLine />
        <main>
            <div class="intro">
                <h1>{move || t_string!(i18n, intro_title)}</h1>
                <p>{move || t_string!(i18n, intro)}</p>
            </div>
            <DenoisingChapter />
            <VariationalChapter />
            <TrainChapter />
        </main>
        <footer>
            <p>{move || t_string!(i18n, footer)}</p>
        </footer>
        <AlertPanel />
    }
}

fn scroll_to(id: &str, behavior: ScrollBehavior) {
    let Some(section) = document().get_element_by_id(id) else { return };
    let options = ScrollIntoViewOptions::new();
    options.set_behavior(behavior);
    section.scroll_into_view_with_scroll_into_view_options(&options);
}
