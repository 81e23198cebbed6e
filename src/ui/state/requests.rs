//! One hook for each kind of request whose answer the page shows: it requests again when what it depends on changes.

use std::cell::Cell;

use leptos::prelude::*;

use super::alerts::Outcome;
use super::drawing::Drawing;
use super::engine_handle::{EngineHandle, OnError};
use super::latent::{self, EXTENT};
use super::noise::linked_noise;
use super::route::Chapter;
use super::router::{Query, Router};
use crate::client::SlotKey;
use crate::data::PIXELS;
use crate::protocol::{
    Asset, Code, CodeKind, Decode, DecodeSweep, EngineError, GetGallery, GetTestDigit, GetViews, Image, ModelId, Noise,
    Projections, Reconstruct, Reconstruction, Shape, Sweep, Traversal, Traverse, Views,
};
use crate::ui::dom::measured::{measured, measured_figure};

/// What changes the image less from one end of a slider to the other does not change the digit: by 2 of 255 levels a pixel, on average.
const LEAST_CHANGE: u32 = 2 * PIXELS as u32;

/// No noise at all.
pub const CLEAN: Noise = Noise { sigma: 0.0, dropout: 0.0, seed: 0 };

/// What the model makes of the image with `noise`; None without an image.
pub fn use_reconstruction(
    slot: SlotKey,
    model: Signal<ModelId>,
    image: Signal<Option<Image>>,
    noise: Signal<Noise>,
) -> RwSignal<Option<Reconstruction>> {
    let engine = expect_context::<EngineHandle>();
    let router = expect_context::<Router>();
    let is_noisy = matches!(router.chapter.get_untracked(), Chapter::Denoising | Chapter::Convolutional);
    let measured_slot = if is_noisy { SlotKey::Denoise } else { SlotKey::Reconstruct };
    let reconstruction = RwSignal::new(None);
    let before = Cell::new(None);
    Effect::new(move || {
        let (model, noise) = (model.get(), noise.get());
        engine.track(model);
        if before.replace(Some(model)) != Some(model) {
            reconstruction.set(None);
        }
        let Some(input) = image.get() else { return reconstruction.set(None) };
        engine.try_request(slot, Reconstruct { model, image: input, noise }, move |answer| match answer {
            // The drawing may have been cleared meanwhile, or the chapter left.
            Ok(answer) if image.try_with_untracked(Option::is_some) == Some(true) => {
                if slot == measured_slot {
                    measured_figure(&answer, &as_linked(router.shown(), noise));
                }
                reconstruction.set(Some(answer));
            }
            Ok(_) => {}
            // A model that is trained on something else than images has none to show.
            Err(EngineError::Malformed(_)) => reconstruction.set(None),
            Err(error) => {
                reconstruction.set(None);
                engine.show(error, OnError::ShowOnce);
            }
        });
    });
    reconstruction
}

/// The link, where this is its noise: the sliders may have been moved since. A figure without noise has none to compare.
fn as_linked(link: String, noise: Noise) -> String {
    let query = Query::parse(link.split_once('?').map_or("", |(_, query)| query));
    if noise == CLEAN || noise == linked_noise(|name| query.number(name)) { link } else { String::new() }
}

/// A part of what the model makes of the image.
pub fn part<T: Send + Sync + 'static>(
    result: RwSignal<Option<Reconstruction>>,
    take: fn(&Reconstruction) -> T,
) -> Signal<Option<T>> {
    Signal::derive(move || result.with(|result| result.as_ref().map(take)))
}

/// Requests the model's code of an image, within the sliders' reach.
pub fn request_code(engine: EngineHandle, model: ModelId, image: Image, reply: impl FnOnce(Code) + 'static) {
    let request = Reconstruct { model, image, noise: CLEAN };
    engine.request(SlotKey::Encode, request, OnError::Show(Outcome::Partial), move |answer| {
        reply(answer.code.into_iter().map(latent::clamp).collect());
    });
}

/// The model's images with the codes they were decoded from, once `visible`: kept together, so that a click uses the code of the image shown.
pub fn use_samples(
    model: ModelId,
    codes: RwSignal<Vec<Code>>,
    visible: ReadSignal<bool>,
) -> RwSignal<(Vec<Image>, Vec<Code>)> {
    let engine = expect_context::<EngineHandle>();
    let samples = RwSignal::new((Vec::new(), Vec::new()));
    Effect::new(move || {
        engine.track(model);
        let codes = codes.get();
        if visible.get() && !codes.is_empty() {
            let request = Decode { model, codes: codes.clone() };
            engine.request(SlotKey::Generate, request, OnError::ShowOnce, move |images| samples.set((images, codes)));
        }
    });
    samples
}

/// The model's image at the code; None without a code, and where the model has codes of another length by now.
pub fn use_decoded(slot: SlotKey, model: Signal<ModelId>, code: Signal<Option<Code>>) -> RwSignal<Option<Image>> {
    let engine = expect_context::<EngineHandle>();
    let image = RwSignal::new(None);
    Effect::new(move || {
        let model = model.get();
        engine.track(model);
        let Some(code) = code.get() else { return image.set(None) };
        engine.try_request(slot, Decode { model, codes: vec![code] }, move |answer| match answer {
            Ok(images) => drop(image.try_set(images.into_iter().next())),
            Err(EngineError::Malformed(_)) => drop(image.try_set(None)),
            Err(error) => engine.show(error, OnError::ShowOnce),
        });
    });
    image
}

/// Where each slider leads from the code.
pub fn use_traversal(model: ModelId, code: RwSignal<Code>) -> RwSignal<Traversal> {
    let engine = expect_context::<EngineHandle>();
    let traversal = RwSignal::new(Traversal { low: Vec::new(), high: Vec::new() });
    Effect::new(move || {
        engine.track(model);
        let request = Traverse { model, code: code.get(), extent: EXTENT };
        engine.request(SlotKey::Traverse, request, OnError::ShowOnce, move |answer| {
            let changes = latent::changes(&answer.low, &answer.high);
            let count = changes.iter().filter(|change| **change > LEAST_CHANGE).count();
            measured("dimensions", "", count as f64);
            traversal.set(answer);
        });
    });
    traversal
}

/// The images of a sweep through the code. They stay the same while the code moves within its plane.
pub fn use_sweep(model: ModelId, code: Signal<Code>, sweep: Signal<Sweep>) -> RwSignal<Vec<Image>> {
    let engine = expect_context::<EngineHandle>();
    let images = RwSignal::new(Vec::new());
    let plane = Memo::new(move |_| {
        let (mut code, sweep) = (code.get(), sweep.get());
        sweep.dimensions.iter().for_each(|&dimension| code[dimension] = 0.0);
        (code, sweep)
    });
    Effect::new(move || {
        engine.track(model);
        let (code, sweep) = plane.get();
        let request = DecodeSweep { model, code, sweep };
        engine.request(SlotKey::Sweep, request, OnError::ShowOnce, move |swept| images.set(swept));
    });
    images
}

/// The gallery of a model as the page shows it.
#[derive(Clone, Default, PartialEq)]
pub struct ShownGallery {
    pub originals: Vec<Image>,
    pub reconstructions: Vec<Image>,
    pub error: Option<f32>,
    /// The model is not one of images, or its weights are of no use.
    pub missing: bool,
    /// What PCA makes of the digits; None while that is not known.
    pub pca: Option<Projections>,
    /// PCA would need more components than are kept.
    pub too_many: bool,
}

/// The model's gallery, once `visible`.
pub fn use_gallery(model: RwSignal<ModelId>, visible: ReadSignal<bool>) -> RwSignal<ShownGallery> {
    let engine = expect_context::<EngineHandle>();
    let gallery = RwSignal::new(ShownGallery::default());
    use_evaluation(
        model,
        visible,
        move || gallery.set(ShownGallery::default()),
        move |wanted| {
            engine.try_request(SlotKey::Gallery(wanted), GetGallery { model: wanted }, move |answer| {
                if model.try_get_untracked() != Some(wanted) {
                    return;
                }
                gallery.set(match answer {
                    Ok(gallery) => ShownGallery {
                        originals: gallery.originals,
                        reconstructions: gallery.reconstructions,
                        error: Some(gallery.error),
                        missing: false,
                        too_many: gallery.pca.is_none(),
                        pca: gallery.pca.filter(|pca| !pca.images.is_empty()),
                    },
                    Err(error) => {
                        if !matches!(error, EngineError::Malformed(_)) {
                            engine.show(error, OnError::ShowOnce);
                        }
                        ShownGallery { missing: true, ..ShownGallery::default() }
                    }
                });
            });
        },
    );
    gallery
}

/// What the model makes of many examples, once `visible`: where the shipped one, or one that was trained here, may have views.
pub fn use_views(model: RwSignal<ModelId>, visible: ReadSignal<bool>, slot: fn(ModelId) -> SlotKey) -> RwSignal<Views> {
    let engine = expect_context::<EngineHandle>();
    let views = RwSignal::new(Views::default());
    use_evaluation(
        model,
        visible,
        move || views.set(Views::default()),
        move |wanted| {
            let has_views =
                |shape: Shape| shape.code() == 2 || shape.prior.is_some() || shape.codes == CodeKind::Activations;
            let is_trained =
                engine.run.with_untracked(|run| run.report.as_ref().is_some_and(|report| report.model == wanted));
            if !is_trained && !engine.shipped_shape(wanted).is_some_and(has_views) {
                return;
            }
            engine.request(slot(wanted), GetViews { model: wanted }, OnError::ShowOnce, move |answer| {
                if model.try_get_untracked() == Some(wanted) {
                    views.set(answer);
                }
            });
        },
    );
    views
}

/// Calls `clear` when another model is chosen, and `request` as often as its answer would be another: it is more with the principal
/// components.
fn use_evaluation(
    model: RwSignal<ModelId>,
    visible: ReadSignal<bool>,
    clear: impl Fn() + 'static,
    request: impl Fn(ModelId) + 'static,
) {
    let engine = expect_context::<EngineHandle>();
    let components = engine.has(Asset::PrincipalComponents);
    let before = Cell::new(None);
    Effect::new(move || {
        let model = model.get();
        engine.track(model);
        // Read and not only tracked: a memo that nobody has read follows nothing yet.
        _ = components.get();
        if before.replace(Some(model)) != Some(model) {
            clear();
        }
        if visible.get() {
            request(model);
        }
    });
}

/// Returns what draws a test image of a digit, the next one at each call, from a place chosen at random.
pub fn use_test_digit() -> impl Fn(u8) + Copy + 'static {
    let put = put_test_digit(|| ());
    let nth = StoredValue::new((js_sys::Math::random() * 1000.0) as u32);
    move |digit| {
        nth.update_value(|nth| *nth = nth.wrapping_add(1));
        put(digit, nth.get_value());
    }
}

/// Returns what draws the test image of a digit that has this number among them, and calls `done` when it is drawn.
pub fn put_test_digit(done: impl Fn() + Copy + 'static) -> impl Fn(u8, u32) + Copy + 'static {
    let engine = expect_context::<EngineHandle>();
    let drawing = expect_context::<RwSignal<Drawing>>();
    move |digit, nth| {
        let on_error = OnError::Show(Outcome::Partial);
        engine.request(SlotKey::TestDigit, GetTestDigit { digit, nth }, on_error, move |image| {
            drawing.update(|drawing| drawing.put(image));
            done();
        });
    }
}

/// A digit by chance.
pub fn any_digit() -> u8 {
    (js_sys::Math::random() * 10.0) as u8
}
