//! What a model makes of fixed test digits and of the drawing, also while it learns.

use std::cell::Cell;

use leptos::prelude::*;

use super::super::app::ModelInput;
use super::super::element::{El, Words, button, derive, effect, el, words};
use super::super::language::{t_string, use_i18n};
use super::super::rebuilt::use_rebuilt;
use super::super::training::Plan;
use super::picture::{picture, pictures};
use super::test_digit::put_test_digit;
use crate::client::SlotKey;
use crate::protocol::{Answer, Asset, Command, Image, ModelId, Noise, Projections};

/// Test digits in a row of the gallery.
const COLUMNS: usize = 10;

#[derive(Clone, Default, PartialEq)]
struct Gallery {
    /// The digits, then what the model makes of them.
    images: Vec<Image>,
    error: Option<f32>,
    /// The model is not one of images.
    missing: bool,
    /// What PCA makes of the digits; None while that is not known.
    pca: Option<Projections>,
    /// PCA would need more components than are kept.
    too_many: bool,
}

/// The test digits over their reconstructions, and PCA's; nothing for a model that is not one of images.
pub fn galleries(plan: Plan, in_sight: RwSignal<bool>) -> [El; 2] {
    let gallery = use_gallery(plan, in_sight);
    [reconstructions(gallery), projections(gallery)]
}

fn use_gallery(plan: Plan, in_sight: RwSignal<bool>) -> RwSignal<Gallery> {
    let lab = plan.lab;
    let gallery = RwSignal::new(Gallery::default());
    let [test_set, components] = [Asset::TestSet, Asset::PrincipalComponents].map(|asset| lab.has(asset));
    let before = Cell::new(None);
    effect(move || {
        let model = plan.model.get();
        lab.follow(model);
        if before.replace(Some(model)) != Some(model) {
            gallery.set(Gallery::default());
        }
        components.track();
        if !in_sight.get() || !test_set.get() {
            return;
        }
        lab.try_ask(SlotKey::Gallery(model), Command::Gallery { model }, move |answer| {
            if plan.model.get_untracked() != model {
                return;
            }
            gallery.set(match answer {
                Ok(Answer::Gallery { originals, reconstructions, error, pca }) => {
                    let images = originals.into_iter().take(COLUMNS).chain(reconstructions.into_iter().take(COLUMNS));
                    let too_many = pca.is_none();
                    let pca = pca.filter(|pca| !pca.images.is_empty());
                    Gallery { images: images.collect(), error: Some(error), missing: false, pca, too_many }
                }
                _ => Gallery { missing: true, ..Gallery::default() },
            });
        });
    });
    gallery
}

fn reconstructions(gallery: RwSignal<Gallery>) -> El {
    let i18n = use_i18n();
    let images = derive(move || gallery.with(|gallery| gallery.images.clone()));
    let name = words(move || t_string!(i18n, train.gallery));
    row("gallery", images, 2, name, move || gallery.with(|gallery| gallery.error))
        .flag("hidden", move || gallery.with(|gallery| gallery.missing))
}

fn projections(gallery: RwSignal<Gallery>) -> El {
    let i18n = use_i18n();
    let pca = move || gallery.with(|gallery| gallery.pca.clone());
    let images = derive(move || pca().map(|pca| pca.images).unwrap_or_default());
    let name = words(move || match pca() {
        Some(pca) => t_string!(i18n, train.projections, components = pca.components),
        None => t_string!(i18n, views.pca).into(),
    });
    row("projections", images, 1, name, move || pca().map(|pca| pca.error))
        .flag("hidden", move || gallery.with(|gallery| gallery.missing || gallery.too_many))
}

/// Rows of pictures, what they are, and their error.
fn row(
    testid: &'static str,
    images: Signal<Vec<Image>>,
    rows: usize,
    name: Words,
    error: impl Fn() -> Option<f32> + Send + Sync + 'static,
) -> El {
    let i18n = use_i18n();
    let error = move || match error() {
        Some(error) => t_string!(i18n, train.gallery_error, error = format!("{error:.4}")),
        None => "\u{a0}".to_string(),
    };
    el("figure", "gallery step").children([
        pictures(testid, images, (COLUMNS, rows), name.clone()),
        el("figcaption", "").children([el("span", "").text(name), el("span", "step-error").text(words(error))]),
    ])
}

/// The drawing as the model gets it and as it gives it back.
pub fn drawing(plan: Plan, in_sight: RwSignal<bool>) -> El {
    let i18n = use_i18n();
    let ModelInput(drawn) = expect_context();
    let seen = derive(move || drawn.get().filter(|_| in_sight.get()));
    let put = put_test_digit();
    // A model that takes noise away is shown what it was made for.
    let noise = derive(move || {
        let sigma = if plan.model.get() == ModelId::Denoising { 0.5 } else { 0.0 };
        Noise { sigma, dropout: 0.0, seed: 1 }
    });
    let rebuilt = use_rebuilt(SlotKey::Rebuild, plan.model.into(), seen, noise);
    let input = derive(move || {
        let input = rebuilt.with(|rebuilt| rebuilt.as_ref().map(|rebuilt| rebuilt.input.clone()));
        input.or_else(|| seen.get())
    });
    let output = derive(move || rebuilt.with(|rebuilt| rebuilt.as_ref().map(|rebuilt| rebuilt.output.clone())));
    let figure = |testid, image, name: Words| {
        el("figure", "step").children([picture(testid, image, name.clone()), el("figcaption", "").text(name)])
    };
    let any = move || put((js_sys::Math::random() * 10.0) as u8);
    el("div", "watched").children([
        figure("train-seen", input, words(move || t_string!(i18n, train.drawing))),
        figure("train-rebuilt", output, words(move || t_string!(i18n, train.rebuilt))),
        el("div", "watched-tools").children([
            el("p", "")
                .live("class", move || if seen.with(Option::is_none) { "hint" } else { "hint gone" })
                .text(words(move || t_string!(i18n, train.nothing))),
            button("train-sample", words(move || t_string!(i18n, draw.sample)), any),
        ]),
    ])
}
