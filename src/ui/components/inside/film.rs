//! The way between two codes as a film, played, and saved as an animated GIF.

use std::time::Duration;

use gloo::file::Blob;
use leptos::prelude::*;

use super::Inside;
use crate::client::SlotKey;
use crate::protocol::{Code, CodeKind, DecodePath, Image};
use crate::ui::components::picture::Picture;
use crate::ui::dom::download::download;
use crate::ui::i18n::{t_string, use_i18n};
use crate::ui::state::answers::use_answer;
use crate::ui::state::film::to_gif;

/// Pictures of a film, and how long each is shown.
const FRAMES: u32 = 24;
const FRAME: Duration = Duration::from_millis(80);

/// The film of the way between the two `codes`; nothing while there are not two.
#[component]
pub fn Film(codes: Signal<Vec<Code>>) -> impl IntoView {
    let i18n = use_i18n();
    let Inside { model, shape, .. } = expect_context();
    let is_normal =
        Memo::new(move |_| shape.with(|shape| shape.as_ref().is_some_and(|shape| shape.codes == CodeKind::Normal)));
    let spherical = RwSignal::new(false);
    let frames = use_answer(SlotKey::Path, model, move |model| {
        let [from, to] = <[Code; 2]>::try_from(codes.get()).ok()?;
        Some(DecodePath { model, from, to, count: FRAMES, spherical: spherical.get() && is_normal.get() })
    });
    let at = RwSignal::new(0_usize);
    let plays = RwSignal::new(false);
    Effect::new(move || {
        if plays.get()
            && let Ok(timer) =
                set_interval_with_handle(move || at.update(|at| *at = (*at + 1) % FRAMES as usize), FRAME)
        {
            on_cleanup(move || timer.clear());
        }
    });
    let has_film = Memo::new(move |_| frames.with(Option::is_some));
    let frame =
        Signal::derive(move || frames.with(|frames| frames.as_ref().and_then(|frames| frames.get(at.get()).cloned())));
    let save = move |_| {
        let frames: Vec<Image> = frames.get_untracked().unwrap_or_default();
        if let Some(film) = to_gif(&frames, FRAME) {
            download("film.gif", Blob::new_with_options(&*film, Some("image/gif")));
        }
    };
    view! {
        <div class="film">
            <p class="hint" hidden=has_film>{move || t_string!(i18n, inside.two_places)}</p>
            <div class="film-view" hidden=move || !has_film.get()>
                <Picture testid="film" image=frame label=move || t_string!(i18n, inside.film) />
                <input
                    type="range"
                    min="0"
                    max=FRAMES - 1
                    data-testid="film-frame"
                    aria-label=move || t_string!(i18n, inside.film_place)
                    prop:value=move || at.get().to_string()
                    on:input=move |event| {
                        plays.set(false);
                        at.set(event_target_value(&event).parse().unwrap_or_default());
                    }
                />
                <div class="inside-tools">
                    <button type="button" data-testid="film-play" on:click=move |_| plays.update(|plays| *plays = !*plays)>
                        {move || if plays.get() { t_string!(i18n, inside.pause) } else { t_string!(i18n, inside.play) }}
                    </button>
                    <button type="button" data-testid="film-save" on:click=save>{move || t_string!(i18n, inside.save_film)}</button>
                    <label hidden=move || !is_normal.get()>
                        <input type="checkbox" data-testid="film-spherical" prop:checked=spherical on:change=move |event| spherical.set(event_target_checked(&event)) />
                        {move || t_string!(i18n, inside.spherical)}
                    </label>
                </div>
            </div>
        </div>
    }
}
