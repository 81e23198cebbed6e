//! What a model makes of fixed test digits and of the drawing, also while it learns.

use leptos::prelude::*;

use super::explained::Explained;
use super::picture::Pictures;
use super::step::Step;
use crate::client::SlotKey;
use crate::protocol::{Asset, Image, ModelId, Noise};
use crate::ui::i18n::{t_string, use_i18n};
use crate::ui::state::engine_handle::EngineHandle;
use crate::ui::state::noise::strongest_noise;
use crate::ui::state::requests::{any_digit, use_gallery, use_reconstruction, use_test_digit};

/// Test digits in a row of the gallery.
const COLUMNS: usize = 10;

/// Standard deviation of the noise on the drawing for models that learnt to take away as much.
const SIGMA: f32 = 0.5;

/// The test digits over their reconstructions, and PCA's; nothing for a model that is not one of images.
#[component]
pub fn Galleries(model: RwSignal<ModelId>, visible: ReadSignal<bool>) -> impl IntoView {
    let i18n = use_i18n();
    let gallery = use_gallery(model, visible);
    let no_pca = expect_context::<EngineHandle>().is_unusable(Asset::PrincipalComponents);
    let images = Signal::derive(move || {
        gallery.with(|gallery| {
            let rows = [&gallery.originals, &gallery.reconstructions];
            rows.into_iter().flat_map(|images| images.iter().take(COLUMNS).cloned()).collect::<Vec<_>>()
        })
    });
    let pca = Signal::derive(move || gallery.with(|gallery| gallery.pca.clone()));
    let pca_name = move || match pca.get() {
        Some(pca) => t_string!(i18n, train.projections, components = pca.components),
        None => t_string!(i18n, views.pca).into(),
    };
    let pca_hidden = move || {
        gallery.with(|gallery| gallery.missing || gallery.too_many) || (no_pca.get() && pca.with(Option::is_none))
    };
    view! {
        <GalleryRows
            testid="gallery"
            images=images
            rows=2
            name=move || t_string!(i18n, train.gallery)
            error=Signal::derive(move || gallery.with(|gallery| gallery.error))
            hidden=Signal::derive(move || gallery.with(|gallery| gallery.missing))
        />
        <GalleryRows
            testid="projections"
            images=Signal::derive(move || pca.get().map(|pca| pca.images).unwrap_or_default())
            rows=1
            name=pca_name
            error=Signal::derive(move || pca.get().map(|pca| pca.error))
            hidden=Signal::derive(pca_hidden)
        />
    }
}

/// Rows of pictures, what they are, and their error.
#[component]
fn GalleryRows(
    testid: &'static str,
    #[prop(into)] images: Signal<Vec<Image>>,
    rows: usize,
    #[prop(into)] name: TextProp,
    #[prop(into)] error: Signal<Option<f32>>,
    #[prop(into)] hidden: Signal<bool>,
) -> impl IntoView {
    let i18n = use_i18n();
    let error = move || match error.get() {
        Some(error) => t_string!(i18n, train.gallery_error, error = format!("{error:.4}")),
        None => String::new(),
    };
    let label = name.clone();
    view! {
        <figure class="gallery step" hidden=hidden>
            <Pictures testid=testid images=images columns=COLUMNS rows=rows label=label />
            <figcaption>
                <span aria-hidden="true">{move || name.get()}</span>
                <Explained
                    testid=format!("{testid}-error")
                    class="step-error"
                    text=error
                    about=move || t_string!(i18n, about.gallery_error)
                />
            </figcaption>
        </figure>
    }
}

/// The drawing as the model gets it and as it gives it back.
#[component]
pub fn DrawingPictures(
    model: RwSignal<ModelId>,
    drawn: Signal<Option<Image>>,
    visible: ReadSignal<bool>,
) -> impl IntoView {
    let i18n = use_i18n();
    let drawn = Signal::derive(move || drawn.get().filter(|_| visible.get()));
    let put = use_test_digit();
    let engine = expect_context::<EngineHandle>();
    // A model that takes noise away is shown what it was made for.
    let noise = Signal::derive(move || {
        let description = engine.describe(model.get());
        let strongest = description.and_then(|description| strongest_noise(&description.presets.first()?.settings));
        let sigma = if strongest.is_some_and(|(sigma, _)| sigma >= SIGMA) { SIGMA } else { 0.0 };
        Noise { sigma, dropout: 0.0, seed: 1 }
    });
    let result = use_reconstruction(SlotKey::Rebuild, model.into(), drawn, noise);
    let input = Signal::derive(move || {
        let input = result.with(|result| result.as_ref().map(|result| result.input.clone()));
        input.or_else(|| drawn.get())
    });
    let output = Signal::derive(move || result.with(|result| result.as_ref().map(|result| result.output.clone())));
    let seen = move || match noise.get().sigma {
        0.0 => t_string!(i18n, train.drawing),
        _ => t_string!(i18n, picture.noisy),
    };
    view! {
        <div class="watched">
            <Step name="train-seen" image=input caption=seen />
            <Step name="train-rebuilt" image=output caption=move || t_string!(i18n, train.rebuilt) />
            <div class="watched-tools">
                <p class=move || if drawn.with(Option::is_none) { "hint" } else { "hint gone" }>
                    {move || t_string!(i18n, train.nothing)}
                </p>
                <button type="button" data-testid="train-sample" on:click=move |_| put(any_digit())>
                    {move || t_string!(i18n, draw.sample)}
                </button>
            </div>
        </div>
    }
}
