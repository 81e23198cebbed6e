//! A chapter: its lead, its figure, its text, its training panel, its exercises, and the way on.

use std::cell::Cell;

use leptos::prelude::*;

use super::{Figure, LINEAR, trained};
use crate::client::SlotKey;
use crate::ui::components::code_plane::FigureViews;
use crate::ui::components::offline_files::OfflineFiles;
use crate::ui::components::share_tools::ShareTools;
use crate::ui::components::training_panel::TrainingSection;
use crate::ui::i18n::messages::chapter_name;
use crate::ui::i18n::{t_string, use_i18n};
use crate::ui::state::chapter_text::{ChapterText, use_chapter_text};
use crate::ui::state::requests::use_views;
use crate::ui::state::route::Chapter;
use crate::ui::state::router::{Query, Router};
use crate::ui::state::training_setup::{CHANGES, PRESET};

/// The page of a chapter. It appears with its text, so that nothing is moved by it.
#[component]
pub fn ChapterPage(chapter: Chapter) -> impl IntoView {
    let text = use_chapter_text(chapter);
    show_what_links_set_up();
    // The figure is in view at once.
    let shows_many = chapter == Chapter::Linear;
    provide_context(FigureViews(shows_many.then(|| use_views(RwSignal::new(LINEAR), signal(true).0, SlotKey::Views))));
    let is_there = Memo::new(move |_| text.with(Option::is_some));
    let part = move |part: fn(&ChapterText) -> &String| {
        move || text.with(|text| text.as_ref().map(part).cloned()).unwrap_or_default()
    };
    let has_figure = !matches!(chapter, Chapter::Train | Chapter::About);
    let is_built = chapter == Chapter::Pretraining;
    let is_laboratory = chapter == Chapter::Train;
    // An embedded figure stands alone.
    let address = window().location().search().unwrap_or_default();
    let is_figure_alone = has_figure && Query::parse(&address).get("embed").is_some();
    let trains = is_laboratory || (!trained(chapter).is_empty() && !is_figure_alone);
    view! {
        <article class="chapter" data-chapter=chapter.file()>
            <Show when=move || is_there.get() fallback=ChapterLoading>
                <div class="prose lead" inner_html=part(|text| &text.lead)></div>
                {Figure::of(chapter).view()}
                {is_built.then(|| view! { <div class="figure panel" inner_html=part(|text| &text.figure)></div> })}
                {has_figure.then(|| view! { <ShareTools /> })}
                <div class="prose" inner_html=part(|text| &text.body)></div>
                {trains.then(|| view! { <TrainingSection models=trained(chapter) /> })}
                {is_laboratory.then(|| view! { <ShareTools /> })}
                <div class="prose" inner_html=part(|text| &text.rest)></div>
                {(chapter == Chapter::About).then(|| view! { <OfflineFiles /> })}
                <Neighbours chapter=chapter />
            </Show>
        </article>
    }
}

/// In place of what is still on its way: the text, or the figure. What comes after it is not shown until then, so that nothing is moved.
#[component]
pub fn ChapterLoading() -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <div class="chapter-loading">
            <p class="hint">{move || t_string!(i18n, part.loading)}</p>
        </div>
    }
}

/// Scrolls to what a link within the chapter sets up: the training panel by its settings, the figure by anything else.
fn show_what_links_set_up() {
    let is_first = Cell::new(true);
    expect_context::<Router>().on_visit(move |query| {
        if is_first.replace(false) || query.is_empty() {
            return;
        }
        let trains = [PRESET, CHANGES].iter().any(|name| query.get(name).is_some());
        let place = document().query_selector(if trains { ".training" } else { ".figure" });
        if let Ok(Some(place)) = place {
            place.scroll_into_view();
        }
    });
}

/// Links to the chapter before and to the one after.
#[component]
fn Neighbours(chapter: Chapter) -> impl IntoView {
    let i18n = use_i18n();
    let [before, after] = chapter.neighbours();
    let link = move |chapter: Chapter, is_next: bool| {
        let direction =
            move || if is_next { t_string!(i18n, contents.next) } else { t_string!(i18n, contents.previous) };
        view! {
            <a href=chapter.link() rel=if is_next { "next" } else { "prev" }>
                <span class="hint">{direction}</span>
                <span>{move || chapter_name(i18n, chapter)}</span>
            </a>
        }
    };
    view! {
        <nav class="neighbours" aria-label=move || t_string!(i18n, contents.neighbours)>
            {before.map(|chapter| link(chapter, false))}
            {after.map(|chapter| link(chapter, true))}
        </nav>
    }
}
