//! Takes what the page shows elsewhere: a link to it, a frame for another page, a view for a projector.

use leptos::prelude::*;

use super::copy_button::CopyButton;
use super::draw_panel::drawing_text;
use super::explained::ExplainedButton;
use crate::ui::i18n::messages::chapter_name;
use crate::ui::i18n::{language, t_string, use_i18n};
use crate::ui::state::drawing::Drawing;
use crate::ui::state::drawing_link::{DIGIT, DRAWING};
use crate::ui::state::model_input::ModelInput;
use crate::ui::state::route::LANGUAGE;
use crate::ui::state::router::Router;

/// How high a frame is until the figure has told its own height, in pixels.
const FRAME_HEIGHT: u32 = 640;

/// Buttons below a figure.
#[component]
pub fn ShareTools() -> impl IntoView {
    let i18n = use_i18n();
    let router = expect_context::<Router>();
    let (drawing, ModelInput(image)) = (expect_context::<RwSignal<Drawing>>(), expect_context());
    let link = move |page_query: &str| {
        let drawing = drawing_text(drawing, image);
        let is_linked = router.query().get(DIGIT).is_some();
        let state = [
            (LANGUAGE, Some(language::folder(i18n.get_locale_untracked()).to_string())),
            (DRAWING, drawing.filter(|_| !is_linked)),
        ];
        router.link_with(page_query, &state)
    };
    let frame = move |()| {
        let chapter = router.chapter.get_untracked();
        let (link, title) = (link(&format!("?embed={}", chapter.file())), chapter_name(i18n, chapter));
        format!(
            "<iframe src=\"{}\" title=\"{title}\" width=\"100%\" height=\"{FRAME_HEIGHT}\" style=\"border:0\" loading=\"lazy\"></iframe>",
            link.replace('&', "&amp;")
        )
    };
    let present = move |()| {
        if let Some(root) = document().document_element() {
            let is_presented = root.get_attribute("data-view").is_some();
            // Without attributes there is no other view.
            let _ = if is_presented {
                root.remove_attribute("data-view")
            } else {
                root.set_attribute("data-view", "presentation")
            };
        }
    };
    view! {
        <div class="share">
            <CopyButton
                testid="copy-link"
                label=move || t_string!(i18n, share.link)
                hint=move || t_string!(i18n, share.link_hint)
                text=move |()| link("")
            />
            <CopyButton
                testid="copy-embed"
                label=move || t_string!(i18n, share.embed)
                hint=move || t_string!(i18n, share.embed_hint)
                text=frame
            />
            <ExplainedButton
                testid="present"
                class="quiet"
                text=move || t_string!(i18n, share.present)
                about=move || t_string!(i18n, share.present_hint)
                press=present
            />
        </div>
    }
}
