//! Draw a digit, add noise, and see it denoised and rebuilt while you draw.

use leptos::prelude::*;

use super::variational::VARIATIONAL;
use crate::client::SlotKey;
use crate::protocol::{Card, Image, ModelId, Noise, Reconstruction};
use crate::ui::charts::network::NetworkDrawing;
use crate::ui::components::draw_canvas::DrawCanvas;
use crate::ui::components::picture::Picture;
use crate::ui::components::range::Range;
use crate::ui::format::layer_widths;
use crate::ui::i18n::{t_string, use_i18n};
use crate::ui::state::content::Content;
use crate::ui::state::drawing::Drawing;
use crate::ui::state::engine_handle::EngineHandle;
use crate::ui::state::model_input::ModelInput;
use crate::ui::state::noise::strongest_noise;
use crate::ui::state::requests::{CLEAN, any_digit, use_reconstruction, use_test_digit};
use crate::ui::state::route::Chapter;
use crate::ui::state::site_files::use_card;

/// The model that denoises the drawing; the variational one rebuilds it.
pub const DENOISING: ModelId = ModelId::new("denoising");

/// How far the noise sliders go until the engine has told how strong the noise of the model's training was.
const STRONGEST_NOISE: (f32, f32) = (1.25, 0.9);

/// A space that keeps the line's height.
const NO_ERROR: &str = "\u{a0}";

#[component]
pub fn DenoisingChapter() -> impl IntoView {
    let i18n = use_i18n();
    let ModelInput(image) = expect_context();
    let drawing = expect_context::<RwSignal<Drawing>>();
    let brush = RwSignal::new(22.0);
    view! {
        <section class="chapter" id=Chapter::Denoising.name()>
            <div class="lead">
                <h2>{move || t_string!(i18n, draw.title)}</h2>
                <p>{move || t_string!(i18n, draw.lead)}</p>
            </div>
            <div class="bench">
                <div class="panel draw-panel" id="draw">
                    <DrawCanvas
                        drawing=drawing
                        image=image
                        brush=brush
                        label=move || t_string!(i18n, draw.canvas)
                        hint=move || t_string!(i18n, draw.hint)
                    />
                    <DrawTools drawing=drawing brush=brush />
                    <TestDigits />
                </div>
                <Pipeline image=image />
            </div>
        </section>
    }
}

#[component]
fn DrawTools(drawing: RwSignal<Drawing>, brush: RwSignal<f32>) -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <div class="tools">
            <button
                type="button"
                data-testid="draw-undo"
                disabled=move || drawing.with(|drawing| !drawing.can_undo())
                on:click=move |_| drawing.update(Drawing::undo)
            >
                {move || t_string!(i18n, draw.undo)}
            </button>
            <button
                type="button"
                data-testid="draw-clear"
                disabled=move || drawing.with(Drawing::is_empty)
                on:click=move |_| drawing.update(Drawing::clear)
            >
                {move || t_string!(i18n, draw.clear)}
            </button>
            <Range testid="brush" label=move || t_string!(i18n, draw.brush) value=brush min=8.0 max=44.0 step=1.0 />
        </div>
    }
}

/// Buttons that put test digits on the canvas.
#[component]
fn TestDigits() -> impl IntoView {
    let i18n = use_i18n();
    let put = use_test_digit();
    let digit = move |digit: u8| {
        let label = move || t_string!(i18n, draw.sample_of, digit = digit);
        view! {
            <button
                type="button"
                class="digit"
                data-testid=format!("sample-{digit}")
                title=label
                aria-label=label
                on:click=move |_| put(digit)
            >
                {digit}
            </button>
        }
    };
    view! {
        <div class="samples">
            <button
                type="button"
                class="wide"
                data-testid="sample"
                title=move || t_string!(i18n, draw.sample_hint)
                on:click=move |_| put(any_digit())
            >
                {move || t_string!(i18n, draw.sample)}
            </button>
            {(0..10).map(digit).collect_view()}
        </div>
    }
}

/// The picture that the models see, with its noise, denoised, and reconstructed.
#[component]
fn Pipeline(#[prop(into)] image: Signal<Option<Image>>) -> impl IntoView {
    let i18n = use_i18n();
    let sigma = RwSignal::new(0.5);
    let dropout = RwSignal::new(0.0);
    let seed = RwSignal::new(1u64);
    let noise = Signal::derive(move || Noise { sigma: sigma.get(), dropout: dropout.get(), seed: seed.get() });
    let denoised = use_reconstruction(SlotKey::Denoise, Signal::stored(DENOISING), image, noise);
    let reconstructed =
        use_reconstruction(SlotKey::Reconstruct, Signal::stored(VARIATIONAL), image, Signal::stored(CLEAN));
    let denoising_card = use_card(Signal::stored(DENOISING));
    let vae_card = use_card(Signal::stored(VARIATIONAL));
    let engine = expect_context::<EngineHandle>();
    let strongest = move || {
        let description = engine.describe(DENOISING);
        let noise = description.and_then(|description| strongest_noise(&description.presets.first()?.settings));
        noise.unwrap_or(STRONGEST_NOISE)
    };
    view! {
        <div class="panel pipeline">
            <Step name="seen" image=image caption=move || t_string!(i18n, picture.seen) />
            <div class="noise-controls">
                <Range
                    testid="noise"
                    label=move || t_string!(i18n, noise.gaussian)
                    value=sigma
                    max=Signal::derive(move || strongest().0)
                    step=0.05
                    digits=2
                />
                <Range
                    testid="dropout"
                    label=move || t_string!(i18n, noise.dropout)
                    value=dropout
                    max=Signal::derive(move || strongest().1)
                    step=0.05
                    digits=2
                />
                <button type="button" data-testid="noise-again" on:click=move |_| seed.update(|seed| *seed += 1)>
                    {move || t_string!(i18n, noise.again)}
                </button>
            </div>
            <Step
                name="noisy"
                image=part(denoised, |result| result.input.clone())
                error=part(denoised, |result| result.input_error)
                caption=move || t_string!(i18n, picture.noisy)
            />
            <Network area="through-denoising" model=DENOISING />
            <Step
                name="denoised"
                image=part(denoised, |result| result.output.clone())
                error=part(denoised, |result| result.output_error)
                caption=move || t_string!(i18n, picture.denoised)
            />
            <Network area="through-vae" model=VARIATIONAL />
            <Step
                name="reconstruction"
                image=part(reconstructed, |result| result.output.clone())
                error=part(reconstructed, |result| result.output_error)
                caption=move || t_string!(i18n, picture.reconstruction)
            />
            <Figures denoising=denoising_card vae=vae_card />
        </div>
    }
}

/// A part of a model's answer.
fn part<T: Send + Sync + 'static>(
    result: RwSignal<Option<Reconstruction>>,
    take: fn(&Reconstruction) -> T,
) -> Signal<Option<T>> {
    Signal::derive(move || result.with(|result| result.as_ref().map(take)))
}

/// A picture with its name and its error. It lies in the grid's area of its own name.
#[component]
fn Step(
    name: &'static str,
    #[prop(into)] image: Signal<Option<Image>>,
    #[prop(into, optional)] error: Signal<Option<f32>>,
    #[prop(into)] caption: TextProp,
) -> impl IntoView {
    let i18n = use_i18n();
    let error = move || match error.get() {
        Some(error) => t_string!(i18n, picture.error, value = format!("{error:.4}")),
        None => NO_ERROR.to_string(),
    };
    let label = caption.clone();
    view! {
        <figure class="step" style=format!("grid-area:{name}")>
            <Picture testid=name image=image label=label />
            <figcaption>
                {move || caption.get()}
                <span
                    class="step-error"
                    data-testid=format!("{name}-error")
                    title=move || t_string!(i18n, picture.error_hint)
                >
                    {error}
                </span>
            </figcaption>
        </figure>
    }
}

/// The network between two pictures.
#[component]
fn Network(area: &'static str, model: ModelId) -> impl IntoView {
    let content = expect_context::<Content>();
    let engine = expect_context::<EngineHandle>();
    let shape = Memo::new(move |_| engine.shipped_shape(model));
    let name = move || content.model_name(model);
    view! {
        <div class="through" style=format!("grid-area:{area}")>
            <span class="through-name">{name}</span>
            <NetworkDrawing shape=shape label=name />
            <span class="through-sizes">{move || shape.with(|shape| shape.as_ref().map(|shape| layer_widths(&shape.layers)))}</span>
        </div>
    }
}

/// What the cards tell of the two models on the test set.
#[component]
fn Figures(denoising: RwSignal<Option<Card>>, vae: RwSignal<Option<Card>>) -> impl IntoView {
    let i18n = use_i18n();
    let denoising_figures = move || {
        denoising.with(|card| {
            let card = card.as_ref()?;
            let metric = |name: &str| Some(format!("{:.4}", card.metrics.get(name)?));
            let (a, b, c) = (
                metric("squared_error_sigma_0.5")?,
                metric("squared_error_sigma_1.0")?,
                metric("squared_error_dropout_0.3")?,
            );
            let figures = t_string!(i18n, card.denoising, a = a, b = b, c = c, epochs = card.epochs, seed = card.seed);
            Some(format!("{figures} {}", t_string!(i18n, card.linear)))
        })
    };
    let vae_figures = move || {
        vae.with(|card| {
            let card = card.as_ref()?;
            let loss = format!("{:.1}", card.metrics.get("loss")?);
            Some(t_string!(i18n, card.vae, loss = loss, epochs = card.epochs, seed = card.seed))
        })
    };
    view! {
        <div class="figures">
            <p>{denoising_figures}</p>
            <p>{vae_figures}</p>
        </div>
    }
}
