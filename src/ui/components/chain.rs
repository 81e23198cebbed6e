//! A Markov chain of images: noise, denoise, draw, and again.

use std::collections::VecDeque;
use std::time::Duration;

use leptos::leptos_dom::helpers::set_timeout;
use leptos::prelude::*;

use crate::client::SlotKey;
use crate::protocol::{AdvanceChain, ChainImages, Image, ModelId};
use crate::ui::components::picture::Pictures;
use crate::ui::components::step::Step;
use crate::ui::i18n::{t_string, use_i18n};
use crate::ui::state::alerts::Outcome;
use crate::ui::state::engine_handle::{EngineHandle, OnError};

/// A pause between steps, so that each is seen.
const PAUSE: Duration = Duration::from_millis(150);
/// Steps that stay in sight, in rows of ten.
const COLUMNS: usize = 10;
const ROWS: usize = 3;

/// The chain of `model` from `start`: its present step, and the means of the steps before. It begins anew where the start changes. Where
/// the chain draws no pixels the next image is its means, and shown once.
#[component]
pub fn Chain(model: ModelId, start: Signal<Option<Image>>, draws_pixels: bool) -> impl IntoView {
    let i18n = use_i18n();
    let engine = expect_context::<EngineHandle>();
    let at = RwSignal::new(None::<ChainImages>);
    let past = RwSignal::new(VecDeque::<Image>::new());
    let step = RwSignal::new(0_u32);
    let seed = RwSignal::new(1_u64);
    let plays = RwSignal::new(false);
    // What was asked before a reset or another press of a button is not shown, and no second succession of steps goes on from it.
    let generation = StoredValue::new(0_u32);

    let reset = move || {
        generation.update_value(|generation| *generation += 1);
        at.set(None);
        past.set(VecDeque::new());
        step.set(0);
    };
    // The same drawing, told again, is no other start.
    let start = Memo::new(move |_| start.get());
    Effect::new(move || {
        start.track();
        plays.set(false);
        reset();
    });
    let state = move || at.with(|at| at.as_ref().map(|at| at.drawn.clone())).or_else(|| start.get());
    let advance = StoredValue::new(None::<Callback<()>>);
    advance.set_value(Some(Callback::new(move |()| {
        let Some(image) = untrack(state) else { return plays.set(false) };
        let request = AdvanceChain { model, image, seed: seed.get_untracked(), step: step.get_untracked() };
        let asked = generation.get_value();
        engine.try_request(SlotKey::Chain, request, move |answer| {
            // The chapter may have been left.
            if generation.try_get_value() != Some(asked) {
                return;
            }
            match answer {
                Ok(found) => {
                    past.update(|past| {
                        past.push_back(found.means.clone());
                        if past.len() > COLUMNS * ROWS {
                            past.drain(..COLUMNS);
                        }
                    });
                    at.set(Some(found));
                    step.update(|step| *step += 1);
                    let go_on = move || {
                        let is_wanted =
                            generation.try_get_value() == Some(asked) && plays.try_get_untracked() == Some(true);
                        if is_wanted && let Some(Some(advance)) = advance.try_get_value() {
                            advance.run(());
                        }
                    };
                    set_timeout(go_on, PAUSE);
                }
                Err(error) => {
                    plays.set(false);
                    engine.show(error, OnError::Show(Outcome::Refused));
                }
            }
        });
    })));
    let take_step = move || {
        generation.update_value(|generation| *generation += 1);
        if let Some(advance) = advance.get_value() {
            advance.run(());
        }
    };
    let toggle = move |_| {
        plays.update(|plays| *plays = !*plays);
        if plays.get_untracked() {
            take_step();
        }
    };
    let other_seed = move |_| {
        seed.update(|seed| *seed += 1);
        reset();
        if plays.get_untracked() {
            take_step();
        }
    };
    let has_start = Memo::new(move |_| start.with(Option::is_some));
    let image = move |part: fn(&ChainImages) -> &Image| {
        Signal::derive(move || at.with(|at| at.as_ref().map(|at| part(at).clone())))
    };
    view! {
        <div class="chain">
            <div class="chain-steps">
                <Step name="chain-noisy" image=image(|at| &at.noisy) caption=move || t_string!(i18n, picture.noisy) />
                {draws_pixels.then(|| {
                    view! {
                        <Step name="chain-means" image=image(|at| &at.means) caption=move || t_string!(i18n, picture.denoised) />
                    }
                })}
                <Step
                    name="chain-image"
                    image=Signal::derive(state)
                    caption=move || match at.with(Option::is_none) {
                        true => t_string!(i18n, chain.start),
                        false if draws_pixels => t_string!(i18n, chain.drawn),
                        false => t_string!(i18n, picture.denoised),
                    }
                />
            </div>
            <div class="chain-tools">
                <button type="button" class="primary" data-testid="chain-play" disabled=move || !has_start.get() on:click=toggle>
                    {move || if plays.get() { t_string!(i18n, inside.pause) } else { t_string!(i18n, chain.play) }}
                </button>
                <button
                    type="button"
                    data-testid="chain-step"
                    disabled=move || plays.get() || !has_start.get()
                    on:click=move |_| take_step()
                >
                    {move || t_string!(i18n, chain.step)}
                </button>
                <button type="button" data-testid="chain-reset" on:click=move |_| { plays.set(false); reset() }>
                    {move || t_string!(i18n, inside.reset)}
                </button>
                <button type="button" data-testid="chain-seed" on:click=other_seed>
                    {move || t_string!(i18n, inside.other_seed, seed = seed.get())}
                </button>
                <span class="hint" data-testid="chain-steps" data-steps=step>
                    {move || t_string!(i18n, inside.steps, steps = step.get())}
                </span>
            </div>
            <Pictures
                testid="chain-past"
                images=Signal::derive(move || past.get().into_iter().collect::<Vec<_>>())
                columns=COLUMNS
                rows=ROWS
                label=move || t_string!(i18n, chain.past)
            />
            <p class="hint">{move || if has_start.get() { t_string!(i18n, chain.past) } else { t_string!(i18n, chain.draw_first) }}</p>
        </div>
    }
}
