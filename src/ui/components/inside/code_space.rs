//! The test images' codes as points of a plane: what lies where, what the decoder makes of a place, and the way between two digits.

use leptos::prelude::*;

use super::film::Film;
use super::{Inside, reset_with_model};
use crate::client::SlotKey;
use crate::protocol::{AdvanceTsne, Code, CodeMap, CodePlane, Decode, GetCodeMap, RebuildTestImages, Reconstruct};
use crate::ui::charts::layout::table::centre_rows;
use crate::ui::charts::point_cloud::{Cloud, PointCloud};
use crate::ui::charts::values::Values;
use crate::ui::components::explained::Explained;
use crate::ui::components::picture::Picture;
use crate::ui::components::step::Step;
use crate::ui::i18n::{t_string, use_i18n};
use crate::ui::state::answers::{use_answer, use_settled_answer};
use crate::ui::state::engine_handle::{EngineHandle, OnError};
use crate::ui::state::linked::use_linked_text;
use crate::ui::state::requests::CLEAN;

/// The name of the map in links, and its value where it is not the plane.
const MAP: &str = "map";
const TSNE: &str = "tsne";

/// Steps of t-SNE between two pictures of it.
const STEPS: u32 = 10;

/// What was clicked, and the code that is decoded for it.
#[derive(Clone)]
struct Clicked {
    at: At,
    code: Code,
}

#[derive(Clone, Copy)]
enum At {
    /// Of the plane.
    Place([f32; 2]),
    /// The number of a test image.
    Point(usize),
}

/// The cloud, what is at the pointer, what is decoded, and a film of the way between two places.
#[component]
pub fn CodeSpace() -> impl IntoView {
    let i18n = use_i18n();
    let engine = expect_context::<EngineHandle>();
    let Inside { model, .. } = expect_context();
    let chosen_map = use_linked_text(MAP);
    let is_tsne = Memo::new(move |_| chosen_map.with(|map| map.as_deref() == Some(TSNE)));
    let direct = use_settled_answer(SlotKey::CodeMap, model, |model| Some(GetCodeMap { model }));
    let tsne = RwSignal::new(None::<CodeMap>);
    reset_with_model(model, chosen_map);
    Effect::new(move || {
        model.track();
        tsne.set(None);
    });
    let advance = StoredValue::new(None::<Callback<bool>>);
    advance.set_value(Some(Callback::new(move |restarts: bool| {
        let asked = model.get_untracked();
        let request = AdvanceTsne { model: asked, steps: STEPS, restarts };
        engine.request(SlotKey::Tsne, request, OnError::ShowOnce, move |map| {
            let wanted = is_tsne.try_get_untracked() == Some(true) && model.try_get_untracked() == Some(asked);
            if !wanted {
                return;
            }
            let (done, all) = map.progress;
            tsne.set(Some(map));
            if done < all
                && let Some(Some(advance)) = advance.try_get_value()
            {
                advance.run(false);
            }
        });
    })));
    Effect::new(move || {
        let progress = tsne.with_untracked(|map| map.as_ref().map(|map| map.progress));
        // It ends where the plane is chosen meanwhile.
        let is_over = progress.is_some_and(|(done, all)| done >= all);
        if is_tsne.get()
            && !is_over
            && let Some(advance) = advance.get_value()
        {
            advance.run(progress.is_none());
        }
    });
    let choose_tsne = move |chosen: bool| chosen_map.set(chosen.then(|| TSNE.to_string()));
    let cloud = Signal::derive(move || {
        let map = if is_tsne.get() { tsne } else { direct };
        map.with(|map| {
            map.as_ref().map(|map| Cloud { points: map.points.clone(), labels: map.labels.clone() }).unwrap_or_default()
        })
    });

    // What is at the pointer.
    let chosen = RwSignal::new(None::<usize>);
    let pointed = use_answer(SlotKey::TestImages, model, move |model| {
        Some(RebuildTestImages { model, numbers: vec![chosen.get()? as u32] })
    });
    let pointed_image = move |reconstructed: bool| {
        Signal::derive(move || {
            pointed.with(|pointed| {
                let pointed = pointed.as_ref()?;
                let images = if reconstructed { &pointed.reconstructions } else { &pointed.originals };
                images.first().cloned()
            })
        })
    };
    let told = move || match chosen.get() {
        Some(number) => {
            let digit = cloud.with(|cloud| cloud.labels.get(number).copied().unwrap_or_default());
            t_string!(i18n, inside.point, number = number, digit = digit)
        }
        None => "\u{a0}".to_string(),
    };

    // What was clicked, the latest last: two at most. Other weights have other codes.
    let places = RwSignal::new(Vec::<Clicked>::new());
    Effect::new(move || {
        model.track();
        is_tsne.track();
        direct.track();
        places.set(Vec::new());
    });
    let add = move |clicked: Clicked| {
        places.update(|places| {
            if places.len() == 2 {
                places.remove(0);
            }
            places.push(clicked);
        });
    };
    let code_at = move |place: [f32; 2]| -> Option<Code> {
        direct.with_untracked(|map| {
            let CodePlane { centre, axes, .. } = map.as_ref()?.plane.as_ref()?;
            let along = |at: usize| centre[at] + place[0] * axes[0][at] + place[1] * axes[1][at];
            Some((0..centre.len()).map(along).collect())
        })
    };
    let add_point = move |number: usize| {
        let (asked, map) = (model.get_untracked(), is_tsne.get_untracked());
        let image = RebuildTestImages { model: asked, numbers: vec![number as u32] };
        engine.request(SlotKey::Encode, image, OnError::ShowOnce, move |found| {
            let Some(image) = found.originals.into_iter().next() else { return };
            let request = Reconstruct { model: asked, image, noise: CLEAN };
            engine.request(SlotKey::Encode, request, OnError::ShowOnce, move |found| {
                let is_wanted = is_tsne.try_get_untracked() == Some(map) && model.try_get_untracked() == Some(asked);
                if is_wanted {
                    add(Clicked { at: At::Point(number), code: found.code });
                }
            });
        });
    };
    // A point stands for its image's code, which a plane shows only in part. Beside the points a place of a plane is a code too, of t-SNE's map
    // none.
    let on_place = move |place: [f32; 2]| match chosen.get_untracked() {
        Some(number) => add_point(number),
        None if is_tsne.get_untracked() => {}
        None => {
            if let Some(code) = code_at(place) {
                add(Clicked { at: At::Place(place), code });
            }
        }
    };
    let codes = Signal::derive(move || places.get().into_iter().map(|clicked| clicked.code).collect::<Vec<Code>>());
    // Points move while t-SNE goes on.
    let path = Signal::derive(move || {
        let at = |clicked: &Clicked| match clicked.at {
            At::Place(place) => Some(place),
            At::Point(number) => cloud.with(|cloud| cloud.points.get(number).copied()),
        };
        places.with(|places| places.iter().filter_map(at).collect::<Vec<_>>())
    });
    let decoded = use_answer(SlotKey::Decode, model, move |model| {
        let code = codes.with(|codes| codes.last().cloned())?;
        Some(Decode { model, codes: vec![code] })
    });
    let progress = move || {
        let of_tsne = tsne.with(|map| map.as_ref().map(|map| map.progress));
        match (is_tsne.get(), of_tsne) {
            (true, Some((done, all))) => t_string!(i18n, inside.tsne_progress, done = done, all = all),
            (true, None) => t_string!(i18n, inside.tsne_starting).to_string(),
            (false, _) => direct.with(|map| match map.as_ref().map(|map| map.plane.as_ref()) {
                Some(Some(plane)) => {
                    t_string!(i18n, inside.explained, share = format!("{:.1}", plane.explained * 100.0))
                }
                Some(None) => t_string!(i18n, inside.largest_of_maps).to_string(),
                None => t_string!(i18n, inside.computing).to_string(),
            }),
        }
    };
    let about =
        move || if is_tsne.get() { t_string!(i18n, inside.about_tsne) } else { t_string!(i18n, inside.about_plane) };
    let rows = move || {
        let names = [t_string!(i18n, values.digit), t_string!(i18n, values.count), "x", "y"].map(str::to_string);
        cloud.with(|cloud| centre_rows(names.to_vec(), t_string!(i18n, values.all), &cloud.labels, &[&cloud.points]))
    };
    view! {
        <div class="inside-tools" role="group" aria-label=move || t_string!(i18n, inside.codes)>
            <button type="button" class="tab" data-testid="codes-plane" aria-pressed=move || (!is_tsne.get()).to_string() on:click=move |_| choose_tsne(false)>
                {move || t_string!(i18n, inside.plane)}
            </button>
            <button type="button" class="tab" data-testid="codes-tsne" aria-pressed=move || is_tsne.get().to_string() on:click=move |_| choose_tsne(true)>
                "t-SNE"
            </button>
            <span
                class="hint"
                data-testid="codes-progress"
                data-step=move || tsne.with(|map| map.as_ref().map_or(0, |map| map.progress.0))
                aria-live="polite"
            >
                <Explained testid="codes-map" text=progress about=about />
            </span>
        </div>
        <div class="code-space">
            <div>
                <PointCloud
                    testid="code-space"
                    label=move || t_string!(i18n, inside.cloud_label)
                    cloud=cloud
                    path=path
                    chosen=chosen
                    on_place=on_place
                />
                <Values rows=Signal::derive(rows) />
            </div>
            <div class="code-space-side">
                <p class="hint" data-testid="point-told">{told}</p>
                <div class="pointed">
                    <Step name="pointed" image=pointed_image(false) caption=move || t_string!(i18n, inside.original) />
                    <Step name="pointed-rebuilt" image=pointed_image(true) caption=move || t_string!(i18n, picture.reconstruction) />
                </div>
                <div class="step">
                    <Picture
                        testid="place-decoded"
                        image=Signal::derive(move || decoded.with(|images| images.as_ref().and_then(|images| images.first().cloned())))
                        label=move || t_string!(i18n, inside.place_decoded)
                    />
                    <p class="caption" aria-hidden="true">{move || t_string!(i18n, inside.place_decoded)}</p>
                </div>
                <Film codes=codes />
            </div>
        </div>
    }
}
