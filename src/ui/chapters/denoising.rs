//! Draw a digit, add noise, and see it denoised and rebuilt while you draw.

use leptos::prelude::*;
use leptos_i18n::t_string;

use super::super::app::Seen;
use super::super::cards::{layers, strongest_noise, use_card};
use super::super::drawing::Drawing;
use super::super::i18n::use_i18n;
use super::super::lab::Lab;
use super::super::route::Chapter;
use super::super::sentence::model_name;
use super::super::widgets::draw_canvas::DrawCanvas;
use super::super::widgets::hourglass::Hourglass;
use super::super::widgets::picture::Picture;
use super::super::widgets::range::Range;
use crate::engine::client::Lane;
use crate::engine::protocol::{Answer, Command, Image, ModelId, Noise};

/// A model's answer to the drawing.
#[derive(Clone, Debug, PartialEq)]
struct Rebuilt {
    input: Image,
    input_error: f32,
    output: Image,
    output_error: f32,
}

/// How far the noise sliders go until the model's card says how strong the noise of its training was.
const STRONGEST_NOISE: (f32, f32) = (1.25, 0.9);

#[component]
pub fn DenoisingChapter() -> impl IntoView {
    let i18n = use_i18n();
    let Seen(seen) = expect_context();
    let drawing = RwSignal::new(Drawing::default());
    let brush = RwSignal::new(22.0);
    view! {
        <section id=Chapter::Denoising.name() class="chapter">
            <div class="lead">
                <h2>{move || t_string!(i18n, draw.title)}</h2>
                <p>{move || t_string!(i18n, draw.lead)}</p>
            </div>
            <div class="bench">
                <div class="panel draw-panel" id="draw">
                    <DrawCanvas
                        drawing
                        image=seen.write_only()
                        brush
                        label=Signal::derive(move || t_string!(i18n, draw.canvas).to_string())
                        hint=Signal::derive(move || t_string!(i18n, draw.hint).to_string())
                    />
                    <DrawTools drawing brush />
                </div>
                <Pipeline seen=seen.into() />
            </div>
        </section>
    }
}

#[component]
fn DrawTools(drawing: RwSignal<Drawing>, brush: RwSignal<f32>) -> impl IntoView {
    let i18n = use_i18n();
    let lab = expect_context::<Lab>();
    // Each digit's test images are gone through in order, from a place drawn at random.
    let nth = StoredValue::new((js_sys::Math::random() * 1000.0) as u32);
    let put = move |digit: u8| {
        nth.update_value(|nth| *nth = nth.wrapping_add(1));
        let command = Command::TestDigit { digit, nth: nth.get_value() };
        lab.ask_by_click(Lane::TestDigit, command, move |answer| {
            if let Answer::TestDigit { image } = answer {
                drawing.update(|drawing| drawing.put(image));
            }
        });
    };
    let any = move |_| put((js_sys::Math::random() * 10.0) as u8);
    let digits = (0..10u8).map(|digit| {
        view! {
            <button
                class="digit"
                data-testid=format!("sample-{digit}")
                title=move || t_string!(i18n, draw.sample_of, digit = digit)
                aria-label=move || t_string!(i18n, draw.sample_of, digit = digit)
                on:click=move |_| put(digit)
            >
                {digit}
            </button>
        }
    });
    view! {
        <div class="tools">
            <button data-testid="draw-undo" disabled=move || drawing.with(|drawing| !drawing.can_undo()) on:click=move |_| {
                drawing.update(Drawing::undo)
            }>{move || t_string!(i18n, draw.undo)}</button>
            <button data-testid="draw-clear" disabled=move || drawing.with(Drawing::is_empty) on:click=move |_| {
                drawing.update(Drawing::clear)
            }>{move || t_string!(i18n, draw.clear)}</button>
            <Range
                label=Signal::derive(move || t_string!(i18n, draw.brush).to_string())
                value=brush
                min=8.0
                max=44.0
                step=1.0
                testid="brush"
            />
        </div>
        <div class="samples">
            <button class="wide" data-testid="sample" title=move || t_string!(i18n, draw.sample_hint) on:click=any>
                {move || t_string!(i18n, draw.sample)}
            </button>
            {digits.collect_view()}
        </div>
    }
}

/// The picture that the models see, with its noise, denoised, and reconstructed.
#[component]
fn Pipeline(seen: Signal<Option<Image>>) -> impl IntoView {
    let i18n = use_i18n();
    let sigma = RwSignal::new(0.5);
    let dropout = RwSignal::new(0.0);
    let seed = RwSignal::new(1u64);
    let noise = Signal::derive(move || Noise { sigma: sigma.get(), dropout: dropout.get(), seed: seed.get() });
    let clean = Signal::derive(|| Noise { sigma: 0.0, dropout: 0.0, seed: 0 });
    let denoised = use_rebuilt(ModelId::Denoising, Lane::Denoise, seen, noise);
    let reconstructed = use_rebuilt(ModelId::Vae, Lane::Reconstruct, seen, clean);
    let part = |rebuilt: Signal<Option<Rebuilt>>, take: fn(&Rebuilt) -> Image| {
        Signal::derive(move || rebuilt.with(|rebuilt| rebuilt.as_ref().map(take)))
    };
    let error = |rebuilt: Signal<Option<Rebuilt>>, take: fn(&Rebuilt) -> f32| {
        Signal::derive(move || rebuilt.with(|rebuilt| rebuilt.as_ref().map(take)))
    };
    let (denoising_card, vae_card) = (use_card(ModelId::Denoising), use_card(ModelId::Vae));
    let strongest = Memo::new(move |_| {
        denoising_card.with(|card| card.as_ref().and_then(strongest_noise)).unwrap_or(STRONGEST_NOISE)
    });
    let denoising_figures = move || {
        denoising_card.with(|card| {
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
        vae_card.with(|card| {
            let card = card.as_ref()?;
            let loss = format!("{:.1}", card.metrics.get("loss")?);
            Some(t_string!(i18n, card.vae, loss = loss, epochs = card.epochs, seed = card.seed))
        })
    };
    let sizes = |card: Signal<Option<crate::engine::protocol::Card>>| {
        Signal::derive(move || card.with(|card| card.as_ref().map(layers).unwrap_or_default()))
    };
    view! {
        <div class="panel pipeline">
            <Step image=seen error=Signal::derive(|| None) testid="seen" area="seen" caption=Signal::derive(move || t_string!(i18n, picture.seen).to_string()) />
            <div class="noise-controls">
                <Range
                    label=Signal::derive(move || t_string!(i18n, noise.gaussian).to_string())
                    value=sigma
                    max=Signal::derive(move || strongest.get().0)
                    step=0.05
                    digits=2
                    testid="noise"
                />
                <Range
                    label=Signal::derive(move || t_string!(i18n, noise.dropout).to_string())
                    value=dropout
                    max=Signal::derive(move || strongest.get().1)
                    step=0.05
                    digits=2
                    testid="dropout"
                />
                <button data-testid="noise-again" on:click=move |_| seed.update(|seed| *seed += 1)>
                    {move || t_string!(i18n, noise.again)}
                </button>
            </div>
            <Step image=part(denoised, |r| r.input.clone()) error=error(denoised, |r| r.input_error) testid="noisy" area="noisy" caption=Signal::derive(move || t_string!(i18n, picture.noisy).to_string()) />
            <Through area="through-denoising" sizes=sizes(denoising_card) label=Signal::derive(move || model_name(i18n, ModelId::Denoising)) />
            <Step image=part(denoised, |r| r.output.clone()) error=error(denoised, |r| r.output_error) testid="denoised" area="denoised" caption=Signal::derive(move || t_string!(i18n, picture.denoised).to_string()) />
            <Through area="through-vae" sizes=sizes(vae_card) label=Signal::derive(move || model_name(i18n, ModelId::Vae)) />
            <Step image=part(reconstructed, |r| r.output.clone()) error=error(reconstructed, |r| r.output_error) testid="reconstruction" area="reconstruction" caption=Signal::derive(move || t_string!(i18n, picture.reconstruction).to_string()) />
            <div class="figures">
                <p>{denoising_figures}</p>
                <p>{vae_figures}</p>
            </div>
        </div>
    }
}

/// What `model` makes of the drawing with `noise`; None for blank paper.
fn use_rebuilt(
    model: ModelId,
    lane: Lane,
    seen: Signal<Option<Image>>,
    noise: Signal<Noise>,
) -> Signal<Option<Rebuilt>> {
    let lab = expect_context::<Lab>();
    let rebuilt = RwSignal::new(None);
    Effect::new(move |_| {
        lab.engines.track();
        let noise = noise.get();
        let Some(image) = seen.get() else { return rebuilt.set(None) };
        lab.ask(lane, Command::Reconstruct { model, image, noise }, move |answer| {
            let Answer::Reconstruct { input, input_error, output, output_error, .. } = answer else { return };
            // The paper may have been cleared meanwhile: blank paper shows no ghost.
            if seen.with_untracked(Option::is_some) {
                rebuilt.set(Some(Rebuilt { input, input_error, output, output_error }));
            }
        });
    });
    rebuilt.into()
}

/// A picture with its name and its error.
#[component]
fn Step(
    image: Signal<Option<Image>>,
    error: Signal<Option<f32>>,
    testid: &'static str,
    area: &'static str,
    caption: Signal<String>,
) -> impl IntoView {
    let i18n = use_i18n();
    let value = move || match error.get() {
        Some(error) => t_string!(i18n, picture.error, value = format!("{error:.4}")),
        None => "\u{a0}".to_string(),
    };
    view! {
        <figure class="step" style=format!("grid-area:{area}")>
            <Picture image label=caption testid />
            <figcaption>
                {move || caption.get()}
                <span class="step-error" data-testid=format!("{testid}-error") title=move || t_string!(i18n, picture.error_hint)>
                    {value}
                </span>
            </figcaption>
        </figure>
    }
}

/// The network between two pictures.
#[component]
fn Through(area: &'static str, sizes: Signal<Vec<usize>>, label: Signal<String>) -> impl IntoView {
    let widths = move || sizes.get().iter().map(usize::to_string).collect::<Vec<_>>().join("-");
    view! {
        <div class="through" style=format!("grid-area:{area}")>
            <span class="through-name">{move || label.get()}</span>
            <Hourglass sizes label />
            <span class="through-sizes">{widths}</span>
        </div>
    }
}
