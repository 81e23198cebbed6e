//! One hook for each kind of request whose answer the page shows: it requests again when what it depends on changes.

use std::cell::Cell;

use leptos::prelude::*;

use super::alerts::Outcome;
use super::drawing::Drawing;
use super::engine_handle::{EngineHandle, OnError};
use super::latent::{self, EXTENT};
use crate::client::SlotKey;
use crate::protocol::{Answer, Asset, Code, Command, Image, ModelId, Noise, Projections, Sweep, Views};

/// No noise at all.
pub const CLEAN: Noise = Noise { sigma: 0.0, dropout: 0.0, seed: 0 };

/// What a model makes of an image.
#[derive(Clone, Debug, PartialEq)]
pub struct Reconstruction {
    pub input: Image,
    pub input_error: f32,
    pub output: Image,
    pub output_error: f32,
}

/// What the model makes of the image with `noise`; None without an image.
pub fn use_reconstruction(
    slot: SlotKey,
    model: Signal<ModelId>,
    image: Signal<Option<Image>>,
    noise: Signal<Noise>,
) -> RwSignal<Option<Reconstruction>> {
    let engine = expect_context::<EngineHandle>();
    let reconstruction = RwSignal::new(None);
    let before = Cell::new(None);
    Effect::new(move || {
        let (model, noise) = (model.get(), noise.get());
        engine.track(model);
        if before.replace(Some(model)) != Some(model) {
            reconstruction.set(None);
        }
        let Some(input) = image.get() else { return reconstruction.set(None) };
        engine.try_request(slot, Command::Reconstruct { model, image: input, noise }, move |answer| match answer {
            // The drawing may have been cleared meanwhile.
            Ok(Answer::Reconstruct { input, input_error, output, output_error, .. })
                if image.with_untracked(Option::is_some) =>
            {
                reconstruction.set(Some(Reconstruction { input, input_error, output, output_error }));
            }
            Ok(_) => {}
            // A model that is trained on something else than images has none to show.
            Err(_) if slot == SlotKey::Rebuild => reconstruction.set(None),
            Err(error) => engine.show(error, OnError::ShowOnce),
        });
    });
    reconstruction
}

/// Requests the variational autoencoder's code of an image, within the sliders' reach.
pub fn request_code(engine: EngineHandle, image: Image, reply: impl FnOnce(Code) + 'static) {
    let command = Command::Reconstruct { model: ModelId::Vae, image, noise: CLEAN };
    engine.request(SlotKey::Encode, command, OnError::Show(Outcome::Partial), move |answer| {
        if let Answer::Reconstruct { code, .. } = answer {
            reply(code.into_iter().map(latent::clamp).collect());
        }
    });
}

/// The variational autoencoder's image at the code.
pub fn use_decoded(code: RwSignal<Code>) -> RwSignal<Option<Image>> {
    let engine = expect_context::<EngineHandle>();
    let image = RwSignal::new(None);
    Effect::new(move || {
        engine.track(ModelId::Vae);
        let command = Command::Decode { model: ModelId::Vae, codes: vec![code.get()] };
        engine.request(SlotKey::Decode, command, OnError::ShowOnce, move |answer| {
            if let Answer::Decode { images } = answer {
                image.set(images.into_iter().next());
            }
        });
    });
    image
}

/// Images with the codes they were decoded from, once `visible`: others may have been requested since.
pub fn use_samples(codes: RwSignal<Vec<Code>>, visible: ReadSignal<bool>) -> RwSignal<(Vec<Image>, Vec<Code>)> {
    let engine = expect_context::<EngineHandle>();
    let samples = RwSignal::new((Vec::new(), Vec::new()));
    Effect::new(move || {
        engine.track(ModelId::Vae);
        let codes = codes.get();
        if visible.get() {
            let command = Command::Decode { model: ModelId::Vae, codes: codes.clone() };
            engine.request(SlotKey::Generate, command, OnError::ShowOnce, move |answer| {
                if let Answer::Decode { images } = answer {
                    samples.set((images, codes));
                }
            });
        }
    });
    samples
}

/// The images at both ends of every slider.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Traversal {
    pub low: Vec<Image>,
    pub high: Vec<Image>,
}

/// Where each slider leads from the code.
pub fn use_traversal(code: RwSignal<Code>) -> RwSignal<Traversal> {
    let engine = expect_context::<EngineHandle>();
    let traversal = RwSignal::new(Traversal::default());
    Effect::new(move || {
        engine.track(ModelId::Vae);
        let command = Command::Traverse { model: ModelId::Vae, code: code.get(), extent: EXTENT };
        engine.request(SlotKey::Traverse, command, OnError::ShowOnce, move |answer| {
            if let Answer::Traverse { low, high } = answer {
                traversal.set(Traversal { low, high });
            }
        });
    });
    traversal
}

/// The images of a sweep through the code. They stay the same while the code moves within its plane.
pub fn use_sweep(code: Signal<Code>, sweep: Signal<Sweep>) -> RwSignal<Vec<Image>> {
    let engine = expect_context::<EngineHandle>();
    let images = RwSignal::new(Vec::new());
    let plane = Memo::new(move |_| {
        let (mut code, sweep) = (code.get(), sweep.get());
        sweep.dimensions.iter().for_each(|&dimension| code[dimension] = 0.0);
        (code, sweep)
    });
    Effect::new(move || {
        engine.track(ModelId::Vae);
        let (code, sweep) = plane.get();
        let command = Command::Sweep { model: ModelId::Vae, code, sweep };
        engine.request(SlotKey::Sweep, command, OnError::ShowOnce, move |answer| {
            if let Answer::Sweep { images: swept } = answer {
                images.set(swept);
            }
        });
    });
    images
}

/// Fixed test digits and what a model makes of them.
#[derive(Clone, Default, PartialEq)]
pub struct Gallery {
    pub originals: Vec<Image>,
    pub reconstructions: Vec<Image>,
    pub error: Option<f32>,
    /// The model is not one of images.
    pub missing: bool,
    /// What PCA makes of the digits; None while that is not known.
    pub pca: Option<Projections>,
    /// PCA would need more components than are kept.
    pub too_many: bool,
}

/// The model's gallery, once `visible`.
pub fn use_gallery(model: RwSignal<ModelId>, visible: ReadSignal<bool>) -> RwSignal<Gallery> {
    let engine = expect_context::<EngineHandle>();
    let gallery = RwSignal::new(Gallery::default());
    use_evaluation(
        model,
        visible,
        move || gallery.set(Gallery::default()),
        move |wanted| {
            engine.try_request(SlotKey::Gallery(wanted), Command::Gallery { model: wanted }, move |answer| {
                if model.get_untracked() != wanted {
                    return;
                }
                gallery.set(match answer {
                    Ok(Answer::Gallery { originals, reconstructions, error, pca }) => {
                        let too_many = pca.is_none();
                        let pca = pca.filter(|pca| !pca.images.is_empty());
                        Gallery { originals, reconstructions, error: Some(error), missing: false, pca, too_many }
                    }
                    _ => Gallery { missing: true, ..Gallery::default() },
                });
            });
        },
    );
    gallery
}

/// What the model makes of many examples, once `visible`.
pub fn use_views(model: RwSignal<ModelId>, visible: ReadSignal<bool>) -> RwSignal<Views> {
    let engine = expect_context::<EngineHandle>();
    let views = RwSignal::new(Views::default());
    use_evaluation(
        model,
        visible,
        move || views.set(Views::default()),
        move |wanted| {
            let command = Command::Views { model: wanted };
            engine.request(SlotKey::Views(wanted), command, OnError::ShowOnce, move |answer| match answer {
                Answer::Views(answer) if model.get_untracked() == wanted => views.set(answer),
                _ => {}
            });
        },
    );
    views
}

/// Calls `clear` when another model is chosen, and `request` as often as its answer would be another: it needs the test set,
/// and is more with the principal components.
fn use_evaluation(
    model: RwSignal<ModelId>,
    visible: ReadSignal<bool>,
    clear: impl Fn() + 'static,
    request: impl Fn(ModelId) + 'static,
) {
    let engine = expect_context::<EngineHandle>();
    let [test_set, components] = [Asset::TestSet, Asset::PrincipalComponents].map(|asset| engine.has(asset));
    let before = Cell::new(None);
    Effect::new(move || {
        let model = model.get();
        engine.track(model);
        components.track();
        if before.replace(Some(model)) != Some(model) {
            clear();
        }
        if visible.get() && test_set.get() {
            request(model);
        }
    });
}

/// Returns what draws a test image of a digit, the next one at each call, from a place chosen at random.
pub fn use_test_digit() -> impl Fn(u8) + Copy + 'static {
    let engine = expect_context::<EngineHandle>();
    let drawing = expect_context::<RwSignal<Drawing>>();
    let nth = StoredValue::new((js_sys::Math::random() * 1000.0) as u32);
    move |digit| {
        nth.update_value(|nth| *nth = nth.wrapping_add(1));
        let command = Command::TestDigit { digit, nth: nth.get_value() };
        engine.request(SlotKey::TestDigit, command, OnError::Show(Outcome::Partial), move |answer| {
            if let Answer::TestDigit { image } = answer {
                drawing.update(|drawing| drawing.put(image));
            }
        });
    }
}

/// A digit by chance.
pub fn any_digit() -> u8 {
    (js_sys::Math::random() * 10.0) as u8
}
