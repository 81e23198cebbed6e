//! The text of a chapter, `content/<language>/<chapter>.html`, made from Markdown when the site is built.

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::alerts::Outcome;
use super::engine_handle::{EngineHandle, OnError};
use super::route::Chapter;
use super::site_files::read_text;
use crate::ui::i18n::{language, use_i18n};

/// Where the page puts the chapter's figure.
const FIGURE: &str = "<!--figure-->";
/// Where a figure ends that is made when the site is built.
const FIGURE_END: &str = "<!--/figure-->";
/// Where it puts the training panel.
const TRAINING: &str = "<!--train-->";

/// A chapter's text in HTML, in the parts between which the page puts what moves.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ChapterText {
    /// The title and the one idea.
    pub lead: String,
    /// The figure where the build makes it; else empty.
    pub figure: String,
    pub body: String,
    /// Exercises, and where to read on.
    pub rest: String,
}

impl ChapterText {
    fn parse(html: &str) -> Self {
        let (before, rest) = html.split_once(TRAINING).unwrap_or((html, ""));
        let (lead, body) = before.split_once(FIGURE).unwrap_or((before, ""));
        let (figure, body) = body.split_once(FIGURE_END).unwrap_or(("", body));
        let [lead, figure, body, rest] = [lead, figure, body, rest].map(str::to_string);
        ChapterText { lead, figure, body, rest }
    }
}

/// The text of the chapter in the page's language; None until it is there. One that cannot be had is empty.
pub fn use_chapter_text(chapter: Chapter) -> RwSignal<Option<ChapterText>> {
    let i18n = use_i18n();
    let engine = expect_context::<EngineHandle>();
    let text = RwSignal::new(None);
    Effect::new(move || {
        let locale = i18n.get_locale();
        spawn_local(async move {
            let path = format!("content/{}/{}.html", language::folder(locale), chapter.file());
            let html = read_text(path).await;
            if i18n.get_locale_untracked() != locale {
                return;
            }
            match html {
                Ok(html) => text.set(Some(ChapterText::parse(&html))),
                Err(error) => {
                    text.update(|text| _ = text.get_or_insert_default());
                    // Another engine would not help.
                    engine.show(error, OnError::Show(Outcome::Refused));
                }
            }
        });
    });
    text
}
