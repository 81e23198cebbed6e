//! Activation maximisation: an image that is changed step by step until it activates a unit more than any test image does.

use std::time::Duration;

use leptos::leptos_dom::helpers::set_timeout;
use leptos::prelude::*;

use super::{Inside, activation};
use crate::client::SlotKey;
use crate::protocol::{Ascent, Image, Maximise, Maximised, TopImage};
use crate::ui::components::explained::Explained;
use crate::ui::components::picture::Picture;
use crate::ui::components::range::Range;
use crate::ui::i18n::{t_string, use_i18n};
use crate::ui::state::alerts::Outcome;
use crate::ui::state::engine_handle::{EngineHandle, OnError};
use crate::ui::state::linked::use_linked_number;

/// Steps of one request, and of all.
const STEPS: u32 = 2;
const MOST_STEPS: u32 = 400;
/// From least to largest; they begin with the standard ones.
const STEP_SIZES: (f32, f32) = (0.1, 5.0);
const DECAYS: (f32, f32) = (0.0, 0.2);
const BLURS: (f32, f32) = (0.0, 2.0);
/// Of the random image to begin with.
const SEEDS: (f32, f32) = (1.0, 1e6);
/// A pause between requests, so that each image is seen.
const PAUSE: Duration = Duration::from_millis(30);

/// The image on its way beside its activation and the best test image's.
#[component]
pub fn Maximisation(best: Signal<Option<TopImage>>) -> impl IntoView {
    let i18n = use_i18n();
    let engine = expect_context::<EngineHandle>();
    let Inside { model, layer, unit, .. } = expect_context();
    let standard = Ascent::default();
    let step_size = use_linked_number("step", standard.step_size, STEP_SIZES);
    let decay = use_linked_number("decay", standard.decay, DECAYS);
    let blur = use_linked_number("blur", standard.blur, BLURS);
    let seed = use_linked_number("start", 1.0, SEEDS);
    let at = RwSignal::new(None::<Maximised>);
    let steps = RwSignal::new(0_u32);
    let runs = RwSignal::new(false);
    // Answers to what was asked before a reset are not shown.
    let generation = RwSignal::new(0_u32);

    let reset = move || {
        generation.update(|generation| *generation += 1);
        runs.set(false);
        at.set(None);
        steps.set(0);
    };
    Effect::new(move || {
        model.track();
        layer.track();
        unit.track();
        seed.track();
        reset();
    });
    let advance = StoredValue::new(None::<Callback<()>>);
    advance.set_value(Some(Callback::new(move |()| {
        if runs.try_get_untracked() != Some(true) {
            return;
        }
        let pixels = at.with_untracked(|at| at.as_ref().map(|at| at.pixels.clone())).unwrap_or_default();
        let ascent =
            Ascent { step_size: step_size.get_untracked(), decay: decay.get_untracked(), blur: blur.get_untracked() };
        let request = Maximise {
            model: model.get_untracked(),
            layer: layer.get_untracked() as u32,
            unit: unit.get_untracked() as u32,
            pixels,
            seed: seed.get_untracked() as u64,
            ascent,
            steps: STEPS,
        };
        let asked = generation.get_untracked();
        engine.try_request(SlotKey::Maximise, request, move |answer| {
            if generation.try_get_untracked() != Some(asked) {
                return;
            }
            match answer {
                Ok(found) => {
                    at.set(Some(found));
                    steps.update(|steps| *steps += STEPS);
                    if steps.get_untracked() >= MOST_STEPS {
                        runs.set(false);
                    }
                    set_timeout(
                        move || {
                            if let Some(Some(advance)) = advance.try_get_value() {
                                advance.run(());
                            }
                        },
                        PAUSE,
                    );
                }
                Err(error) => {
                    runs.set(false);
                    engine.show(error, OnError::Show(Outcome::Refused));
                }
            }
        });
    })));
    let toggle = move |_| {
        if steps.get_untracked() >= MOST_STEPS {
            steps.set(0);
        }
        runs.update(|runs| *runs = !*runs);
        if let Some(advance) = advance.get_value() {
            advance.run(());
        }
    };
    let other_seed = move |_| seed.update(|seed| *seed += 1.0);
    let image = Signal::derive(move || at.with(|at| at.as_ref().map(|at| to_image(&at.pixels))));
    let [reached, best_of_test] = [
        Signal::derive(move || at.with(|at| at.as_ref().map(|at| (at.activation, at.before_activation)))),
        Signal::derive(move || best.with(|best| best.as_ref().map(|best| (best.activation, best.before_activation)))),
    ];
    let told = |of: (f32, f32)| activation(of.0, None);
    let is_tie = move || reached.get().map(told) == best_of_test.get().map(told);
    let figure = move |of: Signal<Option<(f32, f32)>>| {
        let before = |before| is_tie().then_some(before);
        of.get().map_or("–".to_string(), |(reached, input)| activation(reached, before(input)))
    };
    let about = move || t_string!(i18n, inside.about_activation);
    view! {
        <div class="maximisation">
            <h2>{move || t_string!(i18n, inside.maximisation)}</h2>
            <div class="maximisation-view">
                <div class="step">
                    <Picture testid="maximised" image=image label=move || t_string!(i18n, inside.maximisation) />
                    <p class="caption">
                        <span data-testid="maximise-steps" data-steps=steps>{move || t_string!(i18n, inside.steps, steps = steps.get())}</span>
                    </p>
                </div>
                <dl class="maximisation-figures">
                    <dt>
                        <Explained testid="this-image" text=move || t_string!(i18n, inside.this_image) about=about />
                    </dt>
                    <dd data-testid="maximised-activation">{move || figure(reached)}</dd>
                    <dt>
                        <Explained testid="best-image" text=move || t_string!(i18n, inside.best_image) about=about />
                    </dt>
                    <dd data-testid="best-activation">{move || figure(best_of_test)}</dd>
                </dl>
            </div>
            <p class="hint" data-testid="maximised-tie" hidden=move || !(reached.get().is_some() && is_tie())>
                {move || t_string!(i18n, inside.in_brackets)}
            </p>
            <div class="inside-tools">
                <button type="button" class="primary" data-testid="maximise" on:click=toggle>
                    {move || if runs.get() { t_string!(i18n, inside.pause) } else { t_string!(i18n, inside.climb) }}
                </button>
                <button type="button" data-testid="maximise-reset" on:click=move |_| reset()>
                    {move || t_string!(i18n, inside.reset)}
                </button>
                <button type="button" data-testid="maximise-seed" on:click=other_seed>{move || t_string!(i18n, inside.other_seed, seed = seed.get())}</button>
            </div>
            <Range testid="step-size" label=move || t_string!(i18n, inside.step_size) about=move || t_string!(i18n, inside.about_step_size) value=step_size min=STEP_SIZES.0 max=STEP_SIZES.1 step=0.1 digits=1 />
            <Range testid="decay" label=move || t_string!(i18n, inside.decay) about=move || t_string!(i18n, inside.about_decay) value=decay max=DECAYS.1 step=0.01 digits=2 />
            <Range testid="blur" label=move || t_string!(i18n, inside.blur) about=move || t_string!(i18n, inside.about_blur) value=blur max=BLURS.1 step=0.1 digits=1 />
        </div>
    }
}

/// Pixels in [0, 1] as an image.
fn to_image(pixels: &[f32]) -> Image {
    pixels.iter().map(|pixel| (pixel.clamp(0.0, 1.0) * 255.0).round() as u8).collect()
}
