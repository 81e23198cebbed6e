//! Add noise to the drawing, and see it denoised and rebuilt.

use leptos::prelude::*;

use super::{DENOISING, VARIATIONAL};
use crate::client::SlotKey;
use crate::protocol::Noise;
use crate::ui::components::draw_panel::DrawPanel;
use crate::ui::components::model_drawing::ModelDrawing;
use crate::ui::components::range::Range;
use crate::ui::components::step::Step;
use crate::ui::dom::debounce::use_debounced;
use crate::ui::i18n::{t_string, use_i18n};
use crate::ui::state::drawing_link::DIGIT;
use crate::ui::state::engine_handle::EngineHandle;
use crate::ui::state::linked::ADDRESS_DELAY_MS;
use crate::ui::state::model_input::ModelInput;
use crate::ui::state::noise::{DRAW, DROPOUT, FIRST, NOISE, STRONGEST, linked_noise, strongest_noise};
use crate::ui::state::requests::{CLEAN, part, use_reconstruction};
use crate::ui::state::router::Router;

/// The noise that the sliders stand at.
#[derive(Clone, Copy)]
pub(super) struct NoiseChoice {
    sigma: RwSignal<f32>,
    dropout: RwSignal<f32>,
    seed: RwSignal<u64>,
}

impl NoiseChoice {
    pub(super) fn get(self) -> Noise {
        Noise { sigma: self.sigma.get(), dropout: self.dropout.get(), seed: self.seed.get() }
    }
}

/// The drawing, with noise, denoised by the denoising autoencoder; and rebuilt by the variational one.
#[component]
pub fn DenoisingFigure() -> impl IntoView {
    let i18n = use_i18n();
    let ModelInput(image) = expect_context();
    let choice = use_linked_noise();
    let noise = Signal::derive(move || choice.get());
    let denoised = use_reconstruction(SlotKey::Denoise, Signal::stored(DENOISING), image.into(), noise);
    let reconstructed =
        use_reconstruction(SlotKey::Reconstruct, Signal::stored(VARIATIONAL), image.into(), Signal::stored(CLEAN));
    view! {
        <figure class="figure bench">
            <DrawPanel />
            <div class="panel pipeline">
                <Step name="seen" area="seen" image=image caption=move || t_string!(i18n, picture.seen) />
                <NoiseControls choice=choice />
                <Step
                    name="noisy"
                    area="noisy"
                    image=part(denoised, |result| result.input.clone())
                    error=part(denoised, |result| result.input_error)
                    caption=move || t_string!(i18n, picture.noisy)
                />
                <ModelDrawing
                    area="through-denoising"
                    model=Signal::stored(DENOISING)
                    result=denoised
                />
                <Step
                    name="denoised"
                    area="denoised"
                    image=part(denoised, |result| result.output.clone())
                    error=part(denoised, |result| result.output_error)
                    caption=move || t_string!(i18n, picture.denoised)
                />
                <ModelDrawing
                    area="through-vae"
                    model=Signal::stored(VARIATIONAL)
                    result=reconstructed
                />
                <Step
                    name="reconstruction"
                    area="reconstruction"
                    image=part(reconstructed, |result| result.output.clone())
                    error=part(reconstructed, |result| result.output_error)
                    caption=move || t_string!(i18n, picture.by_variational)
                />
            </div>
        </figure>
    }
}

#[component]
pub(super) fn NoiseControls(choice: NoiseChoice) -> impl IntoView {
    let i18n = use_i18n();
    let engine = expect_context::<EngineHandle>();
    let strongest = move || {
        let description = engine.describe(DENOISING);
        let noise = description.and_then(|description| strongest_noise(&description.presets.first()?.settings));
        noise.unwrap_or(STRONGEST)
    };
    let NoiseChoice { sigma, dropout, seed } = choice;
    view! {
        <div class="noise-controls" data-draw=move || if seed.get() % 2 == 0 { "even" } else { "odd" }>
            <Range
                testid="noise"
                label=move || t_string!(i18n, noise.gaussian)
                about=move || t_string!(i18n, about.gaussian)
                value=sigma
                max=Signal::derive(move || strongest().0)
                step=0.05
                digits=2
            />
            <Range
                testid="dropout"
                label=move || t_string!(i18n, noise.dropout)
                about=move || t_string!(i18n, about.dropout)
                value=dropout
                max=Signal::derive(move || strongest().1)
                step=0.05
                digits=2
            />
            <button type="button" data-testid="noise-again" on:click=move |_| seed.update(|seed| *seed += 1)>
                {move || t_string!(i18n, noise.again)}
            </button>
        </div>
    }
}

/// The noise that links name; the address follows it.
pub(super) fn use_linked_noise() -> NoiseChoice {
    let router = expect_context::<Router>();
    // From the beginning: else the address would lose it.
    let query = router.query();
    let Noise { sigma, dropout, seed } = linked_noise(|name| query.number(name));
    let choice =
        NoiseChoice { sigma: RwSignal::new(sigma), dropout: RwSignal::new(dropout), seed: RwSignal::new(seed) };
    router.on_visit(move |query| {
        // A link to something else of the chapter leaves the noise as it is.
        if [NOISE, DROPOUT, DRAW, DIGIT].iter().all(|name| query.get(name).is_none()) {
            return note_noise(router, untrack(|| choice.get()));
        }
        let noise = linked_noise(|name| query.number(name));
        choice.sigma.set(noise.sigma);
        choice.dropout.set(noise.dropout);
        choice.seed.set(noise.seed);
    });
    let debounced = use_debounced(Signal::derive(move || choice.get()), ADDRESS_DELAY_MS);
    Effect::new(move || note_noise(router, debounced.get()));
    choice
}

/// Notes the noise in the address.
fn note_noise(router: Router, Noise { sigma, dropout, seed }: Noise) {
    let note = |name, number: f64, first: f64| {
        let text = ((number * 100.0).round() / 100.0).to_string();
        router.note(name, (number != first).then_some(text.as_str()));
    };
    note(NOISE, sigma.into(), FIRST.sigma.into());
    note(DROPOUT, dropout.into(), FIRST.dropout.into());
    note(DRAW, seed as f64, FIRST.seed as f64);
}
