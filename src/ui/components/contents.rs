//! The contents list.

use leptos::prelude::*;

use crate::ui::i18n::messages::chapter_name;
use crate::ui::i18n::{t_string, use_i18n};
use crate::ui::state::route::Chapter;
use crate::ui::state::router::Router;

/// The id of the list.
pub const CONTENTS: &str = "contents";

/// A link to each chapter. Beside the chapter where there is room; elsewhere shown while it is `open`, and closed by choosing.
#[component]
pub fn Contents(open: RwSignal<bool>) -> impl IntoView {
    let i18n = use_i18n();
    let router = expect_context::<Router>();
    let link = move |chapter: Chapter| {
        let is_current = move || (router.chapter.get() == chapter).then_some("page");
        view! {
            <li>
                <a href=chapter.link() aria-current=is_current on:click=move |_| open.set(false)>
                    {move || chapter_name(i18n, chapter)}
                </a>
            </li>
        }
    };
    view! {
        <nav
            class="contents"
            id=CONTENTS
            class:open=open
            aria-label=move || t_string!(i18n, contents.label)
        >
            <ol>{Chapter::ALL.map(link).into_iter().collect_view()}</ol>
        </nav>
    }
}
